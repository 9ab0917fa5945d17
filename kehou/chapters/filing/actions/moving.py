"""How a filing moves, and who is written to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kehou.chapters.filing.models import Filing
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules.states import FILING, FilingState, refusal_of_lost_race, refusal_to_move
from kehou.rules.verdicts import Refused, insist

AT_SCHOOL = ("principal", "asp_manager")
IN_DISTRICT = ("basic_education", "basic_education_head")


def move(
    filing: Filing,
    to: FilingState,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    facts: dict[str, Any] | None = None,
    **columns: Any,
) -> Filing:
    """Move a filing along its path, if it still stands where its reader saw it, with the same pack.

    :raises Refused: R-FLOW-01 for a step that there is not, or when somebody was quicker
    """
    here = filing.state
    insist(refusal_to_move(FILING, here, to))
    seen = Filing.objects.filter(pk=filing.pk, state=here, pack=filing.pack_id)
    if not seen.update(state=to, told_on=None, **columns):
        raise Refused(refusal_of_lost_race(FILING))
    moved = again(filing)
    journal.write(verb, about=moved, by=by, at=at, school_code=moved.school.code, was=str(here), **(facts or {}))
    return moved


def again(filing: Filing) -> Filing:
    """Return the filing as it stands now."""
    return Filing.objects.select_related("school", "term", "pack").get(pk=filing.pk)


def tell_school(filing: Filing, *, title: str, body: str, at: datetime) -> None:
    """Write to the principal and the manager of the filing's school."""
    link = f"/school/{filing.school.code}/filing/?term={filing.term.code}"
    tell(filing.school, AT_SCHOOL, title=title, body=body, link=link, about=filing.school, at=at)


def tell_district(filing: Filing, *, title: str, body: str, at: datetime) -> None:
    """Write to the officers of the district's education office."""
    link = f"/district/filings/{filing.pk}/"
    tell(None, IN_DISTRICT, title=title, body=body, link=link, about=filing.school, at=at)


def tell(
    school: School | None,
    roles: tuple[str, ...],
    *,
    title: str,
    body: str,
    link: str,
    about: School,
    at: datetime,
) -> None:
    """Write to whoever holds one of these posts that day."""
    accounts = Post.objects.filter(held_on(at.date()), school=school, role__in=roles).values_list("account_id")
    to = sorted({account for (account,) in accounts})
    journal.send_many(to, kind="filing", title=title, body=body, link=link, school_code=about.code, at=at)
