"""The family committee: quorum, votes, answers, signatures; what its members may say."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from kehou.chapters.journal.models import Letter
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.plan_papers import minutes_paper
from kehou.rules.planning import Vote
from kehou.rules.verdicts import Refused
from seeds.images import SIGNATURE
from tests.chapters.planning import stage
from tests.chapters.planning.stage import day
from tests.lib.papers import png


def keys(no):
    return {one.key for one in no.value.refusals}


def meeting_of(way, present=None):
    members = queries.members_of(way.plan.school, day(0.2).date())
    return planning.note_meeting(
        way.plan, held_on=day(0.2).date(), place="会议室", chair="王主任",
        present=members if present is None else members[:present], by=way.office, at=day(0.2),
    )  # fmt: skip


@pytest.mark.clause("2.5-p", "2.7.2-b")
def test_minutes_need_a_quorum_votes_that_add_up_answers_and_signatures(world):
    stage.more_members(world, 4)  # five with the one of the cast
    way = stage.drafted(world)
    meeting = meeting_of(way, present=2)
    with pytest.raises(Refused) as no:
        planning.close_minutes(meeting, by=way.office, at=day(0.3))
    assert keys(no) == {"R-PC-01:no_quorum", "R-PC-01:no_item", "R-PC-01:not_signed"}
    meeting = meeting_of(way, present=3)
    item = planning.write_item(meeting, Vote("收费", "太贵", 1, 1, 0, ""), by=way.office, at=day(0.3))
    with pytest.raises(Refused) as no:
        planning.close_minutes(meeting, by=way.office, at=day(0.3))
    assert keys(no) == {"R-PC-01:votes_do_not_add_up", "R-PC-01:opinion_without_answer", "R-PC-01:not_signed"}
    planning.write_item(meeting, Vote("收费", "太贵", 1, 2, 0, "标准由区里定"), item=item, by=way.office, at=day(0.3))
    for attendee in meeting.attendees.all():
        planning.sign_minutes(meeting, account=attendee.account, image=SIGNATURE, by=way.office, at=day(0.3))
    closed = planning.close_minutes(meeting, by=way.office, at=day(0.4))
    assert len(closed.digest) == 64
    with pytest.raises(Refused) as no:
        planning.write_item(meeting, Vote("又一项", "", 3, 0, 0, ""), by=way.office, at=day(0.5))
    assert keys(no) == {"R-PC-01:minutes_closed"}


def test_the_ink_of_everybody_who_came_is_printed(world):
    stage.more_members(world, 4)
    way = stage.drafted(world)
    meeting = meeting_of(way)
    for number, attendee in enumerate(meeting.attendees.all()):
        planning.sign_minutes(
            meeting, account=attendee.account, image=png(121 + 20 * number), by=way.office, at=day(0.3)
        )
    printed = PdfReader(io.BytesIO(minutes_paper(meeting, at=day(0.4)).pdf))
    assert sum(len(page.images) for page in printed.pages) == meeting.attendees.count() == 5


def test_what_is_changed_has_to_be_signed_anew(world):
    way = stage.drafted(world)
    meeting = meeting_of(way)
    planning.write_item(meeting, Vote("时间", "", 1, 0, 0, ""), by=way.office, at=day(0.3))
    planning.scan_minutes(meeting, stage.SCAN, by=way.office, at=day(0.3))
    planning.write_item(meeting, Vote("地点", "", 1, 0, 0, ""), by=way.office, at=day(0.3))
    with pytest.raises(Refused) as no:
        planning.close_minutes(meeting, by=way.office, at=day(0.3))
    assert keys(no) == {"R-PC-01:not_signed"}


def test_only_who_came_signs(world):
    way = stage.drafted(world)
    meeting = meeting_of(way)
    with pytest.raises(Refused) as no:
        planning.sign_minutes(
            meeting, account=world.riverside.who["principal"], image=SIGNATURE, by=way.principal, at=day(0.3)
        )
    assert keys(no) == {"R-PC-01:not_at_the_meeting"}


@pytest.mark.clause("2.5-p")
def test_a_member_comments_and_the_office_hears_of_it(world):
    way = stage.drafted(world)
    member = world.riverside.who["parents_committee"]
    by = world.riverside.by("parents_committee")
    planning.comment(way.plan, section="times", words="冬天早一点", account=member, by=by, at=day(0.1))
    assert queries.comments_of(way.plan).get().words == "冬天早一点"
    assert Letter.objects.filter(to_account=world.riverside.who["asp_manager"].pk, body="冬天早一点").exists()
    with pytest.raises(Refused):
        planning.comment(way.plan, section="", words=" ", account=member, by=by, at=day(0.1))
