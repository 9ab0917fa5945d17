"""What every school has before its filing: leading group, letter, documents, cards, duties, fund plan; then its months."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import Account
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import ClassContact, Drill
from kehou.chapters.planning.queries import parameters_of_term
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.lib.demonstration import YOUXIANG
from kehou.rules.fund_plan import starting_plan
from kehou.rules.organisation import POSTS
from kehou.rules.policy_documents import BY_NUMBER, Chapter
from seeds.people import Staffed

ZONE = ZoneInfo("Asia/Shanghai")
SIGNED = datetime(2026, 8, 22, 10, tzinfo=ZONE)
LAST_YEAR = datetime(2025, 9, 1, 10, tzinfo=ZONE)
FORCE = date(2026, 9, 1)
OVERDUE, DRAFT, TWICE = 5, 13, 6  # the largest school: one review overdue, one draft, one second version


def furnish(staffed: Staffed, number: int, pupils: int, term: Term) -> None:
    """Give a school what the district wants to see with the filing."""
    school, manager, principal = staffed.school, staffed.by["asp_manager"], staffed.by["principal"]
    accounts = Account.objects.in_bulk({staffed.by[post.role].account_id for post in POSTS})
    began = SIGNED - timedelta(days=1)
    for post in POSTS:
        planning.appoint(
            school, post.code, "", account=accounts[staffed.by[post.role].account_id], from_on=began.date(),
            by=manager, at=began,
        )  # fmt: skip
    planning.set_emergency_facts(
        school, by=manager, at=began, assembly="操场中央", wait="一楼值班室", gate_place="正门", hospital=f"{school.town}卫生院",
        hospital_phone=f"023-5322{number:04d}", police=f"{school.town}派出所", police_phone=f"023-5323{number:04d}",
        night=f"{staffed.by['duty_leader'].name}（值班室 {school.phone}）",
    )  # fmt: skip
    _documents(staffed, term)
    planning.sign_letter(school, term, by=principal, at=SIGNED)
    _fund(staffed, pupils, term)
    _safety(staffed, term)


def _documents(staffed: Staffed, term: Term) -> None:
    """Adopt the shelf; the largest school shows what can be wrong with one."""
    school, manager, principal = staffed.school, staffed.by["asp_manager"], staffed.by["principal"]
    said = {"by": principal, "at": SIGNED}
    if school.code == YOUXIANG:
        planning.draft_missing(
            school, term, numbers=(OVERDUE, TWICE), by=manager, at=LAST_YEAR, in_force=LAST_YEAR.date()
        )
        planning.sign_policies(school, in_force_from=LAST_YEAR.date(), by=principal, at=LAST_YEAR)
        draft = planning.draft_policy(school, term, TWICE, by=manager, at=SIGNED)
        chapters = draft.text
        chapters[1] = Chapter(
            chapters[1].title, chapters[1].body + "\n值班领导每天离校前在工作群报告“当日清零”，没有清零不得离岗。"
        )
        draft = planning.edit_policy(
            school, TWICE, edition=draft.edition, chapters=chapters, responsible=draft.responsible,
            note="增加当日清零报告", by=manager, at=SIGNED,
        )  # fmt: skip
    planning.draft_missing(school, term, numbers=set(BY_NUMBER) - {DRAFT}, by=manager, at=SIGNED, in_force=FORCE)
    planning.sign_policies(school, in_force_from=FORCE, **said)
    planning.draft_policy(school, term, DRAFT, by=manager, at=SIGNED)
    if school.code != YOUXIANG:
        planning.sign_policies(school, in_force_from=FORCE, **said)


def _fund(staffed: Staffed, pupils: int, term: Term) -> None:
    """Let the group approve and the principal sign what the cashier has drawn up; who charges nothing needs none."""
    school = staffed.school
    if not school.charges_fee:
        return
    expected = pupils * 88 // 100
    plan = starting_plan(
        parameters_of_term(term), months=5,
        people_by_tier=[(1, expected * 15 // 100), (2, expected * 75 // 100), (3, expected * 10 // 100)],
        waived=pupils * 6 // 100,
    )  # fmt: skip
    draft = planning.draft_fund(school, term, plan, by=staffed.by["cashier"], at=SIGNED)
    planning.sign_fund(
        school, term, edition=draft.edition, approved_on=SIGNED.date(), by=staffed.by["principal"], at=SIGNED
    )


def _safety(staffed: Staffed, term: Term) -> None:
    """Plan the gate's duties, a drill, and what was agreed with the police about the traffic."""
    school, manager = staffed.school, staffed.by["asp_manager"]
    gate = planning.add_point(school, "gate", "正门离校", [1, 2, 3], by=manager, at=SIGNED)
    medical = planning.add_point(school, "medical", "医务室", [1, 2], by=manager, at=SIGNED)
    rows = [(gate.key, day, hour, staffed.leaders[0]) for day in range(1, 6) for hour in (1, 2, 3)]
    rows += [(medical.key, day, hour, staffed.leaders[1]) for day in range(1, 6) for hour in (1, 2)]
    planning.plan_duties(school, term, rows, by=manager, at=SIGNED)
    planning.plan_drill(
        school, term, scenario="fire", planned_on=date(2026, 10, 21), place="教学楼",
        leader=staffed.by["duty_leader"].name, plan="", by=manager, at=SIGNED,
    )  # fmt: skip
    said = {"held_on": SIGNED.date(), "by": manager, "at": SIGNED}
    planning.record_safety(
        school, term, kind="liaison", partner=f"{school.town}派出所", words="放学时段派一名民警到正门疏导，突发情况五分钟内到场",
        measures="每周五交换下周离校批次", **said,
    )  # fmt: skip
    planning.record_safety(
        school, term, kind="traffic", partner="", words="正门外道路窄，家长电动车停放占道；冬季17:40后天黑",
        measures="分三批离校，前后错开十分钟；划家长等候区；冬季提前开路灯", **said,
    )  # fmt: skip


def live(staffed: Staffed, term: Term) -> None:
    """Hold the drill and let the principal confirm the months; the largest school still owes October."""
    school, principal = staffed.school, staffed.by["principal"]
    held = datetime(2026, 10, 22, 9, tzinfo=ZONE)
    drill = Drill.objects.filter(school=school, term=term, held_on=None).first()
    if drill:
        planning.record_drill(
            drill, held_on=date(2026, 10, 21), minutes=4, people=len(staffed.leaders) * 12,
            findings="二楼东侧楼梯口拥挤", measures="两个班分别走东、西楼梯", by=staffed.by["asp_manager"], at=held,
        )  # fmt: skip
    _contacts(school, term, by=staffed.by["asp_manager"])
    for month, day in ((9, datetime(2026, 10, 9, 9, tzinfo=ZONE)), (10, datetime(2026, 11, 3, 9, tzinfo=ZONE))):
        if month == 10 and school.code == YOUXIANG:
            continue
        planning.confirm_safety(
            school, term, month=date(2026, month, 1), items=planning.ITEMS, note="", by=principal, at=day
        )


def _contacts(school: School, term: Term, *, by: Actor) -> None:
    """Let the class teachers answer for their classes; at 柚香路 the first of the third grade has not read her duties."""
    named = datetime(2026, 9, 8, 9, tzinfo=ZONE)
    planning.name_class_teachers(school, term, by=by, at=named)
    for one in ClassContact.objects.filter(homeroom__school=school, term=term).select_related("account", "homeroom"):
        if (school.code, one.homeroom.grade, one.homeroom.number) != (YOUXIANG, 3, 1):
            own = Actor(one.account_id, one.account.name, "班主任", school.code)
            planning.acknowledge_contact(one, account=one.account, by=own, at=named + timedelta(hours=2))
