"""Nobody can find out who answered what in a survey without names: not from any row of the database, nor all of them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.db import transaction
from django.db.models import UUIDField

from kehou.chapters.surveys import actions as surveys
from kehou.chapters.surveys.actions import tickets
from kehou.chapters.surveys.models import Family, Sheet, Survey, Ticket
from kehou.rules.verdicts import Refused
from tests.chapters.surveys.stage import AT, FULL, NOT_WANTED, answer, families, opened, take
from tests.world import World


class Undone(Exception):
    """Thrown to undo a run."""


def database() -> str:
    """Return every row of every table of ours; keys that are random are left out, the rows then stand by content."""
    models = [model for model in apps.get_models() if model.__module__.startswith("kehou.")]
    tables = []
    for model in models:
        rows = json.loads(serializers.serialize("json", model.objects.order_by("pk")))
        if isinstance(model._meta.pk, UUIDField):
            rows = sorted(({**row, "pk": None} for row in rows), key=lambda row: json.dumps(row, sort_keys=True))
        tables.append(json.dumps(rows, sort_keys=True))
    return "\n".join(tables)


class Dealt:
    """A dealer of tickets who deals what the test wants, so that two runs can be compared."""

    def __init__(self, order: Iterator[int]) -> None:
        self.order = order

    def sample(self, heap: list[int], number: int) -> list[int]:
        """Return the next of the order."""
        return [next(self.order) for _ in range(number)]

    def randbytes(self, size: int) -> bytes:
        """Return the same bytes in every run: what is made here is not what is dealt."""
        self.made = getattr(self, "made", 0) + 1
        return self.made.to_bytes(size, "big")

    def shuffle(self, heap: list[object]) -> None:
        """Leave them."""


def run(people: dict, survey: Survey, said: dict[str, dict], dealt: dict[str, int], monkeypatch) -> str:
    """Let the families take their tickets and answer, in one order; return the database and undo it."""
    dealer, state = Dealt(iter(dealt.values())), ""
    try:
        with transaction.atomic():
            monkeypatch.setattr(tickets.chance, "_SYSTEM", dealer)
            taken = {name: take(survey, *people[name]) for name in people}
            for name in sorted(people, key=lambda name: taken[name].pk):
                answer(taken[name], said[name])
            state = database()
            raise Undone
    except Undone:
        pass
    return state


@pytest.mark.django_db
def test_whoever_says_what_the_database_is_the_same_to_the_last_byte(world: World, monkeypatch) -> None:
    people = dict(zip("甲乙", families(world, 2), strict=True))
    survey = opened(world)
    first, second = Ticket.objects.filter(survey=survey).order_by("pk").values_list("pk", flat=True)[:2]
    yes_no = run(people, survey, {"甲": FULL, "乙": NOT_WANTED}, {"甲": first, "乙": second}, monkeypatch)
    no_yes = run(people, survey, {"甲": NOT_WANTED, "乙": FULL}, {"甲": second, "乙": first}, monkeypatch)
    assert yes_no == no_yes  # two worlds that nobody can tell apart: 甲 said yes, or 乙 did
    both = run(people, survey, {"甲": FULL, "乙": FULL}, {"甲": first, "乙": second}, monkeypatch)
    assert both != yes_no  # and the comparison sees answers at all


@pytest.mark.django_db
def test_no_field_leads_from_a_family_or_an_account_to_a_ticket_or_a_sheet(world: World) -> None:
    people = families(world, 3)
    survey = opened(world)
    for account, pupil in people:
        answer(take(survey, account, pupil))
    assert Ticket.objects.filter(survey=survey, family__isnull=False).count() == 0
    text = database()
    for ticket in Ticket.objects.filter(survey=survey):
        assert text.count(ticket.secret) == 1  # the ticket's own row: no letter, journal entry or job repeats it
    sheet_fields = {field.name for field in Sheet._meta.get_fields()}
    assert sheet_fields == {"id", "ticket", "number", "grade", "answers", "channel", "answered_on"}
    assert isinstance(Sheet._meta.pk, UUIDField)  # keys in a row would tell the order in which they came


@pytest.mark.django_db
def test_the_journal_tells_neither_who_took_a_ticket_nor_when_somebody_answered(world: World) -> None:
    from kehou.chapters.journal.models import Entry

    ((account, pupil),) = families(world, 1)
    survey = opened(world)
    before = Entry.objects.count()
    answer(take(survey, account, pupil))
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_tickets_are_dealt_in_no_order(world: World) -> None:
    people = families(world, 30)
    survey = opened(world)
    taken = [take(survey, account, pupil).pk for account, pupil in people]
    assert len(set(taken)) == 30
    assert taken != sorted(taken) and taken != sorted(taken, reverse=True)
    assert max(len(list(run)) for _, run in itertools.groupby(b > a for a, b in itertools.pairwise(taken))) < 20


@pytest.mark.django_db
def test_a_family_has_one_ticket_and_both_parents_share_it(world: World) -> None:
    survey = opened(world)
    take(survey, world.guardian, world.mei)
    with pytest.raises(Refused) as no:  # Bo is Mei's brother: one family
        take(survey, world.guardian, world.bo)
    assert no.value.refusal.why == "ticket_taken"
    assert Ticket.objects.filter(survey=survey, is_out=True).count() == 1
    assert Family.objects.filter(survey=survey, account=world.guardian).count() == 1


@pytest.mark.django_db
def test_a_reminder_goes_to_everybody_since_nobody_knows_who_has_not_answered(world: World) -> None:
    from kehou.chapters.journal.models import Letter

    people = families(world, 2)
    survey = opened(world)
    answer(take(survey, *people[0]))
    Letter.objects.all().delete()
    surveys.remind(survey, by=world.riverside.by("asp_manager"), at=AT + timedelta(days=1))
    assert set(Letter.objects.values_list("to_account", flat=True)) == {
        world.guardian.pk, people[0][0].pk, people[1][0].pk,
    }  # fmt: skip
