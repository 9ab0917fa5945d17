"""The filing with the district (4-c): its parts, its checks, its clocks, its number, and how two packs differ.

PARTS["F3"].title                              # 服务人员名单
checks_of(contents, parameters, amendment=False)   # every check, red where it carries a refusal
differences(before, after)                     # field by field, for the desk's two columns
answer_due_on(submitted_at, working_days=5, holidays=holidays)
"""

from kehou.rules.filing.checks import Check, checks_of, red_in
from kehou.rules.filing.clocks import (
    BEGAN_ON,
    answer_due_on,
    correction_due_on,
    receipt_number,
    refusal_of_past,
    report_due_on,
)
from kehou.rules.filing.differing import Difference, differences
from kehou.rules.filing.pack import (
    PARTS,
    Content,
    Evidence,
    Part,
    PartKind,
    Section,
    Table,
    digest_of,
    manifest_of,
    unformed,
)
from kehou.rules.filing.refusals import (
    refusal_in_bulk,
    refusal_of_acceptance,
    refusal_of_amendment,
    refusal_of_ink,
    refusal_of_items,
    refusal_of_note,
    refusal_of_return,
    refusal_to_prepare,
    refusals_to_sign,
)

__all__ = [
    "BEGAN_ON",
    "PARTS",
    "Check",
    "Content",
    "Difference",
    "Evidence",
    "Part",
    "PartKind",
    "Section",
    "Table",
    "answer_due_on",
    "checks_of",
    "correction_due_on",
    "differences",
    "digest_of",
    "manifest_of",
    "receipt_number",
    "red_in",
    "refusal_in_bulk",
    "refusal_of_acceptance",
    "refusal_of_amendment",
    "refusal_of_ink",
    "refusal_of_items",
    "refusal_of_note",
    "refusal_of_past",
    "refusal_of_return",
    "refusal_to_prepare",
    "refusals_to_sign",
    "report_due_on",
    "unformed",
]
