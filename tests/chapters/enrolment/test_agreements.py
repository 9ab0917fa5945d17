"""协议: three parties, whole, in force before anything is served; then the days, changes and the way out."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from uuid import uuid4

import pytest

from kehou.chapters.basis.models import ParameterVersion
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Agreement, Application, EnrolledDay, Enrolment, Exit
from kehou.chapters.enrolment.papers import agreement_paper
from kehou.chapters.planning.models import NoticeReceipt
from kehou.lib.uploads import Upload
from kehou.rules.choice import DayWish, digest
from kehou.rules.verdicts import Refused
from tests.consultation import hand_over_notice
from tests.desks.guardian.family import PNG as DRAWN
from tests.registration import AFTER, open_stage, submit
from tests.world import make_pupil, moment

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
MONDAY = enrolment.Served(1, 2, (("16:00–17:30", "校园足球", "操场A"),))
FRIDAY = enrolment.Served(5, 1, (("16:00–16:40", "作业答疑站", "本班教室"),))


@pytest.fixture
def stage(world):
    return open_stage(world)


def placed(stage, pupil, *served) -> Agreement:
    """Return the agreement of a pupil that has been given a place."""
    application = submit(stage, pupil, DayWish(1, 2), DayWish(5, 1))
    Application.objects.filter(pk=application.pk).update(state="allocated")
    office = stage.world.riverside.by("asp_manager")
    (agreement,) = enrolment.draw_up_agreements(
        stage.registration, {application.pk: served or (MONDAY, FRIDAY)}, by=office, at=AFTER
    )
    return agreement


def sign(agreement, world, **changes):
    values = {
        "read_digest": agreement.digest,
        "name": "陈梅妈妈",
        "pupil": enrolment.Acknowledgement("name", "陈小梅"),
        "image": PNG,
        "by": world.by_guardian(),
        "at": AFTER,
    } | changes
    return enrolment.sign_as_family(agreement, **values)


def seal(agreement, world, at=AFTER):
    return enrolment.seal([agreement], by=world.riverside.by("principal"), at=at)


@pytest.mark.clause("2.1-e")
def test_nobody_signs_before_the_notice_is_in_hand(stage, world):
    agreement = placed(stage, world.mei)
    NoticeReceipt.objects.all().delete()
    with pytest.raises(Refused) as no:
        sign(agreement, world)
    assert [one.key for one in no.value.refusals] == ["R-NOTI-01:notice_not_received"]
    hand_over_notice([world.mei])
    assert sign(agreement, world).state == "guardian_signed"


@pytest.mark.clause("2.7.3-h", "3.2-i")
def test_it_names_rules_content_form_and_pick_up(stage, world):
    agreement = placed(stage, world.mei)
    content = agreement.content
    assert content["service"][0] == ["周一", "2课时", "16:00–17:30", "校园足球", "操场A"]
    assert content["rules"] and content["form"] and content["latest_pickup"] == "18:50"
    assert content["going_home"] == "家长接"
    assert agreement.digest == digest(content)
    assert agreement.sign_by_on == date(2026, 9, 9)  # Saturday the 5th, then three working days


def test_a_part_that_is_missing_stops_it(stage, world):
    application = submit(stage, world.mei)
    Application.objects.filter(pk=application.pk).update(state="allocated")
    office = world.riverside.by("asp_manager")
    with pytest.raises(Refused) as refused:
        enrolment.draw_up_agreements(stage.registration, {application.pk: ()}, by=office, at=AFTER)
    assert refused.value.refusal.key == "R-AGR-02:agreement_lacks"


def test_drawing_up_twice_makes_one(stage, world):
    agreement = placed(stage, world.mei)
    office = world.riverside.by("asp_manager")
    again = enrolment.draw_up_agreements(stage.registration, {agreement.application_id: (MONDAY,)}, by=office, at=AFTER)
    assert again == []


@pytest.mark.clause("2.7.3-g")
def test_guardian_pupil_and_school_sign_and_then_the_child_is_enrolled(stage, world):
    agreement = sign(placed(stage, world.mei), world)
    assert not Enrolment.objects.exists()
    (enrolled,) = seal(agreement, world)
    agreement.refresh_from_db()
    assert agreement.state == "in_force"
    assert stage.application(world.mei).state == "in_force"
    signatures = agreement.signatures.order_by("party").values_list("party", "method", "content_digest")
    assert list(signatures) == [
        ("guardian", "finger", agreement.digest),
        ("pupil", "name", agreement.digest),
        ("school", "seal", agreement.digest),
    ]
    assert (enrolled.from_on, enrolled.until_on) == (date(2026, 9, 7), date(2027, 1, 16))
    days = EnrolledDay.objects.order_by("weekday").values_list("weekday", "hours", "from_on")
    assert list(days) == [(1, 2, date(2026, 9, 7)), (5, 1, date(2026, 9, 7))]


@pytest.mark.clause("2.7.3-g")
def test_the_school_cannot_seal_what_the_family_has_not_signed(stage, world):
    with pytest.raises(Refused) as refused:
        seal(placed(stage, world.mei), world)
    assert refused.value.refusal.key == "R-AGR-01:nothing_to_seal"
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    "changes,reason",
    [
        ({"image": None}, "R-AGR-01:signature_is_empty"),
        ({"name": " "}, "R-AGR-01:signature_is_empty"),
        ({"read_digest": "0" * 64}, "R-AGR-01:text_changed_meanwhile"),
        ({"pupil": enrolment.Acknowledgement("name", "妈妈")}, "R-AGR-01:pupil_writes_own_name"),
        ({"pupil": enrolment.Acknowledgement("picture", "sun")}, "R-AGR-01:pupil_writes_a_name"),
    ],
)
def test_it_is_not_signed_halfway(stage, world, changes, reason):
    agreement = placed(stage, world.mei)
    with pytest.raises(Refused) as refused:
        sign(agreement, world, **changes)
    assert reason in [refusal.key for refusal in refused.value.refusals]
    assert not agreement.signatures.exists()


@pytest.mark.clause("2.7.3-g")
def test_the_youngest_choose_a_picture(stage, world):
    small = make_pupil(world.riverside, "陈小豆", grade=1, guardian=world.guardian)
    hand_over_notice([small])
    agreement = placed(stage, small)
    with pytest.raises(Refused) as refused:
        sign(agreement, world, pupil=enrolment.Acknowledgement("picture", "dragon"))
    assert refused.value.refusal.key == "R-AGR-01:pupil_chooses_a_picture"
    sign(agreement, world, pupil=enrolment.Acknowledgement("picture", "sun"))
    assert agreement.state == "guardian_signed"


def test_on_paper_the_office_needs_the_scan(stage, world):
    agreement = placed(stage, world.mei)
    office = {"by": world.riverside.by("asp_manager"), "pupil": enrolment.Acknowledgement("paper", "陈小梅")}
    with pytest.raises(Refused) as refused:
        sign(agreement, world, **office)
    assert refused.value.refusal.key == "R-AGR-01:paper_needs_scan"
    sign(agreement, world, scan=Upload(b"%PDF-1.7", "pdf"), image=None, **office)
    assert agreement.signatures.get(party="guardian").method == "paper"


def test_signing_twice_is_told_and_changes_nothing(stage, world):
    agreement = sign(placed(stage, world.mei), world)
    with pytest.raises(Refused) as refused:
        sign(agreement, world)
    assert refused.value.refusal.code == "R-FLOW-01"
    assert agreement.signatures.count() == 2


@pytest.mark.clause("2.1-b")
def test_leaving_takes_effect_on_the_next_service_day_and_only_once(stage, world):
    (enrolled,) = seal(sign(placed(stage, world.mei), world), world)
    friday = moment(12, on=date(2026, 11, 20))
    left = enrolment.leave(enrolled, by=world.by_guardian(), at=friday)
    assert left.effective_on == date(2026, 11, 23)
    assert set(EnrolledDay.objects.values_list("until_on", flat=True)) == {date(2026, 11, 23)}
    assert stage.application(world.mei).state == "ended"
    assert enrolment.leave(enrolled, by=world.by_guardian(), at=friday + timedelta(days=3)) == left
    assert Exit.objects.count() == 1


def test_leaving_before_the_first_day_leaves_no_day_at_all(stage, world):
    (enrolled,) = seal(sign(placed(stage, world.mei), world), world)
    left = enrolment.leave(enrolled, by=world.by_guardian(), at=AFTER)
    assert left.effective_on == date(2026, 9, 7)
    assert not EnrolledDay.objects.exists()


def test_after_the_last_service_day_there_is_nothing_to_leave(stage, world):
    (enrolled,) = seal(sign(placed(stage, world.mei), world), world)
    with pytest.raises(Refused) as refused:
        enrolment.leave(enrolled, by=world.by_guardian(), at=moment(20, on=date(2027, 1, 15)))
    assert refused.value.refusal.key == "R-ENR-01:no_service_day_left"


@pytest.mark.clause("2.2-i")
def test_less_is_possible_at_any_time_more_in_a_window_only(stage, world):
    (enrolled,) = seal(sign(placed(stage, world.mei), world), world)
    by, at = world.by_guardian(), moment(12, on=date(2026, 9, 16))
    enrolment.change_days(enrolled, {1: 2}, by=by, at=at)
    assert enrolment.hours_on(enrolled, date(2026, 9, 16)) == {1: 2, 5: 1}
    assert enrolment.hours_on(enrolled, date(2026, 9, 17)) == {1: 2}
    with pytest.raises(Refused) as refused:
        enrolment.change_days(enrolled, {1: 2, 2: 1}, by=by, at=at)
    assert refused.value.refusal.key == "R-ENR-01:more_in_a_window_only"
    enrolment.open_change_window(
        stage.registration,
        name="试听周",
        from_on=date(2026, 9, 14),
        until_on=date(2026, 9, 20),
        by=world.riverside.by("asp_manager"),
        at=AFTER,
    )
    enrolment.change_days(enrolled, {1: 2, 2: 1}, by=by, at=at)
    assert enrolment.hours_on(enrolled, date(2026, 9, 17)) == {1: 2, 2: 1}


@pytest.mark.parametrize(
    "becomes,reason",
    [({}, "change_leaves_no_day"), ({1: 2, 5: 1}, "change_changes_nothing"), ({6: 1}, "changed_hours_not_offered")],
)
def test_a_change_changes_something_that_is_offered(stage, world, becomes, reason):
    (enrolled,) = seal(sign(placed(stage, world.mei), world), world)
    with pytest.raises(Refused) as refused:
        enrolment.change_days(enrolled, becomes, by=world.by_guardian(), at=moment(12, on=date(2026, 9, 16)))
    assert refused.value.refusal.why == reason


def test_the_hash_on_the_pages_is_the_one_that_is_kept(stage, world):
    agreement = sign(placed(stage, world.mei), world, image=base64.b64decode(DRAWN))
    assert agreement_paper(agreement, address="http://here").pdf.startswith(b"%PDF-")
    seal(agreement, world)
    kept = Agreement.objects.select_related(
        "application__registration__school", "application__registration__term"
    ).get()
    assert agreement_paper(kept, address="http://here").digest == kept.pdf_digest


@pytest.mark.clause("2.7.2-g")
def test_who_joins_after_a_change_of_the_price_signs_the_new_one(stage, world):
    late = moment(9, on=date(2026, 11, 3))
    ParameterVersion.objects.create(
        key="fee.tariff", value={"1": 7000, "2": 13000, "3": 16000}, from_on=date(2026, 11, 1), state="in_force",
        proposed_by="价格科", proposed_at=AFTER, decided_at=AFTER, decision=1, stamp=uuid4(),
    )  # fmt: skip
    before = placed(stage, world.mei)
    application = submit(stage, world.bo, DayWish(1, 2))
    Application.objects.filter(pk=application.pk).update(state="allocated")
    office = world.riverside.by("asp_manager")
    (after,) = enrolment.draw_up_agreements(stage.registration, {application.pk: (MONDAY,)}, by=office, at=late)
    assert before.content["tiers"][1] == ["每天2课时", 11000] and after.content["tiers"][1] == ["每天2课时", 13000]
