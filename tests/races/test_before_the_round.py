"""What is settled before a round: siblings' shared number and the right of renewal, asked for by two at once, on SQLite
and on PostgreSQL.
"""

from __future__ import annotations

from typing import Any

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Draw, Renewal, RenewalWindow
from kehou.chapters.allocation.renewals import refusal_now
from kehou.chapters.allocation.rounds import Frozen, freeze_round
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Application, Registration, SameNumber
from kehou.chapters.journal.models import Entry
from kehou.chapters.people.models import Guardianship
from kehou.lib.actors import Actor
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.chapters.allocation.test_renewals import CLOSES, EARLY, last_term
from tests.races.test_seats import race, refused
from tests.registration import (
    AFTER,
    DURING,
    OPENS,
    PUBLISHED,
    clear,
    open_stage,
    planned,
    publish_table,
    review_all,
    submit,
)
from tests.registration import CLOSES as DEADLINE
from tests.world import FROM, build

pytestmark = pytest.mark.django_db(transaction=True)


# --- Brothers and sisters ---------------------------------------------------------------------------------------------


@pytest.fixture
def siblings():
    """Mei and Bo take part; both of their parents may answer for both."""
    stage = open_stage(build())
    for pupil in (stage.world.mei, stage.world.bo):
        submit(stage, pupil)
        Guardianship.objects.create(pupil=pupil, account=stage.world.other_guardian, relation="父亲", from_on=FROM)
    return stage


def link(stage: Any, parent: Any) -> list[SameNumber]:
    registration = Registration.objects.select_related("school", "term").get()
    by = Actor(parent.pk, parent.name, "家长")
    return enrolment.link_siblings(registration, [stage.world.mei, stage.world.bo], by=by, at=DURING)


def unlink(stage: Any) -> None:
    application = Application.objects.select_related("registration__school").get(pupil=stage.world.mei)
    enrolment.unlink_siblings(application, by=stage.world.by_guardian(), at=DURING)


def shared() -> list[str]:
    """Return the groups that stand, one entry a child."""
    return list(SameNumber.objects.filter(ended_at=None).values_list("group", flat=True))


def test_two_parents_who_link_their_children_at_once_make_one_family(siblings):
    parents = [siblings.world.guardian, siblings.world.other_guardian] * 2
    race(*[lambda parent=parent: link(siblings, parent) for parent in parents])
    assert len(shared()) == 2
    assert len(set(shared())) == 1


def test_one_parent_links_and_the_other_unlinks_and_no_child_is_left_alone(siblings):
    link(siblings, siblings.world.guardian)
    race(lambda: unlink(siblings), lambda: link(siblings, siblings.world.other_guardian), lambda: unlink(siblings))
    assert len(shared()) in (0, 2)
    assert len(set(shared())) <= 1


@pytest.mark.parametrize("before", ["linked", "apart"])
def test_what_is_frozen_is_what_stands_whoever_was_quicker(siblings, before):
    """A parent links or unlinks in the minute in which the office freezes: the frozen list and the rows agree."""
    if before == "linked":
        link(siblings, siblings.world.guardian)
    planned(siblings)
    review_all(siblings)
    office = siblings.world.riverside.by("asp_manager")

    def freeze() -> Draw:
        draw = Draw.objects.select_related("registration__school", "registration__term").get()
        return allocation.commit(draw, by=office, at=AFTER)

    change = (lambda: unlink(siblings)) if before == "linked" else (lambda: link(siblings, siblings.world.guardian))
    results = race(freeze, change)
    assert not isinstance(results[0], Refused)
    with Draw.objects.get().frozen.open("rb") as file:
        families = [student.family for student in Frozen.of_json(file.read()).round.students]
    assert len(families) == 2
    assert families[0] == families[1]
    assert bool(families[0]) == bool(shared())
    assert isinstance(results[1], Refused) == (bool(shared()) == (before == "linked"))


def test_what_was_sent_back_is_handed_in_again_or_frozen_without_never_both(siblings):
    """A receipt for a choice that is not in the frozen list would be a wish dropped in silence."""
    planned(siblings)
    review_all(siblings)
    mei = siblings.world.mei
    Application.objects.filter(pupil=mei).update(state="returned")

    def freeze() -> Draw:
        draw = Draw.objects.select_related("registration__school", "registration__term").get()
        return allocation.commit(draw, by=siblings.world.riverside.by("asp_manager"), at=AFTER)

    results = race(freeze, lambda: submit(siblings, mei, DayWish(2, 1), at=AFTER))
    assert refused(results) == 1
    is_frozen = Registration.objects.get().frozen_at is not None
    assert is_frozen == (Application.objects.get(pupil=mei).state == "returned")


# --- Renewals ---------------------------------------------------------------------------------------------------------

FOOTBALL, SCIENCE = "校园足球", "科学小实验"


@pytest.fixture
def members():
    """Mei was in football and in science to the end of last term; both begin in the same class hour of Monday."""
    stage = open_stage(build())
    last_term(stage, name=FOOTBALL, weekdays=(1, 3), pupils=[stage.world.mei])
    last_term(stage, name=SCIENCE, weekdays=(1,), pupils=[stage.world.mei])
    return stage


def ask_members(stage: Any, *names: str) -> RenewalWindow:
    chosen = {stage.slots[name, 1].activity_id: False for name in names}
    office = stage.world.riverside.by("asp_manager")
    return allocation.open_renewals(stage.table, chosen, closes_at=CLOSES, by=office, at=EARLY)


def answer(stage: Any, name: str, said: str) -> Renewal:
    row = Renewal.objects.select_related("window__school", "window__term", "activity").get(activity__name=name)
    return allocation.answer_renewal(row, said, by=stage.world.by_guardian(), at=EARLY)


def test_two_offices_open_the_renewals_once(members):
    results = race(*[lambda: ask_members(members, FOOTBALL)] * 3)
    assert refused(results) == 2
    assert RenewalWindow.objects.count() == Renewal.objects.count() == 1


def test_of_two_groups_in_one_hour_only_one_is_kept_however_fast_they_are_pressed(members):
    ask_members(members, FOOTBALL, SCIENCE)
    results = race(*[lambda name=name: answer(members, name, "keep") for name in (FOOTBALL, SCIENCE) * 2])
    assert refused(results) == 2
    assert Renewal.objects.filter(answer="keep").count() == 1


def test_the_same_right_used_twice_keeps_one_seat(members):
    ask_members(members, FOOTBALL)
    race(*[lambda: answer(members, FOOTBALL, "keep")] * 4)
    submit(members, members.world.mei, DayWish(1, 2), DayWish(3, 2))
    frozen = freeze_round(planned(members), states=("submitted",))
    assert [(slot, day) for _, slot, day in frozen.kept] == [
        (members.slot(FOOTBALL, 1), 1),
        (members.slot(FOOTBALL, 3), 3),
    ]


def test_of_two_parents_the_last_answer_stands_and_both_are_written_down(members):
    ask_members(members, FOOTBALL)
    race(lambda: answer(members, FOOTBALL, "keep"), lambda: answer(members, FOOTBALL, "let_go"))
    said = [entry.facts["answer"] for entry in Entry.objects.filter(verb="allocation.renewal_answered").order_by("pk")]
    assert sorted(said) == ["keep", "let_go"]
    assert Renewal.objects.get().answer == said[-1]


def test_nobody_renews_any_more_once_families_choose_whichever_was_opened_first():
    """The office opens registration while a colleague opens the renewals: whoever comes second is heard or refused."""
    stage = publish_table(build())
    clear(stage)
    world = stage.world
    last_term(stage, name=FOOTBALL, weekdays=(1, 3), pupils=[world.mei])

    def open_registration() -> Registration:
        return enrolment.open_registration(
            world.riverside.school, world.term, opens_at=OPENS, closes_at=DEADLINE, method="gsd",
            by=world.riverside.by("asp_manager"), at=PUBLISHED,
        )  # fmt: skip

    def open_late_renewals() -> RenewalWindow:
        chosen = {stage.slots[FOOTBALL, 1].activity_id: False}
        by = world.riverside.by("asp_manager")
        return allocation.open_renewals(stage.table, chosen, closes_at=DEADLINE, by=by, at=EARLY)

    results = race(open_registration, open_late_renewals)
    assert not isinstance(results[0], Refused)
    window = RenewalWindow.objects.select_related("school", "term").first()
    assert (window is None) == isinstance(results[1], Refused)
    if window:
        assert refusal_now(window, OPENS)
        with pytest.raises(Refused):
            row = Renewal.objects.select_related("window__school", "window__term", "activity").get()
            allocation.answer_renewal(row, "keep", by=world.by_guardian(), at=OPENS)
