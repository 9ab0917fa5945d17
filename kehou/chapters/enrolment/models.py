"""From the family's choice to the agreement and the way out (2.7.3: 家长申请、班级审核、学校统筹)."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import Pupil
from kehou.chapters.programme.models import Slot, TablePublication
from kehou.chapters.schools.models import School
from kehou.lib.constraints import before, together, within


class Registration(models.Model):
    """The window in which families of a school choose for a term."""

    school = models.ForeignKey(School, models.PROTECT, related_name="registrations")
    term = models.ForeignKey(Term, models.PROTECT, related_name="registrations")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    method = models.CharField(max_length=10)  # gsd, da, mcf: named before the first family chooses (R-ALLOC-01)
    table = models.ForeignKey(TablePublication, models.PROTECT, related_name="registrations")
    frozen_at = models.DateTimeField(null=True)  # the choices are settled: set by the draw
    late_until_at = models.DateTimeField(null=True)  # who has not applied yet may until then: set by a refill round
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "term"], name="one_registration_a_term"),
            before("opens_at", "closes_at", name="registration_closes_after_it_opens"),
        ]

    class Secrecy:
        open = {
            "school", "term", "opens_at", "closes_at", "method", "table", "frozen_at", "late_until_at", "opened_at",
        }  # fmt: skip
        masked = {"opened_by": "某人"}

    def is_open(self, at: datetime) -> bool:
        """Return whether families can choose, or change what they chose, at an instant."""
        return self.frozen_at is None and self.opens_at <= at < self.closes_at


class ChangeWindow(models.Model):
    """A span in which enrolled families may take other days: trial weeks, mid-term (2.2-i)."""

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="change_windows")
    name = models.CharField(max_length=40)
    from_on = models.DateField()
    until_on = models.DateField()
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [before("from_on", "until_on", name="change_window_ends_after_it_begins")]

    class Secrecy:
        open = {"registration", "name", "from_on", "until_on", "opened_at"}
        masked = {"opened_by": "某人"}


class Application(models.Model):
    """One child in one registration. Silence is no application; both answers are (2.1-b).

    `joins`, `version` and `digest` repeat those of the current submission, so that one statement can change them only
    if the choice is another one. `state`: see `kehou.rules.enrolling.APPLICATION`.
    """

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="applications")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="applications")
    current = models.ForeignKey("Submission", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, default="submitted")
    joins = models.BooleanField()
    version = models.PositiveSmallIntegerField(default=1)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "pupil"], name="one_application_a_child")]
        # With `joins`, so that sixty thousand are counted by school in the index alone.
        indexes = [models.Index(fields=["registration", "state", "joins"], name="enrolment_application_state")]

    class Secrecy:
        open = {"registration", "version", "digest"}
        masked = {"pupil": None, "current": None, "joins": True, "state": "submitted"}


class Submission(models.Model):
    """One version of a family's choice, never changed: a change before the deadline is the next version.

    `digest` is the hash on the receipt, over the canonical choice.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    version = models.PositiveSmallIntegerField()
    joins = models.BooleanField()
    channel = models.CharField(max_length=10)  # online, paper
    going_home = models.CharField(max_length=12, blank=True)  # guardian, delegate, alone, bus
    health_note = models.CharField(max_length=200, blank=True)
    signed_by = models.CharField(max_length=60)
    scan = models.FileField(upload_to="applications/", null=True, blank=True)
    choice = models.JSONField(default=dict)  # the canonical choice that was hashed
    digest = models.CharField(max_length=64)
    submitted_by = models.CharField(max_length=80)
    submitted_by_account = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "version"], name="submission_version_once")]

    class Secrecy:
        open = {"application", "version", "channel", "submitted_at", "digest"}
        masked = {
            "joins": False, "going_home": "", "health_note": "", "signed_by": "某人", "scan": None, "choice": {},
            "submitted_by": "某人", "submitted_by_account": None,
        }  # fmt: skip


class DayChoice(models.Model):
    """A weekday with its number of class hours (2.2-h)."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="days")
    weekday = models.PositiveSmallIntegerField()  # ISO: 1 Monday, as everywhere
    hours = models.PositiveSmallIntegerField()
    any_place = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "weekday"], name="one_choice_a_weekday"),
            within("hours", 1, 3, name="day_choice_has_one_to_three_hours"),
        ]

    class Secrecy:
        open = {"submission", "weekday", "hours", "any_place"}
        masked: dict[str, object] = {}


class Wish(models.Model):
    """A slot in a tier: equal tiers are equally liked (2.3-j)."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="wishes")
    weekday = models.PositiveSmallIntegerField()
    tier = models.PositiveSmallIntegerField()
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="wishes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "slot"], name="wish_once_a_slot")]

    class Secrecy:
        open = {"submission", "weekday", "tier", "slot"}
        masked: dict[str, object] = {}


class SameNumber(models.Model):
    """A child that shares its number of the draw with brothers or sisters: those whose standing rows name one `group`.

    The guardian asks for all of them at once, on the phone or on a signed paper, and may end it until the deadline.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="same_numbers")
    group = models.CharField(max_length=32)
    channel = models.CharField(max_length=10)  # online, paper
    scan = models.FileField(upload_to="applications/", null=True, blank=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    ended_by = models.CharField(max_length=80, null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(ended_at__isnull=True), name="one_shared_number_a_child"
            ),
            together("ended_at", "ended_by", name="shared_number_ended_has_who_and_when"),
        ]

    class Secrecy:
        open = {"channel", "asked_at", "ended_at"}
        masked = {"application": None, "group": "", "scan": None, "asked_by": "某人", "ended_by": "某人"}


class ClassReview(models.Model):
    """The class teacher's answer to one version, from a closed list; it cannot change the choice (2.7.3-b)."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="review")
    passed = models.BooleanField()
    reason = models.CharField(max_length=30, blank=True)
    reviewed_by = models.CharField(max_length=80)
    reviewed_at = models.DateTimeField()

    class Secrecy:
        open = {"submission", "passed", "reason", "reviewed_at"}
        masked = {"reviewed_by": "某人"}


class Suggestion(models.Model):
    """A group that a class teacher suggests to a family, on a ground of the closed list (2.7.3-d).

    It is never a choice: whatever the family answers, its application stays as it is until the family writes another
    version itself (R-VOL-04). `state`: open, accepted, declined, withdrawn.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="suggestions")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="suggestions")
    ground = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default="open")
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "slot"], condition=models.Q(state="open"), name="one_open_suggestion_a_slot"
            )
        ]

    class Secrecy:
        open = {"slot", "made_at", "answered_at"}
        masked = {"application": None, "ground": "", "state": "open", "made_by": "某人", "answered_by": "某人"}


class Agreement(models.Model):
    """The service agreement of school, guardian and pupil (2.7.3-g). `content` is what was signed.

    `state`: see `kehou.rules.enrolling.AGREEMENT`.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="agreements")
    number = models.CharField(max_length=40, unique=True)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, default="to_sign")
    content = models.JSONField()
    digest = models.CharField(max_length=64)  # of the canonical content
    pdf = models.FileField(upload_to="agreements/", null=True)
    pdf_digest = models.CharField(max_length=64, blank=True)
    check_code = models.CharField(max_length=16, unique=True)  # in the QR of the verification page
    drawn_up_at = models.DateTimeField()
    sign_by_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "version"], name="agreement_version_once")]

    class Secrecy:
        open = {"application", "number", "version", "state", "digest", "pdf_digest", "drawn_up_at", "sign_by_on"}
        masked = {"content": {}, "pdf": None, "check_code": ""}


class Signature(models.Model):
    """One party's signature: what was signed (hash), how, when, by whom."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=10)  # guardian, pupil, school
    method = models.CharField(max_length=10)  # finger, paper, seal, picture
    signed_name = models.CharField(max_length=60)
    image = models.FileField(upload_to="signatures/", null=True, blank=True)
    content_digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "party"], name="a_party_signs_once")]

    class Secrecy:
        open = {"agreement", "party", "method", "content_digest", "signed_at"}
        masked = {"signed_name": "某人", "image": None, "signed_by": "某人"}


class Enrolment(models.Model):
    """The child takes part from a day until a day (first day outside); made when the agreement comes into force."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="enrolment")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="enrolments")
    school = models.ForeignKey(School, models.PROTECT, related_name="enrolments")
    term = models.ForeignKey(Term, models.PROTECT, related_name="enrolments")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pupil", "term"], name="one_enrolment_a_term")]
        indexes = [models.Index(fields=["term", "school"], name="enrolment_enrolment_by_school")]

    class Secrecy:
        open = {"school", "term", "from_on", "until_on"}
        masked = {"application": None, "pupil": None, "agreement": None}


class EnrolledDay(models.Model):
    """Class hours on a weekday over a span: what is billed. A change ends one span and begins the next."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="days")
    weekday = models.PositiveSmallIntegerField()
    hours = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        constraints = [within("hours", 1, 3, name="enrolled_day_has_one_to_three_hours")]

    class Secrecy:
        open = {"enrolment", "weekday", "hours", "from_on", "until_on"}
        masked: dict[str, object] = {}


class Exit(models.Model):
    """The family leaves; effective from the next service day, nothing is asked of them."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="exit")
    effective_on = models.DateField()
    reason = models.CharField(max_length=30, blank=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()

    class Secrecy:
        open = {"enrolment", "effective_on", "asked_at"}
        masked = {"reason": "", "asked_by": "某人"}
