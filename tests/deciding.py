"""A parameter that the district has decided: proposed by one, approved by another, in force from a day on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.queries import parameters_on
from tests.world import World, moment


def put_in_force(key: str, value: Any, *, world: World, from_on: date) -> None:
    """Put a value, in its stored form, in force from `from_on` on; it was decided a month before."""
    if parameters_on(from_on).dump()[key] == value:
        return  # what is proposed must change something
    at = moment(9, on=from_on - timedelta(days=30))
    head, officer = world.by_district("basic_education_head"), world.by_district("basic_education")
    ground = basis.add_instrument(
        f"梁教基〔2026〕40号（{key}）", title="具体标准", issuer="区教委", issued_on=at.date(), by=officer, at=at
    )
    version = basis.propose_parameter(
        key, value, instrument=ground, from_on=from_on, approval_reference="纪要1号", by=officer, at=at
    )
    basis.approve_parameter(version, by=head, at=at)
