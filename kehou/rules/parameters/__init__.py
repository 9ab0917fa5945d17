"""Every number and choice that the policy leaves open, as typed values with the defaults we ship.

`REGISTRY` lists them for the district's page; `Parameters.of(stored)` builds the typed values that rules take:

    parameters = Parameters.of({"slot.break_minutes": 5})
    parameters.fee.tariff[2]          # 11000 fen
    parameters.slot.break_minutes     # 5
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from kehou.rules.money import yuan
from kehou.rules.parameters import care_groups, groups, money_groups, outside_groups
from kehou.rules.parameters.kinds import Chart
from kehou.rules.parameters.parameter import OFFICES, Parameter
from kehou.rules.verdicts import Refusal, Refused, refuse

__all__ = ["GROUPS", "OFFICES", "REGISTRY", "TITLES", "Chart", "Parameter", "Parameters", "refusal_to_approve"]


@dataclass(frozen=True)
class Parameters:
    """The parameters in force on one day. Every field is a group, every field of a group one parameter."""

    slot: groups.Slot = field(default_factory=groups.Slot)
    time: groups.Time = field(default_factory=groups.Time)
    elig: groups.Elig = field(default_factory=groups.Elig)
    prio: groups.Prio = field(default_factory=groups.Prio)
    gate: groups.Gate = field(default_factory=groups.Gate)
    filing: groups.Filing = field(default_factory=groups.Filing)
    enrol: groups.Enrol = field(default_factory=groups.Enrol)
    agreement: groups.Agreement = field(default_factory=groups.Agreement)
    alloc: groups.Alloc = field(default_factory=groups.Alloc)
    group: groups.Group = field(default_factory=groups.Group)
    ratio: care_groups.Ratio = field(default_factory=care_groups.Ratio)
    safety: care_groups.Safety = field(default_factory=care_groups.Safety)
    attendance: care_groups.Attendance = field(default_factory=care_groups.Attendance)
    staff: care_groups.Staff = field(default_factory=care_groups.Staff)
    provider: outside_groups.Provider = field(default_factory=outside_groups.Provider)
    visiting: outside_groups.Visiting = field(default_factory=outside_groups.Visiting)
    survey: care_groups.Survey = field(default_factory=care_groups.Survey)
    hr: care_groups.Hr = field(default_factory=care_groups.Hr)
    pub: care_groups.Pub = field(default_factory=care_groups.Pub)
    insp: care_groups.Insp = field(default_factory=care_groups.Insp)
    complaint: care_groups.Complaint = field(default_factory=care_groups.Complaint)
    shelf: care_groups.Shelf = field(default_factory=care_groups.Shelf)
    retention: care_groups.Retention = field(default_factory=care_groups.Retention)
    privacy: care_groups.Privacy = field(default_factory=care_groups.Privacy)
    fee: money_groups.Fee = field(default_factory=money_groups.Fee)
    waiver: money_groups.Waiver = field(default_factory=money_groups.Waiver)
    receipt: money_groups.Receipt = field(default_factory=money_groups.Receipt)
    fund: money_groups.Fund = field(default_factory=money_groups.Fund)
    pay: money_groups.Pay = field(default_factory=money_groups.Pay)

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None = None) -> Parameters:
        """Return the typed parameters of stored values by key; what is not stored has its default.

        :raises Refused: with every value that is not allowed and every pair that contradicts
        """
        refusals: list[Refusal] = []
        chosen: dict[str, dict[str, Any]] = {}
        for key, value in (stored or {}).items():
            if key not in REGISTRY:
                refusals.append(refuse("R-BASIS-03", "no_such_parameter", key=key))
                continue
            group, _, name = key.partition(".")
            try:
                chosen.setdefault(group, {})[name] = REGISTRY[key].load(value)
            except Refused as no:
                refusals.extend(no.refusals)
        if refusals:
            raise Refused(*refusals)
        made: dict[str, Any] = {name: GROUPS[name](**values) for name, values in chosen.items()}
        parameters = cls(**made)
        if contradictions := parameters.contradictions():
            raise Refused(*contradictions)
        return parameters

    def value(self, key: str) -> Any:
        """Return one typed value by its key. :raises KeyError: if there is no such parameter"""
        group, name = REGISTRY[key].key.split(".")
        return getattr(getattr(self, group), name)

    def show(self, key: str) -> str:
        """Return one value in words."""
        return REGISTRY[key].show(self.value(key))

    def dump(self) -> dict[str, Any]:
        """Return every value in its stored form, defaults included: what an old bill is recomputed from."""
        return {key: one.dump(self.value(key)) for key, one in REGISTRY.items()}

    def contradictions(self) -> tuple[Refusal, ...]:
        """Return why these values cannot stand together, or nothing."""
        found = []
        if self.time.min_end > self.time.max_end:
            found.append(
                refuse("R-BASIS-03", "min_end_after_max_end", earliest=self.time.min_end, limit=self.time.max_end)
            )
        dearest = max(self.fee.tariff.values())
        if dearest > self.fee.upper_cap:
            found.append(refuse("R-FEE-09", "above_upper_cap", price=yuan(dearest), cap=yuan(self.fee.upper_cap)))
        if len(self.fee.tariff) < self.slot.max_per_day:
            found.append(refuse("R-FEE-07", "tier_without_price", hours=self.slot.max_per_day))
        # The two categories that the policy names may not get less than the policy gives them.
        for code in money_groups.NAMED_IN_THE_POLICY:
            if self.waiver.table[code] == 0:
                found.append(
                    refuse("R-WAIV-01", "named_category_not_waived", category=money_groups.WAIVER_CATEGORIES[code])
                )
        return tuple(found)


GROUPS: dict[str, Any] = {one.name: one.default_factory for one in fields(Parameters)}


def _registry() -> dict[str, Parameter]:
    return {
        f"{name}.{one.name}": Parameter(key=f"{name}.{one.name}", default=one.default, **one.metadata)
        for name, group in GROUPS.items()
        for one in fields(group)
    }


REGISTRY: dict[str, Parameter] = _registry()
TITLES: dict[str, str] = {name: group.title for name, group in GROUPS.items()}


def refusal_to_approve(key: str, *, proposed_by: int | None, approved_by: int | None) -> Refusal | None:
    """Return why this person may not put the change in force: a price needs two persons (R-FEE-08)."""
    if REGISTRY[key].two_persons and (proposed_by is None or proposed_by == approved_by):
        return refuse("R-FEE-08", "needs_second_person", label=REGISTRY[key].label)
    return None
