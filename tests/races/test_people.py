"""Two officers at one file at the same instant: an answer, a seal, an admission, a release are each given once."""

from __future__ import annotations

import pytest

from kehou.chapters.journal.models import Entry
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Guardianship
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import EntryCheck, Restriction, SignedPaper, StaffMember
from kehou.lib.actors import SYSTEM, Actor
from kehou.rules.verdicts import Refused
from tests.races.test_seats import race
from tests.world import TODAY, World, build, moment

pytestmark = pytest.mark.django_db(transaction=True)
AT = moment()
THREADS = 4
OFFICERS = [Actor(number, f"民警{number}", "区公安局") for number in range(THREADS)]


def done(results: list[object]) -> list[object]:
    """Return what was not refused."""
    return [one for one in results if not isinstance(one, Refused)]


def teacher(world: World) -> StaffMember:
    return StaffMember.objects.select_related("school").get(pk=world.riverside.staff["teacher"].pk)


def test_a_check_is_answered_once():
    world = build()
    (check,) = staffing.ask_checks(world.riverside.school, [teacher(world)], by=SYSTEM, at=AT)
    answers = [
        lambda by=by, result=("passed", "failed")[by.account_id % 2]: staffing.answer_check(
            check, result, reference=f"{by.account_id}号", by=by, at=AT
        )
        for by in OFFICERS
    ]
    assert len(done(race(*answers))) == 1
    assert Entry.objects.filter(verb="staffing.check_answered").count() == 1
    one = EntryCheck.objects.get(pk=check.pk)
    assert one.answered_by == str(OFFICERS[int(one.reference[0])])


def test_a_check_is_asked_for_once():
    world = build()
    member = teacher(world)
    ask = [lambda: staffing.ask_checks(member.school, [member], by=SYSTEM, at=AT)] * THREADS
    assert len(done(race(*ask))) == 1
    assert EntryCheck.objects.filter(member=member, state="asked").count() == 1


def test_somebody_is_admitted_once():
    world = build()
    member = teacher(world)
    StaffMember.objects.filter(pk=member.pk).update(state="trained")
    admit = [lambda: staffing.admit(member.school, [member], by=SYSTEM, at=AT)] * THREADS
    assert len(done(race(*admit))) == 1
    assert Entry.objects.filter(verb="staffing.admitted").count() == 1


def test_a_paper_is_sealed_once():
    world = build()
    member = teacher(world)
    SignedPaper.objects.filter(member=member, kind="letter").update(state="signed")
    papers = list(member.papers.filter(kind="letter"))
    seal = [lambda: staffing.seal_papers(papers, by=SYSTEM, at=AT)] * THREADS
    assert len(done(race(*seal))) == 1
    assert papers[0].signatures.filter(party="school").count() == 1


def test_a_restriction_is_released_once():
    build()
    facts = staffing.RestrictionFacts("某甲", "11010519491231002X", "ban", "1号", TODAY)
    kept = staffing.restrict(facts, until_on=None, by=SYSTEM, at=AT)
    staffing.propose_release(kept, reason="改判", by=Actor(99, "提出人", "基教科"), at=AT)
    release = [lambda by=by: staffing.release(kept, by=by, at=AT) for by in OFFICERS]
    assert len(done(race(*release))) == 1
    assert Restriction.objects.get().released_by in {str(by) for by in OFFICERS}


def test_of_two_guardians_ended_at_once_one_stays():
    world = build()
    by = world.riverside.by("asp_manager")
    people.add_guardian(world.mei, "19900008888", name="王奶奶", relation="奶奶", by=by, at=AT)
    links = list(Guardianship.objects.filter(pupil=world.mei, until_on=None))
    results = race(*(lambda link=link: people.end_guardianship(link, by=by, at=AT) for link in links))
    assert [one.refusal.key for one in results if isinstance(one, Refused)] == ["R-SAFE-02:last_guardian"]
    assert Guardianship.objects.filter(pupil=world.mei, until_on=None).count() == 1
    ended = links[0] if links[0].until_on else links[1]
    people.end_guardianship(ended, by=by, at=AT)  # pressed again: nothing is refused and nothing more is written
    assert Entry.objects.filter(verb="people.guardianship_ended").count() == 1
