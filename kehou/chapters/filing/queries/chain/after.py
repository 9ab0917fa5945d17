"""Steps from the filing on: filing, registration, draw, agreements, service, settlement, archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Max, Q

from kehou.chapters.allocation.models import Draw
from kehou.chapters.disclosure.models import Publication
from kehou.chapters.enrolment.models import Agreement, Application, Enrolment, Registration
from kehou.chapters.filing.models import Archive, Filing
from kehou.chapters.filing.queries.chain.facts import Asked, Found, name, on, said
from kehou.chapters.filing.queries.listing import Clock
from kehou.chapters.filing.queries.unfiled import Unfiled, unfiled_changes
from kehou.chapters.money.models import BillingRun
from kehou.chapters.planning.models import Clearance
from kehou.chapters.timetable.models import Session
from kehou.rules.enrolling import METHODS
from kehou.rules.gates import Step, refusal_before_filing
from kehou.rules.spans import DAY
from kehou.rules.steps import DISTRICT, StepFacts


def filing(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether a filing is in force, and what lies where.

    An amendment under way leaves the step done; what was changed since and is filed nowhere opens it again (2.7.2-g).
    """
    cleared = asked.within(Clearance.objects.filter(term=asked.term, withdrawn_at=None))
    found = {one.school_id: _cleared(one) for one in cleared}
    changed = unfiled_changes(asked.term, asked.schools)
    under_way: dict[int, Filing | None] = dict.fromkeys(changed)
    rows = Filing.objects.filter(term=asked.term).exclude(state="given_up").select_related("pack")
    for one in asked.within(rows.defer("note", "pack__manifest")).order_by("order"):
        if one.state in ("accepted", "amended") and one.kind != Filing.PAST:
            day = on(one.decided_at)
            digest = one.pack.digest if one.pack else ""
            words = f"编号{one.number}，{said(day)}通过"
            if one.state == "accepted":
                found[one.school_id] = StepFacts(True, words, on=day, who=name(one.decided_by), digest=digest)
        elif not found.get(one.school_id, StepFacts()).done:
            found[one.school_id] = StepFacts(
                words=one.state_title, begun=True, owes=DISTRICT if one.with_district else "",
                refusal=refusal_before_filing(Step.REGISTRATION, accepted=False),
            )  # fmt: skip
        elif one.school_id in under_way:
            under_way[one.school_id] = one
    clock = Clock.of(asked.term, asked.today) if changed else None
    for school, changes in changed.items():
        assert clock is not None
        amendment = under_way[school]
        due_on = (clock.due_on(amendment) if amendment else None) or clock.difference_due_on(changes.since)
        found[school] = _open_again(found.get(school, StepFacts()), changes, amendment, due_on)
    yield "filing", found


def _open_again(standing: StepFacts, changes: Unfiled, amendment: Filing | None, due_on: date) -> StepFacts:
    """Return the step with what is not filed yet; who owes it is whoever has the amendment, if one is under way.

    `due_on` is the end of the clock that runs: of the answer while it lies with the district, else of the report.
    """
    with_district = amendment is not None and amendment.with_district
    lies = f"变更备案{amendment.state_title}" if amendment else "还没有报变更备案"
    return StepFacts(
        words=f"{standing.words}；{'、'.join(changes.what)}{lies}", begun=True, on=standing.on, who=standing.who,
        digest=standing.digest, refusal=changes.waiting if with_district else changes.refusal,
        owes=DISTRICT if with_district else "", due_on=due_on,
    )  # fmt: skip


def _cleared(one: Clearance) -> StepFacts:
    day = on(one.cleared_at)
    return StepFacts(True, f"编号{one.receipt_number}，{said(day)}通过", on=day, who=name(one.cleared_by))


def registration(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether the families have chosen; counts only, never who refused."""
    answered = asked.within(Application.objects.filter(registration__term=asked.term), "registration__school").values(
        "registration__school"
    )
    counts = {row["registration__school"]: row["n"] for row in answered.annotate(n=Count("pk")).order_by()}
    found = {}
    for one in asked.within(Registration.objects.filter(term=asked.term)):
        over, closes = one.closes_at <= asked.at, on(one.closes_at)
        words = f"{counts.get(one.school_id, 0)}名学生已答复，{said(closes)}{'已截止' if over else '截止'}"
        found[one.school_id] = StepFacts(over, words, begun=True, on=on(one.opened_at), who=name(one.opened_by))
    yield "registration", found


def draw(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether the placements are published, with the hash of the public record."""
    found: dict[int, StepFacts] = {}
    rows = (
        Draw.objects.filter(registration__term=asked.term, base=None)
        .exclude(state="void")
        .select_related("registration")
    )
    for one in asked.within(rows.defer("stats", "rules"), "registration__school").order_by("number"):
        day = on(one.published_at)
        method = METHODS[one.registration.method].split("：")[0]
        words = f"{method}，{said(day)}公布结果" if day else "还没有公布结果"
        found[one.registration.school_id] = StepFacts(
            day is not None, words, begun=True, on=day, digest=one.record_digest if day else ""
        )
    yield "draw", found


def agreements(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield how many agreements are in force; one that is missing keeps nobody else from coming."""
    waiting = Q(state__in=("to_sign", "guardian_signed"))
    rows = Agreement.objects.filter(application__registration__term=asked.term)
    open_ones = {
        row["application__registration__school"]: row["n"]
        for row in asked.within(rows.filter(waiting), "application__registration__school")
        .values("application__registration__school")
        .annotate(n=Count("pk"))
        .order_by()
    }
    enrolled = asked.within(Enrolment.objects.filter(term=asked.term)).values("school")
    found = {school: StepFacts(words=f"{left}份待签", begun=True) for school, left in open_ones.items()}
    for row in enrolled.annotate(n=Count("pk"), last=Max("from_on")).order_by():
        left = open_ones.get(row["school"], 0)
        words = f"{row['n']}份生效" + (f"，{left}份待签" if left else "")
        found[row["school"]] = StepFacts(row["n"] > 0, words)
    yield "agreements", found


def service(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether the service is over, and how many sessions it has."""
    over, began = asked.today >= asked.term.service_until_on, asked.today >= asked.term.service_from_on
    last = asked.term.service_until_on - DAY
    rows = asked.within(Session.objects.filter(term=asked.term, state=Session.PLANNED)).values("school")
    found = {}
    for row in rows.annotate(n=Count("pk")).order_by():
        words = f"{row['n']}次课次，{said(asked.term.service_from_on)}至{said(last)}"
        found[row["school"]] = StepFacts(over, words, begun=began, on=last if over else None)
    yield "service", found


def settlement(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether every month of the service is settled and the account is public."""
    months = _months(asked)
    settled: dict[int, set[date]] = {}
    runs = BillingRun.objects.filter(month__in=months, settled_at__isnull=False).values_list("school", "month")
    for school, month in asked.within(runs):
        settled.setdefault(school, set()).add(month)
    public: dict[int, tuple[int, date | None, str]] = {}
    rows = Publication.objects.filter(term=asked.term, kind="account", withdrawn_at=None, school__isnull=False)
    for one in asked.within(rows.defer("content")).order_by("published_at"):
        count = public.get(one.school_id, (0, None, ""))[0]
        public[one.school_id] = (count + 1, on(one.published_at), one.digest)
    over = asked.today >= asked.term.service_until_on
    found = {}
    for school in set(settled) | set(public):
        known, shown = settled.get(school, set()), public.get(school, (0, None, ""))
        whole = over and known >= months and shown[0] > 0
        words = f"{len(known)}个月已结算，{shown[0]}次收支公示"
        found[school] = StepFacts(whole, words, begun=True, on=shown[1], digest=shown[2])
    yield "settlement", found


def _months(asked: Asked) -> set[date]:
    """Return the first day of every month that the service touches."""
    day, months = asked.term.service_from_on.replace(day=1), set()
    while day < asked.term.service_until_on:
        months.add(day)
        day = (day.replace(day=28) + DAY * 4).replace(day=1)
    return months


def archive(asked: Asked) -> Iterator[tuple[str, Found]]:
    """Yield whether the term was closed and archived."""
    rows = asked.within(Archive.objects.filter(term=asked.term).defer("content"))
    found = {}
    for one in rows:
        day = on(one.archived_at)
        found[one.school_id] = StepFacts(True, f"{said(day)}归档", on=day, who=name(one.archived_by), digest=one.digest)
    yield "archive", found


SOURCES = (filing, registration, draw, agreements, service, settlement, archive)
