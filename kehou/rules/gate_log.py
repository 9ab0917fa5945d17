"""门卫登记: who may come in during the service, and what is kept of it (3.2-e, R-SAFE-06; P7-4, P8-1, P8-3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kehou.rules.verdicts import Refusal, refuse

TAIL = 4  # the last signs of the identity card, which the guard compares
_TAIL = re.compile(r"[0-9]{3}[0-9X]")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody at the gate.

    `expected`: on today's list, with a session. `unfit`: why a person of the list or of the files may not serve today.
    `matches`: whether the tail is that of the file, None where the file has none.
    """

    name: str
    tail: str
    purpose: str = ""
    host: str = ""
    escort: str = ""
    expected: bool = False
    unfit: Refusal | None = None
    matches: bool | None = None


def plain_tail(typed: str) -> str:
    """Return the four signs as they are compared: capitals, no spaces."""
    return typed.strip().upper()


def refusals_to_let_in(caller: Caller) -> list[Refusal]:
    """Return why somebody stays outside: on today's list or accompanied, and never who may not serve (R-SAFE-06)."""
    found = []
    if not caller.name.strip():
        found.append(refuse("R-SAFE-06", "without_name"))
    if not _TAIL.fullmatch(caller.tail):
        found.append(refuse("R-SAFE-06", "without_tail"))
    elif caller.matches is False:
        found.append(refuse("R-SAFE-06", "another_person", name=caller.name))
    if caller.unfit is not None:
        found += [refuse("R-SAFE-06", "may_not_serve", name=caller.name), caller.unfit]
    elif not caller.expected:
        found += _as_visitor(caller)
    return found


def _as_visitor(caller: Caller) -> list[Refusal]:
    if caller.escort.strip() and caller.host.strip() and caller.purpose.strip():
        return []
    return [refuse("R-SAFE-06", "not_on_list", name=caller.name.strip() or "来人")]
