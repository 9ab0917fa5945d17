"""The adults of the service: who they are, what they offered, how far they are on the path to serving."""

from __future__ import annotations

from django.db import models

from kehou.chapters.people.models import Account
from kehou.chapters.schools.models import School
from kehou.lib.masked import MaskedTextField


class StaffMember(models.Model):
    """An adult with pupils in the slot: in-service teacher, one of the external kinds, guard (2.4-a, 2.4-f).

    `fit_until_on` is the first day on which something required no longer holds and `fit_ends` which (`health`); they
    are written anew by every action on the file, so that a list of a hundred people is judged by its own rows.
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="staff")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="staff_records")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, default="in_service")
    subject = models.CharField(max_length=20, blank=True)
    skills = models.CharField(max_length=200, blank=True)
    weekdays = models.JSONField(default=list)  # ISO weekdays they offered to serve; empty: not said
    weekly_cap = models.PositiveSmallIntegerField(default=10)  # class hours
    unpaid = models.BooleanField(default=False)  # any external kind may serve as a volunteer (2.4-g)
    id_number = MaskedTextField(null=True, blank=True)
    id_hash = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=20, default="proposed")  # rules.states.PersonState
    fit_until_on = models.DateField(null=True, blank=True)
    fit_ends = models.CharField(max_length=20, blank=True)
    warned_of = models.CharField(max_length=40, blank=True)  # `health 2026-12-10`: nobody is warned twice of one end
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "id_hash"],
                condition=~models.Q(id_hash="") & ~models.Q(state="left"),
                name="nobody_is_twice_on_a_list",
            )
        ]
        indexes = [
            models.Index(fields=["school", "state", "name"], name="staffing_staff_list"),
            models.Index(fields=["fit_until_on"], name="staffing_staff_ends"),
        ]

    class Secrecy:
        open = {
            "school", "kind", "subject", "weekdays", "weekly_cap", "unpaid", "state", "joined_on", "left_on",
            "fit_until_on", "fit_ends", "warned_of",
        }  # fmt: skip
        masked = {"account": None, "name": "某老师", "skills": "", "id_number": None, "id_hash": ""}

    def __str__(self) -> str:
        return self.name
