"""第三方机构 at the district: call, application, enquiries, panel, publicity, list, yearly review, exit (P8-2, 2.5-g).

Every step compares before it sets: of two officers who decide at the same instant the second is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Avg

from kehou.chapters.basis.queries import holidays_within, parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import (
    Candidacy,
    ListReview,
    Objection,
    PanelScore,
    Provider,
    ProviderCall,
    ProviderExit,
    ProviderUse,
    Readmission,
    StatusCheck,
    UseReview,
)
from kehou.chapters.staffing.queries import checks_of, is_readmitted, last_exit
from kehou.chapters.staffing.queries.providers import LIVE_USES
from kehou.lib.actors import Actor
from kehou.rules.outsiders import AREA_TITLES
from kehou.rules.providers import (
    CHECKS,
    CRITERIA,
    MOST_POINTS,
    OrgFacts,
    refusal_of_school_address,
    refusal_to_list,
    refusal_to_return,
    refusal_to_select,
    refusals_of_checks,
    refusals_of_exit,
    refusals_of_organisation,
    refusals_of_points,
)
from kehou.rules.publication import refusals_of_text
from kehou.rules.states import PROVIDER, ProviderState, refusal_of_lost_race, refusal_to_move
from kehou.rules.verdicts import Refusal, Refused, insist, refuse

OBJECTIONS_A_DAY = 100
_S = ProviderState


def _move(candidacy: Candidacy, to: ProviderState, **decision: Any) -> Candidacy:
    """Take a candidacy one step on, with the columns that belong to the step. :raises Refused: R-FLOW-01"""
    here = candidacy.state
    insist(refusal_to_move(PROVIDER, here, to.value))
    if not Candidacy.objects.filter(pk=candidacy.pk, state=here).update(state=to.value, **decision):
        raise Refused(refusal_of_lost_race(PROVIDER))
    return Candidacy.objects.select_related("provider", "call").get(pk=candidacy.pk)


def _read(candidacy: Candidacy) -> Candidacy:
    """Return the candidacy as it stands, locked where the database can."""
    return (
        Candidacy.objects.select_for_update(of=("self",), no_key=True)
        .select_related("provider", "call")
        .get(pk=candidacy.pk)
    )


# --- Need and application ---------------------------------------------------------------------------------------------


@transaction.atomic
def call_for_providers(
    *, title: str, areas: Iterable[str], words: str, closes_on: date, by: Actor, at: datetime
) -> ProviderCall:
    """Publish what the district looks for. :raises Refused: P8-2 when it does not say what and until when"""
    areas = [area for area in dict.fromkeys(areas) if area in AREA_TITLES]
    if not title.strip() or not areas or len(words.strip()) < 10 or closes_on <= at.date():
        raise Refused(refuse("P8-2", "call_incomplete"))
    number = f"ZJ{at:%Y}-{ProviderCall.objects.filter(made_at__year=at.year).count() + 1:02d}"
    made = ProviderCall.objects.create(
        number=number, title=title.strip(), areas=areas, words=words.strip(), closes_on=closes_on, made_by=str(by),
        made_at=at,
    )  # fmt: skip
    journal.write("staffing.provider_call_made", about=made, by=by, at=at, number=number)
    return made


@dataclass(frozen=True, slots=True)
class Handed:
    """What an organisation hands in for a call, beside what it is (`OrgFacts`)."""

    area: str
    offer: str
    hour_fen: int
    phone: str


@transaction.atomic
def register_candidacy(call: ProviderCall, org: OrgFacts, handed: Handed, *, by: Actor, at: datetime) -> Candidacy:
    """Register who answers a call, in state 需求 until the enquiries are made.

    :raises Refused: P2-6 for subject training, P7-2 for an expired licence, P8-2 for a wrong code, too young, late or
        twice, P10-5 for a school's address, R-EXT-04 for who has left and was not let back
    """
    parameters = parameters_on(at.date())
    schools = School.objects.values_list("name", "address")
    insist(
        refuse("P8-2", "call_closed") if at.date() > call.closes_on else None,
        *refusals_of_organisation(org, on=at.date(), least_years=parameters.provider.founded_years),
        refusal_of_school_address(org.teaching_address, schools),
        None if handed.area in call.areas and handed.offer.strip() else refuse("P8-2", "call_incomplete"),
    )
    provider = _provider(org, handed.phone)
    left = last_exit(provider)
    insist(
        refusal_to_return(
            left_on=left.left_on if left else None, readmitted=bool(left and is_readmitted(provider, left))
        )
    )
    try:
        with transaction.atomic():
            made = Candidacy.objects.create(
                call=call, provider=provider, area=handed.area, offer=handed.offer.strip(), hour_fen=handed.hour_fen,
                made_by=str(by), made_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(refuse("P8-2", "applied_already")) from None
    journal.write("staffing.provider_registered", about=made, by=by, at=at, code=provider.credit_code)
    return made


def _provider(org: OrgFacts, phone: str) -> Provider:
    columns = {
        "name": org.name.strip(), "legal_person": org.legal_person.strip(),
        "licence_number": org.licence_number.strip(),
        "licence_until_on": org.licence_until, "founded_on": org.founded_on, "scope": org.scope.strip(),
        "address": org.address.strip(), "teaching_address": org.teaching_address.strip(), "phone": phone.strip(),
    }  # fmt: skip
    return Provider.objects.update_or_create(credit_code=org.credit_code, defaults=columns)[0]


@transaction.atomic
def record_check(
    candidacy: Candidacy, kind: str, *, clean: bool, reference: str, found_on: date | None = None, by: Actor,
    at: datetime,
) -> StatusCheck:  # fmt: skip
    """Keep the result of one enquiry. :raises Refused: P8-2 for an unknown kind, R-EXT-04 when it has left"""
    candidacy = _read(candidacy)
    insist(
        None if kind in CHECKS and reference.strip() else refuse("P8-2", "check_missing", checks="结果和查询编号"),
        refuse("R-EXT-04", "has_left") if candidacy.state == _S.LEFT.value else None,
    )
    made = StatusCheck.objects.create(
        candidacy=candidacy, kind=kind, clean=clean, reference=reference.strip(),
        found_on=None if clean else found_on, checked_by=str(by), checked_at=at,
    )  # fmt: skip
    journal.write("staffing.provider_checked", about=candidacy, by=by, at=at, kind=kind, clean=clean)
    return made


def refusals_to_accept(candidacy: Candidacy, *, on: date) -> tuple[Refusal, ...]:
    """Return what keeps an application from being taken: enquiries that are missing or bad, an old licence."""
    years = parameters_on(on).provider.clean_years
    until = candidacy.provider.licence_until_on
    expired = refuse("P7-2", "licence_expired", day=f"{until:%Y年%-m月%-d日}") if until and until <= on else None
    return tuple(
        no for no in (*refusals_of_checks(checks_of(candidacy), on=on, clean_years=years), expired) if no is not None
    )


@transaction.atomic
def accept_application(candidacy: Candidacy, *, by: Actor, at: datetime) -> Candidacy:
    """Take the application in (申报): all enquiries are made and clean. :raises Refused: P7-2, P8-2, R-FLOW-01"""
    candidacy = _read(candidacy)
    insist(refusal_to_move(PROVIDER, candidacy.state, _S.APPLIED.value), *refusals_to_accept(candidacy, on=at.date()))
    moved = _move(candidacy, _S.APPLIED, applied_at=at)
    journal.write("staffing.provider_applied", about=moved, by=by, at=at)
    return moved


# --- Panel, publicity, list -------------------------------------------------------------------------------------------


@transaction.atomic
def record_score(
    candidacy: Candidacy, *, panellist: str, office: str, points: Mapping[str, int | None], note: str = "", by: Actor,
    at: datetime,
) -> PanelScore:  # fmt: skip
    """Keep the sheet of one member of the panel. :raises Refused: P8-2 twice, nameless, out of range; R-FLOW-01"""
    candidacy = _read(candidacy)
    insist(
        None if candidacy.state == _S.APPLIED.value else refusal_to_move(PROVIDER, candidacy.state, _S.SELECTED.value),
        None if panellist.strip() and office.strip() else refuse("P8-2", "panellist_missing"),
        *refusals_of_points(points, MOST_POINTS, CRITERIA),
    )
    kept = {key: points[key] for key in CRITERIA}
    try:
        with transaction.atomic():
            made = PanelScore.objects.create(
                candidacy=candidacy, panellist=panellist.strip(), office=office.strip(), points=kept,
                total=sum(kept.values()), note=note.strip()[:200], recorded_by=str(by), recorded_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(refuse("P8-2", "panellist_twice", name=panellist.strip())) from None
    journal.write("staffing.provider_scored", about=candidacy, by=by, at=at, office=office.strip(), total=made.total)
    return made


def refusal_of_panel(candidacy: Candidacy, *, on: date) -> Refusal | None:
    """Return why the panel has not selected it yet."""
    rules = parameters_on(on).provider
    return refusal_to_select(
        list(candidacy.scores.values_list("total", flat=True)), panel=rules.panel, passing=rules.passing
    )


@transaction.atomic
def select(candidacy: Candidacy, *, by: Actor, at: datetime) -> Candidacy:
    """Let the panel's scores select it (遴选). :raises Refused: P8-2 with too few or too low scores, R-FLOW-01"""
    candidacy = _read(candidacy)
    insist(refusal_to_move(PROVIDER, candidacy.state, _S.SELECTED.value), refusal_of_panel(candidacy, on=at.date()))
    moved = _move(candidacy, _S.SELECTED, selected_at=at)
    journal.write("staffing.provider_selected", about=moved, by=by, at=at)
    return moved


@transaction.atomic
def show(candidacy: Candidacy, *, by: Actor, at: datetime) -> Candidacy:
    """Put it before the public for the working days that the district set, counted from tomorrow."""
    candidacy, today = _read(candidacy), at.date()
    days = parameters_on(today).provider.shown_working_days
    holidays = holidays_within(today, today + timedelta(days=4 * days + 60))
    moved = _move(candidacy, _S.SHOWN, shown_from_on=today, shown_until_on=holidays.working_day_after(today, days))
    facts = {"until": moved.shown_until_on.isoformat()} if moved.shown_until_on else {}
    journal.write("staffing.provider_shown", about=moved, by=by, at=at, **facts)
    return moved


@transaction.atomic
def object_to(candidacy: Candidacy, text: str, *, contact: str = "", at: datetime) -> Objection:
    """Keep what somebody of the public says, with or without a name. :raises Refused: P8-2 late, empty, too many"""
    candidacy = _read(candidacy)
    today = candidacy.objections.filter(made_at__date=at.date()).count()
    shown = candidacy.state == _S.SHOWN.value and candidacy.shown_until_on and at.date() <= candidacy.shown_until_on
    insist(
        None if shown else refuse("P8-2", "objection_late"),
        None if len(text.strip()) >= 10 else refuse("P8-2", "objection_empty"),
        refuse("P8-2", "objections_full") if today >= OBJECTIONS_A_DAY else None,
    )
    made = Objection.objects.create(
        candidacy=candidacy, text=text.strip()[:1000], contact=contact.strip()[:60], made_at=at
    )
    public = Actor(None, "公众", "")
    journal.write("staffing.provider_objected", about=candidacy, by=public, at=at)
    return made


@transaction.atomic
def answer_objection(objection: Objection, *, upheld: bool, answer: str, by: Actor, at: datetime) -> Objection:
    """Answer an objection once: upheld or not, and why. :raises Refused: P8-2 without an answer, or the second time"""
    insist(None if answer.strip() else refuse("P8-2", "answer_missing"))
    waiting = Objection.objects.filter(pk=objection.pk, answered_at=None)
    if not waiting.update(upheld=upheld, answer=answer.strip()[:400], answered_by=str(by), answered_at=at):
        raise Refused(refuse("P8-2", "objection_answered"))
    objection = Objection.objects.select_related("candidacy").get(pk=objection.pk)
    journal.write("staffing.objection_answered", about=objection.candidacy, by=by, at=at, upheld=upheld)
    return objection


def refusal_of_listing(candidacy: Candidacy, *, on: date) -> Refusal | None:
    """Return why it cannot come on the list yet."""
    objections = candidacy.objections
    return refusal_to_move(PROVIDER, candidacy.state, _S.LISTED.value) or refusal_to_list(
        shown_until=candidacy.shown_until_on,
        on=on,
        open_objections=objections.filter(answered_at=None).count(),
        upheld=objections.filter(upheld=True).count(),
    )


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))


@transaction.atomic
def enlist(candidacy: Candidacy, *, by: Actor, at: datetime) -> Candidacy:
    """Put it on the approved list (白名单) for the months that the district set.

    :raises Refused: P8-2 while it is shown or an objection stands, P7-2 when an enquiry has turned bad, R-FLOW-01
    """
    candidacy, today = _read(candidacy), at.date()
    insist(refusal_of_listing(candidacy, on=today), *refusals_to_accept(candidacy, on=today))
    until = _months_later(today, parameters_on(today).provider.listed_months)
    try:
        with transaction.atomic():
            moved = _move(candidacy, _S.LISTED, listed_on=today, listed_until_on=until)
    except IntegrityError:
        raise Refused(refuse("P8-2", "applied_already")) from None
    journal.write("staffing.provider_listed", about=moved, by=by, at=at, until=until.isoformat())
    return moved


# --- Review and exit --------------------------------------------------------------------------------------------------


def mean_of_schools(candidacy: Candidacy, *, since: date) -> int | None:
    """Return the mean of what the schools said of it since a day, None if none did."""
    rows = UseReview.objects.filter(use__candidacy=candidacy, made_at__date__gte=since)
    mean = rows.aggregate(mean=Avg("total"))["mean"]
    return None if mean is None else int(mean)


@transaction.atomic
def review_listing(candidacy: Candidacy, *, keeps: bool, note: str = "", by: Actor, at: datetime) -> ListReview:
    """Look at it once a year: keep it for another span, or let it go when what the schools said is too low.

    :raises Refused: P8-2 when it is off the list, or when a mean below the limit would be kept
    """
    candidacy, today = _read(candidacy), at.date()
    rules = parameters_on(today).provider
    insist(None if candidacy.state == _S.LISTED.value else refuse("P8-2", "not_on_the_list"))
    mean = mean_of_schools(candidacy, since=candidacy.listed_on or today)
    if keeps and mean is not None and mean < rules.review_passing:
        raise Refused(refuse("P8-2", "score_too_low", mean=mean, passing=rules.review_passing))
    if keeps:
        insist(*refusals_to_accept(candidacy, on=today))
    until = _months_later(today, rules.listed_months) if keeps else today
    made = ListReview.objects.create(
        candidacy=candidacy,
        mean=mean,
        keeps=keeps,
        note=note.strip()[:200],
        until_on=until,
        made_by=str(by),
        made_at=at,
    )
    journal.write("staffing.provider_reviewed", about=candidacy, by=by, at=at, keeps=keeps)
    if keeps:
        Candidacy.objects.filter(pk=candidacy.pk).update(listed_until_on=until)
    else:
        leave_list(candidacy, kind="review", reason=note.strip() or "年度评估不合格", by=by, at=at)
    return made


@transaction.atomic
def leave_list(candidacy: Candidacy, *, kind: str, reason: str, by: Actor, at: datetime) -> ProviderExit:
    """Take it out of the call or off the list; schools that use it are told and their use ends.

    :raises Refused: R-EXT-04 without kind and reason, R-FLOW-01 when it has left, R-PRIV-02 for a reason, which
        everybody reads, that names an aid or a child of a school that used it
    """
    candidacy = _read(candidacy)
    names = Pupil.objects.filter(school__in=candidacy.uses.values("school")).values_list("name", flat=True)
    insist(
        *refusals_of_exit(kind, reason),
        refusal_to_move(PROVIDER, candidacy.state, _S.LEFT.value),
        *refusals_of_text(reason, names=names),
    )
    _move(candidacy, _S.LEFT)
    made = ProviderExit.objects.create(
        candidacy=candidacy, kind=kind, reason=reason.strip()[:400], left_on=at.date(), made_by=str(by), made_at=at
    )
    uses = ProviderUse.objects.filter(candidacy=candidacy, state__in=LIVE_USES)
    schools = [use.school.code for use in uses.select_related("school")]
    uses.update(state=_S.LEFT.value, left_because=f"机构退出名单：{made.reason}"[:400], left_by=str(by), left_at=at)
    journal.write(
        "staffing.provider_left", about=candidacy, by=by, at=at, kind=kind, reason=made.reason, schools=schools
    )
    return made


@transaction.atomic
def readmit(provider: Provider, *, reason: str, by: Actor, at: datetime) -> Readmission:
    """Let an organisation that has left apply once more; every step begins anew (R-EXT-04).

    :raises Refused: R-EXT-04 when it has not left, or without a reason
    """
    provider = Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    left = last_exit(provider)
    insist(
        refuse("R-EXT-04", "has_not_left") if left is None or is_readmitted(provider, left) else None,
        None if len(reason.strip()) >= 4 else refuse("R-EXT-04", "reason_missing"),
    )
    made = Readmission.objects.create(provider=provider, reason=reason.strip()[:400], granted_by=str(by), granted_at=at)
    journal.write("staffing.provider_readmitted", about=provider, by=by, at=at, reason=reason.strip())
    return made
