"""Riverside on the way to its plan, step by step, each through the actions that everybody has to take."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kehou.chapters.people.models import Post
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import Notice, OpinionRound, Plan, PlanVersion
from kehou.lib.uploads import Upload
from kehou.rules.planning import Offered, Party, Topic, Vote
from tests.consultation import closed_census, closed_survey
from tests.world import FROM, World, make_account, moment

BEGAN = moment(9, on=date(2026, 8, 20))
OFFERED = Offered(
    "内容项目表草稿，截至2026-08-20", ("校园足球：周一、周三，三至六年级，操场A", "作业答疑站：周一至周五"), "a" * 64
)
SCAN = Upload(b"%PDF-1.7 minutes", "pdf")
AGREE = {topic.value: "agree" for topic in Topic}


def day(after: float, hour: int = 9) -> datetime:
    """Return an hour so many days after the draft."""
    return BEGAN.replace(hour=hour) + timedelta(days=after)


@dataclass
class Way:
    """How far Riverside has come."""

    world: World
    plan: Plan
    rounds: dict[int, OpinionRound] = field(default_factory=dict)
    notice: Notice | None = None
    final: PlanVersion | None = None

    @property
    def office(self):
        """Return the office's actor."""
        return self.world.riverside.by("asp_manager")

    @property
    def principal(self):
        """Return the principal's actor."""
        return self.world.riverside.by("principal")


def drafted(world: World) -> Way:
    """Return the way with version 0."""
    survey = closed_survey(world, at=BEGAN)
    closed_census(world, at=BEGAN)
    place = world.riverside
    plan = planning.start_plan(
        place.school, world.term, survey=survey, offered=OFFERED, by=place.by("asp_manager"), at=BEGAN
    )
    return Way(world, plan)


def met(way: Way, *, at: datetime | None = None) -> None:
    """Let the committee meet, vote and sign."""
    at = at or day(0.2)
    members = queries.members_of(way.plan.school, at.date())
    meeting = planning.note_meeting(
        way.plan, held_on=at.date(), place="会议室", chair="王主任", present=members, by=way.office, at=at
    )
    planning.write_item(
        meeting, Vote("服务时间", "冬天天黑得早", len(members), 0, 0, "冬季提前结束"), by=way.office, at=at
    )
    planning.scan_minutes(meeting, SCAN, by=way.office, at=at)
    planning.close_minutes(meeting, by=way.office, at=at)


def first_round(way: Way) -> OpinionRound:
    """Open round 1 for five days, after the committee has met (2.7.2-b before -c)."""
    if not queries.committee_has_met(way.plan):
        met(way)
    way.rounds[1] = planning.open_round(way.plan, 1, closes_at=day(6), by=way.office, at=day(1))
    return way.rounds[1]


def told(way: Way) -> Notice:
    """Issue the notice after round 1."""
    way.notice = planning.issue_notice(way.plan, by=way.office, at=day(6))
    return way.notice


def second_round(way: Way, *, answered: bool = True) -> OpinionRound:
    """Open round 2 for three days; a guardian and a teacher answer."""
    way.rounds[2] = planning.open_round(way.plan, 2, closes_at=day(10), by=way.office, at=day(7))
    if answered:
        give(way, 2, Party.GUARDIAN, way.world.guardian, {**AGREE, "time": "suggest"}, {"time": "冬天早点结束"})
        give(way, 2, Party.TEACHER, way.world.riverside.who["teacher"], AGREE, {})
    return way.rounds[2]


def give(way: Way, number: int, party: Party, account, stances, words, at: datetime | None = None):
    """Return the sheet of somebody's opinion."""
    return planning.give_opinion(
        way.rounds[number], party, stances=stances, words=words, account=account, at=at or day(8 if number == 2 else 2)
    )


def adopted(way: Way) -> None:
    """Group everything, answer it, publish."""
    at = day(11)
    for opinion in list(queries.ungrouped(way.plan)):
        group = planning.group_opinions(way.plan, [opinion.pk], title=opinion.words or "不同意", by=way.office, at=at)
        planning.decide(
            group, decision="adopted", reason="冬季提前到17:10", section="times", seen=1, by=way.office, at=at
        )
    planning.publish_adoption(way.plan, by=way.office, at=at)


def prepared(world: World) -> Way:
    """Return the way with a final version that waits for the principal."""
    way = drafted(world)
    met(way)
    first_round(way)
    told(way)
    second_round(way)
    adopted(way)
    way.final = planning.prepare_final(way.plan, by=way.office, at=day(12))
    return way


def signed(world: World) -> Way:
    """Return the way with the plan in force."""
    way = prepared(world)
    planning.sign_version(way.final, by=way.principal, at=day(12, 15))
    way.plan.refresh_from_db()
    return way


def more_members(world: World, number: int) -> None:
    """Let the committee have so many more members."""
    for turn in range(number):
        account = make_account(f"委员{turn}")
        Post.objects.create(account=account, role="parents_committee", school=world.riverside.school, from_on=FROM)
