"""What listens to the journal of the whole suite: hears an action, forgives a part, names what is missing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction

from kehou.chapters.basis import actions as basis
from kehou.chapters.people import actions as people
from kehou.lib.actors import SYSTEM
from kehou.rules.choice import DayWish
from kehou.rules.verbs import TITLES
from tests.journalled import NAME, OWED, ROOT, complaints, counts, is_whole
from tests.once import once
from tests.registration import open_stage, submit
from tests.world import moment


def test_an_entry_is_heard(world, request):
    listener = request.config.pluginmanager.get_plugin(NAME)
    before = set(listener.written)
    listener.written.clear()
    people.record_care(world.mei, "dibao_family", source="区名单", from_on=moment().date(), by=SYSTEM, at=moment())
    heard = set(listener.written)
    listener.written |= before
    assert heard == {"people.care_recorded"}


def test_a_choice_is_heard_though_it_is_written_past_the_journals_own_function(world, request):
    listener = request.config.pluginmanager.get_plugin(NAME)
    before = set(listener.written)
    listener.written.clear()
    stage = open_stage(world)
    submit(stage, world.mei, DayWish(1, 1))
    heard = set(listener.written)
    listener.written |= before
    assert "enrolment.submitted" in heard


def test_a_stage_put_back_says_what_its_actions_wrote(db, request):
    listener = request.config.pluginmanager.get_plugin(NAME)
    listener._listens = False  # as in a race
    with transaction.atomic():
        once(_stage)
        transaction.set_rollback(True)
    listener._listens = True
    before = set(listener.written)
    listener.written.clear()
    once(_stage)
    heard = set(listener.written)
    listener.written |= before
    assert "basis.instrument_added" in heard


def _stage() -> int:
    facts = {"title": "一", "issuer": "区教委", "issued_on": moment().date(), "by": SYSTEM, "at": moment()}
    return basis.add_instrument("1号", **facts).pk


def test_each_verb_that_nobody_wrote_is_named():
    all_but_owed = set(TITLES) - OWED
    assert complaints(all_but_owed) == []
    (said,) = complaints(all_but_owed - {"people.care_ended"})
    assert said.startswith("people.care_ended ") and "no test makes an action write it" in said
    assert len(complaints(TITLES)) == len(OWED), "what is owed no longer is struck off"


def test_what_is_owed_has_a_title():
    assert set(TITLES) >= OWED


@pytest.mark.parametrize(
    ("args", "changes", "whole"),
    [
        (["tests"], {}, True),
        (["."], {}, True),
        (["tests/rules"], {}, False),
        (["tests", "tests/rules/test_fees.py::test_x"], {}, False),
        (["tests"], {"keyword": "fees"}, False),
        (["tests"], {"markexpr": "not browser"}, False),
        (["tests"], {"lf": True}, False),
        (["tests"], {"deselect": ["tests/rules"]}, False),
        (["tests"], {"collectonly": True}, False),
    ],
)
def test_a_part_of_the_suite_is_asked_for_nothing(args, changes, whole):
    config = SimpleNamespace(
        option=SimpleNamespace(**changes), args=args, invocation_params=SimpleNamespace(dir=Path(ROOT))
    )
    assert is_whole(config) is whole


@pytest.mark.parametrize(
    ("nodeid", "marks", "fixtures", "heard"),
    [
        ("tests/chapters/money/test_flows.py::test_x", (), (), True),
        ("tests/journeys/test_story.py::test_x", (), (), False),
        ("tests/races/test_seats.py::test_x", (), (), False),
        ("tests/desks/test_gates.py::test_x", ("browser",), (), False),
        ("tests/chapters/people/test_rosters.py::test_x", (), ("shared_data",), False),
    ],
)
def test_what_may_be_left_out_or_is_chance_does_not_count(nodeid, marks, fixtures, heard):
    item = SimpleNamespace(
        nodeid=nodeid, fixturenames=fixtures, get_closest_marker=lambda name: name if name in marks else None
    )
    assert counts(item) is heard
