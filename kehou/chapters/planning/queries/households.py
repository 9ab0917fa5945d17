"""Who is asked: every household of the register once, by its main guardian, or by paper where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kehou.chapters.people.models import Guardianship, Post, Pupil
from kehou.chapters.people.queries import held_on
from kehou.chapters.schools.models import School
from kehou.rules.permissions import ROLES


@dataclass(frozen=True, slots=True)
class Households:
    """The main guardians' accounts, and the children whom no account answers for (id, homeroom id)."""

    accounts: tuple[int, ...]
    alone: tuple[tuple[int, int], ...]

    @property
    def count(self) -> int:
        """Return how many households there are."""
        return len(self.accounts) + len(self.alone)


def households_of(school: School, on: date) -> Households:
    """Return a school's households on a day: two queries, whatever its size."""
    pupils = list(
        Pupil.objects.filter(school=school, state=Pupil.IN_SCHOOL).order_by("pk").values_list("pk", "homeroom")
    )
    mains = main_accounts((pk for pk, _ in pupils), on, school=school)
    return Households(
        tuple(dict.fromkeys(mains[pk] for pk, _ in pupils if pk in mains)),
        tuple((pk, homeroom) for pk, homeroom in pupils if pk not in mains),
    )


def main_accounts(pupils: Iterable[int], on: date, *, school: School | None = None) -> dict[int, int]:
    """Return the account that answers for each child, by pupil id; a child without one is left out."""
    rows = Guardianship.objects.filter(held_on(on))
    rows = rows.filter(pupil__school=school) if school else rows.filter(pupil__in=list(pupils))
    return dict(rows.order_by("is_main", "-pk").values_list("pupil", "account"))


def accounts_with(school: School, on: date, *, desk: str = "", role: str = "") -> list[int]:
    """Return who holds a post of a desk, or one role, at a school on a day."""
    roles = [role] if role else [name for name, one in ROLES.items() if one.desk == desk]
    posts = Post.objects.filter(held_on(on), school=school, role__in=roles)
    return list(posts.order_by("account").values_list("account", flat=True).distinct())
