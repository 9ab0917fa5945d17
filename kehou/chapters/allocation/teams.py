"""Groups that are one team on several weekdays: asked for whole, drawn before the other groups (`SERIES_DAY`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kehou.chapters.programme.models import Slot
from kehou.rules.allocation import SERIES, SERIES_DAY, Request, Round, Section, Student

_UNFIT = re.compile(r"[\s|\"'/\\\x00-\x1f\x7f\U00010000-\U0010ffff]")  # as `allocation.model.ID` has it
TIERS_LAST = 99  # a wish without a tier


def unfit_removed(words: str) -> str:
    """Return words without the signs that an id may not have."""
    return _UNFIT.sub("", words)


def teams_among(slots: Iterable[Slot], sections: dict[int, Section]) -> dict[int, Section]:
    """Return the team behind each of its slots, and mark the sections of those slots as parts of it.

    A team has the seats that each of its days has left. Where one of its days has none, its other days are taken out
    of `sections` too: nobody joins a team for some of its days.
    """
    by_activity: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.activity.one_team:
            by_activity[slot.activity_id].append(slot)
    found: dict[int, Section] = {}
    for activity, there in by_activity.items():
        parts = [sections[slot.pk] for slot in there if slot.pk in sections]
        if len(there) < 2 or len({slot.weekday for slot in there}) < len(there):
            continue  # one weekday only: a group like any other
        if len(parts) < len(there):
            for slot in there:
                sections.pop(slot.pk, None)
            continue
        team = _team(activity, there[0].activity.name, parts)
        for slot, part in zip(there, parts, strict=True):
            sections[slot.pk] = replace(part, kind=SERIES, min=0)
            found[slot.pk] = team
    return found


def _team(activity: int, name: str, parts: list[Section]) -> Section:
    seats = min(part.cap for part in parts)
    return replace(
        parts[0],
        id=f"0-{activity}-{unfit_removed(name)}"[:64],
        day=SERIES_DAY,
        cap=seats,
        min=min(max(part.min for part in parts), seats),
        kind=SERIES,
        parts=tuple(part.id for part in parts),
    )


def wishes_for_teams(
    wished: Mapping[int, Mapping[int, Iterable[int]]],
    kept: Iterable[int],
    teams: Mapping[int, Section],
    sections: Mapping[int, Section],
    student: Student,
) -> tuple[Request | None, frozenset[int]]:
    """Return what a child asks for before the other days, and the weekdays of those teams.

    `wished` is weekday → tier → slots. A team counts where it is wished for on all its days; its rank is the best that
    it has on any. Days with a seat that is `kept` go with no team.
    """
    rank: dict[str, int] = {}
    asked: dict[str, set[str]] = defaultdict(set)
    taken, team_of = set(kept), {team.id: team for team in teams.values()}
    for weekday, tiers in wished.items():
        for tier, slots in tiers.items():
            for slot in slots:
                if slot in teams and weekday not in taken and teams[slot].admits(student):
                    team = teams[slot].id
                    rank[team] = min(rank.get(team, TIERS_LAST), tier)
                    asked[team].add(sections[slot].id)
    whole = [team for team in rank if asked[team] == set(team_of[team].parts)]
    if not whole:
        return None, frozenset()
    tiers_of: dict[int, list[str]] = defaultdict(list)
    for team in sorted(whole):
        tiers_of[rank[team]].append(team)
    day_of = {section.id: section.day for section in sections.values()}
    days = frozenset(day_of[part] for team in whole for part in team_of[team].parts)
    listed = tuple(tuple(tiers_of[tier]) for tier in sorted(tiers_of))
    return Request(student.pid, SERIES_DAY, listed, any_place=False), days


def sections_behind(round: Round, section: str) -> tuple[str, ...]:
    """Return the sections in which a section meets: the parts of a team, else itself."""
    return round.section[section].parts or (section,)
