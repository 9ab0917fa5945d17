"""The gate results of people as the district reads them: number and day of each answer, not what was found (2.4-p)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kehou.chapters.staffing.models import EntryCheck, SignedPaper, StaffMember, Training
from kehou.chapters.staffing.queries.files import files_of, terms_of_files
from kehou.rules.staffing import papers
from kehou.rules.staffing.files import File, failing


@dataclass(frozen=True, slots=True)
class GateResult:
    """What the file of one person says on a day, with the numbers under which it can be looked up; empty: not there.

    `fails` are the titles of the steps that lack something, in the order of the path; none: the person is through.
    """

    file: File
    check_number: str = ""
    agreement: str = ""
    letter: str = ""
    certificate: str = ""
    compared: bool = False  # with the conduct list: it is kept by identity number, without one nothing was compared
    fails: tuple[str, ...] = ()


def gate_results_of(members: Iterable[StaffMember], *, on: date) -> dict[int, GateResult]:
    """Return the result of each person by id: ten questions, however many people."""
    people = {one.pk: one for one in members}
    files, terms = files_of(people.values(), on=on), terms_of_files(on)
    answered = EntryCheck.objects.filter(member_id__in=people).exclude(state=EntryCheck.ASKED).order_by("pk")
    checks = dict(answered.values_list("member_id", "reference"))
    trained = Training.objects.filter(member_id__in=people).order_by("valid_until_on")
    certificates = dict(trained.values_list("member_id", "number"))
    signed = SignedPaper.objects.filter(member_id__in=people, kind__in=papers.SEALED, state=SignedPaper.IN_FORCE)
    rows = signed.order_by("term__until_on").values_list("member_id", "kind", "number")
    numbers = {(member, kind): number for member, kind, number in rows}
    return {
        pk: GateResult(
            file=file,
            check_number=checks.get(pk, ""),
            agreement=numbers.get((pk, papers.AGREEMENT), ""),
            letter=numbers.get((pk, papers.LETTER), ""),
            certificate=certificates.get(pk, ""),
            compared=bool(people[pk].id_hash),
            fails=failing(file, terms, on),
        )
        for pk, file in files.items()
    }
