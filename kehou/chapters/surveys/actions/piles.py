"""A pile of papers: counted, typed with keys alone, scanned if wanted, closed when as many are typed as counted."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F

from kehou.chapters.journal import actions as journal
from kehou.chapters.surveys.actions.answering import answer
from kehou.chapters.surveys.models import Pile, Sheet, Survey, Ticket
from kehou.chapters.surveys.queries import items_of, refusal_to_answer
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload
from kehou.rules.paper_line import read_line
from kehou.rules.verdicts import Refused, insist, refuse

MOST = 2000


@transaction.atomic
def begin_pile(survey: Survey, counted: int | None, *, by: Actor, at: datetime) -> Pile:
    """Begin a pile of so many papers. :raises Refused: R-SURV-01 while the survey is not open, or for an empty pile"""
    insist(refusal_to_answer(survey, at))
    if counted is None or not 1 <= counted <= MOST:
        raise Refused(refuse("R-SURV-01", "pile_empty"))
    pile = Pile.objects.create(survey=survey, counted=counted, begun_by=str(by), begun_at=at)
    code = survey.school.code
    journal.write("surveys.pile_begun", about=survey, by=by, at=at, school_code=code, children=counted)
    return pile


@transaction.atomic
def type_in(
    pile: Pile,
    ticket: Ticket,
    line: str,
    *,
    grade: int | None,
    number: int = 1,
    remark: tuple[str, str] = ("", ""),
    replaces: bool = False,
    by: Actor,
    at: datetime,
) -> Sheet:
    """Keep one paper of a pile, typed as a line; `remark` is (item code, words) of what was written by hand.

    A paper that was typed already is not counted twice: it is refused unless it is to take the place of that one.

    :raises AnswersRefused: with every item that is not answered rightly
    :raises Refused: R-SURV-01 for a line that cannot be read, a pile that is closed, a paper that was typed already
    """
    if not Pile.objects.select_for_update(no_key=True).filter(pk=pile.pk, closed_at=None).exists():
        raise Refused(refuse("R-SURV-01", "pile_closed"))
    values, no = read_line(items_of(pile.survey), line)
    insist(no)
    known = Sheet.objects.filter(ticket=ticket, number=number, channel=Sheet.PAPER).exists()
    if known and not replaces:
        raise Refused(refuse("R-SURV-01", "paper_typed_already", number=number))
    code, words = remark
    if code and words.strip():
        values[code] = [words.strip()]
    sheet = answer(ticket, values, grade=grade, number=number, by=by, at=at)
    if not known:
        Pile.objects.filter(pk=pile.pk).update(typed=F("typed") + 1)
    return sheet


@transaction.atomic
def scan_pile(pile: Pile, upload: Upload, *, by: Actor, at: datetime) -> None:
    """Keep the scan of a whole pile; no answer leads to its page. :raises Refused: R-SURV-01 once it is closed"""
    if not Pile.objects.select_for_update(no_key=True).filter(pk=pile.pk, closed_at=None).exists():
        raise Refused(refuse("R-SURV-01", "pile_closed"))
    pile.scan.save(upload.file_name(f"pile-{pile.pk}"), ContentFile(upload.content), save=False)
    pile.save(update_fields=["scan"])  # nothing else: somebody may be typing meanwhile
    journal.write("surveys.pile_scanned", about=pile.survey, by=by, at=at, school_code=pile.survey.school.code)


@transaction.atomic
def close_pile(pile: Pile, *, note: str = "", by: Actor, at: datetime) -> None:
    """Close a pile: as many typed as counted, or a note that says why not.

    :raises Refused: R-SURV-01 when the numbers differ without a note, or it is closed
    """
    pile = Pile.objects.select_for_update(of=("self",), no_key=True).select_related("survey__school").get(pk=pile.pk)
    if pile.closed_at is not None:
        raise Refused(refuse("R-SURV-01", "pile_closed"))
    if pile.typed != pile.counted and not note.strip():
        raise Refused(refuse("R-SURV-01", "pile_differs", counted=pile.counted, typed=pile.typed))
    pile.note, pile.closed_at = note.strip()[:120], at
    pile.save(update_fields=["note", "closed_at"])
    journal.write(
        "surveys.pile_closed", about=pile.survey, by=by, at=at, school_code=pile.survey.school.code,
        expected=pile.counted, made=pile.typed,
    )  # fmt: skip
