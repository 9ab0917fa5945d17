"""Questions about who serves at a school, what they offered, who comes from outside and on what ground."""

from kehou.chapters.staffing.queries.members import leaders_of, staff_of, staff_record
from kehou.chapters.staffing.queries.providers import (
    calls,
    candidacies,
    checks_of,
    is_readmitted,
    last_exit,
    listed,
    provider_hours_people,
    shown_now,
    uses_of,
)
from kehou.chapters.staffing.queries.shortages import (
    engaged_in,
    own_staff,
    statements_of,
    stating,
    volunteers_among,
)
from kehou.chapters.staffing.queries.signing_up import (
    Counts,
    afternoons_of,
    answer_of,
    busy_of,
    clashes_of,
    counts_of,
    current_sign_ups,
    leaves_of,
    lines_of,
    offer_of,
    unwilling_in,
    willing_in,
    window_of,
)
from kehou.chapters.staffing.queries.visiting import agreed_visits, needs_of, visitors_at, visits_about
from kehou.chapters.staffing.queries.volunteers import (
    certificate_by_code,
    certificates_of,
    confirmed,
    hours_of,
    volunteers_of,
)

__all__ = [
    "Counts", "afternoons_of", "agreed_visits", "answer_of", "busy_of", "calls", "candidacies", "certificate_by_code",
    "certificates_of", "checks_of", "clashes_of", "confirmed", "counts_of", "current_sign_ups", "engaged_in",
    "hours_of", "is_readmitted", "last_exit", "leaders_of", "leaves_of", "lines_of", "listed", "needs_of", "offer_of",
    "own_staff", "provider_hours_people", "shown_now", "staff_of", "staff_record", "statements_of", "stating",
    "unwilling_in", "uses_of", "visitors_at", "visits_about", "volunteers_among", "volunteers_of", "willing_in",
    "window_of",
]  # fmt: skip
