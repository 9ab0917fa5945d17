"""A month's bills of a whole district, beside plain inserts of the same rows.

The default is the month of size L: 62,000 pupils at 110 schools, of whom 55,000 have joined and get a bill (domain
reference 07 §4.2). `python -m benchmarks.billing CHILDREN` takes another size. What is timed is the whole of
`run_bills` for every school: reading the facts, pricing, bills, lines, letters, journal. Beside it the same rows
written by the driver alone.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from bisect import bisect_right
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

CHILDREN = 55_000  # size L: those of 62,000 pupils who have joined
AIM_SECONDS = 10.0  # for one month of size L
A_SCHOOL = 500
MONTH = date(2026, 11, 1)
PATTERNS = [
    dict.fromkeys(days, hours) for days in ((1, 2, 3, 4, 5), (1, 3, 5), (2, 4), (1, 2, 3, 4)) for hours in (1, 2, 3)
]
TABLES = ("money_bill", "money_billline", "journal_letter", "journal_delivery")


def prepare() -> Path:
    """Start Django on an empty database in a folder of its own, and return the folder."""
    folder = Path(tempfile.mkdtemp(prefix="kehou-bench-"))
    os.environ.update(KEHOU_VAR=str(folder), DEMONSTRATION="True", DJANGO_SETTINGS_MODULE="kehou.config.settings")
    import django

    django.setup()
    from kehou.lib import schema

    schema.bring_up_to_date()
    return folder


def build(children: int) -> list[Any]:
    """Return the schools of a district with so many children enrolled, every fiftieth waived, every twentieth ill."""
    from kehou.chapters.basis.models import Term
    from kehou.chapters.schools.models import School

    term = Term.objects.create(
        code="2026-autumn", name="2026—2027学年第一学期", school_year=2026, from_on=date(2026, 9, 1),
        until_on=date(2027, 1, 23), service_from_on=date(2026, 9, 7), service_until_on=date(2027, 1, 16),
    )  # fmt: skip
    schools = []
    for number in range(-(-children // A_SCHOOL)):
        school = School.objects.create(
            code=f"21509{number:05d}", name=f"第{number}小学（演示）", kind="primary", town="梁山街道"
        )
        _fill(school, term, min(A_SCHOOL, children - number * A_SCHOOL))
        schools.append(school)
    return schools


def _fill(school: Any, term: Any, children: int) -> None:
    """Write a school's children with everything that stands behind a bill, in one transaction."""
    from django.db import transaction

    from kehou.lib import clock

    at, span = clock.wall(), {"from_on": term.service_from_on, "until_on": term.service_until_on}
    with transaction.atomic():
        registration = _registration(school, term, at)
        pupils = _pupils(school, term, children)
        _days_and_events(_enrolments(registration, pupils, at, span), pupils, at, span)


def _registration(school: Any, term: Any, at: datetime) -> Any:
    """Write what lets a school bill at all: payee, clearance, published table, registration."""
    from kehou.chapters.enrolment.models import Registration
    from kehou.chapters.money.models import Payee
    from kehou.chapters.planning.models import Clearance
    from kehou.chapters.programme.models import ActivityTable, TablePublication

    Payee.objects.create(
        school=school, account_name="专户", bank="农商行", account_number=school.code, registered_on=term.from_on
    )
    Clearance.objects.create(school=school, term=term, receipt_number="1", cleared_by="科", cleared_at=at)
    table = ActivityTable.objects.create(school=school, term=term, made_at=at)
    publication = TablePublication.objects.create(
        table=table, version=1, rows=[], digest="0", published_at=at, published_by="校"
    )
    return Registration.objects.create(
        school=school, term=term, opens_at=at, closes_at=at + timedelta(days=1), method="gsd", table=publication,
        opened_by="校", opened_at=at,
    )  # fmt: skip


def _pupils(school: Any, term: Any, children: int) -> list[Any]:
    """Write the children of one class, each with a guardian."""
    from kehou.chapters.people.models import Account, Guardianship, Pupil
    from kehou.chapters.schools.models import Homeroom

    homeroom = Homeroom.objects.create(school=school, school_year=2026, grade=3, number=1)
    who = range(children)
    accounts = Account.objects.bulk_create(
        Account(phone=f"{school.pk:05d}{one:06d}", name="家长", password="!") for one in who
    )
    pupils = Pupil.objects.bulk_create(
        Pupil(school=school, homeroom=homeroom, name=f"学生{one}", sex="1", born_on=date(2018, 1, 1)) for one in who
    )
    Guardianship.objects.bulk_create(
        Guardianship(pupil=pupil, account=account, relation="母亲", is_main=True, from_on=term.from_on)
        for pupil, account in zip(pupils, accounts, strict=True)
    )
    return pupils


def _enrolments(registration: Any, pupils: list[Any], at: datetime, span: dict[str, date]) -> list[Any]:
    """Write application, agreement and enrolment of every child."""
    from kehou.chapters.enrolment.models import Agreement, Application, Enrolment

    school, term = registration.school, registration.term
    applications = Application.objects.bulk_create(
        Application(registration=registration, pupil=one, state="in_force", joins=True, digest="0") for one in pupils
    )
    agreements = Agreement.objects.bulk_create(
        Agreement(
            application=one, number=f"XY{one.pk}", state="in_force", content={}, digest="0",
            check_code=f"C{one.pk}", drawn_up_at=at, sign_by_on=term.from_on,
        )
        for one in applications
    )  # fmt: skip
    return Enrolment.objects.bulk_create(
        Enrolment(application=one, pupil_id=one.pupil_id, school=school, term=term, agreement=agreement, **span)
        for one, agreement in zip(applications, agreements, strict=True)
    )


def _days_and_events(enrolments: list[Any], pupils: list[Any], at: datetime, span: dict[str, date]) -> None:
    """Write what families chose and what happened: every fiftieth child is waived, every twentieth was ill."""
    from kehou.chapters.attendance.models import Leave
    from kehou.chapters.enrolment.models import EnrolledDay
    from kehou.chapters.people.models import CareRecord

    EnrolledDay.objects.bulk_create(
        EnrolledDay(enrolment=one, weekday=day, hours=hours, **span)
        for number, one in enumerate(enrolments)
        for day, hours in PATTERNS[number % len(PATTERNS)].items()
    )
    CareRecord.objects.bulk_create(
        CareRecord(
            pupil=one,
            category="dibao_family",
            source="名单",
            from_on=span["from_on"],
            recorded_by="校",
            recorded_at=at,
        )
        for one in pupils[::50]
    )
    Leave.objects.bulk_create(
        Leave(
            pupil=one,
            on=MONTH + timedelta(days=2 + one.pk % 9),
            kind="sick",
            filed_by="家长",
            filed_at=at,
            refunds=True,
        )
        for one in pupils[::20]
    )


def bills(schools: list[Any], at: datetime) -> tuple[float, int]:
    """Return the seconds and the number of bills of one run of every school."""
    from kehou.chapters.money import actions as money
    from kehou.lib.actors import SYSTEM

    began = time.perf_counter()
    made = sum(money.run_bills(school, MONTH, by=SYSTEM, at=at).made for school in schools)
    return time.perf_counter() - began, made


def plain_inserts() -> tuple[float, dict[str, int]]:
    """Take the same rows out and let the driver alone write them again; return the seconds and the rows by table."""
    from django.db import connection, transaction

    rows: dict[str, list[Any]] = {}
    bill_of_line: list[int] = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            rows[table] = cursor.fetchall()
            if table == "money_billline":
                at = [column[0] for column in cursor.description].index("bill_id")
                bill_of_line = [row[at] for row in rows[table]]
        _drop_triggers(cursor, connection.vendor)
        for table in reversed(TABLES):
            cursor.execute(f"DELETE FROM {table}")
    connection.ensure_connection()
    sign = "%s" if connection.vendor == "postgresql" else "?"
    schools = -(-len(rows[TABLES[0]]) // A_SCHOOL)
    edges = {table: [-(-len(found) // schools) * turn for turn in range(schools + 1)] for table, found in rows.items()}
    last = [rows[TABLES[0]][min(edge, len(rows[TABLES[0]])) - 1][0] for edge in edges[TABLES[0]][1:]]
    edges["money_billline"] = [0, *(bisect_right(bill_of_line, bill) for bill in last)]
    began = time.perf_counter()
    for turn in range(schools):
        with transaction.atomic():
            inner = connection.connection.cursor()  # the driver's own: no work of Django's in between
            for table, found in rows.items():
                if part := found[edges[table][turn] : edges[table][turn + 1]]:
                    inner.executemany(f"INSERT INTO {table} VALUES ({', '.join([sign] * len(part[0]))})", part)
    return time.perf_counter() - began, {table: len(found) for table, found in rows.items()}


def _drop_triggers(cursor: Any, vendor: str) -> None:
    """Let the rows of the ledger be taken out again, which nobody else can."""
    place = " ON money_billline" if vendor == "postgresql" else ""
    for name in ("is_not_changed", "is_not_deleted"):
        cursor.execute(f"DROP TRIGGER IF EXISTS money_billline_{name}{place}")


def _aim(made: int, seconds: float) -> str:
    """Return the aim for size L in words; a smaller run is held against the rate that the aim asks for."""
    at_size_l = seconds * CHILDREN / made
    scaled = "" if made == CHILDREN else f", at this rate {at_size_l:.1f} s"
    return f"aim {AIM_SECONDS:.0f} s for {CHILDREN:,}{scaled}{' (over)' if at_size_l > AIM_SECONDS else ''}"


def main(children: int) -> None:
    """Print what a month's bills cost."""
    folder = prepare()
    try:
        from kehou.lib import clock

        began = time.perf_counter()
        schools = build(children)
        print(
            f"{children:,} children at {len(schools)} schools, built in {time.perf_counter() - began:.0f} s", flush=True
        )
        seconds, made = bills(schools, clock.wall())
        rate = f"{made / seconds:8,.0f} a second   {_aim(made, seconds)}"
        print(f"bills of a month     {made:>8,} in {seconds:6.1f} s   {rate}", flush=True)
        again, none = bills(schools, clock.wall())
        print(f"run again            {none:>8,} in {again:6.1f} s   (nothing has changed)", flush=True)
        plain, rows = plain_inserts()
        whole, words = sum(rows.values()), ", ".join(f"{count:,} {table}" for table, count in rows.items())
        print(f"plain inserts        {whole:>8,} rows in {plain:.1f} s ({words})")
        print(f"ratio: {seconds / plain:.1f} times the inserts alone")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "").replace("_", "")) if len(sys.argv) > 1 else CHILDREN)
