"""The child, not the menu: 今天, and 要办的事."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kehou.chapters.allocation.queries import published_draw_of
from kehou.chapters.allocation.refills import offers_open_to, open_refill_for
from kehou.chapters.allocation.renewals import renewals_of
from kehou.chapters.attendance.homework import homework_said
from kehou.chapters.attendance.models import Release
from kehou.chapters.attendance.queries import afternoon_of, is_away, release_of
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.models import Application, Enrolment
from kehou.chapters.money.queries import bills_to_pay
from kehou.chapters.people.models import Pupil
from kehou.chapters.people.queries import Parenthood, children_gone, children_of
from kehou.chapters.programme.queries import place_of
from kehou.chapters.surveys.queries import surveys_for
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.opinions import consulted
from kehou.desks.guardian.page import show
from kehou.lib import clock
from kehou.lib.gates import signed_in
from kehou.rules.attendance import MarkState, Way
from kehou.rules.enrolling import APPLICATION_TITLES
from kehou.rules.permissions import Permission


@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """Lead a guardian to the eldest child."""
    account, today = request.user, clock.today()
    children = children_of(account, on=today)  # type: ignore[arg-type]
    if not children:
        gone = children_gone(account, on=today)  # type: ignore[arg-type]
        return render(request, "guardian/no_child.html", {"gone": gone})
    return redirect("guardian:home", children[0].pk)


@beside_child(Permission.CHILD_SEE)
def home(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show where the child is, and what there is to do."""
    now = clock.now()
    pupil = beside.pupil
    registration = queries.registration_of(beside.school, on=now.date())
    application = queries.application_of(pupil, registration) if registration else None
    enrolment = queries.enrolment_on(pupil, now.date())
    return show(
        request,
        beside,
        "guardian/home.html",
        {
            "child": _today(pupil, registration, application, enrolment, now),
            "todo": _todo(pupil, application, now)
            + _choose(pupil, registration, application, now)
            + _renewing(pupil, now)
            + _suggested(pupil, application, now)
            + _pay(pupil)
            + _asked(pupil, now)
            + consulted(beside, now),
            "application": application,
            "enrolment": enrolment,
            "homework_said": bool(enrolment) and homework_said(pupil, now.date()),
            "registration": registration,
            "open_to_step_back": ("submitted", "returned", "reviewed", "waiting", "allocated", "agreed"),
        },
    )


# --- 今天 -------------------------------------------------------------------------------------------------------------


def _today(
    pupil: Pupil, registration: Any, application: Application | None, enrolment: Enrolment | None, now: datetime
) -> dict[str, Any]:
    """Return the card of the day: where the child is, since when, what comes."""
    card: dict[str, Any] = {"name": pupil.name, "homeroom": str(pupil.homeroom), "kind": "", "since": "", "plan": []}
    afternoon = afternoon_of(pupil, now.date()) if enrolment else []
    release = release_of(pupil, now.date())
    card["plan"] = [_item(session, state, now.time()) for session, state in afternoon]
    if enrolment is None and release is None:
        card["where"], card["since"] = _before(registration, application, now)
        return card
    card["where"], card["since"], card["kind"] = _where(pupil, enrolment, afternoon, release, now)
    held = [one for one, _ in afternoon if one.state == "planned"]
    if held and release is None and now.time() < held[-1].ends_at:
        card["actions"] = [
            {"label": "请假", "url": reverse("guardian:leave", args=(pupil.pk,)), "kind": ""},
            {"label": "今天换人接", "url": reverse("guardian:pickup", args=(pupil.pk,)), "kind": ""},
        ]
    return card


def _item(session: Any, state: MarkState, at: time) -> dict[str, Any]:
    cancelled = session.state == "cancelled"
    kinds = {MarkState.PRESENT: "done", MarkState.LATE: "done", MarkState.LEAVE: "plain", MarkState.ABSENT: "refused"}
    return {
        "from": session.starts_at,
        "until": session.ends_at,
        "title": session.slot.activity.name,
        "place": session.room.name if session.room else "",
        "now": not cancelled and session.starts_at <= at < session.ends_at,
        "state": "取消" if cancelled else (state.label if state != MarkState.UNKNOWN else ""),
        "state_kind": "refused" if cancelled else kinds.get(state, "wait"),
    }


def _where(
    pupil: Pupil, enrolment: Enrolment | None, afternoon: list[Any], release: Release | None, now: datetime
) -> tuple[str, str, str]:
    """Return (where, since, kind) in the words of the card."""
    if release is not None:
        who = Way(release.way).taken_by(release.to_name)
        return f"已离校 {release.released_at.astimezone(now.tzinfo):%H:%M}", who, ""
    if enrolment is None:
        return "按正常时间放学", "", ""
    if is_away(pupil, now.date()):
        return "今天请假", "不参加课后服务", ""
    held = [(session, state) for session, state in afternoon if session.state == "planned"]
    if not held:
        return "今天没有课后服务", _begins(enrolment, now.date()), ""
    here = [session for session, state in held if state.is_here]
    if here:
        session = here[-1]
        place = session.room.name if session.room else place_of(session.slot.activity) or session.slot.activity.name
        return f"在 {place}", f"{session.slot.activity.name}，{session.ends_at:%H:%M} 结束", "live"
    first = held[0][0]
    if now.time() < first.starts_at:
        return "在上学", f"{first.starts_at:%H:%M} 开始 {first.slot.activity.name}", ""
    return "还没点到名", "老师正在核对，有情况会马上联系您", "wait"


def _before(registration: Any, application: Application | None, now: datetime) -> tuple[str, str]:
    """Return what the card says while the child is not enrolled."""
    state = application.state if application else ""
    if state in ("submitted", "returned", "reviewed"):
        return "已申请", APPLICATION_TITLES[state]
    if state in ("waiting", "allocated", "agreed"):
        return "已有结果", APPLICATION_TITLES[state]
    if application is None and registration and registration.opens_at <= now < registration.closes_at:
        return "还没有选择", "参加、不参加都可以"
    return "没有参加课后服务", "按正常时间放学"


def _begins(enrolment: Enrolment, today: date) -> str:
    return f"{enrolment.from_on.month}月{enrolment.from_on.day}日开始" if enrolment.from_on > today else ""


# --- 要办的事 ---------------------------------------------------------------------------------------------------------


def _todo(pupil: Pupil, application: Application | None, now: datetime) -> list[dict[str, Any]]:
    """Return what waits for the family after the draw: offers first, then the agreement."""
    if application is None:
        return []
    items = [
        {
            "title": f"答复候补名额：{offer.slot.activity.name}",
            "url": reverse("guardian:result", args=(pupil.pk,)),
            "icon": "bell",
            "deadline": offer.expires_at,
        }
        for offer in offers_open_to(application, now)
    ]
    refill = open_refill_for(application, now)
    if refill is not None:
        url = reverse("guardian:refill", args=(pupil.pk,))
        items.append({"title": "补选：想换活动或还在候补", "url": url, "icon": "refresh", "deadline": refill.closes_at})
    if application.state == "allocated" and (agreement := queries.agreement_of(application)):
        items.append(
            {
                "title": "阅读并签署协议",
                "url": reverse("guardian:agreement", args=(pupil.pk,)),
                "icon": "signature",
                "deadline": agreement.sign_by_on,
                "late": agreement.sign_by_on < now.date(),
            }
        )
    return items


def _choose(pupil: Pupil, registration: Any, application: Application | None, now: datetime) -> list[dict[str, Any]]:
    """Return the errand of choosing: while the window is open and the family is silent, or after a return."""
    if registration is None:
        return []
    url = reverse("guardian:application", args=(pupil.pk,))
    if application is not None and application.state == "returned":
        return [{"title": "补充申请：班主任退回", "url": url, "icon": "edit", "deadline": registration.closes_at}]
    if application is None and registration.opens_at <= now < registration.closes_at:
        return [{"title": "选择参加或不参加课后服务", "url": url, "icon": "edit", "deadline": registration.closes_at}]
    late = registration.late_until_at
    if application is None and late is not None and now < late:
        return [{"title": "还可以报名：补选", "url": url, "icon": "edit", "deadline": late}]
    draw = published_draw_of(registration) if application and application.state == "waiting" else None
    if draw is not None:
        return [{"title": "看候补顺序", "url": reverse("guardian:result", args=(pupil.pk,)), "icon": "list-details"}]
    return []


def _renewing(pupil: Pupil, now: datetime) -> list[dict[str, Any]]:
    """Return the seats of last term that the family is asked about and has not answered."""
    url = reverse("guardian:renewals", args=(pupil.pk,))
    return [
        {"title": f"续报：{one.activity.name}", "url": url, "icon": "calendar-event", "deadline": one.window.closes_at}
        for one in renewals_of(pupil, on=now.date())
        if not one.answer and now < one.window.closes_at
    ]


def _suggested(pupil: Pupil, application: Application | None, now: datetime) -> list[dict[str, Any]]:
    """Return what a teacher suggested and the family has not answered, while it can still change its choice."""
    if application is None or not application.registration.is_open(now):
        return []
    if not application.suggestions.filter(state="open").exists():
        return []
    return [{"title": "看老师的建议", "url": reverse("guardian:suggestions", args=(pupil.pk,)), "icon": "message"}]


def _pay(pupil: Pupil) -> list[dict[str, Any]]:
    """Return the bills that wait to be paid, newest first."""
    url = reverse("guardian:bills", args=(pupil.pk,))
    return [
        {
            "title": f"缴{bill.month.month}月课后延时服务费",
            "url": url,
            "icon": "receipt",
        }
        for bill in bills_to_pay(pupil)
    ]


def _asked(pupil: Pupil, now: datetime) -> list[dict[str, Any]]:
    """Return the surveys that are open; whether the family has answered is not asked here, for nobody may know."""
    url = reverse("guardian:surveys", args=(pupil.pk,))
    return [
        {"title": f"调查：{survey.title}", "url": url, "icon": "message-report", "deadline": survey.closes_at}
        for survey in surveys_for(pupil, now)
    ]
