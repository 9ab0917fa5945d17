"""Small random rounds for the properties, and the brute force they are compared with."""

from __future__ import annotations

from itertools import product

from hypothesis import strategies as st

from kehou.rules.allocation import Numbers, Request, Round, Rules, Section, Student

DAY = 1
PLAIN = Rules(minimum="report", guarantee="flagged")


def named(prefix: str, count: int) -> list[str]:
    """Return ids: a0, a1, …"""
    return [f"{prefix}{i}" for i in range(count)]


@st.composite
def tiers_of(draw: st.DrawFn, sections: list[str], *, strict: bool = False) -> tuple[tuple[str, ...], ...]:
    """Draw a list of tiers over some of the sections."""
    listed = draw(st.lists(st.sampled_from(sections), unique=True))
    tiers: list[list[str]] = []
    for section in listed:
        if tiers and not strict and draw(st.booleans()):
            tiers[-1].append(section)
        else:
            tiers.append([section])
    return tuple(map(tuple, tiers))


@st.composite
def rounds(
    draw: st.DrawFn,
    *,
    pupils: int = 6,
    sections: int = 4,
    strict: bool = False,
    guarantee: bool = False,
    any_place: bool | None = None,
    rules: Rules = PLAIN,
    minimum: int = 0,
    seats: int = 3,
) -> Round:
    """Draw a round of one day with up to `pupils` pupils of two grades and up to `sections` sections."""
    table = [
        Section(s, DAY, draw(st.integers(1, seats)), grades=draw(st.sampled_from([0b1, 0b10, 0b11, 0b11])))
        for s in named("s", draw(st.integers(1, sections)))
    ]
    if minimum:
        table = [Section(s.id, DAY, s.cap, draw(st.integers(0, min(s.cap, minimum))), grades=s.grades) for s in table]
    students = [
        Student(p, "c", draw(st.integers(1, 2)), guaranteed=guarantee and draw(st.booleans()))
        for p in named("p", draw(st.integers(1, pupils)))
    ]
    requests = []
    for student in students:
        open_to = [s.id for s in table if s.admits(student)]
        tick = draw(st.booleans()) if any_place is None else any_place
        tiers = draw(tiers_of(open_to, strict=strict)) if open_to else ()
        requests.append(Request(student.pid, DAY, tiers, tick or not tiers))
    return Round("r", rules, table, students, requests)


def in_order(round: Round) -> Numbers:
    """Return numbers that give the turns in the order of the pids."""
    return Numbers({DAY: {r.pid: i for i, r in enumerate(sorted(round.requests, key=lambda r: r.pid))}})


def feasible_levels(round: Round) -> list[dict[str, int]]:
    """Return the levels of every feasible assignment of a one-day round, by brute force."""
    pids = [r.pid for r in round.requests]
    choices = []
    for pid in pids:
        student, wish = round.student[pid], round.requests_on[DAY][pid]
        level = {s: t for t, tier in enumerate(wish.tiers, 1) for s in tier}
        if wish.any_place or student.guaranteed:
            for section in round.sections:
                if section.admits(student):
                    level.setdefault(section.id, len(wish.tiers) + 1)
        choices.append([*level.items(), *([] if student.guaranteed else [(None, len(wish.tiers) + 2)])])
    found = []
    for picked in product(*choices):
        seats = {s.id: s.cap for s in round.sections}
        for section, _ in picked:
            if section is not None:
                seats[section] -= 1
        if min(seats.values()) >= 0:
            found.append({pid: level for pid, (_, level) in zip(pids, picked, strict=True)})
    return found
