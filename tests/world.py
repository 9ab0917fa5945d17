"""The cast of the tests: two schools, everybody's role once in each, two children who want one seat.

Riverside is where things happen; Hill is the stranger. Rows are written directly because the world is the stage, not the
play: what a test is about goes through actions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from kehou.chapters.basis.models import CalendarDay, Term
from kehou.chapters.people.models import Account, Contact, Guardianship, Post, Pupil
from kehou.chapters.schools.models import DismissalTime, Homeroom, Room, School, SchoolTerm, Season
from kehou.chapters.staffing.models import Engagement, ShortageStatement, StaffMember
from kehou.lib.actors import Actor
from kehou.rules.permissions import ROLES
from tests.once import once
from tests.people import put_in_use

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 18)  # a Wednesday under way
FROM = date(2026, 8, 20)
CHECKED = date(2026, 11, 12)  # when every room was last looked at: late enough for all that the tests live through


def moment(hour: int = 10, minute: int = 0, on: date = TODAY) -> datetime:
    """Return an aware instant in the district's time zone."""
    return datetime.combine(on, time(hour, minute), SHANGHAI)


@dataclass
class Place:
    """One school with its cast. `who[role]` is the account that holds the role there."""

    school: School
    season: Season
    homerooms: dict[tuple[int, int], Homeroom]
    rooms: dict[str, Room]
    staff: dict[str, StaffMember]
    who: dict[str, Account] = field(default_factory=dict)

    def by(self, role: str) -> Actor:
        """Return the actor for a role at this school."""
        account = self.who[role]
        return Actor(account.pk, account.name, ROLES[role].title, self.school.code)


@dataclass
class World:
    """Everything a test may need to begin."""

    term: Term
    riverside: Place
    hill: Place
    district: dict[str, Account]
    mei: Pupil  # grade 3 class 1 at Riverside
    bo: Pupil  # the same class: both want the last seat
    lan: Pupil  # grade 7 class 1 at Hill
    guardian: Account  # of mei and bo
    other_guardian: Account  # of lan
    stranger: Account  # an account with no post and no child

    def by_district(self, role: str) -> Actor:
        """Return the actor for a district role."""
        account = self.district[role]
        return Actor(account.pk, account.name, ROLES[role].title)

    def by_guardian(self) -> Actor:
        """Return the actor of Mei's and Bo's guardian."""
        return Actor(self.guardian.pk, self.guardian.name, "母亲")


_phones = iter(range(10_000_000))


def make_account(name: str) -> Account:
    """Return an account that signs in by `client.force_login`; its number is never sent to."""
    return Account.objects.create(phone=f"1991{next(_phones):07d}", name=name, password="!")


def make_pupil(place: Place, name: str, *, grade: int, number: int = 1, guardian: Account | None = None) -> Pupil:
    """Return a pupil of a place with two contacts and, if given, a guardian."""
    pupil = Pupil.objects.create(
        school=place.school,
        homeroom=place.homerooms[grade, number],
        name=name,
        name_sort=name,
        sex="2",
        born_on=date(2026 - 6 - grade, 3, 15),
        entered_on=FROM,
    )
    Contact.objects.bulk_create(
        Contact(pupil=pupil, turn=turn, name=f"{name}联系人{turn}", relation="亲属", phone=f"199000099{turn:02d}")
        for turn in (1, 2)
    )
    if guardian:
        Guardianship.objects.create(pupil=pupil, account=guardian, relation="母亲", is_main=True, from_on=FROM)
    return pupil


def make_place(term: Term, *, code: str, name: str, kind: str, grades: range, dismissal: time) -> Place:
    """Return a school with two homerooms a grade, one season, four rooms, four staff and every school role held once."""
    school = School.objects.create(code=code, name=name, kind=kind, town="双桂街道", phone="023-5320000")
    SchoolTerm.objects.create(school=school, term=term, complaint_phone="023-53200000", latest_pick_up=time(18, 50))
    season = Season.objects.create(school=school, name="全学期", from_on=term.from_on, until_on=term.until_on)
    DismissalTime.objects.bulk_create(
        DismissalTime(season=season, grade=grade, weekday=weekday, at=dismissal)
        for grade in grades
        for weekday in range(1, 6)
    )
    homerooms = {
        (grade, number): Homeroom.objects.create(school=school, school_year=2026, grade=grade, number=number)
        for grade in grades
        for number in (1, 2)
    }
    rooms = {
        key: Room.objects.create(
            school=school, code=key, name=title, capacity=capacity, seats=capacity, risk_class=risk, checked_on=CHECKED
        )
        for key, title, capacity, risk in (
            ("F-01", "图书室", 45, "A"),
            ("F-03", "科学室", 28, "C"),
            ("P-01", "操场A", 60, "C"),
            ("F-05", "音乐室", 30, "B"),
        )
    }
    place = Place(school, season, homerooms, rooms, {})
    for role, meaning in ROLES.items():
        if meaning.desk in ("teacher", "school"):
            account = make_account(f"{meaning.title}{name[0]}")
            homeroom = homerooms[grades[min(2, len(grades) - 1)], 1] if role == "homeroom_teacher" else None
            Post.objects.create(account=account, role=role, school=school, homeroom=homeroom, from_on=FROM)
            place.who[role] = account
    for key in ("teacher", "homeroom_teacher", "duty_leader"):
        place.staff[key] = StaffMember.objects.create(school=school, account=place.who[key], name=place.who[key].name)
    place.staff["volunteer"] = StaffMember.objects.create(
        school=school, name="周爷爷", kind="folk_artist", weekly_cap=4
    )
    engage(place, term)
    return place


def engage(place: Place, term: Term) -> ShortageStatement:
    """State and sign what the school lacks, and ask the volunteer in on that ground (R-EXT-01)."""
    stated = ShortageStatement.objects.create(
        school=place.school, term=term, area="heritage", need="木版年画小组", hours=2, own_people=0, own_hours=0,
        reason="本校没有会木版年画的老师", made_by="管理员", made_at=moment(9), signed_by="校长", signed_at=moment(9),
    )  # fmt: skip
    Engagement.objects.create(statement=stated, member=place.staff["volunteer"], made_by="管理员", made_at=moment(9))
    return stated


def make_term() -> Term:
    """Return the autumn term with its days off and swap days."""
    term = Term.objects.create(
        code="2026-autumn",
        name="2026—2027学年第一学期",
        school_year=2026,
        from_on=date(2026, 9, 1),
        until_on=date(2027, 1, 23),
        service_from_on=date(2026, 9, 7),
        service_until_on=date(2027, 1, 16),
    )
    off = [
        (date(2026, 9, 25), "中秋节"),
        *((date(2026, 10, day), "国庆节") for day in range(1, 8)),
        (date(2027, 1, 1), "元旦"),
    ]
    CalendarDay.objects.bulk_create(CalendarDay(on=on, kind="off", name=name) for on, name in off)
    CalendarDay.objects.create(on=date(2026, 9, 20), kind="school", follows_weekday=5, name="国庆节调休")
    CalendarDay.objects.create(on=date(2026, 10, 10), kind="school", follows_weekday=3, name="国庆节调休")
    return term


def build() -> World:
    """Return the whole stage, written into the database of the running test."""
    return once(_build)


def _build() -> World:
    term = make_term()
    riverside = make_place(
        term, code="2150990002", name="双桂湖畔小学（演示）", kind="primary", grades=range(1, 7), dismissal=time(15, 50)
    )
    hill = make_place(
        term,
        code="3150990001",
        name="明月山初级中学（演示）",
        kind="junior",
        grades=range(7, 10),
        dismissal=time(16, 50),
    )
    put_in_use([*riverside.staff.values(), *hill.staff.values()], term)
    district = {}
    for role, meaning in ROLES.items():
        if meaning.desk == "district":
            district[role] = make_account(meaning.title)
            Post.objects.create(account=district[role], role=role, school=None, from_on=FROM)
    guardian, other = make_account("陈梅妈妈"), make_account("兰兰爸爸")
    return World(
        term=term,
        riverside=riverside,
        hill=hill,
        district=district,
        mei=make_pupil(riverside, "陈小梅", grade=3, guardian=guardian),
        bo=make_pupil(riverside, "陈小波", grade=3, guardian=guardian),
        lan=make_pupil(hill, "兰兰", grade=7, guardian=other),
        guardian=guardian,
        other_guardian=other,
        stranger=make_account("路人"),
    )
