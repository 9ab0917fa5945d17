"""Whom the service is for: pupils in school here, of the stages that the district serves (2.1-a, R-ELIG-01)."""

from __future__ import annotations

from kehou.rules.parameters.groups import Elig
from kehou.rules.verdicts import Refusal, refuse

STAGES = {"primary": "小学", "junior": "初中", "senior": "高中"}


def stage_of(grade: int) -> str:
    """Return the school stage of a grade counted from 1: primary, junior, senior."""
    return "primary" if grade <= 6 else "junior" if grade <= 9 else "senior"


def refusal_to_apply(
    *, in_school: bool, grade: int, rules: Elig, boards: bool = False, private: bool = False
) -> Refusal | None:
    """Return why a pupil cannot take part. `in_school`: on the register of this very school, not left or elsewhere."""
    if not in_school:
        return refuse("R-ELIG-01", "pupil_not_here")
    if stage_of(grade) not in rules.stages:
        return refuse("R-ELIG-01", "stage_not_served", stage=STAGES[stage_of(grade)])
    if private and rules.private == "excluded":
        return refuse("R-ELIG-01", "private_not_served")
    if boards and rules.boarding == "excluded":
        return refuse("R-ELIG-01", "boarders_not_served")
    return None


def charges_fee(*, private: bool, rules: Elig) -> bool:
    """Return whether this fee may be charged at a school: a private one may file its plan without it."""
    return not private or rules.private == "full"
