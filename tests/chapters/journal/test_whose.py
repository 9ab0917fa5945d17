"""A school reads what was done about it, whoever did it: a family, its own office, the district."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta

import pytest

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.journal.models import Entry
from kehou.chapters.people import actions as people
from kehou.chapters.people.actions.family import Reach
from kehou.chapters.people.models import Guardianship, Post
from tests.groups import registration_of
from tests.test_architecture import ROOT
from tests.world import TODAY, World, make_account, moment

# Of the district or of one account, which may serve at several schools; and what only a school's own people do, whose
# seat says the school.
NOT_OF_A_SCHOOL = ("basis.", "staffing.provider_", "staffing.objection_", "staffing.restrict", "staffing.release")
OF_AN_ACCOUNT = {
    "people.account_made", "people.start_password_given", "people.account_switched_off", "people.account_switched_on",
    "people.second_factor_on", "people.second_factor_off", "people.sign_in_failed", "people.password_changed",
    "people.signed_in", "people.signed_out", "people.renamed",
}  # fmt: skip
FROM_A_SEAT = {"reviewing.py:review", "reviewing.py:pass_all"}


def without_school() -> Iterator[tuple[str, str]]:
    """Yield (file:function, what is written) where an entry names no school."""
    for path in sorted((ROOT / "kehou/chapters").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                named = {word.arg for word in call.keywords}
                if ast.unparse(call.func) in ("journal.write", "journal.write_many") and not named & {
                    "school_code",
                    None,
                }:
                    yield f"{path.name}:{function.name}", ast.unparse(call.args[0])


def test_every_entry_about_a_school_names_it() -> None:
    forgotten = [
        (where, what)
        for where, what in without_school()
        if where not in FROM_A_SEAT
        and not what.strip("[('\"").startswith(NOT_OF_A_SCHOOL)
        and not any(verb in what for verb in OF_AN_ACCOUNT)
    ]
    assert forgotten == []


def test_the_school_reads_what_families_and_the_district_did(world: World) -> None:
    by, district = world.by_guardian(), world.by_district("basic_education")
    assert by.school_code == district.school_code == ""
    person = people.name_pickup_person(world.mei, Reach("王奶奶", "奶奶", "19900001111"), by=by, at=moment())
    people.end_pickup_person(person, by=by, at=moment())
    people.link_guardian(world.mei, make_account("爸爸"), relation="父亲", by=district, at=moment())
    people.end_guardianship(Guardianship.objects.get(account=world.guardian, pupil=world.mei), by=district, at=moment())
    old, new = Post.objects.filter(school=world.riverside.school, homeroom=None).order_by("pk")[:2]
    people.end_post(old, on=TODAY, by=district, at=moment())
    people.end_post(new, on=new.from_on, by=district, at=moment())
    registration = registration_of(world.riverside.school, world.term)
    span = {"from_on": TODAY, "until_on": TODAY + timedelta(days=7)}
    enrolment.open_change_window(registration, name="试课周", **span, by=district, at=moment())
    verbs = (
        "people.pickup_person_named", "people.pickup_person_ended", "people.guardian_linked", "people.guardianship_ended",
        "people.post_ended", "people.post_taken_back", "enrolment.change_window_opened",
    )  # fmt: skip
    mine = Entry.objects.filter(school_code=world.riverside.school.code).values_list("verb", flat=True)
    assert [verb for verb in verbs if verb not in mine] == []
    district_post = Post.objects.filter(school=None).order_by("pk")[0]
    people.end_post(district_post, on=TODAY, by=district, at=moment())
    assert Entry.objects.filter(verb="people.post_ended", school_code="").count() == 1


pytestmark = pytest.mark.django_db
