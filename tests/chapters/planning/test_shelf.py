"""The shelf: drafted, changed, signed as it was read, superseded, reviewed, reminded of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import PolicyVersion
from kehou.chapters.planning.papers_shelf import catalogue_paper, policy_paper
from kehou.lib.uploads import Upload
from kehou.rules.policy_documents import REQUIRED, Chapter
from kehou.rules.verdicts import Refused
from tests.chapters.planning.shelf_stage import AT, FORCE, ON, adopted, furnished, grouped
from tests.world import World, moment

LATER = AT + timedelta(days=40)


@pytest.mark.clause("2.5-b", "2.5-c", "2.5-g")
def test_a_school_without_its_required_documents_is_told_each_and_with_them_nothing(world: World) -> None:
    school = world.riverside.school
    pack = queries.shelf_of(school, world.term, on=FORCE)
    assert [one.key for one in pack.problems] == ["R-DOC-01:not_adopted"] * len(REQUIRED)
    assert [one.key for one in pack.warnings] == ["R-DOC-02:not_adopted"] * 11

    adopted(world)
    pack = queries.shelf_of(school, world.term, on=FORCE)
    assert pack.is_complete and not pack.warnings
    assert len(pack.evidence) == 22
    first = pack.evidence[0]
    assert (first.title, first.on, first.by) == ("①管理机构及工作职责 第1版", ON, str(world.riverside.by("principal")))
    assert len(first.digest) == 64


def test_a_draft_is_not_yet_a_rule_and_a_rule_not_before_its_day(world: World) -> None:
    furnished(world)
    school = world.riverside.school
    assert {one.why for one in queries.shelf_of(school, world.term, on=FORCE).problems} == {"only_a_draft"}
    planning.sign_policies(school, in_force_from=FORCE, by=world.riverside.by("principal"), at=AT)
    assert {one.why for one in queries.shelf_of(school, world.term, on=ON).problems} == {"not_yet_in_force"}


def test_the_template_speaks_of_this_school(world: World) -> None:
    furnished(world)
    text = " ".join(body for _, body in queries.draft_of_policy(world.riverside.school, 1).chapters)
    assert world.riverside.school.name in text
    assert f"组长由校长{world.riverside.who['principal'].name}担任" in text


def test_without_posts_the_principal_cannot_sign_what_is_left_open(world: World) -> None:
    place = world.riverside
    draft = planning.draft_policy(place.school, world.term, 3, by=place.by("asp_manager"), at=AT)
    with pytest.raises(Refused) as no:
        planning.sign_policy(
            place.school, 3, edition=draft.edition, in_force_from=FORCE, by=place.by("principal"), at=AT
        )
    assert {one.why for one in no.value.refusals} == {"place_left_open", "nobody_responsible"}


def _edit(world: World, number: int, edition: int, body: str = "新的一条") -> PolicyVersion:
    place = world.riverside
    return planning.edit_policy(
        place.school, number, edition=edition, chapters=[Chapter("总则", body)], responsible="甲", note="改了总则",
        by=place.by("asp_manager"), at=AT,
    )  # fmt: skip


def test_the_principal_signs_what_was_read_not_what_came_after(world: World) -> None:
    furnished(world)
    place, read = world.riverside, queries.draft_of_policy(world.riverside.school, 8)
    changed = _edit(world, 8, read.edition)
    with pytest.raises(planning.DraftChanged):
        planning.sign_policy(
            place.school, 8, edition=read.edition, in_force_from=FORCE, by=place.by("principal"), at=AT
        )
    signed = planning.sign_policy(
        place.school, 8, edition=changed.edition, in_force_from=FORCE, by=place.by("principal"), at=AT
    )
    assert signed.chapters == [["总则", "新的一条"]]
    assert signed.review_by == date(2027, 9, 1)
    assert Entry.objects.filter(verb="planning.policy_signed", facts__number=8).count() == 1


def test_two_who_write_at_once_do_not_overwrite_each_other(world: World) -> None:
    furnished(world)
    read = queries.draft_of_policy(world.riverside.school, 8)
    _edit(world, 8, read.edition)
    with pytest.raises(planning.DraftChanged) as no:
        _edit(world, 8, read.edition, "别的话")
    assert no.value.standing.chapters == [["总则", "新的一条"]]


def test_a_new_version_begins_with_the_old_text_and_supersedes_it(world: World) -> None:
    adopted(world)
    place = world.riverside
    old = queries.standing_policy(place.school, 6)
    draft = planning.draft_policy(place.school, world.term, 6, by=place.by("asp_manager"), at=LATER)
    assert (draft.version, draft.chapters) == (2, old.chapters)
    title, body = draft.chapters[0]
    planning.edit_policy(
        place.school, 6, edition=1, chapters=[Chapter(title, body + "\n另加一条。"), *draft.text[1:]], responsible="乙",
        note="加一条", by=place.by("asp_manager"), at=LATER,
    )  # fmt: skip
    new = planning.sign_policy(
        place.school, 6, edition=2, in_force_from=LATER.date(), by=place.by("principal"), at=LATER
    )
    old.refresh_from_db()
    assert old.superseded_at == LATER
    (changed,) = queries.changes_between(old, new)
    assert [one.words for one in changed.pieces if one.kind == "in"] == ["另加一条。"]
    assert queries.standing_policy(place.school, 6) == new
    assert [one.version for one in queries.versions_of_policy(place.school, 6)] == [2, 1]


def test_a_second_draft_is_refused_and_a_dropped_one_leaves_the_rule(world: World) -> None:
    adopted(world)
    place, by = world.riverside, world.riverside.by("asp_manager")
    planning.draft_policy(place.school, world.term, 6, by=by, at=LATER)
    with pytest.raises(Refused) as no:
        planning.draft_policy(place.school, world.term, 6, by=by, at=LATER)
    assert no.value.refusal.why == "draft_exists"
    planning.drop_policy_draft(place.school, 6, by=by, at=LATER)
    assert queries.draft_of_policy(place.school, 6) is None
    assert queries.standing_policy(place.school, 6).version == 1
    with pytest.raises(Refused) as no:
        planning.draft_policy(place.school, world.term, 23, by=by, at=LATER)
    assert no.value.refusal.why == "no_such_kind"


def test_the_schools_own_paper_stands_for_the_text(world: World, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    grouped(world)
    place, by = world.riverside, world.riverside.by("asp_manager")
    planning.draft_policy(place.school, world.term, 10, by=by, at=AT)
    scanned = planning.scan_policy(place.school, 10, Upload(b"%PDF-1.7 gate", "pdf"), by=by, at=AT)
    assert len(scanned.scan_digest) == 64
    assert scanned.edition == 2
    planning.edit_policy(place.school, 10, edition=2, chapters=[], responsible="甲", note="", by=by, at=AT)
    signed = planning.sign_policy(place.school, 10, edition=3, in_force_from=FORCE, by=place.by("principal"), at=AT)
    assert policy_paper(signed, address="https://kehou.test", at=AT).pages == 1


def test_a_review_without_a_change_moves_the_day_by_at_most_the_period(world: World) -> None:
    adopted(world)
    place, late = world.riverside, moment(10, on=date(2027, 10, 8))
    problems = {one.key for one in queries.shelf_of(place.school, world.term, on=late.date()).warnings}
    assert problems == {"R-DOC-01:review_overdue", "R-DOC-02:review_overdue"}
    said = {"finding": "", "by": place.by("principal"), "at": late}
    with pytest.raises(Refused) as no:
        planning.review_policy(place.school, 8, next_on=date(2028, 10, 9), **said)
    assert no.value.refusal.why == "review_by_in_the_past"
    review = planning.review_policy(place.school, 8, next_on=date(2028, 10, 8), **said)
    assert review.finding == "复审无需修改"
    assert queries.standing_policy(place.school, 8).review_by == date(2028, 10, 8)
    with pytest.raises(Refused):
        planning.review_policy(world.hill.school, 8, next_on=date(2028, 10, 8), **said)


def test_one_letter_a_school_and_once_about_each_review(world: World) -> None:
    adopted(world)
    late = moment(6, on=date(2027, 10, 8))
    assert planning.remind_of_reviews(queries.overdue_reviews(on=late.date()), at=late) == 1
    told = Letter.objects.filter(kind="policy_review")
    who = {world.riverside.who[role].pk for role in ("asp_manager", "principal")}
    assert set(told.values_list("to_account", flat=True)) == who
    assert told.count() == 2
    assert planning.remind_of_reviews(queries.overdue_reviews(on=late.date()), at=late) == 0


def test_nothing_to_sign_is_said(world: World) -> None:
    with pytest.raises(Refused) as no:
        planning.sign_policies(world.riverside.school, in_force_from=FORCE, by=world.riverside.by("principal"), at=AT)
    assert no.value.refusal.why == "nothing_to_sign"


def test_the_number_on_the_paper_finds_a_signed_version_and_nothing_else(world: World) -> None:
    furnished(world)
    draft = queries.draft_of_policy(world.riverside.school, 3)
    assert queries.policy_by_code(draft.code) is None
    planning.sign_policies(world.riverside.school, in_force_from=FORCE, by=world.riverside.by("principal"), at=AT)
    assert queries.policy_by_code(draft.code.lower()) == draft
    for wrong in ("ZD-1", "ZD-2150990002-x-1", "ZD-2150990002-999-1", "ZD-2150990002-03-99999", "QQ-2150990002-03-1"):
        assert queries.policy_by_code(wrong) is None


@pytest.mark.parametrize("both", [False, True])
def test_the_shelf_of_a_school_costs_one_query(world: World, both: bool, django_assert_num_queries) -> None:
    (adopted if both else grouped)(world)
    with django_assert_num_queries(1):
        assert len(queries.places_of(world.riverside.school, on=FORCE)) == 22


def test_the_catalogue_holds_every_text(world: World) -> None:
    adopted(world)
    versions = queries.standing_policies(world.riverside.school)
    made = catalogue_paper(world.riverside.school, world.term, versions, at=AT)
    assert made.pages > 10 and made.missing == ()


def test_figures_of_many_schools_are_one_query(world: World, django_assert_num_queries) -> None:
    adopted(world)
    schools = [world.riverside.school, world.hill.school]
    with django_assert_num_queries(1):
        found = queries.counts_of_shelves(schools, on=FORCE)
    assert found == {schools[0].pk: replace(found[schools[0].pk], required=11, advised=11, overdue=0, drafts=0)}
