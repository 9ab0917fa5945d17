"""闸门链: the term of the school from calendar to service; each step with its state, its evidence, what blocks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from kehou.chapters.allocation.queries import draw_of
from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import calendar_of, current_term
from kehou.chapters.enrolment.models import Agreement, Enrolment, Registration
from kehou.chapters.enrolment.queries import registration_of
from kehou.chapters.filing.models import Filing
from kehou.chapters.filing.queries import filing_of
from kehou.chapters.people.queries import Seat
from kehou.chapters.planning.queries import clearance_of, refusal_before_clearance
from kehou.chapters.programme.queries import checking, latest_publication, table_of
from kehou.chapters.programme.queries.table import service_span
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import grades_taught, rooms_of, seasons_within
from kehou.chapters.staffing.queries import staff_of
from kehou.chapters.timetable.models import Session
from kehou.desks.school.gate import at_school
from kehou.lib import clock
from kehou.lib.templatetags.words import day, grades, moment
from kehou.rules.gates import Step as Gate
from kehou.rules.permissions import Permission
from kehou.rules.schools import refusal_of_missing_season
from kehou.rules.spans import DAY
from kehou.rules.verdicts import Refusal

P = Permission


@dataclass
class Link:
    """One step as it is found: done or not, in what state, with what evidence; `refusal` says what blocks it."""

    name: str
    done: bool
    facts: str = ""
    state: str = ""
    page: str = ""
    label: str = ""
    needs: Permission | None = None
    who: str = ""
    refusal: Refusal | None = None


@at_school(Permission.SCHOOL_SEE)
def home(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show how far the term has come; the next act is a button."""
    term = current_term(clock.today())
    if term is None:
        return render(request, "school/home.html", {"term": None})
    links = chain_of(seat.school, term)
    return render(request, "school/home.html", {"term": term, "steps": _steps(links, seat), **_sums(links)})


def _sums(links: list[Link]) -> dict[str, Any]:
    return {"done": sum(link.done for link in links), "all": len(links)}


def chain_of(school: School, term: Term) -> list[Link]:
    """Return the ten steps of a term in their order."""
    return [*_preparation(school, term), *_gate(school, term), *_families(school, term)]


def _preparation(school: School, term: Term) -> list[Link]:
    days = calendar_of(term).service_days(school=school.code)
    first, last = (days[0], days[-1]) if days else (None, None)
    taught = grades_taught(school, school_year=term.school_year)
    seasons = seasons_within(school, service_span(term))
    gap = refusal_of_missing_season(service_span(term), [one.span for one in seasons])
    bare = sorted({grade for one in seasons for grade in taught if not any(key[0] == grade for key in one.dismissals)})
    return [
        Link("校历", bool(days), f"{day(first)}至{day(last)}，{len(days)}个服务日" if days else "", who="区教委"),
        Link(
            "放学时间",
            bool(seasons) and bool(taught) and gap is None and not bare,
            _said_of(seasons, taught, bare),
            page="school:dismissal",
            label="填写放学时间",
            needs=P.DISMISSAL_EDIT,
            who="课后服务管理员",
            refusal=gap if seasons else None,
        ),
        _counted("场地", rooms_of(school).count(), "处", "school:rooms", "登记场地", P.ROOMS_EDIT),
        _counted("人员", staff_of(school).count(), "人", "school:staff", "登记人员", P.STAFF_EDIT),
    ]


def _counted(name: str, count: int, unit: str, page: str, label: str, needs: Permission) -> Link:
    return Link(name, count > 0, f"{count}{unit}" if count else "还没有登记", "", page, label, needs, "课后服务管理员")


def _said_of(seasons: list[Any], taught: list[int], bare: list[int]) -> str:
    if not taught:
        return "还没有班级"
    if bare:
        return f"{grades(bare)}还没有填"
    return "、".join(one.season.name for one in seasons) if seasons else "还没有作息"


def _gate(school: School, term: Term) -> list[Link]:
    table, published = table_of(school, term), latest_publication(school, term)
    clearance = clearance_of(school, term)
    filing = filing_of(school, term)
    facts, refusal = "还没有开始编", None
    if published:
        facts = f"第{published.version}版，{day(published.published_at)}公布，{len(published.rows)}项活动"
    elif table:
        problems = checking(table, on=clock.today()).publication_problems()
        facts = f"草稿，还有{len(problems)}处要改" if problems else "草稿已填全，等校长公布"
        refusal = problems[0][1].refusal if problems else None
    return [
        Link(
            "项目表公布",
            published is not None,
            facts,
            "修改中" if table and table.state == "reopened" else "",
            "school:table",
            "编项目表",
            P.TABLE_SEE,
            "课后服务管理员、校长",
            refusal,
        ),
        Link(
            "备案通过",
            clearance is not None,
            f"编号{clearance.receipt_number}，{day(clearance.cleared_at)}" if clearance else _filing(filing),
            page="school:filing",
            label="准备备案",
            needs=P.FILING_PREPARE,
            who="区教委基教科" if filing and filing.with_district else "校长",
            refusal=refusal_before_clearance(school, term, of=Gate.REGISTRATION),
        ),
    ]


def _filing(filing: Filing | None) -> str:
    if filing is None:
        return "还没有报送"
    if filing.with_district:
        return f"{day(filing.submitted_at)}已报送"
    return filing.state_title


def _families(school: School, term: Term) -> list[Link]:
    registration = registration_of(school, on=clock.today())
    registration = registration if registration and registration.term_id == term.pk else None
    return [_registration(registration), _draw(registration), _agreements(school, term), _service(school, term)]


def _registration(registration: Registration | None) -> Link:
    answered = registration.applications.count() if registration else 0
    closed = registration is not None and registration.closes_at <= clock.now()
    return Link(
        "报名",
        closed,
        f"{answered}名学生已答复，{moment(registration.closes_at)}截止" if registration else "还没有开放",
        "已开放" if registration and not closed else "",
        "school:registration",
        "报名",
        P.REGISTRATION_SEE,
        "家长" if registration else "课后服务管理员",
    )


def _draw(registration: Registration | None) -> Link:
    draw = draw_of(registration) if registration else None
    published = draw.published_at if draw else None
    return Link(
        "统筹分配",
        published is not None,
        f"{day(published)}公布结果" if published else "还没有公布结果",
        page="school:draw",
        label="统筹分配",
        needs=P.DRAW_SEE,
        who="课后服务管理员、校长",
    )


def _agreements(school: School, term: Term) -> Link:
    agreed = Agreement.objects.filter(application__registration__school=school, application__registration__term=term)
    waiting = agreed.exclude(state__in=("in_force", "superseded", "ended")).count()
    in_force = Enrolment.objects.filter(school=school, term=term).count()
    return Link(
        "协议",
        in_force > 0,  # each child waits for its own: one that is missing keeps nobody else from coming
        f"{in_force}份生效，{waiting}份待签" if in_force or waiting else "还没有协议",
        page="school:agreements",
        label="协议签署",
        needs=P.AGREEMENT_SEE,
        who="家长" if waiting else "校长",
    )


def _service(school: School, term: Term) -> Link:
    sessions = Session.objects.filter(school=school, term=term, state=Session.PLANNED).count()
    over, began = clock.today() >= term.service_until_on, clock.today() >= term.service_from_on
    said = "已结束" if over else f"{sessions}次课次" if sessions else "还没有排课次"
    return Link(
        "服务中",
        over,
        f"{said}，{day(term.service_from_on)}至{day(term.service_until_on - DAY)}",
        "正在服务" if began and sessions and not over else "",
        "school:sessions",
        "课次",
        P.SESSION_SEE,
        "课后服务管理员",
    )


def _steps(links: list[Link], seat: Seat) -> list[dict[str, Any]]:
    """Return the steps as the chain prints them: done, now, waiting for somebody, or locked by what comes first."""
    steps, blocker = [], None
    for link in links:
        url = _url(link.page, seat) if link.needs is None or link.needs in seat.permissions else ""
        step: dict[str, Any] = {
            "name": link.name,
            "facts": link.facts,
            "state": link.state,
            "url": url,
            "label": link.label,
        }
        if link.done:
            step["kind"] = "done"
        elif blocker is None:
            step |= {"kind": "now" if url else "wait", "who": "" if url else link.who, "refusal": link.refusal}
        else:
            step |= {"kind": "locked", "state": link.state or f"先要{blocker}"}
        if not link.done and blocker is None:
            blocker = link.name
        steps.append(step)
    return steps


def _url(page: str, seat: Seat) -> str:
    """Return a page's address, or nothing where there is no such page."""
    try:
        return reverse(page, args=[seat.school.code]) if page else ""
    except NoReverseMatch:
        return ""
