"""What stands in the published table beyond the version that the district accepted (4-c, 2.7.2-g)."""

from __future__ import annotations

from collections.abc import Collection

from kehou.chapters.basis.models import Term
from kehou.chapters.programme.models import AcceptedTable, ActivityTable, TablePublication
from kehou.chapters.programme.queries.table import latest_publication, standing
from kehou.chapters.schools.models import School
from kehou.rules.programme import beyond
from kehou.rules.verdicts import Refusal


def accepted_publication(school: School, term: Term) -> TablePublication | None:
    """Return the version of the table that lay in the accepted filing, None where none was delivered."""
    rows = AcceptedTable.objects.filter(publication__table__school=school, publication__table__term=term)
    accepted = rows.select_related("publication").order_by("-pk").first()
    return accepted.publication if accepted else None


def unfiled_in(table: ActivityTable) -> dict[int, Refusal]:
    """Return by activity id what goes beyond the accepted version: new, or at another time, place or price.

    Nothing where no version was delivered: then the clearance alone is asked. Three queries, two when all is filed.
    """
    accepted, latest = accepted_publication(table.school, table.term), latest_publication(table.school, table.term)
    if accepted is None or latest is None or accepted.pk == latest.pk:
        return {}
    found = beyond(accepted.rows, latest.rows)
    known = standing(table).filter(name__in=found).values_list("pk", "name") if found else ()
    return {pk: found[name] for pk, name in known}


def unfiled_publications(term: Term, schools: Collection[int] | None = None) -> dict[int, TablePublication]:
    """Return the first version after the accepted one, by school; absent where all is filed. Two queries."""
    accepted = AcceptedTable.objects.filter(publication__table__term=term)
    later = TablePublication.objects.filter(table__term=term).select_related("table").defer("rows")
    if schools is not None:
        accepted = accepted.filter(publication__table__school__in=schools)
        later = later.filter(table__school__in=schools)
    versions = dict(accepted.order_by("pk").values_list("publication__table__school", "publication__version"))
    found: dict[int, TablePublication] = {}
    for one in later.order_by("-version"):
        if one.table.school_id in versions and one.version > versions[one.table.school_id]:
            found[one.table.school_id] = one
    return found
