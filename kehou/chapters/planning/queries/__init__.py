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
from kehou.chapters.planning.queries.fund_plan import (
    checks_of,
    draft_fund_plan,
    forecast_of,
    fund_plan_by_code,
    fund_plan_of,
    fund_plans_of,
    parameters_of_term,
    standing_fund_plan,
)
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
from kehou.chapters.planning.queries.organisation import (
    Pack,
    Proof,
    board_of,
    confirmations_of,
    history_of_group,
    in_month,
    letter_of,
    months_open,
    organisation_of,
    principals_of,
    seats_of,
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
from kehou.chapters.planning.queries.safety import (
    cards_of,
    drills_of,
    duty_cells_of,
    emergency_facts,
    emergency_plan_of,
    matrix_of,
    points_of,
    problem_of_drills_in,
    problems_of_records,
    records_of,
)
from kehou.chapters.planning.queries.shelf import (
    EMERGENCY_NAMES,
    Place,
    ShelfCount,
    changes_between,
    counts_of_shelves,
    draft_of_policy,
    facts_of_texts,
    overdue_reviews,
    places_of,
    policy_by_code,
    shelf_of,
    standing_policies,
    standing_policy,
    versions_of_policy,
)

__all__ = [
    "EMERGENCY_NAMES", "STATES", "AmendmentDiff", "Evidence", "Households", "Pack", "Place", "Proof", "ShelfCount",
    "adoption_by_digest", "adoption_of", "adoption_rows", "amendments_of", "answers_of", "attachments_of", "board_of",
    "bodies_of", "cards_of", "changes_between", "changes_of", "checks_of", "clearance_of", "cleared_schools",
    "comments_of", "compare", "confirmations_of", "consent_holds", "consents_for", "counts_by_party",
    "counts_by_topic", "counts_of_shelves", "delivery_of", "demand_of", "difference_of", "draft_fund_plan",
    "draft_of_policy", "draft_refusals", "drills_of", "duty_cells_of", "emergency_facts", "emergency_plan_of",
    "evidence_of", "facts_of", "facts_of_texts", "finish_refusals", "forecast_of", "fund_plan_by_code", "fund_plan_of",
    "fund_plans_of", "gate_facts", "groups_of", "history_of_group", "households_of", "in_month", "is_cleared",
    "latest_notice", "latest_version", "ledger_of", "letter_of", "matrix_of", "meetings_of", "members_of",
    "minutes_content", "months_open", "notice_by_digest", "notice_content", "open_rounds", "opinions_of",
    "organisation_of", "overdue_reviews", "parameters_of_term", "places_of", "plan_of", "points_of", "policy_by_code",
    "principals_of", "problem_of_drills_in", "problems_of_records", "receipt_of", "receipts_of", "records_of",
    "refusal_before_agreement", "refusal_before_clearance", "refusal_before_final", "refusal_before_registration",
    "refusal_to_answer", "refusal_to_edit", "round_of", "seats_of", "sections_of", "shelf_of", "signed_version",
    "slip_of", "slips_by_class", "sources_of", "standing_amendment", "standing_fund_plan", "standing_policies",
    "standing_policy", "state_of", "surveys_to_cite", "term_of_notice", "terms_of", "topics_of", "ungrouped",
    "version_by_digest", "versions_of", "versions_of_policy", "with_table", "without_receipt",
]  # fmt: skip
