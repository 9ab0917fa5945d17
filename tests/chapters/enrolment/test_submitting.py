"""A family's answer: affirmative, whole, never overwritten, and the same when it is sent twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.models import Application, DayChoice, Submission, Wish
from kehou.chapters.journal.models import Entry
from kehou.chapters.people.models import Consent, Contact, PickupPerson
from kehou.lib.uploads import Upload
from kehou.rules.choice import DayWish, Person, digest
from kehou.rules.parameters import Parameters
from kehou.rules.verdicts import Refused
from tests.registration import AFTER, CLOSES, CONTACTS, DURING, OPENS, Stage, choice, decline, open_stage, submit

SCAN = Upload(b"%PDF-1.7 signed", "pdf")


@pytest.fixture
def stage(world) -> Stage:
    return open_stage(world)


def why(refused) -> list[str]:
    return [refusal.key for refusal in refused.value.refusals]


@pytest.mark.clause("2.1-b", "2.7.3-a")
def test_it_writes_version_one_and_returns_its_hash(stage, world):
    wish = DayWish(1, 2, ((stage.slot("校园足球"),), (stage.slot("科学小实验"), stage.slot("童声合唱"))))
    receipt = enrolment.submit(
        stage.registration, world.mei, choice(wish, DayWish(3, 1)), by=world.by_guardian(), at=DURING
    )
    submission = Submission.objects.get(pk=receipt.submission_id)
    assert (receipt.version, receipt.again) == (1, False)
    assert receipt.digest == submission.digest == digest(submission.choice)
    assert submission.choice["pupil"] == world.mei.pk
    assert list(DayChoice.objects.order_by("weekday").values_list("weekday", "hours")) == [(1, 2), (3, 1)]
    assert list(Wish.objects.order_by("tier", "slot").values_list("tier", "slot")) == [
        (1, stage.slot("校园足球")),
        (2, stage.slot("科学小实验")),
        (2, stage.slot("童声合唱")),
    ]
    application = stage.application(world.mei)
    assert (application.state, application.current_id) == ("submitted", submission.pk)
    assert Entry.objects.get(verb="enrolment.submitted").facts["digest"] == receipt.digest


@pytest.mark.clause("2.1-b")
def test_silence_is_no_application_and_no_answer_is_preset(stage, world):
    with pytest.raises(Refused) as refused:
        submit(stage, world.mei, joins=None)
    assert why(refused) == ["R-VOL-01:choose_one_answer"]
    assert not Application.objects.exists()


def test_both_answers_are_kept_alike(stage, world):
    receipt = enrolment.submit(stage.registration, world.mei, decline(), by=world.by_guardian(), at=DURING)
    application = stage.application(world.mei)
    assert (application.joins, application.state, receipt.version) == (False, "declined", 1)
    assert set(Submission.objects.get().choice) == {"format", "school", "term", "pupil", "grade", "joins", "signed_by"}


def test_sending_the_same_choice_twice_gives_the_same_version(stage, world):
    first = enrolment.submit(stage.registration, world.mei, choice(), by=world.by_guardian(), at=DURING)
    later = DURING + timedelta(seconds=1)
    again = enrolment.submit(stage.registration, world.mei, choice(), by=world.by_guardian(), at=later)
    assert again.again
    assert (again.submission_id, again.version, again.digest) == (first.submission_id, 1, first.digest)
    assert Submission.objects.count() == 1


def test_a_change_is_the_next_version_and_the_old_one_stays(stage, world):
    submit(stage, world.mei)
    before = Submission.objects.get()
    submit(stage, world.mei, DayWish(2, 1))
    assert Submission.objects.count() == 2
    kept = Submission.objects.get(pk=before.pk)
    assert (kept.version, kept.choice, kept.digest) == (1, before.choice, before.digest)
    assert stage.application(world.mei).current.version == 2


def test_going_back_to_an_earlier_choice_is_a_version_too(stage, world):
    submit(stage, world.mei)
    submit(stage, world.mei, DayWish(2, 1))
    submit(stage, world.mei)
    assert list(Submission.objects.order_by("version").values_list("version", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize("at", [OPENS, CLOSES - timedelta(seconds=1)])
def test_it_is_taken_from_the_first_to_the_last_second(stage, world, at):
    assert submit(stage, world.mei, at=at).version == 1


@pytest.mark.parametrize(
    "at,reason",
    [
        (OPENS - timedelta(seconds=1), "R-VOL-01:registration_not_open_yet"),
        (CLOSES, "R-VOL-01:registration_closed"),
        (CLOSES + timedelta(minutes=1), "R-VOL-01:registration_closed"),
    ],
)
def test_it_is_refused_outside_the_window(stage, world, at, reason):
    with pytest.raises(Refused) as refused:
        submit(stage, world.mei, at=at)
    assert why(refused) == [reason]
    assert not Submission.objects.exists()


def test_a_returned_application_may_be_mended_after_the_deadline(stage, world):
    application = submit(stage, world.mei)
    enrolment.review(
        application,
        version=1,
        passed=False,
        reason="contact",
        by=world.riverside.by("homeroom_teacher"),
        at=CLOSES,
    )
    assert submit(stage, world.mei, DayWish(2, 1), at=AFTER).state == "submitted"


def test_after_the_freeze_nothing_is_written(stage, world):
    submit(stage, world.mei)
    enrolment.freeze(stage.registration, by=world.riverside.by("asp_manager"), at=AFTER)
    with pytest.raises(Refused) as refused:
        submit(stage, world.mei, DayWish(2, 1), at=AFTER)
    assert why(refused) == ["R-VOL-01:choice_is_settled"]


@pytest.mark.clause("2.1-b")
def test_the_school_cannot_choose_without_the_signed_paper(stage, world):
    office = world.riverside.by("asp_manager")
    for channel in ("online", "paper"):
        with pytest.raises(Refused) as refused:
            enrolment.submit(stage.registration, world.mei, choice(), by=office, at=DURING, channel=channel)
        assert "R-VOL-01:staff_needs_scan" in why(refused)
    assert not Application.objects.exists()


def test_the_school_enters_a_signed_paper_with_its_scan(stage, world):
    office = world.riverside.by("asp_manager")
    enrolment.submit(stage.registration, world.mei, choice(), by=office, at=DURING, channel="paper", scan=SCAN)
    submission = Submission.objects.get()
    assert submission.channel == "paper"
    assert submission.scan.read() == SCAN.content


@pytest.mark.clause("2.1-a")
def test_only_a_child_of_this_school_can_apply(stage, world):
    with pytest.raises(Refused) as refused:
        submit(stage, world.lan)
    assert "R-ELIG-01:pupil_not_here" in why(refused)
    world.mei.state = "left"
    with pytest.raises(Refused):
        submit(stage, world.mei)


@pytest.mark.clause("2.1-a")
@pytest.mark.parametrize(
    ("key", "rule", "why_not"),
    [
        ("elig.boarding", "excluded", "boarders_not_served"),
        ("elig.private", "excluded", "private_not_served"),
        ("elig.stages", ["junior"], "stage_not_served"),
    ],
)
def test_whom_the_district_does_not_serve_cannot_apply(stage, world, monkeypatch, key, rule, why_not):
    world.mei.boards = stage.registration.school.is_private = True
    submit(stage, world.mei)
    queries.forget_offers()
    monkeypatch.setattr(queries, "parameters_on", lambda on: Parameters.of({key: rule}))
    with pytest.raises(Refused) as refused:
        submit(stage, world.mei, DayWish(2, 1))
    assert why(refused) == [f"R-ELIG-01:{why_not}"]


@pytest.mark.clause("2.2-h")
def test_one_day_is_enough_and_each_day_has_its_own_hours(stage, world):
    submit(stage, world.mei, DayWish(2, 1))
    submit(stage, world.mei, DayWish(1, 2), DayWish(2, 1), DayWish(5, 2))
    rows = DayChoice.objects.filter(submission__version=2).order_by("weekday").values_list("weekday", "hours")
    assert list(rows) == [(1, 2), (2, 1), (5, 2)]


@pytest.mark.parametrize(
    "changes,reason",
    [
        ({"days": ()}, "R-VOL-02:no_day_chosen"),
        ({"days": (DayWish(6, 1),)}, "R-VOL-02:day_not_offered"),
        ({"days": (DayWish(1, 3),)}, "R-TIME-03:hours_not_offered"),
        ({"days": (DayWish(1, 1), DayWish(1, 2))}, "R-VOL-02:day_chosen_twice"),
        ({"days": (DayWish(1, 1, (), False),)}, "R-ALLOC-01:nothing_wished_that_day"),
        ({"days": (DayWish(1, 1, ((99_999,),)),)}, "R-ALLOC-01:wish_not_offered"),
        ({"going_home": ""}, "R-PICK-02:say_how_home"),
        ({"going_home": "alone", "alone_signed": True}, "R-PICK-02:too_young_alone"),
        ({"going_home": "delegate"}, "R-PICK-02:delegate_not_named"),
        ({"contacts": CONTACTS[:1]}, "R-SAFE-02:contacts_too_few"),
        ({"contacts": (CONTACTS[0], CONTACTS[0])}, "R-SAFE-02:contacts_too_few"),
        ({"contacts": (CONTACTS[0], Person("奶奶", "祖母", "12345"))}, "R-SAFE-02:person_phone_wrong"),
        ({"health_note": "花生过敏" * 51}, "R-PRIV-01:note_too_long"),
        ({"signed_by": " "}, "R-VOL-01:sign_the_answer"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(stage, world, changes, reason):
    with pytest.raises(Refused) as refused:
        submit(stage, world.mei, **changes)
    assert reason in why(refused)
    assert not Application.objects.exists()


def test_a_wish_must_fit_into_the_hours_chosen(stage, world):
    with pytest.raises(Refused) as refused:
        submit(stage, world.mei, DayWish(1, 1, ((stage.slot("校园足球"),),)))
    assert why(refused) == ["R-ALLOC-01:wish_ends_later"]


def test_everything_wrong_is_said_at_once(stage, world):
    with pytest.raises(Refused) as refused:
        submit(stage, world.mei, DayWish(6, 1), contacts=(), going_home="", signed_by="")
    assert len(why(refused)) == 4


@pytest.mark.clause("3.2-n")
def test_from_grade_five_a_child_may_go_alone_if_the_guardian_signs(stage, world):
    from tests.world import make_pupil

    elder = make_pupil(world.riverside, "陈小涛", grade=5, guardian=world.guardian)
    with pytest.raises(Refused) as refused:
        submit(stage, elder, going_home="alone")
    assert why(refused) == ["R-PICK-02:alone_not_signed"]
    submit(stage, elder, going_home="alone", alone_signed=True)
    assert Submission.objects.get().going_home == "alone"


def test_the_card_of_the_child_follows_the_choice(stage, world):
    grandma = Person("奶奶", "祖母", "13900000003")
    submit(stage, world.mei, pickup=(grandma,), going_home="delegate", consents={"basic": True, "photo_public": False})
    phones = Contact.objects.filter(pupil=world.mei).order_by("turn").values_list("phone", flat=True)
    assert list(phones) == [contact.phone for contact in CONTACTS]
    assert PickupPerson.objects.get(pupil=world.mei, ended_at=None).name == "奶奶"
    given = dict(Consent.objects.filter(pupil=world.mei).values_list("purpose", "given"))
    assert given == {
        "basic": True, "health": False, "photo_district": False, "photo_public": False, "photo_school": False,
    }  # fmt: skip
    submit(stage, world.mei, DayWish(2, 1))
    assert not PickupPerson.objects.filter(pupil=world.mei, ended_at=None).exists()


@pytest.mark.parametrize("wishes", [1, 4])
def test_the_write_costs_the_same_statements_whatever_is_wished(stage, world, wishes, django_assert_num_queries):
    submit(stage, world.mei, DayWish(2, 1))  # the card is kept from now on
    slots = ("校园足球", "科学小实验", "童声合唱", "作业答疑站")
    days = [DayWish(1, 2, tuple((stage.slot(name),) for name in slots[:wishes]))]
    if wishes == 4:
        days += [DayWish(3, 2, ((stage.slot("校园足球", 3),),)), DayWish(4, 2)]
    # savepoint, application, submission, days, wishes, current, journal, card, release
    with django_assert_num_queries(9):
        submission = enrolment.submit(stage.registration, world.mei, choice(*days), by=world.by_guardian(), at=DURING)
    assert submission.version == 2
