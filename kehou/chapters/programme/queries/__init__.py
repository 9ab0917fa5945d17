"""Questions about the activity table: its rows and versions, what is wrong with it, what is offered to whom."""

from kehou.chapters.programme.queries.as_it_stands import Standing, standing_of
from kehou.chapters.programme.queries.checking import Checking, checking
from kehou.chapters.programme.queries.copying import Copy, copies_of, earlier_table
from kehou.chapters.programme.queries.facts import ActivityFacts, facts_of, trip_of
from kehou.chapters.programme.queries.filed import accepted_publication, unfiled_in, unfiled_publications
from kehou.chapters.programme.queries.offer import (
    dark_way_home,
    refusals_of_tiers,
    sellable_tiers,
    slots_of,
    tiers_of_seasons,
)
from kehou.chapters.programme.queries.people import (
    Load,
    Serving,
    featured_hours,
    led_elsewhere,
    loads_of,
    mix_at,
    mix_of_district,
    serving,
)
from kehou.chapters.programme.queries.permits import granted_to, permits_of, permits_of_district
from kehou.chapters.programme.queries.printing import COLUMNS, Line, line_of, lines_of, paper_of, words_of
from kehou.chapters.programme.queries.safety import safety_gaps, safety_matrix, safety_needs
from kehou.chapters.programme.queries.table import (
    document_of,
    is_changed_since,
    latest_publication,
    place_of,
    publications_of,
    published_table,
    published_tables,
    row_of,
    rows_of,
    standing,
    table_of,
    times_of,
)

__all__ = [
    "COLUMNS",
    "ActivityFacts",
    "Checking",
    "Copy",
    "Line",
    "Load",
    "Serving",
    "Standing",
    "accepted_publication",
    "checking",
    "copies_of",
    "dark_way_home",
    "document_of",
    "earlier_table",
    "facts_of",
    "featured_hours",
    "granted_to",
    "is_changed_since",
    "latest_publication",
    "led_elsewhere",
    "line_of",
    "lines_of",
    "loads_of",
    "mix_at",
    "mix_of_district",
    "paper_of",
    "permits_of",
    "permits_of_district",
    "place_of",
    "publications_of",
    "published_table",
    "published_tables",
    "refusals_of_tiers",
    "row_of",
    "rows_of",
    "safety_gaps",
    "safety_matrix",
    "safety_needs",
    "sellable_tiers",
    "serving",
    "slots_of",
    "standing",
    "standing_of",
    "table_of",
    "tiers_of_seasons",
    "times_of",
    "trip_of",
    "unfiled_in",
    "unfiled_publications",
    "words_of",
]
