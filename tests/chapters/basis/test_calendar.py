"""The district's calendar: which days are school, which weekday they follow, when lessons are called off."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis import queries
from kehou.chapters.basis.models import CalendarDay, Closure, Instrument, Term
from kehou.chapters.journal.models import Entry
from kehou.lib import sheets
from kehou.lib.actors import SYSTEM, Actor
from kehou.rules.calendar import count_by_month
from kehou.rules.spans import Span
from kehou.rules.verdicts import Refused
from tests.world import TODAY, moment

pytestmark = pytest.mark.django_db
AT = moment()
BY = Actor(3, "周老师", "区教委基教科")


@pytest.fixture
def installed() -> None:
    basis.install_defaults(by=SYSTEM, at=AT)


def refused(action, *args, **more) -> list[str]:
    with pytest.raises(Refused) as no:
        action(*args, **{"by": BY, "at": AT} | more)
    return [refusal.key for refusal in no.value.refusals]


# --- What a fresh installation knows ----------------------------------------------------------------------------------


@pytest.mark.clause("2.2-a")
@pytest.mark.parametrize(
    ("code", "days", "by_month"),
    [
        ("2025-autumn", 95, [18, 18, 20, 23, 16]),
        ("2026-spring", 76, [17, 21, 19, 19]),
        ("2026-autumn", 90, [18, 18, 21, 23, 10]),
    ],
)
def test_the_shipped_terms_have_the_service_days_that_were_counted(installed, code, days, by_month):
    found = queries.service_days(Term.objects.get(code=code))
    assert (len(found), list(count_by_month(found).values())) == (days, by_month)


def test_installing_again_changes_nothing_and_keeps_what_was_edited(installed):
    basis.set_day(date(2027, 1, 4), kind="off", name="元旦", by=BY, at=AT)
    basis.remove_day(date(2027, 1, 3), by=BY, at=AT)
    numbers = set(Instrument.objects.values_list("number", flat=True))
    assert {"国办发〔2018〕80号", "渝教发〔2019〕20号", "中办发〔2021〕40号"} <= numbers
    again = basis.install_defaults(by=SYSTEM, at=AT)
    assert again == {"instruments": 0, "terms": 0, "days": 1}
    assert CalendarDay.objects.get(on=date(2027, 1, 1)).provisional
    assert CalendarDay.objects.get(on=date(2026, 9, 20)).name == "国庆节调休"


def test_a_weekend_day_that_is_worked_without_lessons_counts_for_deadlines_only(installed):
    day = CalendarDay.objects.get(on=date(2026, 2, 14))
    assert day.kind == CalendarDay.WORKED
    holidays = queries.holidays_within(date(2026, 2, 1), date(2026, 3, 1))
    assert holidays.is_working_day(date(2026, 2, 14))
    assert not holidays.is_working_day(date(2026, 2, 16))


# --- Terms ------------------------------------------------------------------------------------------------------------


def test_the_term_of_a_day_is_the_one_it_lies_in_or_the_next(installed):
    def code(on: date) -> str:
        return queries.current_term(on).code

    assert code(date(2026, 1, 30)) == "2025-autumn"
    assert code(date(2026, 1, 31)) == "2026-spring"  # winter holidays: the next
    assert code(TODAY) == "2026-autumn"
    assert code(date(2030, 1, 1)) == "2026-autumn"  # after the last: the last
    Term.objects.all().delete()
    assert queries.current_term(TODAY) is None


def test_terms_do_not_overlap(installed):
    spans = {"term": Span(date(2027, 1, 20), date(2027, 7, 1)), "service": Span(date(2027, 3, 8), date(2027, 6, 26))}
    assert refused(basis.add_term, "2027-spring", name="下学期", school_year=2026, **spans) == [
        "R-TIME-01:terms_overlap"
    ]
    spans["term"] = Span(date(2027, 3, 1), date(2027, 7, 1))
    term = basis.add_term("2027-spring", name="下学期", school_year=2026, **spans, by=BY, at=AT)
    assert refused(basis.add_term, "2027-spring", name="下学期", school_year=2026, **spans)[0].endswith("code_taken")
    longer = Span(date(2027, 3, 1), date(2027, 7, 8))
    edited = basis.edit_term(term, name="第二学期", term=longer, service=spans["service"], by=BY, at=AT)
    assert edited.until_on == date(2027, 7, 8)
    said = Entry.objects.get(verb="basis.term_edited")
    assert said.facts["was"] != {key: value for key, value in said.facts.items() if key != "was"}, "from what to what"


# --- Days -------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.2-a")
def test_a_swap_day_follows_the_weekday_that_was_stated(installed):
    term = Term.objects.get(code="2026-autumn")
    sunday, saturday = date(2026, 9, 20), date(2026, 10, 10)
    calendar = queries.calendar_of(term)
    assert [calendar.weekday_followed(day) for day in (sunday, saturday, date(2026, 10, 1))] == [5, 3, None]
    basis.set_day(sunday, kind="school", follows=2, name="调休", by=BY, at=AT)
    assert queries.calendar_of(term).weekday_followed(sunday) == 2
    basis.remove_day(sunday, by=BY, at=AT)
    assert queries.calendar_of(term).weekday_followed(sunday) is None
    assert not basis.remove_day(sunday, by=BY, at=AT)
    assert refused(basis.set_day, date(2026, 9, 21), kind="school", follows=1, name="x") == [
        "R-TIME-01:swap_on_a_weekday"
    ]


# --- Closures ---------------------------------------------------------------------------------------------------------


def test_a_closure_takes_days_from_one_school_or_from_all(installed):
    term = Term.objects.get(code="2026-autumn")
    friday = TODAY + timedelta(days=2)
    basis.declare_closure(Span.through(friday, friday), reason="暴雨", school_code="2150990001", by=BY, at=AT)
    assert len(queries.service_days(term, school_code="2150990001")) == 89
    assert len(queries.service_days(term, school_code="2150990002")) == 90
    every = basis.declare_closure(Span.through(TODAY, friday), reason="流感", by=BY, at=AT)
    assert len(queries.service_days(term, school_code="2150990002")) == 87
    assert len(queries.service_days(term, school_code="2150990001")) == 87
    basis.lift_closure(every, by=BY, at=AT)
    assert len(queries.service_days(term, school_code="2150990002")) == 90
    assert refused(basis.lift_closure, every) == ["R-TIME-01:closure_lifted_already"]
    assert Entry.objects.filter(verb="basis.closure_declared", school_code="2150990001").count() == 1


def test_a_closure_under_way_ends_today_and_keeps_the_days_that_are_over(installed):
    closure = basis.declare_closure(Span.through(TODAY, TODAY + timedelta(days=7)), reason="停电", by=BY, at=AT)
    basis.lift_closure(closure, by=BY, at=moment(on=TODAY + timedelta(days=2)))
    closure.refresh_from_db()
    assert (closure.until_on, closure.lifted_at) == (TODAY + timedelta(days=2), None)
    assert refused(basis.lift_closure, closure, at=moment(on=TODAY + timedelta(days=3))) == [
        "R-TIME-01:closure_is_over"
    ]


def test_days_that_are_over_are_not_closed_afterwards():
    yesterday = TODAY - timedelta(days=1)
    assert refused(basis.declare_closure, Span(yesterday, TODAY), reason="停电") == ["R-TIME-01:closure_in_the_past"]
    assert not Closure.objects.exists()


def test_the_calendar_costs_two_queries_however_many_closures(installed):
    term = Term.objects.get(code="2026-autumn")
    counts = []
    for size in (1, 20):
        for number in range(size):
            basis.declare_closure(Span.through(TODAY, TODAY), reason=f"停电{number}", by=BY, at=AT)
        with CaptureQueriesContext(connection) as spent:
            queries.calendar_of(term)
        counts.append(len(spent))
    assert counts == [2, 2]


# --- The notice as a file ---------------------------------------------------------------------------------------------


def notice_file(*rows: tuple[object, ...], header=("日期", "安排", "按星期几上课", "名称")) -> io.BytesIO:
    stream = io.BytesIO()
    sheets.write_workbook(stream, sheets.Table("放假安排", [sheets.Column(name) for name in header], rows))
    stream.seek(0)
    return stream


def test_a_notice_is_read_dry_and_taken_whole(installed):
    file = notice_file(
        ("2027-01-01", "放假", "", "元旦"),
        ("2027年1月9日", "上课", "星期一", "元旦调休"),
        ("2027/2/14", "上班", "", "春节调休"),
    )
    notice = basis.read_notice(file)
    assert [(day.on.isoformat(), day.kind, day.follows, day.becomes) for day in notice.days] == [
        ("2027-01-01", "off", None, "same"),
        ("2027-01-09", "school", 1, "new"),
        ("2027-02-14", "worked", None, "new"),
    ]
    assert notice.is_clean
    assert not CalendarDay.objects.filter(on=date(2027, 1, 9)).exists()
    assert basis.take_notice(notice.days, by=BY, at=AT) == (2, 0)
    assert CalendarDay.objects.get(on=date(2027, 1, 9)).follows_weekday == 1
    file.seek(0)
    assert {day.becomes for day in basis.read_notice(file).days} == {"same"}


def test_every_problem_of_a_notice_is_said_with_its_row():
    notice = basis.read_notice(
        notice_file(
            ("三月一日", "放假", "", "x"),
            ("2027-05-01", "歇着", "", "劳动节"),
            ("2027-05-08", "上课", "", "劳动节"),
            ("2027-05-03", "放假", "", "劳动节"),
            ("2027-05-03", "放假", "", "劳动节"),
            ("2027-02-30", "放假", "", "x"),
        )
    )
    assert [(row, no.why) for row, no in notice.problems] == [
        (2, "notice_day_unreadable"),
        (3, "notice_kind_unknown"),
        (4, "swap_follows_no_weekday"),
        (6, "notice_day_twice"),
        (7, "notice_day_unreadable"),
    ]
    assert not notice.is_clean


def test_a_file_without_the_columns_says_which():
    notice = basis.read_notice(notice_file(("2027-01-01",), header=("日子",)))
    assert [no.why for _, no in notice.problems] == ["notice_without_header"]
