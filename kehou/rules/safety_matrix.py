"""The safety duty matrix (R-SAFE-01): every place, class hour and weekday in use has somebody who answers for it.

`Need` comes from the activity table and from the school's fixed points (gates, waves, medical room); `Cell` is what the
school has planned; the leader of an activity answers for its place unless somebody else is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kehou.rules.calendar import weekday_name
from kehou.rules.verdicts import Refusal, refuse

POINT_KINDS = {
    "gate": "校门与离校批次",
    "leader": "值班",
    "patrol": "巡查",
    "medical": "医务",
    "corridor": "楼道与楼梯",
}
HOURS = {1: "第一课时", 2: "第二课时", 3: "第三课时"}
When = tuple[int, int]  # ISO weekday, class hour


@dataclass(frozen=True, slots=True)
class Need:
    """A place that is in use in a class hour of a weekday; `leaders` are those whom the table names for it."""

    place: str
    name: str
    weekday: int
    hour: int
    leaders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """Somebody whom the school has put in charge of a place at a time."""

    place: str
    weekday: int
    hour: int
    person: str


@dataclass(frozen=True, slots=True)
class Spot:
    """One place at one time: who answers for it, by the plan or by the table; nobody where `persons` is empty."""

    persons: tuple[str, ...]
    planned: bool


@dataclass(frozen=True)
class Row:
    """One place over the week, by weekday and class hour; absent where it is not in use."""

    place: str
    name: str
    spots: Mapping[When, Spot] = field(default_factory=dict)

    @property
    def gaps(self) -> tuple[When, ...]:
        """Return when nobody answers for it."""
        return tuple(sorted(when for when, spot in self.spots.items() if not spot.persons))


def rows_of(needs: Iterable[Need], cells: Iterable[Cell]) -> list[Row]:
    """Return the matrix, by name of place. A place that several activities share at one time has all their leaders."""
    planned: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for cell in cells:
        planned[cell.place, cell.weekday, cell.hour].append(cell.person)
    leaders: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for need in needs:
        names[need.place] = need.name
        leaders[need.place, need.weekday, need.hour] += need.leaders
    spots: dict[str, dict[When, Spot]] = defaultdict(dict)
    for key, by_table in leaders.items():
        place, weekday, hour = key
        own = planned.get(key, [])
        spots[place][weekday, hour] = Spot(tuple(dict.fromkeys(own or by_table)), planned=bool(own))
    return [Row(place, name, spots[place]) for place, name in sorted(names.items(), key=lambda one: one[1])]


def problems_of_matrix(rows: Iterable[Row]) -> tuple[Refusal, ...]:
    """Return each place with the times at which nobody answers for it (R-SAFE-01)."""
    return tuple(
        refuse("R-SAFE-01", "nobody_on_duty", place=row.name, times="、".join(in_words(*when) for when in row.gaps))
        for row in rows
        if row.gaps
    )


def in_words(weekday: int, hour: int) -> str:
    """Return a time of the week as the matrix says it: 周一第二课时."""
    return f"{weekday_name(weekday)}{HOURS[hour]}"


def refusals_of_assignment(
    person: str, place: str, times: Iterable[When], elsewhere: Iterable[Cell]
) -> tuple[Refusal, ...]:
    """Return why one person cannot answer for a place at these times: they are at another one (R-SAFE-01)."""
    wanted = set(times)
    if not wanted:
        return (refuse("R-SAFE-01", "no_time_chosen"),)
    wrong = sorted(
        wanted & {(one.weekday, one.hour) for one in elsewhere if one.person == person and one.place != place}
    )
    return tuple(refuse("R-SAFE-01", "person_at_two_places", person=person, time=in_words(*when)) for when in wrong)
