"""One file as a page or a print-out shows it: every step with its evidence, and the board of a school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import SignedPaper, StaffMember, Training
from kehou.chapters.staffing.queries.files import files_of, terms_of_files
from kehou.rules.staffing.files import STEPS, completeness, missing, warning_of_end
from kehou.rules.states import PersonState
from kehou.rules.verdicts import Refusal

STATE_KINDS = {
    "proposed": "wait", "papers": "wait", "checked": "wait", "bound": "wait", "trained": "live", "in_use": "done",
    "suspended": "refused", "left": "plain",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One person on the board: where they are, what is missing, what ends soon."""

    member: StaffMember
    percent: int
    missing: tuple[Refusal, ...]
    warning: Refusal | None
    done: tuple[bool, ...]  # of the four steps

    @property
    def state(self) -> str:
        """Return the state in words."""
        return PersonState(self.member.state).label

    @property
    def kind(self) -> str:
        """Return how the state is coloured; in use with something missing is red."""
        return "refused" if self.member.state == "in_use" and self.missing else STATE_KINDS[self.member.state]


def board_of(members: Iterable[StaffMember], *, on: date) -> list[Row]:
    """Return the board's rows of these people, in their order: eight questions, however many people."""
    people = list(members)
    files, terms = files_of(people, on=on), terms_of_files(on)
    rows = []
    for one in people:
        file = files[one.pk]
        lacks = () if one.state == "left" else tuple(missing(file, terms, on))
        soon = warning_of_end(one.name, until=one.fit_until_on, what=one.fit_ends, on=on, days=terms.warn_days)
        done = tuple(not step.missing(file, terms, on) for step in STEPS)
        rows.append(Row(one, completeness(file, terms, on), lacks, soon if one.state == "in_use" else None, done))
    return rows


@dataclass(frozen=True)
class Figures:
    """How many people of a school are where."""

    in_use: int
    suspended: int
    left: int
    unfit: int  # in use, with something that has ended
    ending: int  # in use, with something that ends soon
    to_admit: int
    to_seal: int


def figures_of(school: School, *, on: date) -> Figures:
    """Return the figures over the board: three questions."""
    warn = on + timedelta(days=terms_of_files(on).warn_days)
    rows = list(school.staff.values_list("state", "fit_until_on"))
    states = [state for state, _ in rows]
    ends = [until for state, until in rows if state == "in_use"]
    return Figures(
        in_use=len(ends),
        suspended=states.count("suspended"),
        left=states.count("left"),
        unfit=sum(until is None or until <= on for until in ends),
        ending=sum(until is not None and on < until <= warn for until in ends),
        to_admit=states.count("trained"),
        to_seal=SignedPaper.objects.filter(member__school=school, state=SignedPaper.SIGNED).count(),
    )


def papers_of(member: StaffMember) -> list[SignedPaper]:
    """Return somebody's standing papers with who signed, newest term first."""
    rows = member.papers.exclude(state=SignedPaper.SUPERSEDED).select_related("term", "text")
    return list(rows.prefetch_related("signatures").order_by("-drawn_up_at", "kind", "pk"))


def staff_paper_by_check_code(code: str) -> SignedPaper | None:
    """Return the paper behind the code that is printed on it."""
    return SignedPaper.objects.filter(check_code=code).select_related("member__school").first()


def training_by_check_code(code: str) -> Training | None:
    """Return the training behind the code of its certificate."""
    return Training.objects.filter(check_code=code).select_related("member__school").first()
