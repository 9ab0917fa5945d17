"""Questions about what comes before the gate, and the first of them: may this school begin?"""

from kehou.chapters.planning.queries.amendments import (
    AmendmentDiff,
    amendments_of,
    answers_of,
    changes_of,
    consent_holds,
    consents_for,
    difference_of,
    standing_amendment,
)
from kehou.chapters.planning.queries.chain import (
    Evidence,
    evidence_of,
    finish_refusals,
    gate_facts,
    refusal_before_final,
    refusal_before_registration,
    with_table,
)
from kehou.chapters.planning.queries.clearance import (
    clearance_of,
    cleared_schools,
    is_cleared,
    refusal_before_clearance,
)
from kehou.chapters.planning.queries.committee import comments_of, facts_of, meetings_of, members_of, minutes_content
from kehou.chapters.planning.queries.drafting import demand_of, ledger_of, surveys_to_cite, terms_of
from kehou.chapters.planning.queries.households import Households, households_of
from kehou.chapters.planning.queries.notices import (
    delivery_of,
    latest_notice,
    notice_by_digest,
    notice_content,
    receipt_of,
    receipts_of,
    refusal_before_agreement,
    term_of_notice,
    topics_of,
    without_receipt,
)
from kehou.chapters.planning.queries.plans import (
    attachments_of,
    bodies_of,
    compare,
    draft_refusals,
    latest_version,
    plan_of,
    refusal_to_edit,
    sections_of,
    signed_version,
    sources_of,
    version_by_digest,
    versions_of,
)
from kehou.chapters.planning.queries.rounds import (
    STATES,
    adoption_by_digest,
    adoption_of,
    adoption_rows,
    counts_by_party,
    counts_by_topic,
    groups_of,
    open_rounds,
    opinions_of,
    refusal_to_answer,
    round_of,
    slip_of,
    slips_by_class,
    state_of,
    ungrouped,
)

__all__ = [
    "STATES", "AmendmentDiff", "Evidence", "Households", "adoption_by_digest", "adoption_of", "adoption_rows",
    "amendments_of", "answers_of", "attachments_of", "bodies_of", "changes_of", "clearance_of", "cleared_schools",
    "comments_of", "compare", "consent_holds", "consents_for", "counts_by_party", "counts_by_topic", "delivery_of",
    "demand_of", "difference_of", "draft_refusals", "evidence_of", "facts_of", "finish_refusals", "gate_facts",
    "groups_of", "households_of", "is_cleared", "latest_notice", "latest_version", "ledger_of", "meetings_of",
    "members_of", "minutes_content", "notice_by_digest", "notice_content", "open_rounds", "opinions_of", "plan_of",
    "receipt_of", "receipts_of", "refusal_before_agreement", "refusal_before_clearance", "refusal_before_final",
    "refusal_before_registration", "refusal_to_answer", "refusal_to_edit", "round_of", "sections_of",
    "signed_version", "slip_of", "slips_by_class", "sources_of", "standing_amendment", "state_of", "surveys_to_cite",
    "term_of_notice", "terms_of", "topics_of", "ungrouped", "version_by_digest", "versions_of", "with_table",
    "without_receipt",
]  # fmt: skip
