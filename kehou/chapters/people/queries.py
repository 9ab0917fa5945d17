"""Questions about who somebody is and what they may touch."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from kehou.chapters.people.models import Account, Guardianship, Post, Pupil
from kehou.chapters.schools.models import Homeroom, School
from kehou.lib.actors import Actor
from kehou.lib.prepared import Prepared
from kehou.rules.permissions import ROLES, Permission


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody sits while they use a page: their posts at one school or in the district, united.

    A view reaches everything through it: `seat.school`, `seat.homerooms`; a bare `get(pk=…)` in a desk is an error.
    """

    account: Account
    by: Actor
    permissions: frozenset[Permission]
    roles: frozenset[str]
    school: School | None = None
    homerooms: tuple[Homeroom, ...] = ()
    posts: tuple[Post, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Parenthood:
    """A guardian beside one child."""

    account: Account
    by: Actor
    permissions: frozenset[Permission]
    guardianship: Guardianship
    pupil: Pupil
    roles: frozenset[str] = frozenset({"guardian"})

    @property
    def school(self) -> School:
        """Return the child's school."""
        return self.pupil.school


def held_on(on: date) -> Q:
    """Return the condition that a post or guardianship holds on a day."""
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gt=on))


# What every page behind a door asks first.
_ACCOUNT = Prepared(lambda account: Account.objects.filter(pk=account)[:1], account=int)
_POSTS_AT_SCHOOL = Prepared(
    lambda account, code, on: _posts_on(on).filter(account=account, school__code=code), account=int, code=str, on=date
)
_POSTS_IN_DISTRICT = Prepared(
    lambda account, on: _posts_on(on).filter(account=account, school__isnull=True), account=int, on=date
)
_GUARDIANSHIP = Prepared(
    lambda account, pupil, on: (
        Guardianship.objects.filter(held_on(on), account=account, pupil=pupil)
        .select_related("pupil__school", "pupil__homeroom")
        .defer("pupil__id_number", "pupil__student_no")  # not deciphered for pages that do not print them
        .order_by("pk")[:1]
    ),
    account=int,
    pupil=int,
    on=date,
)
_CHILDREN = Prepared(
    lambda account, on: (
        Guardianship.objects.filter(held_on(on), account=account, pupil__state=Pupil.IN_SCHOOL)
        .select_related("pupil__school", "pupil__homeroom")
        .defer("pupil__id_number", "pupil__student_no")
        .order_by("-pupil__homeroom__grade", "pupil_id")
    ),
    account=int,
    on=date,
)


def account_by_id(account_id: int) -> Account | None:
    """Return an account by its key, or None."""
    return _ACCOUNT.first(account=account_id)


def _posts_on(on: date) -> QuerySet[Post]:
    return Post.objects.filter(held_on(on)).select_related("school", "homeroom").order_by("school__code", "pk")


def posts_of(account: Account, *, on: date) -> QuerySet[Post]:
    """Return the posts somebody holds on a day, schools first by code."""
    return _posts_on(on).filter(account=account)


def seat_at_school(account: Account, code: str, *, on: date) -> Seat | None:
    """Return the union of somebody's posts at one school, or None for a stranger."""
    posts = tuple(_POSTS_AT_SCHOOL.rows(account=account.pk, code=code, on=on))
    return _seat(account, posts) if posts else None


def seat_in_district(account: Account, *, on: date) -> Seat | None:
    """Return the union of somebody's district posts, or None for a stranger."""
    posts = tuple(_POSTS_IN_DISTRICT.rows(account=account.pk, on=on))
    return _seat(account, posts) if posts else None


def _seat(account: Account, posts: tuple[Post, ...]) -> Seat:
    school = posts[0].school
    titles = "、".join(dict.fromkeys(ROLES[post.role].title for post in posts))
    return Seat(
        account=account,
        by=Actor(account.pk, account.name, titles, school.code if school else ""),
        permissions=frozenset().union(*(ROLES[post.role].permissions for post in posts)),
        roles=frozenset(post.role for post in posts),
        school=school,
        homerooms=tuple(post.homeroom for post in posts if post.homeroom),
        posts=posts,
    )


def parenthood(account: Account, pupil_id: int, *, on: date) -> Parenthood | None:
    """Return a guardian's seat beside a child, or None for a stranger."""
    guardianship = _GUARDIANSHIP.first(account=account.pk, pupil=pupil_id, on=on)
    if guardianship is None:
        return None
    return Parenthood(
        account=account,
        by=Actor(account.pk, account.name, f"{guardianship.relation or '家长'}"),
        permissions=ROLES["guardian"].permissions,
        guardianship=guardianship,
        pupil=guardianship.pupil,
    )


def children_of(account: Account, *, on: date) -> list[Pupil]:
    """Return a guardian's children in school, eldest first."""
    return [guardianship.pupil for guardianship in _CHILDREN.rows(account=account.pk, on=on)]


def children_gone(account: Account, *, on: date) -> list[Pupil]:
    """Return a guardian's children who have left their school: what was billed and paid back stays in reach."""
    rows = Guardianship.objects.filter(held_on(on), account=account).exclude(pupil__state=Pupil.IN_SCHOOL)
    return [row.pupil for row in rows.select_related("pupil__school").order_by("-pupil__left_on", "pupil_id")]


def guardians_of(pupil: Pupil, *, on: date) -> list[Account]:
    """Return the accounts that answer for a child on a day, the main one first."""
    rows = pupil.guardianships.filter(held_on(on)).select_related("account").order_by("-is_main", "pk")
    return [row.account for row in rows]


NOT_STAFF = ("guardian", "parents_committee")


def children_of_staff(school: School, *, on: date) -> set[int]:
    """Return the pupils of a school whose guardian holds a post of its staff on a day."""
    posts = Post.objects.filter(held_on(on), school=school).exclude(role__in=NOT_STAFF)
    rows = Guardianship.objects.filter(held_on(on), pupil__school=school, account__in=posts.values("account"))
    return set(rows.values_list("pupil", flat=True))
