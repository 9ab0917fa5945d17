"""Who may serve and how much; which duties a service day needs. Clashes and ratios: `kehou.rules.timetable`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil

from kehou.rules.staffing.kinds import KINDS
from kehou.rules.verdicts import Refusal, refuse


def refusal_of_kind(kind: str) -> Refusal | None:
    """Return why nobody can be kept under this type (R-STAF-01)."""
    return None if kind in KINDS else refuse("R-STAF-01", "kind_unknown", kinds="、".join(KINDS.values()))


def refusal_of_cap(cap: int, most: int) -> Refusal | None:
    """Return why somebody cannot offer so many class hours a week (R-STAF-04)."""
    return None if 0 <= cap <= most else refuse("R-STAF-04", "cap_out_of_range", most=most)


def warning_of_load(name: str, *, hours: int, cap: int) -> Refusal | None:
    """Return the warning that somebody is given more class hours a week than they offered (R-STAF-04)."""
    return None if hours <= cap else refuse("R-STAF-04", "more_than_offered", name=name, hours=hours, cap=cap)


def warning_of_day(name: str, *, weekday: str, offered: bool) -> Refusal | None:
    """Return the warning that somebody did not offer this weekday: teachers serve by their own will (R-STAF-05)."""
    return None if offered else refuse("R-STAF-05", "day_not_offered", name=name, weekday=weekday)


def inhouse_percent(hours: Mapping[str, int]) -> int | None:
    """Return the share of class hours by kind that in-service staff give, rounded down; None without any hours."""
    total = sum(hours.values())
    return hours.get("in_service", 0) * 100 // total if total else None


def warning_of_share(hours: Mapping[str, int], *, least: int) -> Refusal | None:
    """Return the warning that outsiders give too many of the hours (R-STAF-02)."""
    percent = inhouse_percent(hours)
    if percent is None or percent >= least:
        return None
    return refuse("R-STAF-02", "too_few_in_service", percent=percent, least=least)


def adults_needed(pupils: int, *, ratio: int) -> int:
    """Return how many adults a group of pupils needs (R-SAFE-04)."""
    return ceil(pupils / ratio)


def refusal_of_few_adults(*, pupils: int, adults: int, risk: str, by_risk: Mapping[str, int]) -> Refusal | None:
    """Return why a group of that risk class cannot be led by so few (R-SAFE-04)."""
    needed = adults_needed(pupils, ratio=by_risk[risk])
    if adults >= needed:
        return None
    return refuse(
        "R-SAFE-04", "too_few_adults", pupils=pupils, risk=risk, ratio=by_risk[risk], adults=adults, needed=needed
    )


def missing_duties(kinds: Iterable[str]) -> Refusal | None:
    """Return which of the four duties of a service day nobody has (3.2-c, R-STAF-07)."""
    held = set(kinds)
    missing = [title for kind, title in DUTIES.items() if kind not in held]
    return refuse("R-STAF-07", "duty_open", missing="、".join(missing)) if missing else None


DUTIES = {"leader": "值班领导", "gate": "门卫", "patrol": "巡查", "medical": "医务联系人"}
