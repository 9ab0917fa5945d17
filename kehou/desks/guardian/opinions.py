"""征求意见、告知书、方案调整 beside the child: what the school asks and tells, answered with one thumb."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kehou.chapters.enrolment.queries import enrolment_on
from kehou.chapters.money import actions as money
from kehou.chapters.people.queries import Parenthood, children_of
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import AmendmentConsent, OpinionRound
from kehou.chapters.planning.opinions import asked_of, page_of
from kehou.chapters.planning.plan_papers import notice_paper
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import said, show
from kehou.lib import clock
from kehou.rules.permissions import Permission
from kehou.rules.planning import Party, Stance
from kehou.rules.verdicts import Refusal, Refused

# What a child is shown: the topic in its own words, and three faces.
CHILD_ASKS = (("time", "放学以后留在学校的时间"), ("content", "学校想开的活动"), ("pickup", "放学回家的办法"))
FACES = (
    (Stance.AGREE, "喜欢", "mood-happy"),
    (Stance.SUGGEST, "还可以", "circle-dot"),
    (Stance.DISAGREE, "不喜欢", "circle-x"),
)


def consulted(beside: Parenthood, now: datetime) -> list[dict[str, Any]]:
    """Return the errands of consultation: opinions asked for, a notice to be read, a change to be answered."""
    pupil = beside.pupil
    items = []
    for found in queries.rounds_open(pupil.school, now):
        if not found.asked.filter(account=beside.account, party=Party.GUARDIAN, has_answered=True).exists():
            url = reverse("guardian:opinions", args=(pupil.pk, found.number))
            items.append({"title": f"实施方案{found}", "url": url, "icon": "message", "deadline": found.closes_at})
    notice = queries.term_of_notice(beside.school, now.date())
    if notice is not None and queries.receipt_of(notice, pupil) is None:
        url = reverse("guardian:notice", args=(pupil.pk,))
        items.append({"title": "阅读课后服务告知书", "url": url, "icon": "mail"})
    for consent in queries.consents_for(pupil, now):
        amendment = consent.amendment
        if amendment.is_material and consent.answer == AmendmentConsent.WAITING and now < amendment.answer_by:  # type: ignore[operator]
            url = reverse("guardian:amendment", args=(pupil.pk, consent.pk))
            items.append(
                {"title": "答复服务安排的调整", "url": url, "icon": "refresh", "deadline": amendment.answer_by}
            )
    return items


def _round(beside: Parenthood, number: int) -> OpinionRound:
    rounds = OpinionRound.objects.filter(plan__school=beside.school, plan__term__until_on__gt=clock.today())
    found = (
        rounds.select_related("plan__school", "plan__term", "version")
        .filter(number=number)
        .order_by("-opens_at")
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_CHOOSE)
def opinions(request: HttpRequest, beside: Parenthood, number: int) -> HttpResponse:
    """Show what the plan says of six topics; take the household's opinion, once, with or without a name."""
    found, now = _round(beside, number), clock.now()
    wrong: dict[str, Refusal] = {}
    if request.method == "POST":
        stances, words = page_of(request.POST)
        try:
            actions.give_opinion(
                found,
                Party.GUARDIAN,
                stances=stances,
                words=words,
                signed=request.POST.get("signed", ""),
                account=beside.account,
                at=now,
            )
        except actions.OpinionRefused as no:
            wrong = no.wrong
        except Refused as no:
            messages.error(request, said(no))
            return redirect("guardian:opinions", beside.pupil.pk, number)
        else:
            messages.success(request, "意见已收到，谢谢。每一类意见都会公布答复。")
            return redirect("guardian:opinions", beside.pupil.pk, number)
    context = {
        "round": found,
        "closed": queries.refusal_to_answer(found, Party.GUARDIAN, now),
        "done": found.asked.filter(account=beside.account, party=Party.GUARDIAN, has_answered=True).exists(),
        "asked": asked_of(found.version.bodies, request.POST, wrong),
        "wrong": wrong,
        "signed": request.POST.get("signed", ""),
        "adoption": queries.adoption_of(found.plan),
        "child_asked": number == 2 and not found.asked.filter(pupil=beside.pupil, has_answered=True).exists(),
    }
    return show(request, beside, "guardian/opinions.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_CHOOSE)
def child(request: HttpRequest, beside: Parenthood, number: int) -> HttpResponse:
    """Let the child tap three faces; then hand the phone back."""
    found, now = _round(beside, number), clock.now()
    wrong: dict[str, Refusal] = {}
    if request.method == "POST":
        stances = {key: request.POST.get(f"stance_{key}", "") for key, _ in CHILD_ASKS}
        try:
            actions.give_pupil_opinion(found, beside.pupil, stances=stances, at=now)
        except actions.OpinionRefused as no:
            wrong = no.wrong
        except Refused as no:
            messages.error(request, said(no))
            return redirect("guardian:opinions", beside.pupil.pk, number)
        else:
            messages.success(request, "谢谢你！可以把手机还给大人了。")
            return redirect("guardian:opinions", beside.pupil.pk, number)
    asks = [
        (
            key,
            words,
            [(face.value, label, icon, request.POST.get(f"stance_{key}") == face.value) for face, label, icon in FACES],
            wrong.get(key),
        )
        for key, words in CHILD_ASKS
    ]
    closed = queries.refusal_to_answer(found, Party.PUPIL, now)
    return show(
        request,
        beside,
        "guardian/child_opinions.html",
        {"round": found, "asks": asks, "closed": closed, "wrong": wrong},
        status=422 if wrong else 200,
    )


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_SEE)
def notice(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show the notice; keep that the guardian has read it, for each child of theirs at the school."""
    found = queries.term_of_notice(beside.school, clock.today())
    if found is not None and request.method == "POST":
        siblings = [one for one in children_of(beside.account, on=clock.today()) if one.school_id == beside.school.pk]
        actions.confirm_notice(found, siblings, account=beside.account, by=beside.by, at=clock.now())
        messages.success(request, "已记下您阅读了告知书，谢谢。")
        return redirect("guardian:notice", beside.pupil.pk)
    receipt = queries.receipt_of(found, beside.pupil) if found else None
    return show(request, beside, "guardian/notice.html", {"notice": found, "receipt": receipt}, name="guardian:notice")


@require_GET
@beside_child(Permission.CHILD_SEE)
def notice_print(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Return the notice as a PDF."""
    found = queries.term_of_notice(beside.school, clock.today())
    if found is None:
        raise Http404
    answer = HttpResponse(
        notice_paper(found, address=request.build_absolute_uri("/")).pdf, content_type="application/pdf"
    )
    answer["Content-Disposition"] = 'inline; filename="notice.pdf"'
    return answer


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_CHOOSE)
def amendment(request: HttpRequest, beside: Parenthood, consent_id: int) -> HttpResponse:
    """Show what changes for the child; agree, or leave without cost. Saying nothing keeps the old arrangement."""
    mine = AmendmentConsent.objects.filter(pupil=beside.pupil, amendment__told_at__isnull=False)
    consent = get_object_or_404(mine.select_related("amendment__plan__school", "amendment__plan__term"), pk=consent_id)
    now = clock.now()
    if request.method == "POST":
        try:
            _answer(request.POST.get("answer", ""), consent, beside, now)
            messages.success(request, "答复已收到。")
        except Refused as no:
            messages.error(request, said(no))
        return redirect("guardian:amendment", beside.pupil.pk, consent.pk)
    changes = [(f"{one.kind.label}：{one.what}", one.was, one.becomes) for one in queries.changes_of(consent.amendment)]
    over = consent.amendment.answer_by is None or now >= consent.amendment.answer_by
    context = {
        "consent": consent,
        "amendment": consent.amendment,
        "changes": changes,
        "over": over,
        "state": AmendmentConsent.TITLES[consent.answer],
    }
    return show(request, beside, "guardian/amendment.html", context)


def _answer(answer: str, consent: AmendmentConsent, beside: Parenthood, now: datetime) -> None:
    """Keep the answer; who leaves is released in the same act. :raises Refused:"""
    enrolment = enrolment_on(beside.pupil, now.date())
    if answer == "leave" and enrolment is not None:
        money.leave_over_amendment(consent, enrolment, account=beside.account, by=beside.by, at=now)
    elif answer in ("agree", "leave"):
        actions.answer_amendment(consent, agrees=answer == "agree", account=beside.account, by=beside.by, at=now)
