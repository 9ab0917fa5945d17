"""The safety contacts of a school's classes, and how many of their children can be reached (3.1-k)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import Account, Contact, Pupil
from kehou.chapters.planning.models import ClassContact
from kehou.chapters.schools.models import Homeroom, School
from kehou.chapters.schools.queries import homerooms_of
from kehou.rules.contacts import LEAST, ClassState, problems_of_class, tried_since
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One class: its contact, its children in the service, those with two telephones that were tried, what lacks."""

    homeroom: Homeroom
    contact: ClassContact | None
    children: int
    reached: int
    problems: tuple[Refusal, ...]


def contact_list(school: School, term: Term, pupils: QuerySet[Pupil]) -> list[ClassLine]:
    """Return every class of the year with its contact; `pupils` are those in the service. Three statements."""
    named = ClassContact.objects.filter(term=term, homeroom__school=school).select_related("account", "deputy")
    by_class = {one.homeroom_id: one for one in named}
    children: Counter[int] = Counter()
    reached: Counter[int] = Counter()
    for homeroom, tried in _tried(pupils, term).values_list("homeroom", "tried"):
        children[homeroom] += 1
        reached[homeroom] += tried >= LEAST
    return [
        _line(one, by_class.get(one.pk), children[one.pk], reached[one.pk])
        for one in homerooms_of(school, school_year=term.school_year)
    ]


def _tried(pupils: QuerySet[Pupil], term: Term) -> QuerySet[Pupil]:
    tried = Q(contacts__verified_on__gte=tried_since(term.from_on))
    return pupils.annotate(tried=Count("contacts", filter=tried))


def _line(homeroom: Homeroom, contact: ClassContact | None, children: int, reached: int) -> ClassLine:
    state = ClassState(
        str(homeroom), children, reached, contact.account.name if contact else "",
        contact is not None and contact.deputy_id is not None,
        contact is not None and contact.acknowledged_at is not None,
    )  # fmt: skip
    return ClassLine(homeroom, contact, children, reached, problems_of_class(state))


@dataclass(frozen=True, slots=True)
class ChildLine:
    """One child of a class: whom to call in turn, and whether two of them were tried this term."""

    pupil: Pupil
    contacts: tuple[Contact, ...]
    is_reached: bool


def children_to_call(homeroom: Homeroom, term: Term, pupils: QuerySet[Pupil]) -> list[ChildLine]:
    """Return the children of a class in the service with their telephones, by name: two statements."""
    since = tried_since(term.from_on)
    rows = pupils.filter(homeroom=homeroom).defer("id_number", "student_no").order_by("name_sort", "pk")
    found = []
    for pupil in rows.prefetch_related(Prefetch("contacts", Contact.objects.order_by("turn"))):
        contacts = tuple(pupil.contacts.all())
        found.append(ChildLine(pupil, contacts, sum(_since(one, since) for one in contacts) >= LEAST))
    return found


def _since(contact: Contact, since: date) -> bool:
    return contact.verified_on is not None and contact.verified_on >= since


def contacts_of_account(account: Account, school: School, term: Term) -> QuerySet[ClassContact]:
    """Return the classes for which somebody is contact or deputy in a term."""
    rows = ClassContact.objects.filter(Q(account=account) | Q(deputy=account), term=term, homeroom__school=school)
    return rows.select_related("homeroom__school", "account", "deputy", "term").order_by("homeroom")


def contact_of_class(homeroom: Homeroom, term: Term) -> ClassContact | None:
    """Return the safety contact of a class, None before one is named."""
    return ClassContact.objects.filter(homeroom=homeroom, term=term).select_related("account", "deputy").first()
