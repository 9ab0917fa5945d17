"""The papers of a person: drawn up, signed by finger or on paper, sealed by the principal, a copy to both (2.4-k…o)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import EntryCheck, PaperText, SignedPaper, StaffMember
from kehou.lib.actors import Actor
from kehou.lib.masked import keyed_hash
from kehou.lib.statements import insert_objects
from kehou.rules.calendar import weekday_name
from kehou.rules.labels import term_mark
from kehou.rules.staffing import papers as words
from kehou.rules.staffing.kinds import KINDS, ROLES, role_of
from kehou.rules.verdicts import Refused, refuse

_PREFIX = {words.CONSENT: "TY", words.REQUIREMENTS: "GW", words.AGREEMENT: "RX", words.LETTER: "AQ"}
_ALL = tuple(_PREFIX)


@transaction.atomic
def draw_up_papers(
    school: School,
    members: Iterable[StaffMember],
    term: Term | None,
    *,
    by: Actor,
    at: datetime,
    kinds: Sequence[str] = _ALL,
    pay: Mapping[int, str] | None = None,
) -> list[SignedPaper]:
    """Draw up what these people have still to sign; what stands already is left alone. `pay`: id → words for outsiders.

    :raises Refused: R-FILE-06 where agreements are wanted and there is no term
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    people = list(
        school.staff.filter(pk__in=[one.pk for one in members]).exclude(state="left").select_related("school")
    )
    if term is None and any(kind in words.SEALED for kind in kinds):
        raise Refused(refuse("R-FILE-06", "no_term"))
    standing, turns = _standing(people, kinds)
    checks = _references(people)
    made, texts = [], cache(_text)
    for one in people:
        role = role_of(one.kind, unpaid=one.unpaid)
        for kind in kinds:
            of = term if kind in words.SEALED else None
            if _key(one.pk, kind, of.pk if of else None, words.VERSION, role) not in standing:
                facts = _facts(one, role, of, check=checks.get(one.pk, ""), pay=(pay or {}).get(one.pk, ""))
                made.append(_paper(one, kind, texts(kind, role), of, facts, turn=turns[one.pk, kind] + 1, at=at))
    insert_objects(made)
    entries = [("staffing.papers_drawn_up", one, {"number": one.number}) for one in made]
    journal.write_many(entries, by=by, at=at, school_code=school.code)
    return made


_Key = tuple[int, str, "int | None", str, str]


def _key(member: int, kind: str, term: int | None, version: str, role: str) -> _Key:
    """Return what makes a paper the same: its term for agreements, its version and role for requirement sheets."""
    sheet = kind == words.REQUIREMENTS
    return member, kind, term if kind in words.SEALED else None, version if sheet else "", role if sheet else ""


def _standing(people: Sequence[StaffMember], kinds: Sequence[str]) -> tuple[set[_Key], Counter[tuple[int, str]]]:
    """Return the papers that need not be drawn up again, and how many of a kind each person ever had."""
    rows = SignedPaper.objects.filter(member__in=people, kind__in=kinds)
    names = ("member_id", "kind", "term_id", "text__version", "text__role", "state")
    standing: set[_Key] = set()
    turns: Counter[tuple[int, str]] = Counter()
    for member, kind, term, version, role, state in rows.values_list(*names):
        turns[member, kind] += 1
        if state != SignedPaper.SUPERSEDED:
            standing.add(_key(member, kind, term, version, role))
    return standing, turns


def _references(people: Iterable[StaffMember]) -> dict[int, str]:
    rows = EntryCheck.objects.filter(member__in=people, state=EntryCheck.PASSED).order_by("pk")
    return dict(rows.values_list("member_id", "reference"))


def _facts(one: StaffMember, role: str, term: Term | None, *, check: str, pay: str) -> dict[str, str]:
    return {
        "name": one.name,
        "kind": KINDS.get(one.kind, one.kind),
        "role": ROLES[role],
        "period": f"{term.name}（{_day(term.service_from_on)}起，学期结束止）" if term else "",
        "weekly_cap": str(one.weekly_cap),
        "weekdays": "、".join(weekday_name(day) for day in one.weekdays) or "另行商定",
        "skills": one.skills or one.subject or "公布的内容项目",
        "check": check or "待补",
        "pay": pay or "按学校经费管理方案的标准",
    }


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _text(kind: str, role: str) -> PaperText:
    """Return the stored words of a paper; stored the first time they are used."""
    text = words.text_of(kind, role)
    content = words.filled(text, {})
    digest = _digest({"kind": kind, "role": text.role or role, "version": words.VERSION, "content": content})
    kept, _ = PaperText.objects.get_or_create(
        digest=digest,
        defaults={"kind": kind, "role": role, "version": words.VERSION, "content": content},
    )
    return kept


def _paper(
    one: StaffMember, kind: str, text: PaperText, term: Term | None, facts: dict[str, str], *, turn: int, at: datetime
) -> SignedPaper:
    number = f"{_PREFIX[kind]}-{term_mark(term.code) if term else at.year}-{one.school.code}-{one.pk:06d}-{turn}"
    return SignedPaper(
        member=one,
        term=term,
        kind=kind,
        text=text,
        facts=facts,
        number=number,
        digest=_digest({"text": text.digest, "facts": facts}),
        check_code=keyed_hash(number, purpose="staff paper")[:16],
        drawn_up_at=at,
    )


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
