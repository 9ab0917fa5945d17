"""What parents' representatives took part in (2.5-q)."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import Account
from kehou.chapters.schools.models import School
from kehou.lib.constraints import together
from kehou.rules.participation import Point


class Participation(models.Model):
    """One time at which representatives took part: where, on which day, who, what came of it. Struck, never deleted."""

    school = models.ForeignKey(School, models.PROTECT, related_name="participations")
    term = models.ForeignKey(Term, models.PROTECT, related_name="participations")
    point = models.CharField(max_length=10, choices=Point.choices())
    held_on = models.DateField()
    words = models.CharField(max_length=300)
    members = models.ManyToManyField(Account, related_name="+")
    noted_by = models.CharField(max_length=80)
    noted_at = models.DateTimeField()
    struck_because = models.CharField(max_length=120, null=True)
    struck_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [together("struck_because", "struck_at", name="participation_struck_why_and_when")]
        indexes = [models.Index(fields=["school", "term", "point"], name="planning_participation_point")]

    class Secrecy:
        open = {"school", "term", "point", "held_on", "words", "noted_at", "struck_because", "struck_at"}
        masked = {"noted_by": "某人", "members": None}

    def __str__(self) -> str:
        return f"{self.held_on:%-m月%-d日}家长代表参与{Point(self.point).label}"
