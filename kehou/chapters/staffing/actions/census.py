"""The census of resources with its fourth part (师资): the schools chapter keeps it, this one knows the people."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Census, CensusClosing, School
from kehou.chapters.staffing.queries import people_in_words, staff_of
from kehou.lib.actors import Actor


@transaction.atomic
def open_census(school: School, term: Term, *, by: Actor, at: datetime) -> Census:
    """Begin a term's census with everybody who serves. :raises Refused: as `schools.open_census`"""
    return schools.open_census(school, term, people=_people(school), by=by, at=at)


@transaction.atomic
def close_census(census: Census, *, by: Actor, at: datetime) -> CensusClosing:
    """Close a census with everybody who serves now. :raises Refused: as `schools.close_census`"""
    return schools.close_census(census, people=_people(census.school), by=by, at=at)


def _people(school: School) -> list[schools.Row]:
    members = list(staff_of(school))
    words = people_in_words(members)
    return [schools.Row(f"staff:{one.pk}", one.name, words[one.pk]) for one in members]
