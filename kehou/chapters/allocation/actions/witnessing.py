"""现场见证: words sealed before the deadline, shown in the hall after freezing, confirmed by two persons."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from kehou.chapters.allocation import queries
from kehou.chapters.allocation.actions.drawing import enter_beacon, plan, void
from kehou.chapters.allocation.models import BeaconEntry, Draw, Witness
from kehou.chapters.enrolment.models import Registration
from kehou.chapters.journal import actions as journal
from kehou.lib.actors import Actor
from kehou.rules.allocation import Rules
from kehou.rules.allocation.randomness import CEREMONY_ONLY
from kehou.rules.verdicts import Refused, insist, refuse
from kehou.rules.witnessing import ROLES, refusal_of_roles, refusal_to_confirm, refusal_to_reveal, refusals_to_seal


@transaction.atomic
def seal_word(registration: Registration, *, role: str, name: str, seal: str, by: Actor, at: datetime) -> Witness:
    """Bind a witness to a word of which only the hash comes here.

    :raises Refused: R-ALLOC-02 after the deadline or the naming, without a name, without a hash, or with a word in use
    """
    row = Registration.objects.select_for_update(of=("self",), no_key=True).get(pk=registration.pk)
    waiting = queries.witnesses_waiting(row)
    seal = seal.strip().lower()
    insist(
        *refusals_to_seal(
            role=role,
            name=name,
            seal=seal,
            seals={one.seal for one in waiting},
            planned=queries.draw_of(row) is not None,
            closes_at=row.closes_at,
            at=at,
        )
    )
    try:
        with transaction.atomic():
            made = Witness.objects.create(
                registration=row, role=role, name=name.strip(), seal=seal, sealed_at=at, sealed_by=str(by)
            )
    except IntegrityError as twice:
        raise Refused(refuse("R-ALLOC-02", "witness_word_taken")) from twice
    _write("allocation.witness_sealed", made, by=by, at=at)
    return made


@transaction.atomic
def dismiss_witness(witness: Witness, *, by: Actor, at: datetime) -> None:
    """Take back a witness before anything is named: the word was mistyped. :raises Refused: R-ALLOC-02 afterwards"""
    if not Witness.objects.filter(pk=witness.pk, draw=None).delete()[0]:
        raise Refused(refuse("R-ALLOC-02", "witnesses_are_named"))
    _write("allocation.witness_dismissed", witness, by=by, at=at)


@transaction.atomic
def name_witnesses(registration: Registration, *, rules: Rules, by: Actor, at: datetime) -> Draw:
    """Name the sealed words as the randomness of the draw; from now on everybody can see their hashes.

    :raises Refused: R-ALLOC-02 with fewer than three or without a parent, and as `plan`
    """
    Registration.objects.select_for_update(of=("self",), no_key=True).get(pk=registration.pk)
    waiting = queries.witnesses_waiting(registration)
    insist(refusal_of_roles([one.role for one in waiting]))
    named = ",".join(f"ceremony:{one.seal}" for one in waiting)
    draw = plan(registration, rules=rules, randomness=named, by=by, at=at)
    Witness.objects.filter(pk__in=[one.pk for one in waiting]).update(draw=draw)
    return draw


@transaction.atomic
def reveal_word(witness: Witness, word: str, *, by: Actor, at: datetime) -> Witness:
    """Show a word before everybody, exactly as it was sealed.

    :raises Refused: R-ALLOC-02 before the choices are frozen, a second time, or when it is another word
    """
    row = Witness.objects.select_for_update(of=("self",), no_key=True).select_related("draw").get(pk=witness.pk)
    state = row.draw.state if row.draw else "planned"
    insist(refusal_to_reveal(seal=row.seal, word=word, name=row.name, state=state, shown=bool(row.word)))
    row.word, row.revealed_at, row.revealed_by = word, at, str(by)
    row.save(update_fields=["word", "revealed_at", "revealed_by"])
    _write("allocation.witness_revealed", row, by=by, at=at)
    return row


def confirm_words(draw: Draw, *, by: Actor, at: datetime) -> BeaconEntry:
    """Confirm that these words were shown; two persons do, as with any published result.

    :raises Refused: R-ALLOC-02 while a witness has not shown the word
    """
    witnesses = queries.witnesses_of(draw)
    insist(refusal_to_confirm([one.name for one in witnesses if not one.word]))
    return enter_beacon(draw, beacon=CEREMONY_ONLY, reveals=[one.word for one in witnesses], by=by, at=at)


@transaction.atomic
def give_up_ceremony(draw: Draw, *, by: Actor, at: datetime) -> Draw:
    """Take back a draw whose witness does not show the word; the reason is public, and a public draw replaces it.

    What the others have shown stays in the record. :raises Refused: R-ALLOC-02 when all have shown theirs, R-FLOW-01
    """
    hidden = [one for one in queries.witnesses_of(draw) if not one.word]
    insist(
        None if hidden else refuse("R-ALLOC-02", "all_have_shown"),
        None if draw.state == "committed" else refuse("R-ALLOC-02", "witness_shows_after_freezing"),
    )
    return void(draw, reason=f"见证人没有揭开：{'、'.join(ROLES[one.role] for one in hidden)}", by=by, at=at)


def _write(verb: str, witness: Witness, *, by: Actor, at: datetime) -> None:
    code = witness.registration.school.code
    journal.write(verb, about=witness, by=by, at=at, school_code=code, role=witness.role, seal=witness.seal)
