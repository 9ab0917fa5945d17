"""Questions about the leading group: who holds what, what is missing, what the principal has signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.planning.models import GroupSeat, ResponsibilityLetter, SafetyConfirmation
from kehou.chapters.schools.models import School
from kehou.rules.organisation import POSTS, GroupPost, Holder, months_to_confirm, problem_of_letter, problems_of_group
from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence: what it is, its hash, its day, who signed or recorded it."""

    title: str
    digest: str = ""
    on: date | None = None
    by: str = ""


@dataclass(frozen=True)
class Pack:
    """What a filing takes over: evidence, problems, and which of the problems only warn."""

    title: str
    evidence: tuple[Proof, ...] = ()
    problems: tuple[Refusal, ...] = ()
    warnings: tuple[Refusal, ...] = field(default=())

    @property
    def is_complete(self) -> bool:
        """Return whether nothing is in the way."""
        return not self.problems


def day_of(at: datetime) -> date:
    """Return the day of an act in the district's time."""
    return timezone.localtime(at).date()


def seats_of(school: School) -> list[GroupSeat]:
    """Return who holds a post of the leading group now: one query."""
    return list(school.group_seats.filter(ended_at=None).select_related("account").order_by("post", "is_deputy"))


def history_of_group(school: School) -> QuerySet[GroupSeat]:
    """Return who held what, the latest appointment first."""
    return school.group_seats.order_by("-appointed_at", "-pk")


def principals_of(schools: Iterable[School | int], *, on: date) -> set[tuple[int, int]]:
    """Return (school, account) of those who hold the principal's post on a day."""
    held = Post.objects.filter(held_on(on), school__in=list(schools), role="principal")
    return set(held.values_list("school_id", "account_id"))


def holders_of(seats: Iterable[GroupSeat], principals: set[tuple[int, int]]) -> list[Holder]:
    """Return seats as the rules read them."""
    return [
        Holder(one.post, one.name, one.is_deputy, (one.school_id, one.account_id or 0) in principals) for one in seats
    ]


def board_of(school: School) -> list[tuple[GroupPost, GroupSeat | None, GroupSeat | None]]:
    """Return every post with its holder and deputy, in the order of the group."""
    by = {(one.post, one.is_deputy): one for one in seats_of(school)}
    return [(post, by.get((post.code, False)), by.get((post.code, True))) for post in POSTS]


def letter_of(school: School, term: Term) -> ResponsibilityLetter | None:
    """Return the latest letter of responsibility of a term, or None."""
    return school.responsibility_letters.filter(term=term).order_by("-signed_at").first()


def confirmations_of(school: School, term: Term) -> QuerySet[SafetyConfirmation]:
    """Return the principal's monthly confirmations of a term, earliest first."""
    return school.safety_confirmations.filter(term=term).order_by("month_on")


def months_open(school: School, term: Term, *, on: date) -> list[date]:
    """Return the months that are over and that the principal has not confirmed yet."""
    done = set(confirmations_of(school, term).values_list("month_on", flat=True))
    due = months_to_confirm(term.service_from_on, last_day(term), on=on)
    return [month for month in due if month not in done]


def last_day(term: Term) -> date:
    """Return the last day of a term's service."""
    return date.fromordinal(term.service_until_on.toordinal() - 1)


def organisation_of(school: School, term: Term, *, on: date) -> Pack:
    """Return the leading group as evidence with its problems: R-ORG-01, R-ORG-02, R-ORG-03 (2.5-a, 3.1-h, 3.2-g).

    A month that is not confirmed yet is a warning: it cannot keep a filing back, which comes before the first month.
    """
    seats, letter = seats_of(school), letter_of(school, term)
    found = _problems(term, seats, letter, principals_of([school], on=on))
    evidence = [Proof(str(one), on=one.from_on, by=one.appointed_by) for one in seats]
    if letter:
        evidence.append(Proof("校长责任书", letter.digest, day_of(letter.signed_at), letter.signed_by))
    late = [refuse("R-ORG-03", "month_unconfirmed", month=in_month(one)) for one in months_open(school, term, on=on)]
    return Pack("课后服务工作领导小组", tuple(evidence), tuple(found), tuple(late))


def problems_of_organisations(schools: Iterable[int] | None, term: Term, *, on: date) -> dict[int, tuple[Refusal, ...]]:
    """Return what the leading group of each school lacks for a term, by school id; of all schools (None).

    Three questions, four for all. A school without anybody lacks every post and the letter.
    """
    ids = list(School.objects.values_list("pk", flat=True) if schools is None else schools)
    seats: dict[int, list[GroupSeat]] = {school: [] for school in ids}
    for one in GroupSeat.objects.filter(school__in=ids, ended_at=None):
        seats[one.school_id].append(one)
    rows = ResponsibilityLetter.objects.filter(school__in=ids, term=term).defer("text").order_by("signed_at")
    letters = {one.school_id: one for one in rows}
    principals = principals_of(ids, on=on)
    return {school: tuple(_problems(term, seats[school], letters.get(school), principals)) for school in ids}


def _problems(
    term: Term, seats: Iterable[GroupSeat], letter: ResponsibilityLetter | None, principals: set[tuple[int, int]]
) -> list[Refusal]:
    """Return what a group lacks: posts, a head who is the principal, the head's letter of the term."""
    known = list(seats)
    head = next((one for one in known if one.post == "head" and not one.is_deputy), None)
    unsigned = problem_of_letter(
        term=term.name,
        signed=letter is not None,
        signed_by=letter.account_id if letter else None,
        head=head.account_id if head else None,
        name=letter.signed_by if letter else "",
    )
    return [*problems_of_group(holders_of(known, principals)), *([unsigned] if unsigned else [])]


def in_month(month: date) -> str:
    """Return a month in words: 2026年9月."""
    return f"{month.year}年{month.month}月"
