"""Small random refill rounds: a draw, some who left, some who are new, and what each would rather have."""

from __future__ import annotations

import random
from collections import Counter

from kehou.rules.allocation import (
    CARE,
    Base,
    Outcome,
    Request,
    Round,
    Rules,
    Section,
    Standing,
    Student,
    allocate,
    numbers,
    refill_request,
    refill_rules,
)

DAYS = (1, 2)


def drawn_before(dice: random.Random, pupils: int = 12, groups: int = 3, seats: int = 3) -> Outcome:
    """Return a drawn round of two days with groups of `seats` and base care for everybody who ticks "any place"."""
    sections = [
        Section(f"club{n}-{day}", day, dice.randint(1, seats), hours=0b11) for day in DAYS for n in range(groups)
    ]
    sections += [
        Section(f"care{day}-{hour}", day, pupils * 2, hours=1 << hour, kind=CARE) for day in DAYS for hour in (0, 1)
    ]
    students = [Student(f"{dice.getrandbits(40):010x}", "c", dice.randint(1, 6)) for _ in range(pupils)]
    requests = []
    for student in students:
        for day in DAYS:
            clubs = [s.id for s in sections if s.day == day and s.kind != CARE]
            wanted = dice.sample(clubs, dice.randint(1, len(clubs)))
            requests.append(Request(student.pid, day, tuple((s,) for s in wanted), dice.random() < 0.5, 0b11))
    round = Round("draw", Rules(minimum="report"), sections, students, requests)
    return allocate(round, numbers(dice.randbytes(32), students, requests))


def refill_of(
    before: Outcome, dice: random.Random, *, gone: float = 0.2, new: int = 2, base: Base | None = None, **more: object
) -> Round:
    """Return a refill round after a draw: some seats given up, some children new, most asking for something better."""
    round = before.round
    clubs = {s.id: s for s in round.sections if s.kind != CARE}
    held = {key: seat for key, seat in before.seat.items() if seat in clubs and dice.random() >= gone}
    newcomers = [Student(f"{dice.getrandbits(40):010x}", "c", dice.randint(1, 6)) for _ in range(new)]
    students, requests, standings = [*round.students, *newcomers], [], []
    for student in students:
        for day in DAYS:
            seat = held.get((student.pid, day))
            others = [s for s in clubs if clubs[s].day == day and s != seat]
            wanted = dice.sample(others, dice.randint(0, len(others)))
            if seat is None and not wanted:
                continue
            number = before.numbers.value[day].get(student.pid)
            requests.append(
                refill_request(student.pid, day, wanted, seat=seat, any_place=dice.random() < 0.3, hours=0b11)
            )
            standings.append(Standing(student.pid, day, seat, number, number is not None and dice.random() < 0.1))
    asking = {request.pid for request in requests}
    return Round(
        "refill",
        refill_rules(),
        round.sections,
        [s for s in students if s.pid in asking],
        requests,
        before=standings,
        base=base or Base(round.id, round.commitment().root),
        **more,  # type: ignore[arg-type]
    )


def run(round: Round, key: bytes = b"beacon") -> Outcome:
    """Return the outcome of a refill round under a seed."""
    return allocate(round, numbers(key, round.students, round.requests, rules=round.rules, before=round.before))


def filled(outcome: Outcome) -> Counter[str]:
    """Return how many sit in each section."""
    return Counter(outcome.seat.values())
