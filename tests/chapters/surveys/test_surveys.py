"""A survey from its items to its results: every refusal beside the success."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.people.models import Pupil
from kehou.chapters.surveys import actions as surveys
from kehou.chapters.surveys.actions.answering import AnswersRefused
from kehou.chapters.surveys.models import Family, Question, Sheet, Survey, Ticket
from kehou.chapters.surveys.queries import (
    core_results,
    items_of,
    proposal_of,
    rates_of,
    reach_by_class,
    reach_of,
    results_of,
    state_of,
    surveys_for,
    surveys_in,
    ticket_of,
    uninvited,
)
from kehou.rules.demand import Assumptions
from kehou.rules.surveys import Item, Kind, core_items
from kehou.rules.verdicts import Refused
from tests.chapters.surveys.stage import AT, FULL, NOT_WANTED, answer, families, opened, started, take
from tests.deciding import put_in_force
from tests.world import World, make_pupil

LATER = AT + timedelta(days=8)


def why(no: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.why for refusal in no.value.refusals}


# --- Building ---------------------------------------------------------------------------------------------------------


def test_it_begins_with_the_core_and_the_usual_items(world: World) -> None:
    items = items_of(started(world))
    assert [item.is_core for item in items][:6] == [True] * 5 + [False]
    assert Kind.PICTURE in {item.kind for item in items}
    assert Entry.objects.get().verb == "surveys.started"


def test_a_school_adds_moves_and_removes_items_of_its_own(world: World) -> None:
    survey, by = started(world), world.riverside.by("asp_manager")
    added = surveys.add_item(survey, Item("x", Kind.SINGLE, "雨天怎么接", ("校门口", "教室")), by=by, at=AT)
    surveys.move_item(added, up=True, by=by, at=AT)
    assert [item.text for item in items_of(survey)][-2] == "雨天怎么接"
    surveys.remove_item(added, by=by, at=AT)
    assert "雨天怎么接" not in [item.text for item in items_of(survey)]


@pytest.mark.clause("2.7.1-d")
def test_a_core_item_is_not_removed_and_a_survey_without_one_does_not_open(world: World) -> None:
    survey, by = started(world), world.riverside.by("asp_manager")
    question = survey.questions.get(code="need")
    with pytest.raises(Refused) as no:
        surveys.remove_item(question, by=by, at=AT)
    assert why(no) == {"core_item_fixed"}
    Question.objects.filter(pk=question.pk).update(text="参加吗")  # past the actions
    with pytest.raises(Refused) as no:
        surveys.open_survey(survey, by=by, at=AT)
    assert why(no) == {"core_item_missing"}
    assert not Family.objects.exists()


def test_the_district_says_how_long_families_are_asked(world: World) -> None:
    put_in_force("survey.window_days", 8, world=world, from_on=AT.date())
    survey, by = started(world), world.riverside.by("asp_manager")
    with pytest.raises(Refused) as no:
        surveys.open_survey(survey, by=by, at=AT)
    assert why(no) == {"window_too_short"} and no.value.refusal.fact("days") == 8
    facts = {"title": survey.title, "anonymous": True, "words": "", "opens_at": AT, "by": by, "at": AT}
    with pytest.raises(Refused) as no:
        surveys.change_survey(survey, closes_at=AT, **facts)
    assert no.value.refusal.fact("days") == 8
    surveys.change_survey(survey, closes_at=AT + timedelta(days=8), **facts)
    assert Entry.objects.filter(verb="surveys.changed").count() == 1
    assert surveys.open_survey(survey, by=by, at=AT).opened_at == AT


def test_what_is_open_is_not_changed(world: World) -> None:
    survey, by = opened(world), world.riverside.by("asp_manager")
    for act in (
        lambda: surveys.add_item(survey, Item("x", Kind.TEXT, "题"), by=by, at=AT),
        lambda: surveys.remove_item(survey.questions.get(code="remarks"), by=by, at=AT),
        lambda: surveys.open_survey(survey, by=by, at=AT),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert why(no) == {"opened_already"}


# --- Reaching everybody -----------------------------------------------------------------------------------------------


@pytest.mark.clause("2.1-d", "2.7.1-e")
@pytest.mark.parametrize("anonymous", [True, False])
def test_every_family_of_the_register_is_reached_by_letter_or_by_slip(world: World, anonymous: bool) -> None:
    alone = make_pupil(world.riverside, "独独", grade=5)
    survey, by = opened(world, anonymous=anonymous), world.riverside.by("asp_manager")
    reach = reach_of(survey)
    assert (reach.children, reach.covered) == (3, 3)
    assert (reach.families, reach.reached) == (2, 1)  # Mei and Bo are one family
    assert set(Letter.objects.values_list("to_account", flat=True)) == {world.guardian.pk}
    assert {no.why for no in reach.warnings} == {"families_not_reached", "too_few_answers"}
    slips = surveys.hand_out_slips(survey, alone.homeroom, by=by, at=AT)
    assert len(slips) == 1 and slips[0].is_out and (slips[0].family is None) == anonymous
    assert reach_of(survey).reached == 2
    for ticket in (*slips, take(survey, world.guardian, world.mei)):
        answer(Ticket.objects.get(pk=ticket.pk))
    assert reach_of(survey).warnings == () and reach_of(survey).percent == 100
    with pytest.raises(Refused) as no:
        surveys.hand_out_slips(survey, alone.homeroom, by=by, at=AT)
    assert why(no) == {"nothing_to_hand_out"}


def test_who_comes_later_is_invited_and_joins_their_family(world: World) -> None:
    survey, by = opened(world), world.riverside.by("asp_manager")
    make_pupil(world.riverside, "陈小弟", grade=1, guardian=world.guardian)
    new = make_pupil(world.riverside, "新新", grade=2)
    assert uninvited(survey).count() == 2
    assert surveys.invite_newcomers(survey, by=by, at=AT) == 1
    assert not uninvited(survey).exists()
    assert list(survey.families.get(account=None).pupils.all()) == [new]
    assert survey.families.get(account=world.guardian).pupils.count() == 3


def test_a_class_is_told_without_how_many_answered(world: World) -> None:
    survey = opened(world)
    (row,) = reach_by_class(survey)
    assert (row.families, row.letters, row.slips, row.waiting) == (1, 1, 0, 0)
    assert "answered" not in {*row.__slots__}


def test_a_school_without_pupils_asks_nobody(world: World) -> None:
    Pupil.objects.filter(school=world.riverside.school).update(state=Pupil.LEFT)
    with pytest.raises(Refused) as no:
        opened(world)
    assert why(no) == {"nobody_to_invite"}


# --- Answering --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("anonymous", [True, False])
def test_the_last_version_counts_until_it_closes(world: World, anonymous: bool) -> None:
    survey = opened(world, anonymous=anonymous)
    ticket = take(survey, world.guardian, world.mei)
    answer(ticket, FULL)
    answer(ticket, NOT_WANTED)
    assert Sheet.objects.get().answers == {"need": 1}
    with pytest.raises(Refused) as no:
        answer(ticket, FULL, at=AT + timedelta(days=7))
    assert why(no) == {"over"}
    assert Sheet.objects.get().answers == {"need": 1}


def test_one_ticket_answers_for_three_children_and_no_more(world: World) -> None:
    ticket = take(opened(world), world.guardian, world.mei)
    for number in (1, 2, 3):
        surveys.answer(ticket, FULL, grade=number, number=number, by=None, at=AT)
    with pytest.raises(Refused) as no:
        surveys.answer(ticket, FULL, grade=4, number=4, by=None, at=AT)
    assert why(no) == {"sheets_used_up"}


@pytest.mark.parametrize("grade", [None, 0, 9])
def test_what_is_wrong_is_told_beside_its_item_and_nothing_is_kept(world: World, grade: int | None) -> None:
    ticket = take(opened(world), world.guardian, world.mei)
    with pytest.raises(AnswersRefused) as no:
        surveys.answer(ticket, FULL | {"need": ["7"]}, grade=grade, number=1, by=None, at=AT)
    assert {key: one.why for key, one in no.value.wrong.items()} == {
        "grade": "grade_not_asked",
        "need": "no_such_option",
    }
    assert not Sheet.objects.exists()


def test_a_ticket_is_found_however_it_is_typed_and_only_once_it_is_out(world: World) -> None:
    survey = opened(world)
    ticket = take(survey, world.guardian, world.mei)
    secret = ticket.secret.upper()
    assert ticket_of(f"{secret[:4]} {secret[4:8]}-{secret[8:]}") == ticket
    assert ticket_of(survey.tickets.filter(is_out=False).first().secret) is None
    assert ticket_of("") is None


def test_a_paper_is_typed_by_the_office_and_journalled_without_its_ticket(world: World) -> None:
    ticket = take(opened(world), world.guardian, world.mei)
    sheet = surveys.answer(ticket, FULL, grade=3, number=1, by=world.riverside.by("asp_manager"), at=AT)
    assert sheet.channel == Sheet.PAPER
    entry = Entry.objects.get(verb="surveys.paper_typed")
    assert ticket.secret not in str(entry.facts) and entry.about_kind == "surveys.Survey"


# --- Reminding and closing --------------------------------------------------------------------------------------------


def test_with_names_only_who_has_not_answered_is_reminded_and_nobody_is_told_whom(world: World) -> None:
    people = families(world, 3)
    survey, by = opened(world, anonymous=False), world.riverside.by("asp_manager")
    answer(take(survey, *people[0]), NOT_WANTED)
    Letter.objects.all().delete()
    assert surveys.remind(survey, by=by, at=AT + timedelta(days=1)) is None
    silent = {world.guardian.pk, people[1][0].pk, people[2][0].pk}
    assert set(Letter.objects.values_list("to_account", flat=True)) == silent
    assert Entry.objects.get(verb="surveys.reminded").facts == {}
    with pytest.raises(Refused) as no:
        surveys.remind(survey, by=by, at=AT + timedelta(days=1, hours=3))
    assert why(no) == {"reminded_today"}


def test_it_closes_once(world: World) -> None:
    survey, by = opened(world), world.riverside.by("asp_manager")
    assert state_of(survey, AT) == "open" and surveys_for(world.mei, AT) == [survey]
    surveys.close_survey(survey, by=by, at=AT + timedelta(days=4))
    survey.refresh_from_db()
    assert state_of(survey, AT + timedelta(days=4)) == "over" and surveys_for(world.mei, AT + timedelta(days=4)) == []
    with pytest.raises(Refused) as no:
        surveys.close_survey(survey, by=by, at=LATER)
    assert why(no) == {"closed_already"}


# --- Results ----------------------------------------------------------------------------------------------------------


def asked(world: World, wanted: int, refused: int, *, place=None) -> Survey:
    """Return a survey with answers of two kinds in two grades, over."""
    place = place or world.riverside
    grades = sorted({grade for grade, _ in place.homerooms})[:2]
    people = [(one, grades[0]) for one in families(world, wanted, grade=grades[0], place=place)]
    people += [(one, grades[1]) for one in families(world, refused, grade=grades[1], place=place)]
    survey = opened(world, place=place)
    for at, ((account, pupil), grade) in enumerate(people):
        answer(take(survey, account, pupil), FULL if at < wanted else NOT_WANTED, grade=grade)
    return surveys.close_survey(survey, by=place.by("asp_manager"), at=AT + timedelta(days=3))


def lines(survey: Survey, code: str) -> dict[str, int | None]:
    (result,) = [one for one in results_of(survey).items if one.item.code == code]
    return {line.option: line.count for line in result.lines}


def test_results_are_told_by_option(world: World) -> None:
    survey = asked(world, 12, 11)
    assert lines(survey, "need") == {"需要": 12, "不需要": 11, "再看看": 0}
    assert lines(survey, "hours") == {"1课时": 0, "2课时": 12, "3课时": 0, "没有回答": 11}
    assert lines(survey, "weekdays")["周一"] == 12
    assert dict(results_of(survey).need_by_grade.listed) == {"1": (12, 0, 0, 0), "2": (0, 11, 0, 0)}


def test_who_said_no_cannot_be_read_off_any_item(world: World) -> None:
    survey = asked(world, 12, 3)
    assert set(lines(survey, "need").values()) == {None}
    # Who needs nothing is not asked for hours: the twelve alone would give the three away.
    assert lines(survey, "hours")["没有回答"] is None and set(lines(survey, "hours").values()) == {None}
    assert lines(survey, "weekdays")["周一"] is None
    assert not results_of(survey).need_by_grade.listed


def test_few_answers_tell_nothing(world: World) -> None:
    survey = asked(world, 4, 3)
    assert not any(result.is_told for result in results_of(survey).items)
    assert proposal_of(survey, Assumptions()).bands == ()


def test_remarks_are_told_without_names_and_only_in_number(world: World) -> None:
    people = families(world, 10)
    survey = opened(world)
    for account, pupil in people:
        answer(take(survey, account, pupil), FULL | {"remarks": ["我是王芳，电话13800138000，希望有足球"]})
    (result,) = [one for one in results_of(survey).items if one.item.code == "remarks"]
    assert set(result.remarks) == {"某某，电话某号码，希望有足球"}


def test_the_answers_propose_seats_and_name_their_sources(world: World) -> None:
    survey = asked(world, 32, 0)
    proposal = proposal_of(survey, Assumptions(undecided_percent=0, silent_percent=0, group_size=30))
    (band,) = [one for one in proposal.bands if 1 in one.grades]
    assert (band.seats_by_weekday[0], band.groups_by_weekday[0], band.seats_by_weekday[1]) == (35, 2, 0)
    assert proposal.wishes[0].children == 35 and proposal.hours == 2
    assert survey.title in dict(proposal.sources)["答复"]


def test_the_district_sees_rates_and_the_core_together(world: World) -> None:
    one, two = asked(world, 12, 11), asked(world, 10, 10, place=world.hill)
    rows = dict(surveys_in(world.term))
    assert rows[world.riverside.school] == one and rows[world.hill.school] == two
    assert rates_of([one, two])[one.pk] == (24, 23)  # Mei's and Bo's family has not answered
    core = core_items(("是否需要课后服务",))
    results, across = core_results([one, two], core, least=10, at=AT + timedelta(days=4))
    assert [line.count for line in results.items[0].lines] == [22, 21, 0]
    assert set(across.listed) == {world.riverside.school.name, world.hill.school.name}


def test_an_open_survey_is_not_in_the_districts_results(world: World) -> None:
    survey = opened(world)
    results, _ = core_results([survey], core_items(("是否需要课后服务",)), least=10, at=AT)
    assert results.sheets == 0


@pytest.mark.parametrize("children", [3, 30])
def test_opening_costs_the_same_few_queries(world: World, children: int, django_assert_max_num_queries) -> None:
    families(world, children)
    survey = started(world)
    with django_assert_max_num_queries(24):
        surveys.open_survey(survey, by=world.riverside.by("asp_manager"), at=AT)
