"""Accounts and posts; pupils and who answers for them; what must be known to keep a child safe, and no more."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from kehou.chapters.schools.models import Homeroom, School
from kehou.lib.constraints import before
from kehou.lib.masked import MaskedTextField
from kehou.rules.states import RosterImportState


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts by mobile number."""

    def create_user(self, phone: str, name: str, password: str | None = None, **extra: Any) -> Account:
        """Return a saved account; without a password it signs in by one-time code only."""
        account = self.model(phone=phone, name=name, **extra)
        account.set_password(password) if password else account.set_unusable_password()
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who can sign in, known by their mobile number. Personal, never shared."""

    phone = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    elder_mode = models.BooleanField(default=False)
    made_at = models.DateTimeField(null=True)

    objects = AccountManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS = ["name"]

    class Secrecy:
        open = {"is_active", "elder_mode", "made_at", "last_login"}
        masked = {"phone": "19900000000", "name": "某人", "password": "!"}

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role that a person holds at a school or in the district, from a day until a day.

    `role` names a class of `kehou.rules.permissions`; a homeroom teacher's post names the homeroom.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="posts")
    homeroom = models.ForeignKey(Homeroom, models.PROTECT, null=True, blank=True, related_name="posts")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [before("from_on", "until_on", name="post_ends_after_it_begins")]
        indexes = [models.Index(fields=["school", "role"], name="people_post_school_role")]

    class Secrecy:
        open = {"role", "school", "homeroom", "from_on", "until_on"}
        masked = {"account": None}


class OneTimeCode(models.Model):
    """A code sent to a mobile number; kept as a digest, usable once, for five minutes, with few tries."""

    phone = models.CharField(max_length=20, db_index=True)
    digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Secrecy:
        open = {"asked_at", "expires_at", "wrong_tries", "used_at"}
        masked = {"phone": "19900000000", "digest": ""}


class Attempt(models.Model):
    """A failed sign-in or an asked code: what the throttle counts."""

    key = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="people_attempt_key_at")]

    class Secrecy:
        open = {"at"}
        masked = {"key": ""}


class SignIn(models.Model):
    """A session of an account, so that its owner can see and end it."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=120, blank=True)
    signed_in_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Secrecy:
        open = {"account", "signed_in_at", "ended_at"}
        masked = {"session_key": "", "device": ""}


class Pupil(models.Model):
    """A child on the register of one school. Two children may share a name; nothing is keyed by it."""

    IN_SCHOOL, LEFT = "in_school", "left"

    school = models.ForeignKey(School, models.PROTECT, related_name="pupils")
    homeroom = models.ForeignKey(Homeroom, models.PROTECT, related_name="pupils")
    name = models.CharField(max_length=60)
    name_sort = models.CharField(max_length=120, blank=True)  # pinyin, for lists and finding
    sex = models.CharField(max_length=1)  # GB/T 2261.1: 1 male, 2 female
    born_on = models.DateField()
    id_number = MaskedTextField(null=True)
    id_hash = models.CharField(max_length=64, null=True, db_index=True)
    student_no = MaskedTextField(null=True)
    student_no_hash = models.CharField(max_length=64, null=True, db_index=True)
    boards = models.BooleanField(default=False)
    commute = models.CharField(max_length=12, blank=True)  # near, middle, far
    state = models.CharField(max_length=12, default=IN_SCHOOL)
    entered_on = models.DateField(null=True)
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [
            # Not the number alone: two children with one ID number (重号) stand in every large register.
            models.UniqueConstraint(fields=["id_hash", "name"], name="pupil_once_by_number_and_name")
        ]
        indexes = [
            models.Index(fields=["school", "homeroom", "name_sort"], name="people_pupil_list"),
            models.Index(fields=["school", "state"], name="people_pupil_by_school"),  # counted for the whole district
        ]

    class Secrecy:
        open = {"school", "homeroom", "sex", "state", "entered_on", "left_on", "boards", "commute"}
        masked = {
            "name": "某同学", "name_sort": "", "born_on": None, "id_number": None, "id_hash": None,
            "student_no": None, "student_no_hash": None,
        }  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Guardianship(models.Model):
    """Who answers for a child, with the telephone that reaches them. Ends; is not deleted."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="guardianships")
    account = models.ForeignKey(Account, models.PROTECT, related_name="guardianships")
    relation = models.CharField(max_length=20)
    is_main = models.BooleanField(default=False)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "account"], condition=models.Q(until_on__isnull=True), name="guardian_once_a_child"
            )
        ]

    class Secrecy:
        open = {"is_main", "from_on", "until_on"}
        masked = {"pupil": None, "account": None, "relation": "家长"}


class Contact(models.Model):
    """Whom to call, in which order (clause 3.1-k)."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=60)
    relation = models.CharField(max_length=20)
    phone = models.CharField(max_length=20)
    turn = models.PositiveSmallIntegerField(default=1)
    verified_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pupil", "turn"], name="contact_has_its_turn")]

    class Secrecy:
        open = {"turn", "verified_on"}
        masked = {"pupil": None, "name": "某人", "relation": "家长", "phone": "19900000000"}


class PickupPerson(models.Model):
    """Somebody to whom the child may be handed over; named by the guardian, ended by the guardian."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="pickup_persons")
    name = models.CharField(max_length=60)
    relation = models.CharField(max_length=20)
    phone = models.CharField(max_length=20, blank=True)
    only_on = models.DateField(null=True, blank=True)  # set for a change of today only
    named_at = models.DateTimeField()
    named_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    class Secrecy:
        open = {"only_on", "named_at", "ended_at"}
        masked = {"pupil": None, "name": "某人", "relation": "亲属", "phone": "", "named_by": "某人"}


class CareRecord(models.Model):
    """A ground for a guaranteed place or a waiver: left-behind, migrant, poverty relief, dibao … (2.1-f…j, 2.6.1-j).

    Seen only by those who act on it (2.1-k): the aid officer, the cashier, the system itself.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="care_records")
    category = models.CharField(max_length=30)
    source = models.CharField(max_length=120)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [before("from_on", "until_on", name="care_ends_after_it_begins")]

    class Secrecy:
        open = {"from_on", "until_on", "recorded_at", "ended_at"}
        masked = {"pupil": None, "category": "", "source": "", "recorded_by": "某人"}


class Consent(models.Model):
    """One purpose, one answer of the guardian; the latest counts, refusing closes nothing (PIPL 28–31)."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=30)
    given = models.BooleanField()
    text_version = models.CharField(max_length=20)
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=80)

    class Secrecy:
        open = {"purpose", "given", "text_version", "answered_at"}
        masked = {"pupil": None, "answered_by": "某人"}


class RosterImport(models.Model):
    """One roster file: read dry first, then taken whole or not at all."""

    school = models.ForeignKey(School, models.PROTECT, related_name="roster_imports")
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    file = models.FileField(upload_to="rosters/", null=True)
    state = models.CharField(max_length=12, default="read")  # read, taken, dropped
    report = models.JSONField(default=dict)
    read_by = models.CharField(max_length=80)
    read_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80, blank=True)
    taken_at = models.DateTimeField(null=True)

    @property
    def state_title(self) -> str:
        """Return the state in Chinese."""
        return RosterImportState(self.state).label

    class Secrecy:
        open = {"school", "file_digest", "state", "read_at", "taken_at"}
        masked = {"file_name": "", "file": None, "report": {}, "read_by": "某人", "taken_by": ""}
