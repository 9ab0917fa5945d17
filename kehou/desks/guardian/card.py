"""我的: what is kept about the child; see it, correct it, take it along, withdraw a consent (PIPL 44 to 47)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.attendance.models import Leave, Release
from kehou.chapters.basis.queries import current_term
from kehou.chapters.enrolment.form import CONTACTS, Line
from kehou.chapters.enrolment.models import Agreement, Submission
from kehou.chapters.journal import actions as journal
from kehou.chapters.people import actions as people
from kehou.chapters.people.actions.family import Reach
from kehou.chapters.people.models import Pupil
from kehou.chapters.people.papers import consent_paper, latest_consents
from kehou.chapters.people.queries import Parenthood
from kehou.chapters.planning.queries import contact_of_class
from kehou.chapters.schools.queries import telephone_of
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import said, show
from kehou.lib import clock, sheets
from kehou.rules.choice import CONSENT_TEXT, CONSENTS
from kehou.rules.consent_text import CONSENT_TEXTS
from kehou.rules.identity import refusal_of_mobile
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused


@require_GET
@beside_child(Permission.CHILD_SEE)
def card(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show what is kept, and the errands around it."""
    given = latest_consents(beside.pupil)
    return show(
        request,
        beside,
        "guardian/card.html",
        {
            "contacts": beside.pupil.contacts.order_by("turn"),
            "consents": [(key, words, given.get(key)) for key, words in CONSENTS.items()],
            "guardianship": beside.guardianship,
            "safety": contact_of_class(beside.pupil.homeroom, term) if (term := current_term(clock.today())) else None,
        },
        name="guardian:card",
    )


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def consents(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Note the answers; withdrawing is as easy as giving."""
    answers = {key: request.POST.get(f"consent_{key}") == "yes" for key in CONSENTS if f"consent_{key}" in request.POST}
    people.answer_consents(beside.pupil, answers, text_version=CONSENT_TEXT, by=beside.by, at=clock.now())
    messages.success(request, "已记下，从现在起按新的选择办理。")
    return redirect("guardian:card", beside.pupil.pk)


@require_GET
@beside_child(Permission.CHILD_SEE)
def consent(request: HttpRequest, beside: Parenthood, kind: str) -> HttpResponse:
    """Hand out one of the two consents on paper, as it was answered."""
    if kind not in CONSENT_TEXTS:
        raise Http404
    term, pupil = current_term(clock.today()), beside.pupil
    made = consent_paper(
        pupil, kind, term=term.name if term else "", phone=telephone_of(pupil.school, term), at=clock.now(),
        given=latest_consents(pupil),
    )  # fmt: skip
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="consent-{kind}-{pupil.pk}.pdf"'
    return answer


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_CHOOSE)
def contacts(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Correct whom to call, in which order."""
    wrong = ""
    lines = [Line(c.turn, c.name, c.relation, c.phone) for c in beside.pupil.contacts.order_by("turn")]
    if request.method == "POST":
        lines = [_typed(request, turn) for turn in range(1, CONTACTS + 1)]
        filled = [line for line in lines if line.name or line.phone]
        wrong = "还没有保存，您填的内容都在，请看下面标红的地方。" if any(map(_is_wrong, lines)) else ""
        if not wrong:
            try:
                reaches = [Reach(one.name, one.relation, one.phone) for one in filled]
                people.set_contacts(beside.pupil, reaches, by=beside.by, at=clock.now())
            except Refused as no:
                wrong = said(no)
            else:
                messages.success(request, "联系人已更新。")
                return redirect("guardian:card", beside.pupil.pk)
    lines += [Line(turn) for turn in range(len(lines) + 1, CONTACTS + 1)]
    return show(
        request, beside, "guardian/contacts.html", {"lines": lines, "wrong": wrong}, status=422 if wrong else 200
    )


def _typed(request: HttpRequest, turn: int) -> Line:
    name, relation, phone = (
        request.POST.get(f"contact_{turn}_{part}", "").strip() for part in ("name", "relation", "phone")
    )
    named, number = "请写上姓名。" if phone and not name else "", ""
    if (name or phone) and refusal_of_mobile(phone):
        number = f"电话“{phone}”不是11位手机号，请核对。" if phone else "请写上11位手机号。"
    return Line(turn, name[:60], relation[:20], phone, named, number)


def _is_wrong(line: Line) -> bool:
    return bool(line.wrong_name or line.wrong_phone)


# --- Taking it along --------------------------------------------------------------------------------------------------


@require_POST
@beside_child(Permission.CHILD_SEE)
def export(request: HttpRequest, beside: Parenthood) -> HttpResponseBase:
    """Return everything kept about the child, as JSON or as a spreadsheet; that it was taken is journalled."""
    kept = _kept(beside.pupil)
    form = "json" if request.POST.get("form") == "json" else "xlsx"
    journal.write("guardian.exported", about=beside.pupil, by=beside.by, at=clock.now(), form=form)
    if form == "json":
        answer = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
        answer["Content-Disposition"] = f'attachment; filename="child-{beside.pupil.pk}.json"'
        return answer
    columns = [sheets.Column("类别"), sheets.Column("内容"), sheets.Column("时间")]
    return sheets.download(f"{beside.pupil.name}的记录.xlsx", columns, _rows(kept), sheet="记录")


def _kept(pupil: Pupil) -> dict[str, Any]:
    """Return the records as plain values. The ID number is masked: the family knows it, a lost file need not tell."""
    submissions = Submission.objects.filter(application__pupil=pupil).order_by("submitted_at")
    agreements = Agreement.objects.filter(application__pupil=pupil).order_by("drawn_up_at")
    return {
        "学生": [{"姓名": pupil.name, "学校": pupil.school.name, "班级": str(pupil.homeroom), "时间": ""}],
        "紧急联系人": [
            {"姓名": c.name, "关系": c.relation, "电话": c.phone, "时间": ""} for c in pupil.contacts.order_by("turn")
        ],
        "接送人": [
            {"姓名": p.name, "关系": p.relation, "电话": p.phone, "时间": _at(p.named_at)}
            for p in pupil.pickup_persons.order_by("named_at")
        ],
        "同意": [
            {
                "事项": CONSENTS.get(c.purpose, c.purpose),
                "答复": "同意" if c.given else "不同意",
                "时间": _at(c.answered_at),
            }
            for c in pupil.consents.order_by("answered_at")
        ],
        "申请": [
            {"版本": s.version, "内容": s.choice, "校验码": s.digest, "时间": _at(s.submitted_at)} for s in submissions
        ],
        "协议": [{"编号": a.number, "内容": a.content, "时间": _at(a.drawn_up_at)} for a in agreements],
        "请假": [
            {"日期": leave.on.isoformat(), "原因": leave.reason, "时间": _at(leave.filed_at)}
            for leave in Leave.objects.filter(pupil=pupil).order_by("on")
        ],
        "离校": [
            {"日期": r.on.isoformat(), "方式": r.way, "接走人": r.to_name, "时间": _at(r.released_at)}
            for r in Release.objects.filter(pupil=pupil).order_by("on")
        ],
        "回家还有书面作业": [
            {"日期": one.on.isoformat(), "时间": _at(one.reported_at)} for one in pupil.homework_reports.order_by("on")
        ],
        "服务安排的调整": _amendments(pupil),
    }


def _amendments(pupil: Pupil) -> list[dict[str, str]]:
    rows = pupil.amendment_consents.select_related("amendment").exclude(amendment__told_at=None).order_by("pk")
    return [
        {
            "原因": one.amendment.reason,
            "涉及": one.touched,
            "答复": one.TITLES[one.answer] if one.amendment.is_material else "已告知",
            "时间": _at(one.answered_at or one.amendment.told_at),
        }
        for one in rows
    ]


def _at(at: datetime | date) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if isinstance(at, datetime) else at.isoformat()


def _rows(kept: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = []
    for kind, entries in kept.items():
        for entry in entries:
            words = "；".join(f"{name}：{value}" for name, value in entry.items() if name != "时间")
            rows.append((kind, words, entry["时间"]))
    return rows
