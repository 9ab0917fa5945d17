"""Who is at a school: grown-ups with their posts, homerooms, children and who answers for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from random import Random

from kehou.chapters.people import actions as people
from kehou.chapters.people.actions.family import Reach
from kehou.chapters.people.actions.pupils import NewPupil
from kehou.chapters.people.models import Account, Pupil
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Homeroom, School
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import StaffMember
from kehou.lib import demonstration
from kehou.lib.actors import SYSTEM, Actor
from kehou.rules.permissions import ROLES
from seeds.names import Names
from seeds.schools import Plan

SCHOOL_YEAR = 2026
TERM_BEGAN = date(2026, 8, 8)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SUBJECTS = ("语文", "数学", "英语", "音乐", "体育", "美术", "科学", "道德与法治", "信息科技", "劳动")


def identity_number(born_on: date, order: int, sex: str) -> str:
    """Return an ID number in the unassigned area 500999 with a right check digit (GB 11643)."""
    serial = (order * 2 + (1 if sex == "1" else 0)) % 1000
    body = f"500999{born_on:%Y%m%d}{serial:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


OFFICE = (
    "asp_manager", "principal", "cashier", "aid_officer", "quality_checker", "parents_committee", "gatekeeper",
)  # fmt: skip
# kind, skills, the area whose shortage is stated, whether for pay
OUTSIDERS = {
    "xujiahui": ("heritage_inheritor", "梁平木版年画", "heritage", True),
    "pengshouyi": ("retired_teacher", "书法、阅读", "art", False),
}


@dataclass
class Crowd:
    """What is shared by all schools of one build: the random source, names, telephone and identity numbers."""

    rng: Random
    at: datetime
    names: Names = field(init=False)
    _phones: Iterator[int] = field(init=False)
    _taken: dict[tuple[date, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = Names(self.rng)
        self._phones = count(len(demonstration.CAST) + 1)

    def phone(self) -> str:
        """Return the next telephone number; never sent to."""
        return f"199{next(self._phones):08d}"

    def identity(self, born_on: date, sex: str) -> str:
        """Return a fresh ID number of a day and sex. Every day has five hundred of each sex, which is enough."""
        order = self._taken.get((born_on, sex), 0)
        self._taken[born_on, sex] = order + 1
        return identity_number(born_on, order, sex)


Row = tuple[staffing.StaffFacts, Account]  # somebody to be taken on the list


@dataclass
class Staffed:
    """A school with its grown-ups: accounts by role, homeroom teachers, leaders by subject."""

    school: School
    plan: Plan
    homerooms: list[Homeroom]
    by: dict[str, Actor]
    leaders: list[StaffMember]
    externals: list[StaffMember] = field(default_factory=list)
    guards: list[StaffMember] = field(default_factory=list)


def actor_of(account: Account, role: str, school: School | None) -> Actor:
    """Return how the journal names somebody in a post."""
    return Actor(account.pk, account.name, ROLES[role].title, school.code if school else "")


def people_of(
    school: School, plan: Plan, crowd: Crowd, *, before_outsiders: Callable[[dict[str, Actor]], None]
) -> Staffed:
    """Give a school its homerooms, its posts, two teachers a homeroom and the teachers of arts, sports and science."""
    homerooms = [
        schools.add_homeroom(
            school,
            school_year=SCHOOL_YEAR,
            grade=grade,
            number=number,
            site=plan.site(grade),
            by=SYSTEM,
            at=crowd.at,
        )
        for grade, classes in plan.classes.items()
        for number in range(1, classes + 1)
    ]
    hired = list(_hired(school, homerooms, crowd))
    accounts = people.make_accounts({one.phone: one.name for one in hired}, by=SYSTEM, at=crowd.at)
    posts = [(accounts[one.phone], one.role, one.homeroom) for one in hired]
    people.give_posts(school, posts, from_on=TERM_BEGAN, by=SYSTEM, at=crowd.at)
    by: dict[str, Actor] = {}
    for one in hired:
        actor = actor_of(accounts[one.phone], one.role, school)
        by.setdefault(one.role, actor)
        if one.homeroom:
            by[f"homeroom {one.homeroom.grade}.{one.homeroom.number}"] = actor
    rows: list[Row] = [
        (staffing.StaffFacts(name=one.name, subject=one.subject, weekly_cap=12), accounts[one.phone])
        for one in hired
        if one.subject
    ]
    listed = staffing.add_many(school, [*rows, _guard(by["gatekeeper"])], by=SYSTEM, at=crowd.at)
    before_outsiders(by)
    externals = _externals(school, crowd)
    return Staffed(school, plan, homerooms, by, listed[: len(rows)], externals, listed[len(rows) :])


@dataclass(frozen=True, slots=True)
class Hired:
    """Somebody with a post; whoever has a subject teaches."""

    name: str
    phone: str
    role: str
    subject: str = ""
    homeroom: Homeroom | None = None


def _hired(school: School, homerooms: list[Homeroom], crowd: Crowd) -> Iterator[Hired]:
    """Yield everybody with a post at a school: the office, who leads on duty, the teachers; the cast where it sits."""
    named = {one.role: one for one in demonstration.CAST if one.school == school.code and one.key not in OUTSIDERS}
    for role in OFFICE:
        yield Hired(*_who(crowd, named.get(role)), role)
    for role in ("duty_leader", "teacher"):
        yield Hired(*_who(crowd, named.get(role)), role, "语文")
    for homeroom in homerooms:
        post = named.get("homeroom_teacher") if (homeroom.grade, homeroom.number) == (3, 1) else None
        yield Hired(*_who(crowd, post), "homeroom_teacher", "语文", homeroom)
        yield Hired(*_who(crowd, None), "teacher", "数学")
    for subject in SUBJECTS[3:]:
        yield Hired(*_who(crowd, None), "teacher", subject)


def _guard(who: Actor) -> Row:
    """Return the gatekeeper's row: every adult in the slot has a file."""
    return staffing.StaffFacts(who.name, "gatekeeper", weekly_cap=15), Account.objects.get(pk=who.account_id)


def _who(crowd: Crowd, who: demonstration.Persona | None) -> tuple[str, str]:
    """Return name and telephone number of somebody of the cast, or of anybody."""
    if who:
        return who.name, who.phone
    return crowd.names.grown(woman=crowd.rng.random() < 0.6), crowd.phone()


def _externals(school: School, crowd: Crowd) -> list[StaffMember]:
    """Return the two outsiders of a school: one who bears a craft of the place, one retired teacher."""
    named = {one.key: one for one in demonstration.CAST if one.school == school.code}
    rows = []
    for key, (kind, skills, area, paid) in OUTSIDERS.items():
        who = named.get(key)
        name, phone = _who(crowd, who)
        account = people.make_account(phone, name=name, by=SYSTEM, at=crowd.at)
        if who:
            people.give_post(account, "teacher", school=school, from_on=TERM_BEGAN, by=SYSTEM, at=crowd.at)
        facts = staffing.StaffFacts(name=account.name, kind=kind, skills=skills, weekly_cap=4, unpaid=not paid)
        rows.append(staffing.add_staff(school, facts, by=SYSTEM, at=crowd.at, account=account, area=area, paid=paid))
    return rows


# --- Children ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Family:
    """A household: who answers, and its children."""

    guardian: Account
    relation: str
    pupils: list[Pupil]


def pupils_of(staffed: Staffed, number: int, crowd: Crowd) -> list[Family]:
    """Put so many children on the school's register, every tenth with a brother or sister there, and link guardians."""
    rng, school, homerooms = crowd.rng, staffed.school, staffed.homerooms
    rows: list[NewPupil] = []
    households: list[list[int]] = []
    for surname, grades in _households(school.code, number, crowd):
        household = []
        for grade in grades:
            # The cast's children sit where their story wants them, everybody else in the next homeroom.
            told = [one for one in homerooms if one.grade == grade]
            homeroom = told[0] if told else homerooms[len(rows) % len(homerooms)]
            household.append(len(rows))
            boards = staffed.plan.has_boarders and rng.random() < 0.4
            rows.append(_child(surname, homeroom, crowd, boards=boards))
        households.append(household)
    registered = people.register_pupils(school, rows, by=SYSTEM, at=crowd.at)
    return _families(school, [[registered[index] for index in household] for household in households], crowd)


_LARGE_TYPE = demonstration.persona("zhangguifang").phone  # her grandson set it on the neighbour's telephone
ANY = 0  # whichever grade is next
_CAST_FAMILIES: dict[str, tuple[tuple[str, str, str, tuple[int, ...]], ...]] = {
    # school: (key of the guardian, relation, surname of the children, their grades)
    demonstration.YOUXIANG: (("chenxia", "母亲", "林", (5, 4)), ("liaosuzhen", "母亲", "谭", (3,))),
    demonstration.HUPAN: (("hejing", "母亲", "唐", (2, 2)), ("majun", "父亲", "马", (4,))),
    demonstration.PINGJIN: (("zhangguifang", "奶奶", "蒋", (3,)), ("liujianjun", "父亲", "刘", (6,))),
}


def _households(code: str, number: int, crowd: Crowd) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield (surname, grades) of the cast's families first, then of everybody else, until `number` is reached."""
    left = number
    for _, _, surname, grades in _CAST_FAMILIES.get(code, ()):
        left -= len(grades)
        yield surname, grades
    while left > 0:
        children = 2 if crowd.rng.random() < 0.1 and left > 1 else 1
        left -= children
        yield crowd.names.surname(), (ANY,) * children


def _child(surname: str, homeroom: Homeroom, crowd: Crowd, *, boards: bool) -> NewPupil:
    rng = crowd.rng
    sex = rng.choice("12")
    first_day = date(SCHOOL_YEAR - 6 - homeroom.grade, 9, 1).toordinal()
    born_on = date.fromordinal(first_day + rng.randrange(365))
    identity = crowd.identity(born_on, sex)
    return NewPupil(
        name=crowd.names.child(surname, sex),
        sex=sex,
        born_on=born_on,
        homeroom=homeroom,
        id_number=identity,
        student_no=f"G{identity}",
        boards=boards,
        commute=rng.choices(("near", "middle", "far"), (60, 30, 10))[0],
    )


def _families(school: School, children: list[list[Pupil]], crowd: Crowd) -> list[Family]:
    """Link every household to its guardian and note whom to call."""
    rng = crowd.rng
    cast = iter(_CAST_FAMILIES.get(school.code, ()))
    households: list[people.Household] = []
    contacts: dict[int, list[Reach]] = {}
    for pupils in children:
        key, relation, _, _ = next(
            cast, ("", rng.choices(("母亲", "父亲", "奶奶", "外公"), (55, 28, 12, 5))[0], "", ())
        )
        woman = relation in ("母亲", "奶奶")
        surname = pupils[0].name[0] if relation == "父亲" else ""
        name = demonstration.persona(key).name if key else crowd.names.grown(woman=woman, surname=surname)
        phone = demonstration.persona(key).phone if key else crowd.phone()
        households.append(people.Household(phone, name, relation, pupils))
        second = Reach(crowd.names.grown(woman=not woman), "亲属", crowd.phone())
        for pupil in pupils:
            contacts[pupil.pk] = [Reach(name, relation, phone), second]
    accounts = people.link_households(school, households, by=SYSTEM, at=crowd.at)
    people.set_first_contacts(school, contacts, by=SYSTEM, at=crowd.at)
    for phone, account in accounts.items():
        if phone == _LARGE_TYPE:
            people.sign_in.set_elder_mode(account, on=True)
    return [Family(accounts[one.phone], one.relation, list(one.pupils)) for one in households]


def district_people(at: datetime) -> dict[str, Actor]:
    """Give the district's posts to the cast."""
    by: dict[str, Actor] = {}
    for one in demonstration.CAST:
        if one.role in ROLES and ROLES[one.role].desk == "district":
            account = people.make_account(one.phone, name=one.name, by=SYSTEM, at=at)
            people.give_post(account, one.role, school=None, from_on=TERM_BEGAN, by=SYSTEM, at=at)
            by[one.role] = actor_of(account, one.role, None)
    return by
