"""One parameter: what it is called, what it may be, who decides it and which clause it serves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kehou.rules.parameters.kinds import Kind, Wrong
from kehou.rules.verdicts import Refused, refuse

OFFICES = {"EC": "区教委基教科", "DRC": "区发改委", "FIN": "区财政局", "HR": "区人社局", "SUP": "区政府教育督导室"}


@dataclass(frozen=True)
class Parameter:
    """A parameter of the district. `default` is the typed value; `key` is `group.name`.

    `decided_by` is the office whose decision changes it; with `two_persons` the one who approves is not the one who
    proposed (R-FEE-08). `why` says in Chinese what it does and why the default is what it is. `later` names the part of
    the product that will read it, while there is no such part yet: pages say so beside the value.
    """

    key: str
    label: str
    kind: Kind[Any]
    default: Any
    clauses: tuple[str, ...]
    why: str
    decided_by: str = "EC"
    two_persons: bool = False
    later: str = ""

    @property
    def takes_effect(self) -> str:
        """Return in words when a parameter that nothing reads yet will be read, or the empty string."""
        return f"将在“{self.later}”启用" if self.later else ""

    @property
    def unit(self) -> str:
        """Return the unit as pages print it, or the empty string."""
        return self.kind.unit

    @property
    def group(self) -> str:
        """Return the group of the key: `fee` of `fee.tariff`."""
        return self.key.partition(".")[0]

    def load(self, stored: Any) -> Any:
        """Return the typed value of a stored one. :raises Refused: if it is not allowed"""
        try:
            return self.kind.load(stored)
        except Wrong as wrong:
            raise self._refused(wrong) from None

    def parse(self, text: str) -> Any:
        """Return the typed value of what a person typed. :raises Refused: if it is not understood or not allowed"""
        try:
            return self.kind.load(self.kind.read(text))
        except Wrong as wrong:
            raise self._refused(wrong) from None

    def dump(self, value: Any) -> Any:
        """Return the JSON form in which a value is stored."""
        return self.kind.dump(value)

    def show(self, value: Any) -> str:
        """Return a value in words; `parse` reads them back."""
        return self.kind.show(value)

    def _refused(self, wrong: Wrong) -> Refused:
        return Refused(refuse("R-BASIS-03", wrong.why, label=self.label, **wrong.facts))


def parameter(
    label: str,
    kind: Kind[Any],
    default: Any,
    *clauses: str,
    why: str,
    decided_by: str = "EC",
    two_persons: bool = False,
    later: str = "",
) -> Any:
    """Return a dataclass field that is a parameter; the key comes from the group and the name of the field."""
    about = {
        "label": label,
        "kind": kind,
        "clauses": clauses,
        "why": why,
        "decided_by": decided_by,
        "two_persons": two_persons,
        "later": later,
    }
    return field(default=default, metadata=about)
