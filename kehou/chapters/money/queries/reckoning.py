"""What each child's month comes to: the facts of a whole school read in a fixed number of statements, as tuples.

Most children of a school share their pattern of days, so that a month is written and priced once for each pattern.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from kehou.chapters.allocation.models import Placement
from kehou.chapters.attendance.models import Leave, Mark
from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import calendar_of, parameters_on
from kehou.chapters.enrolment.models import EnrolledDay, Enrolment
from kehou.chapters.money.models import Bill, Payee
from kehou.chapters.money.queries.agreed import IN_FORCE, AgreedPrices
from kehou.chapters.people.models import CareRecord
from kehou.chapters.planning.queries import is_cleared
from kehou.chapters.schools.models import School
from kehou.rules import eligibility, fees
from kehou.rules.calendar import Calendar
from kehou.rules.care import waiver_percent
from kehou.rules.fees import ChosenHours, DayReason, FeeDay, ServiceMonth, Statement, WaiverSpan
from kehou.rules.parameters import Parameters
from kehou.rules.parameters.money_groups import Fee
from kehou.rules.spans import Span, month_of
from kehou.rules.verdicts import Refusal, refuse

# While it stands here the agreement has never been in force (R-FEE-02).
UNSIGNED = frozenset({"to_sign", "guardian_signed"})
_day = lru_cache(maxsize=4096)(date.fromisoformat)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One child's month: who, on which enrolment, and the month as it is kept with the bill."""

    enrolment_id: int
    pupil_id: int
    agreed: bool
    concerns: bool  # the enrolment has a day in the month
    reckoning: str
    terms: int = IN_FORCE  # under which of the month's terms it is billed: those its family has agreed to


@dataclass(frozen=True)
class SchoolMonth:
    """A school's month with everything it is priced by."""

    school: School
    term: Term
    span: Span
    terms: tuple[Parameters, ...]  # those in force on its first day, then those that families keep (R-AMD-01)
    sheets: tuple[Sheet, ...]
    service_days: tuple[date, ...]
    prices: dict[tuple[str, int], Statement] = field(default_factory=dict, compare=False)

    @property
    def parameters(self) -> Parameters:
        """Return the parameters in force on the first service day of the month."""
        return self.terms[IN_FORCE]

    @property
    def first(self) -> date:
        """Return the first day of the month, by which bills are keyed."""
        return self.span.start

    def price(self, sheet: Sheet) -> Statement:
        """Return the statement of a child's month, priced once for each pattern and price."""
        key = (sheet.reckoning, sheet.terms)
        if key not in self.prices:
            made = fees.price(fees.read_month(sheet.reckoning), self.terms[sheet.terms].fee)
            if sheet.terms != IN_FORCE:
                made = replace(made, lines=(*made.lines, fees.line(fees.KEPT)))
            self.prices[key] = made
        return self.prices[key]


def term_of_month(month: date) -> Term | None:
    """Return the term whose service reaches into a calendar month, None in the holidays."""
    span = month_of(month)
    return (
        Term.objects.filter(service_from_on__lt=span.end, service_until_on__gt=span.start).order_by("from_on").first()
    )


def month_of_school(school: School, month: date, *, pupil_ids: Iterable[int] | None = None) -> SchoolMonth | None:
    """Return the month of every enrolled child of a school, or of some; None if there is no service in it.

    A dozen statements whatever the size.
    """
    term = term_of_month(month)
    if term is None:
        return None
    span, calendar = month_of(month), calendar_of(term)
    planned = replace(calendar, closures=()).service_days(span)
    if not planned:
        return None
    parameters = parameters_on(planned[0])
    facts = _Facts(school, term, span, None if pupil_ids is None else list(pupil_ids))
    agreed = AgreedPrices(school, term, on=planned[0], parameters=parameters, pupil_ids=facts.pupil_ids)
    closed = frozenset(day for day in planned if calendar.closure_on(day, school.code))
    writer = _Writer(calendar, span, planned, closed, dict(parameters.waiver.table), agreed)
    sheets = tuple(writer.sheets(facts))
    return SchoolMonth(school, term, span, tuple(agreed.terms), sheets, planned)


@dataclass(frozen=True)
class _Facts:
    """What is asked of the database about a school's month."""

    school: School
    term: Term
    span: Span
    pupil_ids: list[int] | None

    def _of(self, rows: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Narrow rows to the school's enrolments of the term; `path` leads from a row to the enrolment."""
        found = rows.filter(**{f"{path}school": self.school, f"{path}term": self.term})
        return found if self.pupil_ids is None else found.filter(**{f"{path}pupil__in": self.pupil_ids})

    def _in_month(self, name: str) -> dict[str, date]:
        return {f"{name}__gte": self.span.start, f"{name}__lt": self.span.end}  # type: ignore[dict-item]

    def enrolments(self) -> Iterator[Any]:
        """Yield (enrolment, pupil, state of the agreement, from, until, exit)."""
        return _rows(
            self._of(Enrolment.objects.filter(from_on__lt=self.span.end), ""),
            "pk", "pupil_id", "agreement__state", days=("from_on", "until_on", "exit__effective_on"),
        )  # fmt: skip

    def choices(self) -> Iterator[Any]:
        """Yield (enrolment, weekday, hours, from, until)."""
        standing = EnrolledDay.objects.filter(from_on__lt=self.span.end, until_on__gt=self.span.start)
        return _rows(
            self._of(standing, "enrolment__"), "enrolment_id", "weekday", "hours", days=("from_on", "until_on")
        )

    def leaves(self) -> Iterator[Any]:
        """Yield (pupil, kind, day) of the leaves that are not charged."""
        counted = Leave.objects.filter(refunds=True, withdrawn_at__isnull=True, **self._in_month("on"))
        return _rows(self._of(counted, "pupil__enrolments__"), "pupil_id", "kind", days=("on",))

    def cancelled(self) -> Iterator[Any]:
        """Yield (pupil, class hours, day) of the sessions that the school cancelled under a child who sits in them."""
        missed = Placement.objects.filter(
            slot__sessions__school=self.school,
            slot__sessions__state="cancelled",
            from_on__lte=F("slot__sessions__planned_on"),
            until_on__gt=F("slot__sessions__planned_on"),
            **self._in_month("slot__sessions__planned_on"),
        )
        if self.pupil_ids is not None:
            missed = missed.filter(application__pupil__in=self.pupil_ids)
        return _rows(
            missed, "application__pupil_id", "slot__activity__class_hours", days=("slot__sessions__planned_on",)
        )

    def marks(self, *states: str, pupil_ids: Iterable[int] | None = None) -> Iterator[Any]:
        """Yield (pupil, day) of the marks in some states."""
        rows = Mark.objects.filter(
            state__in=states, register__session__school=self.school, **self._in_month("register__session__on")
        )
        narrow = self.pupil_ids if pupil_ids is None else list(pupil_ids)
        if narrow is not None:
            rows = rows.filter(pupil__in=narrow)
        return _rows(rows, "pupil_id", days=("register__session__on",))

    def care(self) -> Iterator[Any]:
        """Yield (pupil, category, from, until) of the grounds that hold on a day of the month."""
        holding = CareRecord.objects.filter(
            Q(until_on__isnull=True, ended_at__isnull=True) | Q(until_on__gt=self.span.start),
            from_on__lt=self.span.end,
        )
        return _rows(self._of(holding, "pupil__enrolments__"), "pupil_id", "category", days=("from_on", "until_on"))


def _rows(rows: QuerySet[Any], *names: str, days: Sequence[str]) -> Iterator[Any]:
    """Yield tuples; days come as text, which costs a tenth of a converted day and is made a day once for each text."""
    texts = {f"day_{at}": Cast(F(name), TextField()) for at, name in enumerate(days)}
    return rows.annotate(**texts).values_list(*names, *texts).iterator(chunk_size=5000)


@dataclass(frozen=True)
class _Writer:
    """Writes months: the days chosen, then what became of them."""

    calendar: Calendar
    span: Span
    planned: tuple[date, ...]
    closed: frozenset[date]
    table: dict[str, int]
    agreed: AgreedPrices
    written: dict[Any, str] = field(default_factory=dict)

    def sheets(self, facts: _Facts) -> Iterator[Sheet]:
        """Yield one sheet for each enrolment."""
        choices: dict[int, list[Any]] = defaultdict(list)
        for enrolment, *choice in facts.choices():
            choices[enrolment].append(tuple(choice))
        events, waivers = self._events(facts), self._waivers(facts)
        start, end = self.span.start.isoformat(), self.span.end.isoformat()  # type: ignore[union-attr]
        for enrolment, pupil, agreement, from_on, until_on, left_on in facts.enrolments():
            until_on = min(until_on, left_on or until_on)
            within = (max(from_on, start), min(until_on, end))
            chosen = tuple(sorted(choices.get(enrolment, ())))
            key = (within, chosen, events.get(pupil, ()), waivers.get(pupil, ()))
            if key not in self.written:
                self.written[key] = self._write(*key)
            signed, concerns = agreement not in UNSIGNED, within[0] < within[1]
            yield Sheet(enrolment, pupil, signed, concerns, self.written[key], self.agreed.of(enrolment))

    def _write(
        self,
        within: tuple[str, str],
        chosen: Sequence[tuple[int, int, str, str]],
        events: Sequence[tuple[str, str, int]],
        waivers: Sequence[WaiverSpan],
    ) -> str:
        spans = []
        for weekday, hours, from_on, until_on in chosen:
            start, end = max(from_on, within[0]), min(until_on, within[1])
            if start < end:
                spans.append(ChosenHours(Span(_day(start), _day(end)), {weekday: hours}))
        happened = {_day(on): (DayReason(what), hours) for on, what, hours in events}
        days = tuple(
            self._what_became(day, happened) for day in fees.days_of(spans, self.planned, self.calendar, outside=True)
        )
        month = ServiceMonth(self.span.start.year, self.span.start.month, days, len(self.planned), tuple(waivers))
        return fees.write_month(month)

    def _what_became(self, day: FeeDay, happened: dict[date, tuple[DayReason, int]]) -> FeeDay:
        if day.reason is not DayReason.SERVED:
            return day
        if day.on in self.closed:
            return replace(day, reason=DayReason.SCHOOL_CANCELLED)
        reason, missed = happened.get(day.on, (DayReason.SERVED, 0))
        if reason is not DayReason.SHORTENED:
            return replace(day, reason=reason)
        left = day.hours - missed
        return replace(day, hours=left, reason=reason) if left > 0 else replace(day, reason=DayReason.SCHOOL_CANCELLED)

    def _events(self, facts: _Facts) -> dict[int, tuple[tuple[str, str, int], ...]]:
        """Return what happened to each child by day; a child who was here in spite of a leave was served."""
        found: dict[int, dict[str, tuple[str, int]]] = defaultdict(dict)
        for pupil, on in facts.marks("absent"):
            found[pupil][on] = (DayReason.NO_SHOW.value, 0)
        missed: dict[tuple[int, str], int] = defaultdict(int)
        for pupil, hours, on in facts.cancelled():
            missed[pupil, on] += hours
        for pupil, kind, on in facts.leaves():
            found[pupil][on] = (DayReason.SICK.value if kind == "sick" else DayReason.LEAVE.value, 0)
        for pupil, on in facts.marks("present", "late", pupil_ids=found) if found else ():
            found[pupil].pop(on, None)
        for (pupil, on), hours in missed.items():
            standing = found[pupil].get(on)
            if standing is None or standing[0] == DayReason.NO_SHOW.value:
                found[pupil][on] = (DayReason.SHORTENED.value, hours)
        return {
            pupil: tuple(sorted((on, what, hours) for on, (what, hours) in days.items()))
            for pupil, days in found.items()
        }

    def _waivers(self, facts: _Facts) -> dict[int, tuple[WaiverSpan, ...]]:
        found: dict[int, list[WaiverSpan]] = defaultdict(list)
        for pupil, category, from_on, until_on in facts.care():
            percent = waiver_percent([category], self.table)
            found[pupil].append(WaiverSpan(Span(_day(from_on), _day(until_on) if until_on else None), percent))
        return {pupil: fees.waivers_within(self.span, spans) for pupil, spans in found.items()}


# --- Bills that exist -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _fee(digest: str, content: tuple[tuple[str, str], ...]) -> Fee:
    return Parameters.of({key: json.loads(value) for key, value in content}).fee


def fee_of(bill: Bill) -> Fee:
    """Return the parameters a bill was computed with, whatever has been decided since (0-c)."""
    content = tuple(sorted((key, json.dumps(value)) for key, value in bill.terms.content.items()))
    return _fee(bill.terms.digest, content)


def latest_reckoning(bill: Bill) -> str:
    """Return the month of a bill as it was computed last."""
    latest = max(bill.adjustments.all(), key=lambda one: one.version, default=None)
    return latest.reckoning if latest else bill.reckoning


def refusals_before_billing(school: School, month: date) -> tuple[Refusal, ...]:
    """Return why this school may not make bills for a month: gate, fund plan, tariff, payee (V27)."""
    may_charge = eligibility.charges_fee(private=school.is_private, rules=parameters_on(month).elig)
    if not (school.charges_fee and may_charge):
        return (refuse("R-FEE-01", "school_charges_nothing", school=school.name),)
    term = term_of_month(month)
    if term is None:
        return (refuse("R-FEE-01", "no_service_in_month", month=month.month),)
    cleared = is_cleared(school, term)
    payee = Payee.objects.filter(school=school, closed_on__isnull=True).first()
    facts = fees.BillFacts(
        month=month.month,
        filing_accepted=cleared,
        fund_plan_accepted=cleared,  # the fund plan is one of the papers of the filing
        tariff_in_force=bool(parameters_on(month).fee.tariff),
        enrolled=True,
        agreement_in_force=True,
        item=fees.FEE_ITEM,
        payee_account=payee.account_number if payee else "",
        registered_accounts=frozenset({payee.account_number}) if payee else frozenset({""}),
        amount_fen=0,
        cap_fen=0,
    )
    missing = () if payee else (refuse("R-FEE-05", "no_payee"),)
    return fees.refusals_to_bill(facts) + missing


@dataclass(frozen=True, slots=True)
class IfLeft:
    """What leaving today would mean: the last day that counts, the month's fee then, what comes back."""

    effective_on: date
    before_fen: int
    due_fen: int
    back_fen: int
    lines: tuple[str, ...]


def if_left_today(bill: Bill, effective_on: date) -> IfLeft:
    """Return what a bill would become if the child did not come from `effective_on` on."""
    month = fees.read_month(latest_reckoning(bill))
    days = tuple(
        replace(day, reason=DayReason.LEFT)
        if day.on >= effective_on and day.reason is not DayReason.NOT_JOINED
        else day
        for day in month.days
    )
    after = fees.price(replace(month, days=days), fee_of(bill))
    back = fees.refundable_fen(after.due_fen, bill.paid_fen, bill.returned_fen)
    return IfLeft(effective_on, bill.due_fen, after.due_fen, back, after.in_words())
