"""What the district office has done: filings received and decided, parameters proposed and approved, days closed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import Term
from kehou.chapters.filing import actions as filing
from kehou.chapters.filing.models import Filing
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import School
from kehou.chapters.staffing import actions as staffing
from kehou.lib.actors import Actor
from kehou.lib.demonstration import DEFAULT_MOMENT, GAOLIANG, ZHUHAI
from kehou.rules import filing as rules
from kehou.rules.parameters import REGISTRY
from kehou.rules.spans import Span
from seeds.files import bring_into_use
from seeds.images import SIGNATURE
from seeds.people import Crowd
from seeds.term import SchoolStory

NOTE = (
    "本学期课后服务实施方案（含意见采纳表）、经费管理方案、服务人员名单、学生课后服务内容项目表、管理制度目录、"
    "安全与应急预案、告知书与协议书样本，共七项，请予备案。"
)
ITEMS = {"F3": "有两人没有安全责任书，请补签后重新报送。", "F7": "协议书样本里的投诉电话请用学校公布的号码。"}
SPRING = "2026-spring"
WORK_CALENDAR = "gate.work_calendar"
REGISTRATION_IN_THE_FIRST_WEEK = {"registration": 1, "draw": 0, "agreements": 0}  # working days before the service
# How many days before the afternoon it was reported, who came, what became of it.
AMENDMENTS = (
    (12, "覃书文", "accepted"),
    (2, "石映雪", "received"),
    (9, "古月华", "submitted"),
    (6, "汤砚秋", "returned"),
)


def file_with_the_district(
    school: School, term: Term, *, manager: Actor, principal: Actor, officer: Actor, accepted_at: datetime
) -> None:
    """Prepare, sign, submit and accept a school's filing; one school is sent back once and mends it."""
    at = accepted_at - timedelta(days=2)
    one = filing.prepare(school, term, note=NOTE, by=manager, at=at)
    one = _send(one, principal, at=at)
    _last_term(one, officer, at=at)
    if school.code == GAOLIANG:
        one = filing.send_back(one, items=ITEMS, by=officer, at=at + timedelta(days=1))
        mended = at + timedelta(days=1, hours=2)
        for item in one.items.all():
            filing.answer_item(item, answer="已补齐，名单和附件同时更正。", by=manager, at=mended)
        one = _send(one, principal, at=mended)
    filing.accept(one, by=officer, at=accepted_at)


def _send(one: Filing, principal: Actor, *, at: datetime) -> Filing:
    signed = filing.sign(one, ink=filing.Ink(picture=SIGNATURE), by=principal, at=at)
    return filing.submit(signed, by=principal, at=at + timedelta(minutes=20))


def _last_term(one: Filing, officer: Actor, *, at: datetime) -> None:
    """Take last term's pack into the record, from before this product: two people fewer, two activities fewer."""
    spring = Term.objects.get(code=SPRING)
    contents = {part.code: part.content for part in one.pack.parts.all()}  # type: ignore[union-attr]
    for code in ("F3", "F4"):
        table = contents[code]["tables"][0]
        table["rows"] = table["rows"][:-2] or table["rows"]
        unit = "人" if code == "F3" else "项"
        contents[code]["facts"] = [
            [name, f"{len(table['rows'])}{unit}" if name in ("人数", "活动") else value]
            for name, value in contents[code]["facts"]
            if name not in ("版本", "公布日期")
        ]
    parts = list(contents.values())
    manifest = rules.manifest_of(
        parts, school=one.school.code, term=SPRING, order=1, kind="first", note="2026年春季课后服务备案材料。"
    )
    filing.record_past(
        one.school,
        spring,
        number=rules.receipt_number(term_code=SPRING, school_code=one.school.code, order=1),
        accepted_on=date(2026, 2, 27),
        document={"manifest": manifest, "digest": rules.digest_of(manifest), "parts": parts},
        note="纸质备案，2026年8月补录。",
        by=officer,
        at=at,
    )


def amend_some(stories: list[SchoolStory], term: Term, district: dict[str, Actor], crowd: Crowd) -> None:
    """Let four schools report somebody who came in November: accepted, under review, unanswered too long, returned."""
    today, officer = DEFAULT_MOMENT.at.replace(hour=9, minute=30), district["basic_education"]
    for story, (back, name, fate) in zip(stories, AMENDMENTS, strict=False):
        at, by = today - timedelta(days=back), story.staffed.by
        school = story.staffed.school
        facts = staffing.StaffFacts(name=name, skills="书法")
        before = at - timedelta(days=3)
        newcomer = staffing.add_staff(school, facts, by=by["asp_manager"], at=before)
        bring_into_use(school, [newcomer], term, crowd, by=by, police=district["police"], at=before)
        reason = f"新聘{name}带书法组，报请变更服务人员名单。"
        one = filing.begin_amendment(school, term, reason=reason, by=by["asp_manager"], at=at)
        one = _send(one, by["principal"], at=at)
        if fate == "received":
            filing.receive(one, by=officer, at=today - timedelta(days=1))
        elif fate == "returned":
            items = {"F3": f"{name}的可服务日没有写，请补上。", "F9": "变更原因里写明从哪一天起带组。"}
            filing.send_back(one, items=items, by=officer, at=today - timedelta(days=1))
        elif fate == "accepted":
            filing.accept(one, by=officer, at=today - timedelta(days=back - 2))
    filing.tell_of_late_filings_now(at=today)


def set_the_work_calendar(by: dict[str, Actor], *, at: datetime) -> None:
    """Let this autumn's registration run until the last working day before the service, as the schools' story does.

    By the calendar we ship it would end a week before: the chain would call late what the district lets families do.
    """
    ground = basis.add_instrument(
        "梁教基〔2026〕26号（演示）",
        title="关于2026年秋季课后服务工作日历的通知",
        issuer="区教育委员会",
        issued_on=at.date(),
        by=by["basic_education"],
        at=at,
    )
    shipped = REGISTRY[WORK_CALENDAR]
    calendar = shipped.dump(shipped.default) | REGISTRATION_IN_THE_FIRST_WEEK
    proposed = basis.propose_parameter(
        WORK_CALENDAR, calendar, from_on=at.date(), instrument=ground, approval_reference="2026年第7次主任办公会",
        reason="9月1日开学后才集中报名，报名到服务开始前一个工作日，开班前分配、签协议",
        by=by["basic_education"], at=at,
    )  # fmt: skip
    basis.approve_parameter(proposed, by=by["basic_education_head"], at=at + timedelta(hours=1))


def live_in_the_district(by: dict[str, Actor]) -> None:
    """Decide what a district decides in an autumn, up to the default moment: some waits to be approved by another."""
    today = DEFAULT_MOMENT.at
    autumn = today.replace(month=9, day=10, hour=10, minute=0)
    approval = basis.add_instrument(
        "梁教基〔2026〕31号（演示）",
        title="关于2026年秋季课后服务几项具体标准的批复",
        issuer="区教育委员会",
        issued_on=date(2026, 9, 9),
        by=by["basic_education"],
        at=autumn,
    )
    rounded = basis.propose_parameter(
        "survey.min_cell", 12, from_on=date(2026, 10, 1), instrument=approval, approval_reference="2026年第9次主任办公会",
        reason="村小班额小，再提高一点，看不出是谁填的", by=by["basic_education"], at=autumn,
    )  # fmt: skip
    basis.approve_parameter(rounded, by=by["basic_education_head"], at=autumn + timedelta(days=1))
    larger = basis.propose_parameter(
        "group.min", 18, from_on=date(2026, 10, 1), reason="小组太多，教师不够", by=by["basic_education"], at=autumn
    )
    basis.reject_parameter(
        larger, reason="会让村小开不了班，不同意", by=by["basic_education_head"], at=autumn + timedelta(days=1)
    )
    basis.propose_parameter(
        "fee.tariff", {"1": 5500, "2": 10500, "3": 15500}, from_on=date(2027, 3, 8), instrument=approval,
        reason="成本监审显示可下调", by=by["price"], at=today - timedelta(days=2),
    )  # fmt: skip
    basis.propose_parameter(
        "slot.junior_class_hour_minutes", 45, from_on=date(2027, 3, 8), instrument=approval,
        reason="与初中上课时长一致", by=by["basic_education"], at=today - timedelta(days=1),
    )  # fmt: skip
    _exceptions(by["basic_education"], autumn)


def _exceptions(officer: Actor, at: datetime) -> None:
    """Let a hill school wait for the last bus, for some winter weeks."""
    school = School.objects.filter(code=ZHUHAI).first()
    if school:
        schools.approve_end_exception(
            school, latest_end=time(18, 40), days=Span.through(date(2026, 12, 1), date(2027, 1, 15)),
            reason="末班客车18:50从竹山镇发车，等车的孩子留在校内", approval_reference="梁教基〔2026〕35号（演示）",
            limit=time(18, 30), by=officer, at=at,
        )  # fmt: skip
