"""How each school came to its plan: survey, draft, committee, two rounds, notice, answers, signature; in bulk.

The first school (柚香路小学) in detail: many opinions, several groups, minutes signed by finger, an amendment that families
are answering at the default moment. All of it through the planning chapter's own actions.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from kehou.chapters.allocation.models import Placement
from kehou.chapters.allocation.queries import seated_in
from kehou.chapters.basis.models import Term
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Account, Pupil
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import AmendmentConsent, Notice, OpinionRound, Plan
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.programme.queries import rows_of
from kehou.chapters.surveys.models import Survey
from kehou.lib.actors import SYSTEM, Actor
from kehou.lib.demonstration import DEFAULT_MOMENT
from kehou.lib.templatetags.words import grades, weekdays
from kehou.lib.uploads import Upload
from kehou.rules.choice import digest
from kehou.rules.planning import Change, ChangeKind, Offered, Party, Stance, Topic, Vote
from seeds.images import SIGNATURE, scanned_form
from seeds.people import Family, Staffed
from seeds.programme import table_of

MEMBERS = 4  # of the first school's committee, beside its head
# What families say: topic, stance, words, how often in a hundred forms.
SAID = (
    (Topic.TIME, Stance.SUGGEST, "冬天天黑得早，能不能早一点结束", 9),
    (Topic.TIME, Stance.SUGGEST, "希望冬季提前放学，山路不好走", 5),
    (Topic.TIME, Stance.DISAGREE, "两课时太短，接不过来", 4),
    (Topic.CONTENT, Stance.SUGGEST, "多开些体育活动，下雨天也有地方跑", 8),
    (Topic.CONTENT, Stance.SUGGEST, "想学本地的竹编和年画", 5),
    (Topic.SAFETY, Stance.SUGGEST, "校门口车多，请多派一位老师", 6),
    (Topic.FEE, Stance.DISAGREE, "能不能再便宜一些", 4),
    (Topic.FEE, Stance.SUGGEST, "请每月公布花在哪里", 4),
    (Topic.PICKUP, Stance.SUGGEST, "临时换人接能不能在手机上办", 5),
)
# How the office put them together and what it answered: topic, title, decision, reason, section.
ANSWERS = (
    (Topic.TIME, "冬季早一点结束", "adopted", "11月起执行冬季作息，最后一批提前20分钟离校。", "times"),
    (Topic.CONTENT, "多开体育和本地特色活动", "partly", "雨天开放风雨操场，年画已开；竹编等请到老师以后再开。", "table"),
    (Topic.SAFETY, "校门口增加值守", "adopted", "放学时段增派一名值班教师，并联系派出所。", "safety"),
    (Topic.FEE, "降低收费、公布用途", "rejected", "标准由区里统一定，学校不能自行改；用途每月公示，一分一厘都能查。", ""),
    (Topic.PICKUP, "手机上换人接", "adopted", "家长在手机上当天新增接送人，班主任同时收到。", "safety"),
)  # fmt: skip
COMMENTS = (
    ("money", "每月的收支请在校门口公示栏也贴一份，老人不会看手机。"),
    ("safety", "下雨天校门口没有遮雨的地方，分批放学时请安排在门厅里等。"),
)
ADDED = {
    "times": "11月起执行冬季作息，最后一批提前20分钟离校。",
    "table": "雨天开放风雨操场，体育活动照常。",
    "safety": "放学时段校门口增派一名值班教师。临时换人接，家长当天在手机上办理。",
}


def offered_of(table: ActivityTable, at: datetime) -> Offered:
    """Return the table in the plan's words."""
    rows = rows_of(table)
    lines = tuple(
        f"{row['name']}：{weekdays([slot['weekday'] for slot in row['slots']])}，{grades(row['grades'])}，{row['place']}"
        for row in rows
    )
    return Offered(f"内容项目表{at:%Y-%m-%d}稿，{len(rows)}项活动", lines, digest({"rows": rows}))


def with_table(staffed: Staffed, families: list[Family], number: int, term: Term, at: datetime) -> ActivityTable:
    """Return the school's draft table after the plan that rests on it was talked over and signed."""
    table = table_of(staffed, term, at + timedelta(hours=2))
    consult(staffed, families, number, term, table, at + timedelta(hours=5))
    return table


def consult(
    staffed: Staffed, families: list[Family], number: int, term: Term, table: ActivityTable, at: datetime
) -> None:
    """Bring a school from its closed survey to the signed plan, from `at` on, in thirteen days."""
    dice, detailed, school = Random(number + 77), number == 0, staffed.school
    office, principal = staffed.by["asp_manager"], staffed.by["principal"]
    survey = Survey.objects.filter(school=school, term=term).order_by("-opens_at").first()
    plan = planning.start_plan(school, term, survey=survey, offered=offered_of(table, at), by=office, at=at)
    if detailed:
        _more_members(staffed, families, at)
        _comment(staffed, plan, at + timedelta(hours=8))
    _meet(staffed, plan, at + timedelta(days=1))
    first_at = at + timedelta(days=1, hours=4)
    first = planning.open_round(plan, 1, closes_at=first_at + timedelta(days=5), by=office, at=first_at)
    _families_say(first, dice, percent=58 if detailed else 30, at=first_at + timedelta(days=2))
    told = first_at + timedelta(days=5, hours=15)
    notice = planning.issue_notice(plan, by=office, at=told)
    _hand_over(staffed, notice, families, told + timedelta(days=1))
    second_at = told + timedelta(hours=2)
    second = planning.open_round(plan, 2, closes_at=second_at + timedelta(days=3), by=office, at=second_at)
    _everybody_says(second, dice, detailed=detailed, at=second_at + timedelta(days=1))
    _answer(staffed, plan, second_at + timedelta(days=3, hours=5))
    if detailed:
        plan_of_exits = Upload(content=scanned_form(), kind="png")
        planning.attach(
            plan, title="校门口离校路线与分区图", upload=plan_of_exits, by=office, at=second_at + timedelta(days=4)
        )
    final = planning.prepare_final(plan, by=office, at=second_at + timedelta(days=4, hours=2))
    planning.sign_version(final, by=principal, at=second_at + timedelta(days=4, hours=7))


def _more_members(staffed: Staffed, families: list[Family], at: datetime) -> None:
    """Let four guardians, none of the cast, join the committee."""
    ordinary = [one.guardian for one in families if not one.guardian.phone.startswith("1990000000")]
    for account in ordinary[5 : 5 + MEMBERS]:
        people.give_post(account, "parents_committee", school=staffed.school, from_on=at.date(), by=SYSTEM, at=at)


def _meet(staffed: Staffed, plan: Plan, at: datetime) -> None:
    """Let the committee meet: votes, answers, signatures by finger."""
    office = staffed.by["asp_manager"]
    members = queries.members_of(plan.school, at.date())
    came = members[: len(members) // 2 + 1] if len(members) > 1 else members
    meeting = planning.note_meeting(
        plan,
        held_on=at.date(),
        place="学校会议室",
        chair=staffed.by["parents_committee"].name,
        present=came,
        by=office,
        at=at,
    )
    all_of_them = len(came)
    planning.write_item(
        meeting, Vote("服务时间", "冬天天黑得早，建议提前", all_of_them, 0, 0, "冬季作息提前20分钟"), by=office, at=at
    )
    planning.write_item(
        meeting,
        Vote("收费与公示", "收费要看得见花在哪里", all_of_them - 1, 0, 1, "每月公示收支，家委会可以查看公开的账"),
        by=office,
        at=at,
    )
    for one in meeting.attendees.select_related("account"):
        planning.sign_minutes(meeting, account=one.account, image=SIGNATURE, by=office, at=at + timedelta(hours=1))
    planning.close_minutes(meeting, by=office, at=at + timedelta(hours=2))


def _comment(staffed: Staffed, plan: Plan, at: datetime) -> None:
    """Let the head of the committee say two things beside the draft."""
    head = staffed.by["parents_committee"]
    account = Account.objects.get(pk=head.account_id)
    for section, words in COMMENTS:
        planning.comment(plan, section=section, words=words, account=account, by=head, at=at)


def _form(dice: Random) -> dict[Topic, tuple[Stance, str]]:
    """Return one form: agreement to all six topics, but for what this family has to say."""
    said = dict.fromkeys(Topic, (Stance.AGREE, ""))
    for topic, stance, words, often in SAID:
        if dice.randrange(100) < often and said[topic][0] is Stance.AGREE:
            said[topic] = (stance, words)
    return said


def _families_say(found: OpinionRound, dice: Random, *, percent: int, at: datetime) -> None:
    accounts = found.asked.filter(party=Party.GUARDIAN).order_by("pk").values_list("account_id", flat=True)
    rows = [(account, _form(dice)) for account in accounts if dice.randrange(100) < percent]
    planning.give_many(found, Party.GUARDIAN, rows, at=at)


def _everybody_says(found: OpinionRound, dice: Random, *, detailed: bool, at: datetime) -> None:
    """Let families, teachers and children answer, and at the first school the committee and two neighbours."""
    _families_say(found, dice, percent=25 if detailed else 12, at=at)
    asked = found.asked.order_by("pk")
    agree = dict.fromkeys(Topic, (Stance.AGREE, ""))
    teachers = asked.filter(party=Party.TEACHER).values_list("account_id", flat=True)
    planning.give_many(found, Party.TEACHER, [(one, agree) for one in teachers[:8]], at=at)
    faces = dict.fromkeys((Topic.TIME, Topic.CONTENT, Topic.PICKUP), (Stance.AGREE, ""))
    pupils = asked.filter(party=Party.PUPIL).values_list("pupil_id", flat=True)
    planning.give_many(found, Party.PUPIL, [(one, faces) for one in pupils[:25]], at=at)
    if not detailed:
        return
    members = asked.filter(party=Party.COMMITTEE).values_list("account_id", flat=True)
    planning.give_many(found, Party.COMMITTEE, [(one, agree) for one in members[:3]], at=at)
    for turn, (signed, words) in enumerate(
        (("双桂社区居委会", "放学时段社区志愿者可以帮忙疏导"), ("", "门口小摊请劝离"))
    ):
        stances = {topic.value: "agree" for topic in Topic} | {"safety": "suggest"}
        planning.give_by_link(
            found, stances=stances, words={"safety": words}, signed=signed, nonce=f"seed-{found.pk}-{turn}", at=at
        )


def _hand_over(staffed: Staffed, notice: Notice, families: list[Family], at: datetime) -> None:
    """Let every family have the notice: on the phone, and on paper where there is none."""
    on_paper = [pupil for family in families if family.guardian.name == "张桂芳" for pupil in family.pupils]
    if on_paper:
        scan = Upload(content=scanned_form(), kind="png")
        planning.record_paper_receipts(notice, on_paper, scan=scan, by=staffed.by["asp_manager"], at=at)
    planning.confirm_many(notice, Pupil.objects.filter(school=staffed.school, state=Pupil.IN_SCHOOL), at=at)


def _answer(staffed: Staffed, plan: Plan, at: datetime) -> None:
    """Group every opinion by its topic, answer the groups, change the text where something was adopted, publish."""
    office = staffed.by["asp_manager"]
    for topic, title, decision, reason, section in ANSWERS:
        own = list(queries.ungrouped(plan, topic=topic.value).values_list("pk", flat=True))
        if not own:
            continue
        group = planning.group_opinions(plan, own, title=title, by=office, at=at)
        planning.decide(group, decision=decision, reason=reason, section=section, seen=1, by=office, at=at)
    for key, words in ADDED.items():
        row = plan.sections.get(key=key)
        planning.edit_section(plan, key, body=f"{row.body}\n{words}", seen=row.revision, by=office, at=at)
    planning.publish_adoption(plan, by=office, at=at)


# --- The amendment under way at the default moment --------------------------------------------------------------------


def amend(staffed: Staffed, families: list[Family], term: Term) -> None:
    """Let the first school move one activity of 陈霞's child: told, most have answered, she has not."""
    school, office, now = staffed.school, staffed.by["asp_manager"], DEFAULT_MOMENT.at
    plan = queries.plan_of(school, term)
    seats = Placement.objects.filter(application__registration__school=school, ended_at=None).select_related(
        "slot__activity"
    )
    hers = [pupil.pk for family in families if family.guardian.name == "陈霞" for pupil in family.pupils]
    seat = (
        seats.filter(application__pupil__in=hers, slot__activity__is_base_care=False).order_by("pk").first()
        or seats.filter(slot__activity__is_base_care=False).order_by("pk").first()
    )
    if plan is None or seat is None:
        return
    activity, told = seat.slot.activity, now - timedelta(days=4, hours=6)
    place = activity.room.name if activity.room else "原来的地方"
    change = Change(ChangeKind.PLACE, activity.name, place, "风雨操场")
    made = planning.propose_amendment(
        plan, reason=f"入冬以后{place}太冷，请示过家长委员会。", changes=[change], from_on=(now + timedelta(days=6)).date(),
        answer_by=(now + timedelta(days=2)).replace(hour=20, minute=0), by=office, at=told - timedelta(hours=3),
    )  # fmt: skip
    row = plan.sections.get(key="table")
    body = f"{row.body}\n{activity.name}自{made.from_on:%-m月%-d日}起改在风雨操场。"
    planning.edit_section(plan, "table", body=body, seen=row.revision, by=office, at=told - timedelta(hours=2))
    touched = seated_in(school, term, on=made.from_on, activities=[activity.pk])
    planning.tell_affected(made, touched, activities=[activity.pk], by=office, at=told)
    waiting = AmendmentConsent.objects.filter(amendment=made).exclude(pupil=hers[0]).order_by("pk")
    for consent in waiting:  # all but her: as soon as she answers it can be signed
        planning.answer_amendment(
            consent, agrees=True, by=_family(families, consent.pupil_id), at=told + timedelta(days=1)
        )


def _family(families: list[Family], pupil: int) -> Actor:
    family = next(one for one in families if any(child.pk == pupil for child in one.pupils))
    return Actor(family.guardian.pk, family.guardian.name, family.relation)
