"""The application as a form, for the family's phone and for the office that types from paper.

Everything is one page of ordinary fields: `joins`, `hours_<weekday>`, `any_<weekday>`, `rank_<slot>`, `home`,
`contact_1_name` … A field that is empty means nothing was said; nothing is preset (2.1-b).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kehou.chapters.enrolment.models import Registration
from kehou.chapters.enrolment.queries import offer_for, slots_of
from kehou.chapters.people.models import Pupil
from kehou.chapters.programme.models import Slot
from kehou.chapters.programme.queries import dark_way_home, place_of, refusals_of_tiers
from kehou.rules.calendar import WEEKDAYS, weekday_name
from kehou.rules.choice import CONSENTS, WAYS_HOME, Choice, DayWish, Offer, Person, Place
from kehou.rules.enrolling import draws_teams_first
from kehou.rules.verdicts import Refusal

CONTACTS, PICKUP = 3, 2


class Typed(Protocol):
    """What was typed, by the name of its field."""

    def get(self, name: str, default: str = "", /) -> str | None:
        """Return one field."""
        ...


SCHOOL_WEEK = range(1, 6)


# --- What was typed ---------------------------------------------------------------------------------------------------


def choice_from(typed: Typed, offer: Offer) -> Choice:
    """Return the choice that was typed, without judging it: the rules say what is wrong with it."""
    answer = typed.get("joins")
    return Choice(
        joins={"yes": True, "no": False}.get(answer or ""),
        days=tuple(_days(typed, offer)),
        going_home=typed.get("home", ""),
        alone_signed=typed.get("alone_signed") == "yes",
        contacts=tuple(_persons(typed, "contact", CONTACTS)),
        pickup=tuple(_persons(typed, "pickup", PICKUP)),
        consents={key: typed.get(f"consent_{key}") == "yes" for key in CONSENTS},
        health_note=typed.get("health_note", "").strip(),
        signed_by=typed.get("signed_by", "").strip(),
    )


def hours_from(typed: Typed) -> dict[int, int]:
    """Return the class hours by ISO weekday, those chosen only."""
    chosen = {weekday: _whole(typed.get(f"hours_{weekday}")) for weekday in range(1, 8)}
    return {weekday: hours for weekday, hours in chosen.items() if hours}


def _days(typed: Typed, offer: Offer) -> Iterable[DayWish]:
    for weekday, hours in hours_from(typed).items():
        ranks: dict[int, list[int]] = defaultdict(list)
        for place in offer.by_weekday.get(weekday, ()):
            if rank := _whole(typed.get(f"rank_{place.id}")):
                ranks[rank].append(place.id)
        tiers = tuple(tuple(sorted(ranks[rank])) for rank in sorted(ranks))
        yield DayWish(weekday, hours, tiers, typed.get(f"any_{weekday}") == "yes")


def _persons(typed: Typed, kind: str, most: int) -> Iterable[Person]:
    for turn in range(1, most + 1):
        name, relation, phone = (
            typed.get(f"{kind}_{turn}_{part}", "").strip() for part in ("name", "relation", "phone")
        )
        if name or phone:
            yield Person(name, relation, phone)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 3 else 0


# --- The page ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One row of persons: what stands in its three fields, and what is wrong with the name or the telephone."""

    turn: int
    name: str = ""
    relation: str = ""
    phone: str = ""
    wrong_name: str = ""
    wrong_phone: str = ""


def page_of(registration: Registration, pupil: Pupil, choice: Choice) -> dict[str, Any]:
    """Return what the form shows: matrix, wishes by weekday, persons, consents, with what was chosen so far."""
    grade = pupil.homeroom.grade
    offer = offer_for(registration, grade)
    days = {day.weekday: day for day in choice.days}
    tiers = refusals_of_tiers(registration.school, registration.term, grades=[grade])
    slots = {slot.pk: slot for slot in slots_of(registration).filter(pk__in=offer.places) if _is_for(slot, pupil)}
    return {
        "columns": _columns(offer, slots.values()),
        "rows": [_row(offer, weekday, grade, days.get(weekday), tiers) for weekday in _weekdays(offer)],
        "refusals": _explained(tiers, grade),
        # Only for those whom it concerns: the page of everybody else asks nothing more (2.2-d).
        "dark": dark_way_home(registration.school, registration.term, grade) if pupil.commute == "far" else None,
        "wish_days": [
            _wish_day(offer, weekday, days.get(weekday), slots, registration.method) for weekday in offer.by_weekday
        ],
        "ways": list(WAYS_HOME.items()),
        "choice": choice,
        "contacts": _lines(choice.contacts, CONTACTS),
        "pickup": _lines(choice.pickup, PICKUP),
        "consents": [
            {"key": key, "words": words, "given": choice.consents.get(key)} for key, words in CONSENTS.items()
        ],
        "joins": {True: "yes", False: "no", None: ""}[choice.joins],
    }


def _is_for(slot: Slot, pupil: Pupil) -> bool:
    """Return whether the form shows a slot to a child: its grade, and not the care of another class."""
    activity = slot.activity
    if activity.is_base_care and activity.homeroom_id not in (None, pupil.homeroom_id):
        return False
    return pupil.homeroom.grade in activity.grades


def _weekdays(offer: Offer) -> list[int]:
    return sorted({*SCHOOL_WEEK, *offer.most_hours})


def _columns(offer: Offer, slots: Iterable[Slot]) -> list[dict[str, Any]]:
    """Return 不参加, 1课时 …, each with the hour at which the last activity of that class hour ends."""
    ends: dict[int, Any] = {}
    for slot in slots:
        last = slot.first_hour + slot.activity.class_hours - 1
        ends[last] = max(ends.get(last, slot.ends_at), slot.ends_at)
    most = max(offer.most_hours.values(), default=1)
    return [{"hours": 0, "label": "不参加", "until": None}] + [
        {"hours": hours, "label": f"{hours}课时", "until": ends.get(hours)} for hours in range(1, most + 1)
    ]


def _row(
    offer: Offer, weekday: int, grade: int, day: DayWish | None, tiers: Mapping[tuple[int, int, int], Refusal]
) -> dict[str, Any]:
    most = offer.most_hours.get(weekday, 0)
    top = max(offer.most_hours.values(), default=1)
    cells = [{"hours": 0, "value": 0, "checked": False, "refusal": None}]
    for hours in range(1, top + 1):
        refusal = None if hours <= most else tiers.get((grade, weekday, hours)) or _not_offered(weekday)
        cells.append(
            {"hours": hours, "value": hours, "checked": day is not None and day.hours == hours, "refusal": refusal}
        )
    return {"weekday": weekday, "name": weekday_name(weekday), "cells": cells}


def _not_offered(weekday: int) -> Refusal:
    return Refusal("R-VOL-02", "day_not_offered", (("day", weekday_name(weekday)),))


def _explained(tiers: Mapping[tuple[int, int, int], Refusal], grade: int) -> list[Refusal]:
    """Return each reason why an hour cannot be chosen once, however many weekdays it holds for."""
    by_hours = {hours: refusal for (g, _, hours), refusal in sorted(tiers.items()) if g == grade}
    return list(by_hours.values())


def _wish_day(
    offer: Offer, weekday: int, day: DayWish | None, slots: Mapping[int, Slot], method: str
) -> dict[str, Any]:
    ranks = {place: rank for rank, tier in enumerate(day.tiers, start=1) for place in tier} if day else {}
    wishes = [
        {
            "key": place.id,
            "title": place.name,
            "facts": _facts(slots[place.id], place.last) + _team(place, offer, method),
            "rank": ranks.get(place.id, ""),
        }
        for place in offer.by_weekday[weekday]
        if place.id in slots
    ]
    return {
        "weekday": weekday,
        "name": f"周{WEEKDAYS[weekday - 1]}",
        "wishes": sorted(wishes, key=lambda wish: wish["rank"] or 99),
        "any_place": bool(day and day.any_place),
        "hours": day.hours if day else 0,
    }


def _facts(slot: Slot, last: int) -> str:
    seats = "" if slot.activity.is_base_care else f" · {slot.activity.capacity}个名额"
    hours = f"第{slot.first_hour}课时" if last == slot.first_hour else f"第{slot.first_hour}–{last}课时"
    return f"{hours} {slot.starts_at:%H:%M}–{slot.ends_at:%H:%M} · {place_of(slot.activity) or '地点待定'}{seats}"


def _team(place: Place, offer: Offer, method: str) -> str:
    """Return what is said beside a team of several days: on which days it meets, and whether it is drawn first."""
    if place.team is None:
        return ""
    days = sorted(other.weekday for other in offer.places.values() if other.team == place.team)
    names = "、".join(f"周{WEEKDAYS[weekday - 1]}" for weekday in days)
    first = "；先于其他活动摇，摇上就进队" if draws_teams_first(method) else "；每一天分开安排"
    return f" · {names}是同一个队，几天都填才算{first}"


def _lines(persons: Iterable[Person], most: int) -> list[Line]:
    filled = [Line(turn, p.name, p.relation, p.phone) for turn, p in enumerate(persons, start=1)][:most]
    return filled + [Line(turn) for turn in range(len(filled) + 1, most + 1)]
