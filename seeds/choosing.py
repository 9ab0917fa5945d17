"""What families choose: most want two class hours on some weekdays and know which club they would love."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from kehou.chapters.people.models import Pupil
from kehou.rules.choice import CONSENTS, Choice, DayWish, Offer, Person, Place
from seeds.people import Family

# How popular a club is: football is wished for three times as often as tidying up.
_LOVED = {
    "校园足球": 5,
    "图形化编程与小机器人": 5,
    "科学小实验": 4,
    "小篮球": 4,
    "花样跳绳": 3,
    "梁平木版年画体验": 3,
    "篮球": 5,
    "羽毛球": 4,
}
_WEEKDAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Taste:
    """One family's way of choosing: whether it takes part, on how many weekdays, for how many hours."""

    joins: bool
    weekdays: tuple[int, ...]
    hours: int
    loves: str = ""  # the club that comes first on every day it is held, whatever chance says


def taste_of(rng: Random, *, join: int, most: int) -> Taste:
    """Return a taste: three in four of those who join want two hours, six in ten every weekday."""
    weekdays = _WEEKDAYS if rng.random() < 0.6 else tuple(sorted(rng.sample(_WEEKDAYS, rng.choice((2, 3, 4)))))
    hours = rng.choices((1, 2, 3), (15, 75, 10))[0]
    return Taste(rng.random() * 100 < join, weekdays, min(hours, most))


def choice_of(pupil: Pupil, family: Family, taste: Taste, offer: Offer, second: Person, rng: Random) -> Choice:
    """Return the choice of a child's family in the form that the guardian's page sends."""
    if not taste.joins:
        return Choice(joins=False, signed_by=family.guardian.name)
    grade = pupil.homeroom.grade
    first = Person(family.guardian.name, family.relation, family.guardian.phone)
    days = tuple(
        _first(taste.loves, _day(weekday, min(taste.hours, offer.most_hours[weekday]), offer, rng), offer)
        for weekday in taste.weekdays
        if offer.most_hours.get(weekday)
    )
    days = _whole_teams(days, offer)
    alone = grade >= 5 and rng.random() < 0.3
    delegate = not alone and rng.random() < 0.25
    return Choice(
        joins=True,
        days=days,
        going_home="alone" if alone else "delegate" if delegate else "guardian",
        alone_signed=alone,
        contacts=(first, second),
        pickup=(second,) if delegate else (),
        consents={purpose: purpose in ("basic", "health") or rng.random() < 0.7 for purpose in CONSENTS},
        health_note=rng.choice(("花生过敏", "有轻微哮喘，带了喷雾", "戴眼镜，打球请提醒"))
        if rng.random() < 0.03
        else "",
        signed_by=family.guardian.name,
    )


def _day(weekday: int, hours: int, offer: Offer, rng: Random) -> DayWish:
    clubs = [place for place in offer.by_weekday.get(weekday, ()) if not place.care and place.last <= hours]
    loved = _ranked(clubs, rng)[: rng.choice((0, 1, 2, 2, 3, 3, 4))]
    tiers: list[tuple[int, ...]] = []
    while loved:
        size = min(len(loved), rng.choice((1, 1, 1, 2)))
        tiers.append(tuple(place.id for place in loved[:size]))
        loved = loved[size:]
    return DayWish(weekday, hours, tuple(tiers), any_place=not tiers or rng.random() < 0.9)


def _whole_teams(days: tuple[DayWish, ...], offer: Offer) -> tuple[DayWish, ...]:
    """Return the days with each team that was wished for on all of its days, before the rest, or on none."""
    teams = {place.team for place in offer.places.values()} - {None}
    for team in sorted(teams):
        places = {place.weekday: place for place in offer.places.values() if place.team == team}
        if not any(place.id in day.wishes for day in days for place in places.values()):
            continue
        stays = {day.weekday: day.hours for day in days}
        whole = all(stays.get(weekday, 0) >= place.last for weekday, place in places.items())
        days = tuple(_with_team(day, places[day.weekday].id, whole) if day.weekday in places else day for day in days)
    return days


def _with_team(day: DayWish, part: int, whole: bool) -> DayWish:
    others = tuple(kept for tier in day.tiers if (kept := tuple(one for one in tier if one != part)))
    tiers = ((part,), *others) if whole else others
    return replace(day, tiers=tiers, any_place=day.any_place or not tiers)


def _first(loves: str, day: DayWish, offer: Offer) -> DayWish:
    """Return the day with the loved club before all others, if it is held then for this grade and ends in time."""
    there = offer.by_weekday.get(day.weekday, ())
    loved = next((one.id for one in there if loves and one.name == loves and one.last <= day.hours), None)
    if loved is None:
        return day
    others = (tuple(one for one in tier if one != loved) for tier in day.tiers)
    return replace(day, tiers=((loved,), *(tier for tier in others if tier)))


def _ranked(clubs: list[Place], rng: Random) -> list[Place]:
    """Return the clubs in an order in which loved ones tend to come first."""
    weighted = [(rng.random() ** (1 / _LOVED.get(place.name, 1)), place) for place in clubs]
    return [place for _, place in sorted(weighted, key=lambda pair: -pair[0])]
