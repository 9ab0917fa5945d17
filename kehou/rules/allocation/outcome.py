"""What a draw gave, and how it is explained: seats, closing positions, waiting lists, counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from operator import or_
from typing import Any, Generic, TypeVar

from kehou.rules.allocation.lottery import Numbers
from kehou.rules.allocation.model import ANY_PLACE, SERIES_DAY, Round
from kehou.rules.allocation.serial import DayResult

Value = TypeVar("Value")

NOTHING = 0xFFFF  # in place of a tier in the counts


@dataclass(frozen=True)
class DayOutcome:
    """One day: the run that stands, the sections closed for want of pupils, and what was filled in after the run."""

    run: DayResult
    closed: tuple[str, ...]  # below their minimum, in the order of closing
    spared: tuple[str, ...]  # below their minimum but kept open for the guarantee
    care: Mapping[str, tuple[str, ...]]  # pid → base care in the hours left free
    aside: Mapping[str, int]  # section → seats kept for the protected ("block")
    offered: Mapping[str, str]  # pid → kept seat offered; not public


class ByPupilAndDay(Mapping[tuple[str, int], Value], Generic[Value]):
    """A mapping (pid, day) → value over one dictionary a day, without half a million keys of its own."""

    def __init__(self, days: Mapping[int, Mapping[str, Value]]) -> None:
        self._days = days

    def __getitem__(self, key: tuple[str, int]) -> Value:
        pid, day = key
        return self._days[day][pid]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return ((pid, day) for day, there in self._days.items() for pid in there)

    def __len__(self) -> int:
        return sum(map(len, self._days.values()))


@dataclass(frozen=True, slots=True)
class Passed:
    """A section a family wanted more than what it holds: closed at turn `closed_at`, `seats` seats, place in the queue.

    `closed_at` is None if the section closed for want of pupils, or stands full only because places in it were kept for
    pupils with a guarantee.
    """

    section: str
    tier: int
    seats: int
    closed_at: int | None
    too_few: bool
    waiting_place: int | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """All a family needs in order to see that its result is right."""

    pid: str
    day: int
    position: int
    of: int
    seat: str | None
    tier: int | None
    wished: bool  # False for a seat the family did not list: by "any place", or offered by the guarantee
    offered: str | None  # a kept seat that the family may take
    care: tuple[str, ...]
    passed: tuple[Passed, ...]


@dataclass(frozen=True)
class Outcome:
    """The outcome of a round. `tier` counts from 1; ANY_PLACE (0) is a seat the family had not listed."""

    round: Round
    numbers: Numbers
    days: Mapping[int, DayOutcome]

    @cached_property
    def asked(self) -> Round:
        """Return the round as it was drawn day by day: with the wishes of members of teams replaced by their part."""
        teams = self.days.get(SERIES_DAY)
        return self.round.after_series(teams.run.seat) if teams else self.round

    @cached_property
    def seat(self) -> Mapping[tuple[str, int], str]:
        """Return the main section by (pid, day); who got none is absent."""
        return ByPupilAndDay({day: there.run.seat for day, there in self.days.items()})

    @cached_property
    def tier(self) -> Mapping[tuple[str, int], int]:
        """Return the granted tier by (pid, day)."""
        return ByPupilAndDay({day: there.run.tier for day, there in self.days.items()})

    @cached_property
    def care(self) -> Mapping[tuple[str, int], tuple[str, ...]]:
        """Return the base care in the remaining hours by (pid, day)."""
        return ByPupilAndDay({day: there.care for day, there in self.days.items()})

    @cached_property
    def cutoffs(self) -> Mapping[str, int]:
        """Return the closing position of each section that closed: the first turn that could not get in."""
        return {section: turn for there in self.days.values() for section, turn in sorted(there.run.cut.items())}

    @cached_property
    def closed(self) -> tuple[str, ...]:
        """Return the sections closed for want of pupils, by day and in the order of closing."""
        return tuple(section for there in self.days.values() for section in there.closed)

    @cached_property
    def waiting(self) -> Mapping[str, tuple[str, ...]]:
        """Return for each open section who wants it more than what he holds, in the order of turns."""
        queues: dict[str, list[str]] = {s: [] for s in self.round.section}
        for day, there in self.days.items():
            wishes, tier_of, shut = self.asked.requests_on[day], there.run.tier, set(there.closed)
            for pid in there.run.order:
                tiers = wishes[pid].tiers
                for options in tiers[: (tier_of.get(pid, 0) or len(tiers) + 1) - 1]:
                    for section in options:
                        if section not in shut:
                            queues[section].append(pid)
        return {section: tuple(pids) for section, pids in queues.items()}

    @cached_property
    def _place(self) -> Mapping[str, Mapping[str, int]]:
        return {section: {pid: n for n, pid in enumerate(pids, 1)} for section, pids in self.waiting.items()}

    @cached_property
    def offered(self) -> Mapping[tuple[str, int], str]:
        """Return the kept seats offered to protected pupils without one; confidential."""
        return ByPupilAndDay({day: there.offered for day, there in self.days.items()})

    def level(self, pid: str, day: int) -> int:
        """Return how well a request fared, smaller being better: the tier, then an unlisted place, then none."""
        listed = len(self.asked.requests_on[day][pid].tiers)
        tier = self.days[day].run.tier.get(pid)
        return listed + 2 if tier is None else tier or listed + 1

    def stats(self) -> dict[str, Any]:
        """Return the counts of the round: whole numbers only, by day, tier, grade, section, and for the protected.

        Under "groups" stand the pupils of each bit of `Student.groups`, if any. Who asked for a team stands
        under "series"; a member's days count as granted in tier 1.
        """
        by_day: dict[int, Counter[int]] = {}
        guarded, filled = Counter[int](), Counter[str]()
        guaranteed = {s.pid for s in self.round.students if s.guaranteed}
        code = {s.pid: s.grade << 16 for s in self.round.students}  # grade and tier in one number: counted in C
        for day, there in self.days.items():
            tier, wishes = there.run.tier, self.round.requests_on[day]
            by_day[day] = Counter(map(or_, map(code.__getitem__, wishes), map(tier.get, wishes, repeat(NOTHING))))
            filled.update(there.run.seat.values())
            if day != SERIES_DAY:
                guarded.update(map(tier.get, guaranteed.intersection(wishes) if guaranteed else (), repeat(NOTHING)))
        groups = self._by_group()
        teams = {"series": _counts(by_day.pop(SERIES_DAY))} if SERIES_DAY in by_day else {}
        total = sum(by_day.values(), Counter())
        return {
            "all": _counts(total),
            "days": {day: _counts(found) for day, found in by_day.items()},
            "grades": {g: _counts(total, g) for g in sorted({key >> 16 for key in total})},
            "sections": {s.id: {"cap": s.cap, "filled": filled[s.id]} for s in self.round.section.values()},
            "guaranteed": _counts(guarded),
            "offered": sum(len(there.offered) for there in self.days.values()),
            "closed": len(self.closed),
            **({"groups": groups} if groups else {}),
            **teams,
        }

    def _by_group(self) -> dict[int, dict[str, Any]]:
        """Return the counts of the pupils of each bit of `Student.groups`."""
        found: dict[int, dict[str, Any]] = {}
        marked = [s for s in self.round.students if s.groups]
        for bit in range(max((s.groups for s in marked), default=0).bit_length()):
            pids, counted = {s.pid for s in marked if s.groups >> bit & 1}, Counter[int]()
            for day, there in self.days.items():
                if day != SERIES_DAY:
                    asked = pids.intersection(self.round.requests_on[day])
                    counted.update(map(there.run.tier.get, asked, repeat(NOTHING)))
            if counted:
                found[bit] = _counts(counted)
        return found

    def explain(self, pid: str, day: int) -> Explanation:
        """Return why a family got what it got. :raises KeyError: if it asked for nothing that day"""
        there, wish = self.days[day], self.asked.requests_on[day][pid]
        tier = there.run.tier.get(pid)
        above = wish.tiers[: (tier or len(wish.tiers) + 1) - 1]
        passed = tuple(self._passed(pid, day, s, t) for t, options in enumerate(above, 1) for s in options)
        return Explanation(
            pid=pid,
            day=day,
            position=self.numbers.position(pid, day),
            of=len(there.run.order),
            seat=there.run.seat.get(pid),
            tier=tier,
            wished=tier is not None and tier != ANY_PLACE,
            offered=there.offered.get(pid),
            care=there.care.get(pid, ()),
            passed=passed,
        )

    def _passed(self, pid: str, day: int, section: str, tier: int) -> Passed:
        there = self.days[day]
        too_few = section in there.closed
        return Passed(
            section=section,
            tier=tier,
            seats=self.round.section[section].cap - there.aside.get(section, 0),
            closed_at=None if too_few else there.run.cut.get(section),
            too_few=too_few,
            waiting_place=None if too_few else self._place[section][pid],
        )

    def to_record(self, **randomness: Any) -> dict[str, Any]:
        """Return the public record (`sunlot-record-1`): pseudonyms, no names, no groups. See `record.public_record`."""
        from kehou.rules.allocation.record import public_record

        return public_record(self, **randomness)


def _counts(found: Mapping[int, int], grade: int | None = None) -> dict[str, Any]:
    """Return counts under names: `first` is tier 1, `tiers` all listed tiers, `any_place` unlisted, `none` nothing."""
    tiers: Counter[int] = Counter()
    for key, pupils in found.items():
        if grade in (None, key >> 16):
            tiers[key & 0xFFFF] += pupils
    listed = dict(sorted((t, n) for t, n in tiers.items() if t not in (ANY_PLACE, NOTHING)))
    return {
        "requests": sum(tiers.values()),
        "placed": sum(tiers.values()) - tiers[NOTHING],
        "first": tiers[1],
        "tiers": listed,
        "any_place": tiers[ANY_PLACE],
        "none": tiers[NOTHING],
    }
