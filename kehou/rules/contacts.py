"""家校安全联系责任制 (3.1-k, R-SAFE-02): who of the school answers to the families of a class, and whom it can reach.

Every class with a child in the service has a named contact with a deputy, who has acknowledged the duties; every child
has at least two telephones that somebody has tried this term.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kehou.rules.verdicts import Refusal, refuse

LEAST = 2  # telephones of a child
BEFORE_TERM = timedelta(days=30)  # what was tried so shortly before the term counts for it
DUTIES = (
    "开学两周内逐户打通紧急联系电话，打通一个核对一个；打不通的当天请家长更正。",
    "课后服务时段孩子没有到、身体不适、没有人接，立即打第一联系人；打不通打第二联系人，再报值班领导。",
    "家长更改电话、接送人的，以家长端更改为准，不在班级群里收集电话。",
    "责任人不在校时由备岗人员承担；换人当天告诉家长。",
)
FAMILY_DUTY = "联系电话变了当天更改；服务时段保持电话畅通，按时接孩子。"


@dataclass(frozen=True, slots=True)
class ClassState:
    """What is known of a class: children in the service, how many of them can be reached, who answers for it."""

    name: str
    children: int
    reached: int
    contact: str = ""
    has_deputy: bool = False
    acknowledged: bool = False


def tried_since(term_from_on: date) -> date:
    """Return the day from which a telephone counts as tried for a term."""
    return term_from_on - BEFORE_TERM


def problems_of_class(one: ClassState) -> tuple[Refusal, ...]:
    """Return what a class with children in the service lacks (R-SAFE-02)."""
    if not one.children:
        return ()
    found = []
    if not one.contact:
        found.append(refuse("R-SAFE-02", "class_without_contact", name=one.name))
    else:
        if not one.has_deputy:
            found.append(refuse("R-SAFE-02", "class_without_deputy", name=one.name))
        if not one.acknowledged:
            found.append(refuse("R-SAFE-02", "not_acknowledged", name=one.name, contact=one.contact))
    if left := one.children - one.reached:
        found.append(refuse("R-SAFE-02", "not_reached", name=one.name, left=left, least=LEAST))
    return tuple(found)


def refusals_to_name(*, is_of_school: bool, deputy_is_of_school: bool, same: bool) -> tuple[Refusal, ...]:
    """Return why somebody cannot be the contact of a class with this deputy (R-SAFE-02)."""
    checks = (
        (not is_of_school, "contact_of_another_school"),
        (not deputy_is_of_school, "deputy_of_another_school"),
        (same, "deputy_is_the_contact"),
    )
    return tuple(refuse("R-SAFE-02", why) for wrong, why in checks if wrong)
