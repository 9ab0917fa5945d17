"""A family's choice: what it consists of, its canonical form and hash, and every reason why it cannot stand.

Weekdays are ISO (1 Monday). A choice is whole or it is refused; nothing in it is ever filled in for the family (2.1-b).
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kehou.rules.calendar import weekday_name
from kehou.rules.identity import refusal_of_mobile
from kehou.rules.verdicts import Refusal, refuse

FORMAT = "kehou-choice-1"

GUARDIAN, DELEGATE, ALONE, BUS = "guardian", "delegate", "alone", "bus"
WAYS_HOME = {GUARDIAN: "家长接", DELEGATE: "委托人接", ALONE: "自行离校", BUS: "校车"}

# Each purpose is asked by itself and can be refused by itself (domain/06 §3.7, papers 24 and 25).
CONSENTS = {
    "basic": "用孩子的姓名、班级和您的电话来编组、点名、联系您和结算费用（不同意可改用纸质办理）",
    "health": "把健康提示告诉带组老师（只有本组老师能看到）",
    "photo_school": "孩子的活动照片用于校内展示",
    "photo_public": "孩子的活动照片用于学校公众号",
    "photo_district": "孩子的活动照片用于全区展示",
}
CONSENT_TEXT = "2026-1"  # raised whenever a sentence above changes

LONGEST_NOTE, LONGEST_NAME = 200, 60
MOST_PERSONS = 6


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with the telephone that reaches them."""

    name: str
    relation: str
    phone: str


@dataclass(frozen=True, slots=True)
class DayWish:
    """One weekday: how many class hours, and which places, best first; places of one tier are equally liked (2.3-j)."""

    weekday: int
    hours: int
    tiers: tuple[tuple[int, ...], ...] = ()
    any_place: bool = True

    @property
    def wishes(self) -> tuple[int, ...]:
        """Return all wished places, best first."""
        return tuple(place for tier in self.tiers for place in tier)


@dataclass(frozen=True)
class Choice:
    """What a family answers. `joins` is None until one of the two buttons was pressed."""

    joins: bool | None = None
    days: tuple[DayWish, ...] = ()
    going_home: str = ""
    alone_signed: bool = False
    contacts: tuple[Person, ...] = ()
    pickup: tuple[Person, ...] = ()
    consents: Mapping[str, bool] = field(default_factory=dict)
    health_note: str = ""
    signed_by: str = ""

    def canonical(self, **of: Any) -> dict[str, Any]:
        """Return the choice as plain JSON values in one form only; `of` names school, term and pupil.

        A refusal to take part carries nothing but itself and its signature: nothing more is asked of who stays away.
        """
        head: dict[str, Any] = {"format": FORMAT, **of, "joins": bool(self.joins), "signed_by": _tidy(self.signed_by)}
        if not self.joins:
            return head
        return head | {
            "days": [
                {"weekday": d.weekday, "hours": d.hours, "tiers": [list(t) for t in d.tiers], "any_place": d.any_place}
                for d in sorted(self.days, key=lambda d: d.weekday)
            ],
            "going_home": self.going_home,
            "alone_signed": self.going_home == ALONE and self.alone_signed,
            "contacts": [_listed(person) for person in self.contacts],
            "pickup": [_listed(person) for person in self.pickup],
            "consents": {purpose: bool(self.consents.get(purpose, False)) for purpose in sorted(CONSENTS)},
            "health_note": _tidy(self.health_note),
        }

    @classmethod
    def read(cls, canonical: Mapping[str, Any]) -> Choice:
        """Return the choice that `canonical` wrote."""
        return cls(
            joins=canonical["joins"],
            days=tuple(
                DayWish(d["weekday"], d["hours"], tuple(tuple(t) for t in d["tiers"]), d["any_place"])
                for d in canonical.get("days", ())
            ),
            going_home=canonical.get("going_home", ""),
            alone_signed=canonical.get("alone_signed", False),
            contacts=tuple(Person(*row) for row in canonical.get("contacts", ())),
            pickup=tuple(Person(*row) for row in canonical.get("pickup", ())),
            consents=canonical.get("consents", {}),
            health_note=canonical.get("health_note", ""),
            signed_by=canonical["signed_by"],
        )


def digest(canonical: Mapping[str, Any]) -> str:
    """Return the SHA-256 in hex of canonical JSON (sorted keys, no blanks, UTF-8): the hash on the receipt."""
    text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def short(digest: str) -> str:
    """Return the first sixteen signs of a hash in groups of four, as people read it aloud."""
    return " ".join(digest[at : at + 4].upper() for at in range(0, 16, 4))


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _listed(person: Person) -> list[str]:
    return [_tidy(person.name), _tidy(person.relation), person.phone.strip()]


@dataclass(frozen=True, slots=True)
class Place:
    """A place that can be wished for: an activity on a weekday, in class hours `first` to `first + hours - 1`."""

    id: int
    weekday: int
    name: str
    first: int
    hours: int
    grades: frozenset[int]
    care: bool = False
    team: int | None = None  # the same children on all days of this team: wished whole or not at all

    @property
    def last(self) -> int:
        """Return the last class hour it fills."""
        return self.first + self.hours - 1


@dataclass(frozen=True)
class Offer:
    """What one grade of one school may choose from: the most class hours each weekday, and the places."""

    grade: int
    most_hours: Mapping[int, int]
    places: Mapping[int, Place]

    @cached_property
    def by_weekday(self) -> Mapping[int, tuple[Place, ...]]:
        """Return the places of each weekday that can be chosen, early hours first."""
        found: dict[int, list[Place]] = {weekday: [] for weekday in self.most_hours}
        for place in sorted(self.places.values(), key=lambda p: (p.first, p.care, p.id)):
            if place.weekday in found and place.last <= self.most_hours[place.weekday]:
                found[place.weekday].append(place)
        return {weekday: tuple(there) for weekday, there in found.items()}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the parameters `enrol.*` and `fee.mixed_hours` say about a choice."""

    min_contacts: int = 2
    alone_from_grade: int = 5
    mixed_hours: bool = True


def refusals(choice: Choice, offer: Offer, terms: Terms) -> list[Refusal]:
    """Return everything that is wrong with a choice, so that a family can mend it in one go."""
    if choice.joins is None:
        return [refuse("R-VOL-01", "choose_one_answer")]
    found: list[Refusal] = []
    if not _tidy(choice.signed_by):
        found.append(refuse("R-VOL-01", "sign_the_answer"))
    if choice.joins:
        found += _of_days(choice, offer)
        found += _of_teams(choice, offer)
        found += [no] if (no := refusal_of_mixed({d.hours for d in choice.days}, mixed=terms.mixed_hours)) else []
        found += _of_going_home(choice, offer, terms)
        found += _of_persons(choice, terms)
    return found


def _of_days(choice: Choice, offer: Offer) -> Iterator[Refusal]:
    if not choice.days:
        yield refuse("R-VOL-02", "no_day_chosen")
    seen: set[int] = set()
    for day in choice.days:
        name, most = weekday_name(day.weekday) if 1 <= day.weekday <= 7 else str(day.weekday), 0
        most = offer.most_hours.get(day.weekday, 0)
        if day.weekday in seen:
            yield refuse("R-VOL-02", "day_chosen_twice", day=name)
        elif not most:
            yield refuse("R-VOL-02", "day_not_offered", day=name)
        elif not 1 <= day.hours <= most:
            yield refuse("R-TIME-03", "hours_not_offered", day=name, hours=day.hours, most=most)
        else:
            yield from _of_wishes(day, name, offer)
        seen.add(day.weekday)


def refusal_of_mixed(hours: Collection[int], *, mixed: bool) -> Refusal | None:
    """Return why the weekdays may not differ in class hours, where the district decided so (fee.mixed_hours)."""
    if mixed or len(set(hours)) < 2:
        return None
    return refuse("R-VOL-02", "hours_differ", hours="、".join(str(one) for one in sorted(set(hours))))


def _of_wishes(day: DayWish, name: str, offer: Offer) -> Iterator[Refusal]:
    if not day.wishes and not day.any_place:
        yield refuse("R-ALLOC-01", "nothing_wished_that_day", day=name)
    seen: set[int] = set()
    for wish in day.wishes:
        place = offer.places.get(wish)
        if place is None or place.weekday != day.weekday or offer.grade not in place.grades:
            yield refuse("R-ALLOC-01", "wish_not_offered", day=name)
        elif wish in seen:
            yield refuse("R-ALLOC-01", "wish_written_twice", day=name, activity=place.name)
        elif place.last > day.hours:
            yield refuse(
                "R-ALLOC-01", "wish_ends_later", day=name, activity=place.name, needs=place.last, hours=day.hours
            )
        seen.add(wish)


def _of_teams(choice: Choice, offer: Offer) -> Iterator[Refusal]:
    """Name the days that are lacking where a team of several days is wished for on some of them only."""
    wished = {wish for day in choice.days for wish in day.wishes}
    for place in sorted(offer.places.values(), key=lambda p: (p.name, p.weekday)):
        if place.team is None or place.id in wished or offer.grade not in place.grades:
            continue
        if any(other.team == place.team and other.id in wished for other in offer.places.values()):
            yield refuse("R-ALLOC-01", "team_wished_in_part", activity=place.name, day=weekday_name(place.weekday))


def _of_going_home(choice: Choice, offer: Offer, terms: Terms) -> Iterator[Refusal]:
    if choice.going_home not in WAYS_HOME:
        yield refuse("R-PICK-02", "say_how_home")
    elif choice.going_home == ALONE and offer.grade < terms.alone_from_grade:
        yield refuse("R-PICK-02", "too_young_alone", grade=offer.grade, least=terms.alone_from_grade)
    elif choice.going_home == ALONE and not choice.alone_signed:
        yield refuse("R-PICK-02", "alone_not_signed")
    elif choice.going_home == DELEGATE and not choice.pickup:
        yield refuse("R-PICK-02", "delegate_not_named")


def _of_persons(choice: Choice, terms: Terms) -> Iterator[Refusal]:
    if len({contact.phone for contact in choice.contacts}) < terms.min_contacts:
        yield refuse("R-SAFE-02", "contacts_too_few", least=terms.min_contacts)
    if max(len(choice.contacts), len(choice.pickup)) > MOST_PERSONS:
        yield refuse("R-SAFE-02", "persons_too_many", most=MOST_PERSONS)
    yield from _misfits("联系人", choice.contacts)
    yield from _misfits("接送人", choice.pickup)
    if len(_tidy(choice.health_note)) > LONGEST_NOTE:
        yield refuse("R-PRIV-01", "note_too_long", most=LONGEST_NOTE, given=len(_tidy(choice.health_note)))


def _misfits(what: str, persons: Iterable[Person]) -> Iterator[Refusal]:
    for turn, person in enumerate(persons, start=1):
        if not _tidy(person.name) or max(len(person.name), len(person.relation)) > LONGEST_NAME:
            yield refuse("R-SAFE-02", "person_without_name", what=what, turn=turn)
        elif refusal_of_mobile(person.phone.strip()):
            yield refuse("R-SAFE-02", "person_phone_wrong", what=what, name=person.name, phone=person.phone)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of the closed list of the class review: its words, and what the family is asked to do."""

    title: str
    to_do: str


# Identity, grade, health, telephone, doubles: nothing about behaviour or marks can be said with these (2.7.3-b).
REVIEW_REASONS = {
    "identity": Reason("姓名、班级与学籍不符", "请核对孩子的姓名和班级，有误请联系学校办公室更正"),
    "grade": Reason("选的活动与年级不符", "请改选适合本年级的活动"),
    "health": Reason("健康提示与活动有冲突，需要再确认", "请与班主任确认健康提示，或改选活动"),
    "contact": Reason("联系电话打不通", "请更新紧急联系人的电话"),
    "going_home": Reason("离校方式需要补充", "请补充接送人，或改选离校方式"),
    "double": Reason("线上与纸质申请内容不一致", "请确认以哪一份为准，重新提交一次"),
}


def refusal_of_review(*, joins: bool, passed: bool, reason: str, waits: bool) -> Refusal | None:
    """Return why a class teacher may not give this answer: the list of reasons is closed (R-VOL-03)."""
    if not joins:
        return refuse("R-VOL-03", "refusers_are_not_reviewed")
    if not waits:
        return refuse("R-VOL-03", "reviewed_or_changed_meanwhile")
    if not passed and reason not in REVIEW_REASONS:
        return refuse("R-VOL-03", "reason_not_on_the_list")
    return None
