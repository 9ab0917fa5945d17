"""What issue 4 names as bad input, each through the page: dates that run backwards, a plan that is taken back while it
is reviewed, two officers who decide at once. (Uploads: `school/test_uploads.py`; ink: `school/test_filing.py`.)"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.basis.models import Closure
from kehou.chapters.enrolment.models import Registration
from kehou.chapters.filing import actions as filing
from kehou.chapters.filing.models import Filing
from kehou.chapters.journal.models import Entry
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import OpinionRound, PlanVersion
from kehou.chapters.planning.queries import is_cleared
from kehou.chapters.staffing.models import Restriction, SignUpWindow
from kehou.chapters.surveys.models import Survey
from tests.chapters.planning import stage
from tests.chapters.planning.stage import BEGAN, day
from tests.chapters.staffing.test_files import identity
from tests.filing import BY_PASSWORD, submitted
from tests.world import World, moment

NEXT_WEEK = moment(9, on=date(2026, 9, 3))


# --- Dates backwards --------------------------------------------------------------------------------------------------

BACKWARDS: dict[str, tuple[str, tuple[Any, ...], dict[str, Any], type]] = {
    "a survey": (
        "survey_new", (),
        {"title": "调查", "anonymous": "yes", "words": "请填", "opens_at": "2026-08-28T08:00", "closes_at": "2026-08-20T08:00"},
        Survey,
    ),
    "the teachers' sign-up": (
        "sign_up_opening", (), {"opens_at": "2026-08-28T08:00", "closes_at": "2026-08-20T08:00"}, SignUpWindow
    ),
    "the registration": (
        "registration_opening", (),
        {"opens_at": "2026-09-10T08:00", "closes_at": "2026-09-01T08:00", "method": "gsd"}, Registration,
    ),
    "a round of opinions": ("round_opening", (1,), {"closes_at": "2026-08-01T08:00"}, OpinionRound),
}  # fmt: skip


@pytest.mark.parametrize("what", BACKWARDS)
def test_dates_that_run_backwards_are_refused_in_words(world: World, client: Client, at_moment, what: str) -> None:
    at_moment(BEGAN)
    stage.drafted(world)
    name, more, given, model = BACKWARDS[what]
    before = model.objects.count()
    client.force_login(world.riverside.who["asp_manager"])
    answer = client.post(reverse(f"school:{name}", args=(world.riverside.school.code, *more)), given, follow=True)
    assert answer.status_code in (200, 409, 422) and model.objects.count() == before
    page = answer.content.decode()
    assert any(word in page for word in ("早于", "晚于", "至少要", "至少开放")), (
        "the page says what is wrong with the days"
    )


DISTRICT_BACKWARDS: dict[str, tuple[str, dict[str, Any], type]] = {
    "a closure": ("closure_new", {"first": "2026-10-09", "last": "2026-10-08", "reason": "暴雨"}, Closure),
    "somebody on the conduct list": (
        "restriction_new",
        {
            "name": "某人", "id_number": identity(), "kind": "conduct", "basis": "处理决定1号",
            "from_on": "2026-10-09", "last_on": "2026-09-08",
        },
        Restriction,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", DISTRICT_BACKWARDS)
def test_so_are_those_of_the_district(world: World, client: Client, at_moment, what: str) -> None:
    at_moment(NEXT_WEEK)
    name, given, model = DISTRICT_BACKWARDS[what]
    client.force_login(world.district["basic_education"])
    answer = client.post(reverse(f"district:{name}"), given, follow=True)
    assert answer.status_code in (200, 409, 422) and not model.objects.exists()
    page = answer.content.decode()
    assert ("早于" in page or "要晚于" in page) and given.get("reason", given.get("basis")) in page, (
        "said, and what was typed stays"
    )


# --- A plan taken back while it is reviewed ---------------------------------------------------------------------------


def finished(world: World) -> stage.Way:
    """Bring the plan to the principal's desk."""
    return stage.prepared(world)


def test_a_version_that_was_taken_back_while_the_principal_read_it_is_not_signed(
    world: World, client: Client, at_moment
) -> None:
    way = finished(world)
    at_moment(day(12))
    client.force_login(world.riverside.who["principal"])
    sign = reverse("school:plan_signature", args=(world.riverside.school.code,))
    assert client.get(sign).status_code == 200
    version = PlanVersion.objects.filter(plan=way.plan).latest("pk")
    planning.return_version(version, reason="有一处要改", by=world.riverside.by("principal"), at=day(12))
    answer = client.post(sign, follow=True)
    assert answer.status_code in (200, 409) and "方案已签发" not in answer.content.decode()
    assert not PlanVersion.objects.filter(plan=way.plan, signed_at__isnull=False).exists()
    assert not Entry.objects.filter(verb="planning.version_signed").exists()


def test_a_filing_that_was_withdrawn_while_the_officer_read_it_is_not_decided(
    world: World, client: Client, at_moment
) -> None:
    one = submitted(world)
    at_moment(NEXT_WEEK)
    client.force_login(world.district["basic_education"])
    assert client.get(reverse("district:filing", args=(one.pk,))).status_code == 200
    filing.withdraw(one, by=world.riverside.by("principal"), at=NEXT_WEEK)
    for decision in ("receive", "accept"):
        answer = client.post(reverse("district:filing_decision", args=(one.pk,)), {"decision": decision})
        assert answer.status_code in (404, 409), "refused, not an error"
    assert not is_cleared(world.riverside.school, world.term)


def test_a_plan_under_review_can_neither_be_deleted_nor_be_written_over(world: World) -> None:
    from django.db.models import ProtectedError

    one = submitted(world)
    plan = world.riverside.school.plans.get()
    with pytest.raises(ProtectedError):
        plan.delete()
    assert Filing.objects.get(pk=one.pk).pack.parts.filter(code="F1").exists(), "what lies with the district is frozen"


# --- Two officers at once ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [("accept", "return"), ("return", "accept"), ("accept", "accept")])
def test_the_second_of_two_officers_is_told_and_changes_nothing(
    world: World, client: Client, at_moment, first: str, second: str
) -> None:
    one = submitted(world)
    at_moment(NEXT_WEEK)
    given = {"return": {"item": ["F4"], "reason_F4": "写清楚周次"}, "accept": {}}
    desk, other = reverse("district:filing_decision", args=(one.pk,)), Client()
    client.force_login(world.district["basic_education"])
    other.force_login(world.district["basic_education_head"])
    for officer in (client, other):  # both have the page open
        assert officer.get(reverse("district:filing", args=(one.pk,))).status_code == 200
    assert client.post(desk, {"decision": first, **given[first]}).status_code == 302
    was = Filing.objects.get(pk=one.pk).state
    late = other.post(desk, {"decision": second, **given[second]})
    assert late.status_code == 409 and "备案" in late.content.decode()
    assert Filing.objects.get(pk=one.pk).state == was == {"accept": "accepted", "return": "returned"}[first]
    assert is_cleared(world.riverside.school, world.term) is (first == "accept")


def test_nothing_is_signed_by_an_empty_picture(world: World, client: Client, at_moment) -> None:
    from tests.filing import AUGUST, prepared

    assert BY_PASSWORD
    one = prepared(world)
    at_moment(AUGUST)
    client.force_login(world.riverside.who["principal"])
    move = reverse("school:filing_move", args=(world.riverside.school.code,))
    for drawn in ("", "data:image/png;base64,", "data:image/png;base64,AAAA"):
        answer = client.post(move, {"move": "sign", "signature": drawn, "password": ""})
        assert answer.status_code in (200, 409, 422)
    one.refresh_from_db()
    assert one.state == "draft"
