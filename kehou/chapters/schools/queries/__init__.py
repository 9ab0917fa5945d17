"""Questions about schools: homerooms, dismissals, the resource ledger and its census."""

from kehou.chapters.schools.queries.census import (
    COLUMNS,
    KINDS_OF_PART,
    Tally,
    census_of,
    closing_by_digest,
    latest_closing,
    parts_in_words,
    tally_of,
)
from kehou.chapters.schools.queries.ledger import (
    Due,
    Fitness,
    checks_due,
    equipment_of,
    fitness_of,
    grave_faults,
    open_repairs,
    rooms_of,
)
from kehou.chapters.schools.queries.school import (
    SeasonTimes,
    end_exceptions,
    grades_taught,
    homerooms_of,
    latest_end,
    school_term,
    season_on,
    seasons_within,
    telephone_of,
)

__all__ = [
    "COLUMNS", "KINDS_OF_PART", "Due", "Fitness", "SeasonTimes", "Tally", "census_of",
    "checks_due", "closing_by_digest", "end_exceptions", "equipment_of", "fitness_of", "grades_taught",
    "grave_faults", "homerooms_of", "latest_closing", "latest_end", "open_repairs", "parts_in_words", "rooms_of",
    "school_term", "season_on", "seasons_within", "tally_of", "telephone_of",
]  # fmt: skip
