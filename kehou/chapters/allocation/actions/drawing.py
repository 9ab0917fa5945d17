"""The draw itself: planned before the deadline, frozen after it, drawn from public randomness, written whole."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from kehou.chapters.allocation import queries
from kehou.chapters.allocation.actions.noting import insist_on_reason
from kehou.chapters.allocation.models import BeaconEntry, Draw, Placement, RefillWish, Unplaced, WaitingPlace
from kehou.chapters.allocation.rounds import Frozen, freeze_round, slot_of
from kehou.chapters.allocation.teams import sections_behind
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Registration
from kehou.chapters.journal import actions as journal
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects
from kehou.rules import drawing
from kehou.rules.allocation import SERIES_DAY, Explanation, Outcome, Rules, allocate, numbers, refilled
from kehou.rules.allocation.lottery import seed as seed_of
from kehou.rules.allocation.randomness import refusal_to_draw
from kehou.rules.draw_groups import told
from kehou.rules.enrolling import said
from kehou.rules.states import DRAW, refusal_of_lost_race, refusal_to_move
from kehou.rules.verdicts import Refusal, Refused, insist, refuse

Step = Callable[[int, int, str], None]


@transaction.atomic
def plan(registration: Registration, *, rules: Rules, randomness: str, by: Actor, at: datetime) -> Draw:
    """Say by which rule and which public randomness will be drawn, while nobody can know it yet.

    :raises Refused: R-ALLOC-01 for another method than was published, R-ALLOC-02 after the deadline or twice
    """
    Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
    earlier = registration.draws.count()
    insist(
        *drawing.refusals_to_plan(
            mechanism=rules.mechanism,
            method=registration.method,
            randomness=randomness,
            closes_at=registration.closes_at,
            at=at,
            standing=queries.draw_of(registration) is not None,
            again=queries.may_name_again(registration),
        )
    )
    draw = Draw.objects.create(
        registration=registration, number=earlier + 1, rules=asdict(rules), randomness=randomness, named_at=at
    )
    _write(draw, "allocation.planned", by=by, at=at, randomness=randomness, rules=asdict(rules))
    return draw


@transaction.atomic
def commit(draw: Draw, *, by: Actor, at: datetime) -> Draw:
    """Freeze every reviewed application and bind all of them by one hash, before the randomness exists.

    :raises Refused: R-FLOW-01 before the deadline or with reviews open, and with everything the engine objects to
    """
    insist(refusal_to_move(DRAW, draw.state, "committed"))
    registration = draw.registration
    # Held before anything is counted: an application that was sent back may be handed in again until it is frozen.
    Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
    joins = registration.applications.filter(joins=True)
    insist(
        *drawing.refusals_to_freeze(
            unreviewed=joins.filter(state="submitted").count(), joins=joins.filter(state="reviewed").count()
        )
    )
    if registration.frozen_at is None:  # else a ceremony failed, and the choices have stayed as they were
        enrolment.freeze(registration, by=by, at=at)
    frozen = freeze_round(draw)
    if problems := frozen.round.check():
        raise Refused(*problems)
    commitment = frozen.round.commitment()
    _move(draw, "committed", root=commitment.root, requests=len(frozen.applications), committed_at=at)
    draw.frozen.save(f"{frozen.round.id}.json", ContentFile(frozen.to_json()), save=False)
    Draw.objects.filter(pk=draw.pk).update(frozen=draw.frozen.name)
    _write(
        draw,
        "allocation.committed",
        by=by,
        at=at,
        root=commitment.root,
        requests=len(frozen.applications),
        kept=len(frozen.kept),
    )
    return draw


@transaction.atomic
def enter_beacon(draw: Draw, *, beacon: str, by: Actor, at: datetime, reveals: Sequence[str] = ()) -> BeaconEntry:
    """Note the published result as one person has read it; the same person may correct it until the draw.

    :raises Refused: R-ALLOC-02 when it is not the result of what was named
    """
    insist(refusal_to_move(DRAW, draw.state, "drawn"), refusal_to_draw(draw.randomness, beacon, reveals))
    assert by.account_id is not None
    entry, _ = BeaconEntry.objects.update_or_create(
        draw=draw,
        typed_by_account=by.account_id,
        defaults={"beacon": beacon, "reveals": list(reveals), "typed_by": str(by), "typed_at": at},
    )
    _write(draw, "allocation.beacon_typed", by=by, at=at, beacon=beacon)
    return entry


def refusal_to_draw_now(draw: Draw) -> Refusal | None:
    """Return why the draw cannot begin: what the button says."""
    if draw.drawn_at is not None and draw.state in ("drawn", "published"):
        return refuse("R-ALLOC-02", "drawn_already", at=said(draw.drawn_at))
    if no := refusal_to_move(DRAW, draw.state, "drawn"):
        return no
    entries = [(e.typed_by_account, e.beacon, tuple(e.reveals)) for e in draw.beacon_entries.all()]
    return drawing.refusal_of_entries(draw.randomness, entries)


def draw_lots(draw: Draw, *, by: Actor, at: datetime, step: Step | None = None) -> Draw:
    """Draw from the frozen round and the published result, and write who sits where and who waits.

    Everything is written in one transaction; a draw that was made is not made again. :raises Refused: R-ALLOC-02
    """
    insist(refusal_to_draw_now(draw))
    entry = draw.beacon_entries.order_by("pk").first()
    assert entry is not None
    with draw.frozen.open("rb") as file:
        frozen = Frozen.of_json(file.read())
    reveals = [word.encode() for word in entry.reveals]
    seed = seed_of(frozen.round.id, draw.root, entry.beacon.encode(), reveals)
    round = frozen.round
    drawn = numbers(seed, round.students, round.requests, rules=round.rules, before=round.before)

    def on_day(done: int, of: int) -> None:
        if step:
            step(done, of, "按号安排")

    outcome = allocate(frozen.round, drawn, on_day=on_day)
    record = outcome.to_record(beacon=entry.beacon.encode(), reveals=reveals)
    content = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    with transaction.atomic():
        _move(
            draw,
            "drawn",
            beacon=entry.beacon,
            seed=seed.hex(),
            record_digest=hashlib.sha256(content).hexdigest(),
            stats=_stats(outcome, frozen, least=parameters_on(draw.registration.term.service_from_on).survey.min_cell),
            drawn_at=at,
            drawn_by=str(by),
        )
        (_write_outcome if draw.base_id is None else _keep_outcome)(draw, outcome, frozen, step)
        draw.record.save(f"{frozen.round.id}-record.json", ContentFile(content), save=False)
        Draw.objects.filter(pk=draw.pk).update(record=draw.record.name)
        verb = "allocation.drawn" if draw.base_id is None else "allocation.refill_drawn"
        _write(draw, verb, by=by, at=at, seed=draw.seed, record=draw.record_digest)
    return draw


def _keep_outcome(refill: Draw, outcome: Outcome, frozen: Frozen, step: Step | None) -> None:
    """Note beside each wish of a refill round what was drawn for it; seats move only when the round is published."""
    pids = {application: pid for pid, application in frozen.applications.items()}
    wishes = list(refill.refill_wishes.filter(withdrawn_at=None))
    for wish in wishes:
        key = pids.get(wish.application_id, ""), wish.weekday
        seat, came = outcome.seat.get(key), wish.held_id
        drawn = [slot_of(section) for section in (seat, *outcome.care.get(key, ())) if section]
        wish.got = [] if not drawn or drawn[0] == came else drawn
        wish.outcome = ("moved" if came else "served") if wish.got else "unchanged"
    RefillWish.objects.bulk_update(wishes, ["got", "outcome"], batch_size=500)
    if step:
        step(1, 1, "写入结果")


def _stats(outcome: Outcome, frozen: Frozen, *, least: int) -> dict[str, Any]:
    """Return the counts of the round with closing positions by slot, as JSON can hold them.

    Groups of fewer than `least` pupils are not even kept.
    """
    counts, round = outcome.stats(), outcome.round
    stats = json.loads(json.dumps(counts))
    stats["cutoffs"] = {
        str(slot_of(part)): turn
        for section, turn in outcome.cutoffs.items()
        for part in sections_behind(round, section)
    }
    stats["closed_slots"] = [slot_of(part) for section in outcome.closed for part in sections_behind(round, section)]
    stats["renewed"] = dict(Counter(str(slot) for _, slot, _ in frozen.kept))
    pupils = Counter(bit for s in round.students for bit in range(s.groups.bit_length()) if s.groups >> bit & 1)
    stats["groups"] = told(counts.get("groups", {}), pupils, every=len(round.students), least=least)
    # Counts of the protected are kept for the district and never shown beside names (2.1-k).
    if outcome.round.base is not None:
        stats["refilled"] = asdict(refilled(outcome))
    return stats


def _write_outcome(draw: Draw, outcome: Outcome, frozen: Frozen, step: Step | None) -> None:
    term = draw.registration.term
    span = {"from_on": term.service_from_on, "until_on": term.service_until_on}
    placements = [
        Placement(application_id=application, draw=draw, slot_id=slot, weekday=day, source="renewal", **span)
        for application, slot, day in frozen.kept
    ]
    unplaced = []
    requests = [request for request in frozen.round.requests if request.day != SERIES_DAY]
    asked = {r.pid: outcome.explain(r.pid, SERIES_DAY) for r in frozen.round.requests if r.day == SERIES_DAY}
    for done, request in enumerate(requests, start=1):
        application, why = frozen.applications[request.pid], outcome.explain(request.pid, request.day)
        common = {"application_id": application, "draw": draw, "weekday": request.day}
        reason = {**_reason(why), **_of_teams(outcome, asked.get(request.pid), request.day)}
        if why.seat is None:
            unplaced.append(Unplaced(**common, reason=reason))
        else:
            placements.append(Placement(**common, **span, slot_id=slot_of(why.seat), tier=why.tier, reason=reason))
        placements += [Placement(**common, **span, slot_id=slot_of(care), source="base_care") for care in why.care]
        if step and done % 500 == 0:
            step(done, len(requests), "写入结果")
    insert_objects(placements)
    insert_objects(unplaced)
    insert_objects(
        [
            WaitingPlace(
                draw=draw, application_id=frozen.applications[pid], slot_id=slot_of(section), position=position
            )
            for section, pids in outcome.waiting.items()
            if not outcome.round.section[section].parts  # a seat that a team loses is given whole, by the school
            for position, pid in enumerate(pids, start=1)
        ],
    )


def _of_teams(outcome: Outcome, why: Explanation | None, day: int) -> dict[str, Any]:
    """Return how the teams went that a child asked for and that meet on a day: the turn, what was won, what closed."""
    if why is None:
        return {}
    section = outcome.round.section

    def here(team: str) -> int | None:
        return next((slot_of(part) for part in section[team].parts if section[part].day == day), None)

    won = here(why.seat) if why.seat else None
    passed = [
        {"slot": slot, "seats": one.seats, "closed_at": one.closed_at, "too_few": one.too_few}
        for one in why.passed
        if (slot := here(one.section))
    ]
    return {"team": {"position": why.position, "won": won, "passed": passed}} if won or passed else {}


def _reason(why: Any) -> dict[str, Any]:
    """Return an explanation as JSON: the turn, the tier, and each better wish with what it closed at."""
    return {
        "position": why.position,
        "of": why.of,
        "tier": why.tier,
        "wished": why.wished,
        "kept": slot_of(why.offered) if why.offered else None,
        "passed": [
            {
                "slot": slot_of(one.section),
                "tier": one.tier,
                "seats": one.seats,
                "closed_at": one.closed_at,
                "too_few": one.too_few,
                "waiting": one.waiting_place,
            }
            for one in why.passed
        ],
    }


@transaction.atomic
def void(draw: Draw, *, reason: str, by: Actor, at: datetime) -> Draw:
    """Take back a draw that is not published: its seats go, its record stays. :raises Refused: R-FLOW-01, R-ALLOC-02"""
    insist(refusal_to_move(DRAW, draw.state, "void"))
    insist_on_reason(draw.registration, reason)
    _move(draw, "void", voided_at=at, voided_because=reason.strip()[:200])
    for rows in (draw.placements, draw.waiting_places, draw.unplaced, draw.offers):
        rows.all().delete()
    _write(draw, "allocation.voided", by=by, at=at, reason=reason.strip())
    return draw


def _move(draw: Draw, to: str, **changes: Any) -> None:
    """Move a draw by compare-and-set: the second of two people is told."""
    if not Draw.objects.filter(pk=draw.pk, state__in=DRAW.sources(to)).update(state=to, **changes):
        raise Refused(refusal_of_lost_race(DRAW))
    for name, value in {"state": to, **changes}.items():
        setattr(draw, name, value)


def _write(draw: Draw, verb: str, *, by: Actor, at: datetime, **facts: Any) -> None:
    journal.write(verb, about=draw, by=by, at=at, school_code=draw.registration.school.code, **facts)
