"""Is this paper genuine? What it is, when it was made, its hash; never whom it is about."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kehou.chapters.allocation.models import Draw
from kehou.chapters.disclosure.queries import publication_by_digest, publication_by_number
from kehou.chapters.enrolment.queries import agreement_by_check_code
from kehou.chapters.money.queries import payment_by_code
from kehou.chapters.planning.queries import (
    adoption_by_digest,
    fund_plan_by_code,
    latest_notice,
    notice_by_digest,
    policy_by_code,
    signed_version,
    version_by_digest,
)
from kehou.chapters.programme.models import TablePublication
from kehou.chapters.schools.queries import closing_by_digest, latest_closing
from kehou.chapters.staffing.file_papers import PAPER_STATES
from kehou.chapters.staffing.papers import holder_of
from kehou.chapters.staffing.queries import (
    certificate_by_code,
    staff_paper_by_check_code,
    training_by_check_code,
)
from kehou.chapters.surveys.queries import survey_by_number
from kehou.desks.public.gate import published
from kehou.desks.public.genuine import Genuine, is_hex
from kehou.desks.public.verify_filing import filing_paper
from kehou.lib import clock
from kehou.lib.paper.register import issued_with
from kehou.rules.enrolling import AGREEMENT_TITLES
from kehou.rules.outsiders import hours_in_words
from kehou.rules.staffing.papers import TITLES
from kehou.rules.wall import on_the_wall

LONGEST = 80
AS_PRINTED = "记的是打印那天的情况，之后可能有变化"
SHORTEST = 12


@published
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the paper with this code is, or that there is none."""
    plain = code.strip()[:LONGEST]
    found = _find(plain) or _printed(_digits(plain))
    return render(request, "public/verify.html", {"code": plain, "found": found}, status=200 if found else 404)


@published
def verifying(request: HttpRequest) -> HttpResponse:
    """Ask for the code that stands on the paper."""
    if code := request.GET.get("code", "").strip()[:LONGEST]:
        return redirect("public:verify", code.replace("/", ""))
    return render(request, "public/verify.html", {"code": "", "found": None})


def _digits(code: str) -> str:
    """Return the digits of a code as somebody copies them from the foot of a page: with dashes, spaces, capitals."""
    return code.replace("-", "").replace("—", "").replace(" ", "").lower()


def _find(code: str) -> Genuine | None:
    """Return the paper behind a code: agreement, receipt, publication, table of activities, draw, filing."""
    if len(code) < SHORTEST:
        return None
    digest = _digits(code)
    return (
        _policy(code)
        or _fund_plan(code)
        or _survey(code)
        or _agreement(code)
        or _staff_paper(code)
        or _training(code)
        or _receipt(code)
        or _certificate(code)
        or _publication(code, digest)
        or _table(digest)
        or _draw(digest)
        or filing_paper(code, digest)
        or _plan(digest)
        or _ledger(digest)
    )


def _printed(digest: str) -> Genuine | None:
    """Return the paper with these digits on its foot, and how the matter it is about stands now."""
    if not is_hex(digest) or not (one := issued_with(digest)):
        return None
    matter = _find(one.code) if one.code else None
    state, standing, link = (matter.state, matter.standing, matter.link) if matter else (AS_PRINTED, None, "")
    number = "，".join(filter(None, (one.number, one.term)))
    return Genuine(one.title, number, one.school, one.issued_at, one.digest, state, standing, link, one.version)


def _policy(code: str) -> Genuine | None:
    if not (one := policy_by_code(code)):
        return None
    standing = one.superseded_at is None
    return Genuine(
        one.kind.title, one.code, one.school.name, one.approved_at, one.digest,
        "执行中" if standing else "已被新版代替", standing, f"/schools/{one.school.code}/policies/" if standing else "",
    )  # fmt: skip


def _fund_plan(code: str) -> Genuine | None:
    if not (one := fund_plan_by_code(code)):
        return None
    standing = one.superseded_at is None
    return Genuine(
        "课后服务经费管理方案", one.code, one.school.name, one.signed_at, one.digest,
        "已签发" if standing else "已被调整", standing,
    )  # fmt: skip


def _survey(code: str) -> Genuine | None:
    if not (one := survey_by_number(code)):
        return None
    over = one.is_over(clock.now())
    state = "已截止" if over else f"正在填写，{on_the_wall(one.closes_at):%-m月%-d日}截止"
    return Genuine(one.title, code, one.school.name, one.opened_at, "", state, not over)


def _agreement(code: str) -> Genuine | None:
    if not (one := agreement_by_check_code(code)):
        return None
    return Genuine(
        "课后服务协议书", one.number, one.application.registration.school.name, one.drawn_up_at,
        one.pdf_digest or one.digest, AGREEMENT_TITLES[one.state], one.state == "in_force",
    )  # fmt: skip


def _staff_paper(code: str) -> Genuine | None:
    if not (one := staff_paper_by_check_code(code)):
        return None
    state = PAPER_STATES[one.state]
    title = TITLES[one.kind]
    return Genuine(
        title, one.number, one.member.school.name, one.drawn_up_at, one.digest, state, one.state == "in_force"
    )


def _training(code: str) -> Genuine | None:
    if not (one := training_by_check_code(code)):
        return None
    valid = one.valid_until_on > clock.today()
    state = "有效" if valid else "已过有效期"
    return Genuine("课后服务培训合格证", one.number, one.member.school.name, one.recorded_at, "", state, valid)


def _receipt(code: str) -> Genuine | None:
    if not (one := payment_by_code(code)):
        return None
    return Genuine(
        "课后延时服务费缴费收据", one.receipt_number, one.bill.school.name, one.received_at, "", "已收款，有效", True
    )


def _certificate(code: str) -> Genuine | None:
    if not (one := certificate_by_code(code)):
        return None
    hours = hours_in_words(one.minutes)
    state = f"已作废：{one.revoked_because}" if one.revoked_at else f"有效：{holder_of(one)}，{hours}"
    return Genuine("志愿服务证明", one.number, one.school.name, one.issued_at, "", state, one.revoked_at is None)


def _publication(code: str, digest: str) -> Genuine | None:
    one = publication_by_number(code) or (publication_by_digest(digest) if is_hex(digest) else None)
    if not one:
        return None
    state = f"已撤回：{one.withdrawn_because}" if one.withdrawn_at else "公示中"
    school = one.school.name if one.school else "梁平区教育委员会"
    return Genuine(
        one.title, one.number, school, one.published_at, one.digest, state,
        one.withdrawn_at is None, f"/publications/{one.number}/",
    )  # fmt: skip


def _table(digest: str) -> Genuine | None:
    if not is_hex(digest) or len(digest) < 16:
        return None
    one = (
        TablePublication.objects.filter(digest__startswith=digest)
        .select_related("table__school", "table__term")
        .first()
    )
    if not one:
        return None
    table, newer = one.table, one.table.publications.filter(version__gt=one.version).exists()
    title = f"学生课后服务内容项目表（{table.term.name}）"
    return Genuine(
        title, f"第{one.version}版", table.school.name, one.published_at, one.digest,
        "已有新的版本" if newer else "已公布", not newer,
        f"/tables/{table.school.code}/{table.term.code}/{one.version}/",
    )  # fmt: skip


def _draw(digest: str) -> Genuine | None:
    if not is_hex(digest) or len(digest) < 16:
        return None
    one = (
        Draw.objects.filter(state="published", record_digest__startswith=digest)
        .select_related("registration__school", "registration__term")
        .first()
    )
    if not one:
        return None
    school = one.registration.school.name
    return Genuine(
        "摇号公开记录",
        f"第{one.number}次",
        school,
        one.drawn_at,
        one.record_digest,
        "已公布",
        True,
        f"/draws/{one.pk}/",
    )


def _plan(digest: str) -> Genuine | None:
    """Return the plan, the notice or the adoption table with this hash."""
    if not is_hex(digest) or len(digest) < 16:
        return None
    if one := version_by_digest(digest):
        plan, made, what, page = one.plan, one.signed_at, f"课后服务实施方案（{one}）", "/"
        standing, kept = one == signed_version(plan), one.digest
    elif notice := notice_by_digest(digest):
        plan, made, what, page = notice.plan, notice.issued_at, f"课后服务{notice}", "/notice/"
        standing, kept = notice == latest_notice(plan.school, plan.term), notice.digest
    elif table := adoption_by_digest(digest):
        plan, made, what, page = table.plan, table.published_at, "意见采纳情况表", "/adoption/"
        standing, kept = True, table.digest
    else:
        return None
    state = "现行" if standing else "已有新的版本"
    link = f"/plans/{plan.school.code}/{plan.term.code}{page}"
    return Genuine(what, plan.term.name, plan.school.name, made, kept, state, standing, link)


def _ledger(digest: str) -> Genuine | None:
    """Return the closed resource ledger with this hash; what stands in it is the school's own matter."""
    if not is_hex(digest) or len(digest) < 16 or not (one := closing_by_digest(digest)):
        return None
    census = one.census
    standing = latest_closing(census.school, census.term) == one
    return Genuine(
        f"课后服务资源台账（{census.term.name}）", str(one), census.school.name, one.closed_at, one.digest,
        "现行" if standing else "已有新的版本", standing,
    )  # fmt: skip
