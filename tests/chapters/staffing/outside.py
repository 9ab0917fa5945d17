"""The stage of the tests about sign-up, organisations and visits: a window, an organisation on its way, a visitor."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from kehou.chapters.programme import actions as programme
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import Candidacy, Provider, SignUpWindow, Visit
from kehou.lib.actors import Actor
from kehou.rules.providers import CHECKS, CRITERIA, OrgFacts, credit_code
from kehou.rules.signing_up import StaffOffer
from kehou.rules.visiting import VisitFacts
from tests.world import Place, World, moment

AT = moment(9)
ASKED = moment(9, on=date(2026, 8, 24))
YES = StaffOffer(True, {2: 2, 4: 1}, 3, ("书法", "竹笛"), "想和王老师搭班", "书法小组")
NO = StaffOffer(joins=False)


def window_at(world: World, place: Place | None = None, *, at: datetime = ASKED, days: int = 7) -> SignUpWindow:
    """Open the sign-up of a school, Riverside's unless said otherwise."""
    place = place or world.riverside
    return staffing.open_sign_up(
        place.school, world.term, opens_at=at, closes_at=at + timedelta(days=days), by=place.by("asp_manager"), at=at
    )


def organisation(number: int = 1, **changes: Any) -> OrgFacts:
    """Return a lawful organisation."""
    facts = {
        "name": f"小荷艺术团{number}", "credit_code": credit_code(f"91500155MA5U{number:04d}X"),
        "legal_person": "何某", "licence_number": f"渝民证{number}", "licence_until": date(2028, 1, 1),
        "founded_on": date(2019, 5, 1), "scope": "文艺创作与表演", "address": f"顺城街{number}号",
        "teaching_address": f"顺城街{number}号二楼",
    }  # fmt: skip
    return OrgFacts(**(facts | changes))


def officer(world: World, role: str = "basic_education") -> Actor:
    """Return the district's officer."""
    return world.by_district(role)


def applied(world: World, org: OrgFacts | None = None, *, area: str = "heritage", at: datetime = AT) -> Candidacy:
    """Bring an organisation to 申报: registered, all enquiries clean, accepted."""
    by = officer(world)
    call = staffing.call_for_providers(
        title="非遗与艺术类机构征集", areas=["heritage", "music"], words="非学科类，人员须有资质，价格公益。",
        closes_on=at.date() + timedelta(days=30), by=by, at=at,
    )  # fmt: skip
    handed = staffing.Handed(area, "木版年画小组，每周两次", 10000, "023-53220000")
    one = staffing.register_candidacy(call, org or organisation(), handed, by=by, at=at)
    for kind in CHECKS:
        staffing.record_check(one, kind, clean=True, reference=f"查{kind}", by=by, at=at)
    return staffing.accept_application(one, by=by, at=at)


def score(world: World, one: Candidacy, points: int = 16, *, names: str = "甲乙丙", at: datetime = AT) -> None:
    """Let a panel score it."""
    for name in names:
        staffing.record_score(
            one, panellist=name, office="教委", points=dict.fromkeys(CRITERIA, points), by=officer(world), at=at
        )


def shown(world: World, org: OrgFacts | None = None, *, at: datetime = AT, **more: Any) -> Candidacy:
    """Bring an organisation before the public."""
    one = applied(world, org, at=at, **more)
    score(world, one, at=at)
    one = staffing.select(one, by=officer(world), at=at)
    return staffing.show(one, by=officer(world), at=at)


def listed(world: World, org: OrgFacts | None = None, *, at: datetime = AT, **more: Any) -> Candidacy:
    """Bring an organisation on the list, as if its publicity had begun two weeks ago."""
    one = shown(world, org, at=at - timedelta(days=14), **more)
    return staffing.enlist(one, by=officer(world), at=at)


def provider_of(one: Candidacy) -> Provider:
    """Return the organisation as it stands."""
    return Provider.objects.get(pk=one.provider_id)


WHEN = VisitFacts(3, time(17, 0), time(17, 40))


def proposed(world: World, when: VisitFacts = WHEN) -> Visit:
    """Propose that Riverside's teacher goes to Hill on Wednesdays."""
    place = world.riverside
    proposal = staffing.Proposal(place.staff["teacher"], world.hill.school, world.term, "合唱", when)
    return programme.propose_visit(proposal, by=place.by("asp_manager"), at=AT)


def agreed(world: World, when: VisitFacts = WHEN) -> Visit:
    """Let all three agree."""
    visit = proposed(world, when)
    programme.agree_to_visit(visit, "home", by=world.riverside.by("principal"), at=AT)
    programme.agree_to_visit(visit, "host", by=world.hill.by("principal"), at=AT)
    return programme.agree_to_visit(visit, "teacher", by=world.riverside.by("teacher"), at=AT)
