"""Two clerks at one list: the same row is noted once, taken out once, and the journal says each once."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import CalendarDay, Instrument
from kehou.chapters.journal.models import Entry
from kehou.chapters.money import actions as money
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import CareRecord
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import NoticeReceipt
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import ShortageStatement
from kehou.lib.actors import SYSTEM
from kehou.rules.verdicts import Refused
from tests.chapters.planning import stage
from tests.chapters.planning.stage import SCAN, day
from tests.chapters.staffing.outside import AT, listed
from tests.races.test_seats import race, refused
from tests.world import TODAY, build, make_pupil, moment

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 4


def written(verb: str) -> int:
    return Entry.objects.filter(verb=verb).count()


# --- Noted once -------------------------------------------------------------------------------------------------------


def test_a_ground_is_noted_once():
    world = build()
    facts = {"source": "区名单", "from_on": date(2026, 9, 1), "by": world.riverside.by("aid_officer"), "at": moment()}
    results = race(*[lambda: people.record_care(world.mei, "dibao_family", **facts)] * MANY)
    assert refused(results) == 0 and len({one.pk for one in results}) == 1
    assert CareRecord.objects.count() == 1 and written("people.care_recorded") == 1


def test_one_list_taken_in_twice_is_one_whatever_its_order():
    world = build()
    children = [make_pupil(world.riverside, f"学生{n}", grade=5, guardian=world.guardian) for n in range(6)]
    grounds = [money.Ground(child, "dibao_family", "区名单", date(2026, 9, 1)) for child in children]
    by = world.riverside.by("aid_officer")
    lists = (grounds, grounds[::-1]) * 2
    results = race(*[lambda rows=rows: money.recognise_many(rows, by=by, at=moment()) for rows in lists])
    assert refused(results) == 0
    assert CareRecord.objects.count() == written("people.care_recorded") == len(children)


def test_two_clerks_with_one_paper_list_keep_each_family_once():
    world = build()
    children = [make_pupil(world.riverside, f"学生{n}", grade=1) for n in range(3)]
    way = stage.drafted(world)
    stage.first_round(way)
    notice = stage.told(way)
    keep = [lambda: planning.record_paper_receipts(notice, children, scan=SCAN, by=way.office, at=day(7))] * MANY
    results = race(*keep)
    assert sorted(one for one in results if not isinstance(one, Refused)) == [len(children)]
    assert {one.refusal.key for one in results if isinstance(one, Refused)} == {"R-NOTI-01:nobody_ticked"}
    assert NoticeReceipt.objects.count() == len(children) and written("planning.notice_signed_on_paper") == 1


def test_a_phone_and_the_paper_list_at_once_is_one_receipt_a_child():
    world = build()
    way = stage.drafted(world)
    stage.first_round(way)
    notice = stage.told(way)
    children = [world.mei, world.bo]
    facts = {"account": world.guardian, "by": world.by_guardian(), "at": day(7)}
    results = race(
        lambda: planning.confirm_notice(notice, children, **facts),
        lambda: planning.record_paper_receipts(notice, children, scan=SCAN, by=way.office, at=day(7)),
    )
    paper = 0 if isinstance(results[1], Refused) else results[1]
    assert NoticeReceipt.objects.filter(notice=notice).count() == len(children)
    assert NoticeReceipt.objects.filter(notice=notice, method="paper").count() == paper
    told = Entry.objects.filter(verb="planning.notice_signed_on_paper")
    assert [one.facts["pupils"] for one in told] == [paper] * bool(paper)


def test_of_two_corrections_over_one_reading_the_second_is_told():
    build()
    facts = {"title": "旧", "issuer": "区教委", "issued_on": TODAY}
    one = basis.add_instrument("1号", **facts, by=SYSTEM, at=AT)
    seen = basis.instrument_version(one)
    facts |= {"valid_from_on": TODAY, "valid_until_on": None, "seen": seen, "by": SYSTEM, "at": AT}
    results = race(*[lambda n=n: basis.edit_instrument(one, **facts | {"title": f"新{n}"}) for n in range(MANY)])
    assert refused(results) == MANY - 1 and written("basis.instrument_edited") == 1
    kept = next(row for row in results if not isinstance(row, Refused))
    assert Instrument.objects.get(pk=one.pk).title == kept.title


# --- Taken out once ---------------------------------------------------------------------------------------------------


def test_a_day_is_made_ordinary_again_once():
    build()
    on = TODAY + timedelta(days=1)
    basis.set_day(on, kind="off", name="校庆", by=SYSTEM, at=AT)
    results = race(*[lambda: basis.remove_day(on, by=SYSTEM, at=AT)] * MANY)
    assert sorted(results) == [False] * (MANY - 1) + [True]
    assert not CalendarDay.objects.filter(on=on).exists() and written("basis.day_removed") == 1


def test_what_no_longer_binds_is_taken_out_once():
    world = build()
    member, term, by = world.riverside.staff["teacher"], world.term, world.riverside.by("asp_manager")
    bond = staffing.Bond("lesson", "五年级2班美术", term.from_on, term.until_on, 2, time(8, 0), time(8, 40))
    (one,) = staffing.add_commitments([(member, bond)], by=by, at=AT)
    race(*[lambda: staffing.remove_commitment(one, by=by, at=AT)] * MANY)
    assert not member.commitments.exists() and written("staffing.commitment_removed") == 1


def test_somebody_who_is_no_longer_sent_is_dropped_once():
    world = build()
    place, one = world.riverside, listed(world)
    by = place.by("asp_manager")
    stated = ShortageStatement.objects.get(school=place.school)
    use = staffing.choose_provider(place.school, world.term, one, stated, what="年画", by=by, at=AT)
    sent = staffing.name_person(use, place.staff["volunteer"], by=by, at=AT)
    race(*[lambda: staffing.drop_person(sent, by=by, at=AT)] * MANY)
    assert not use.people.exists() and written("staffing.provider_person_dropped") == 1
