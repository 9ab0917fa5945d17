"""Opening and lengthening a round: everybody who is asked gets a letter or a slip; it ends by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Pupil
from kehou.chapters.planning import queries
from kehou.chapters.planning.actions.versions import freeze, locked
from kehou.chapters.planning.models import Asked, OpinionRound, OpinionSlip, Plan, PlanVersion
from kehou.chapters.planning.queries.households import Households, accounts_with, households_of
from kehou.chapters.planning.queries.plans import EDITABLE
from kehou.chapters.schools.models import Homeroom
from kehou.lib import chance
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects
from kehou.rules.planning import Party, refusals_to_open_round
from kehou.rules.verdicts import Refused, insist, refuse

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else on paper


def secret(length: int = 12) -> str:
    """Return a code that cannot be guessed and can be read aloud."""
    return chance.text(ALPHABET, length)


@transaction.atomic
def open_round(plan: Plan, number: int, *, closes_at: datetime, by: Actor, at: datetime) -> OpinionRound:
    """Freeze the text and ask: round 1 every family, round 2 families, pupils, teachers, committee and community.

    :raises Refused: R-TRACE-01 for the text, R-PC-01 before the committee's minutes, R-GATE-03, R-GATE-04, R-NOTI-02; a
        round is opened once
    """
    plan = locked(plan)
    first = queries.round_of(plan, 1)
    on = timezone.localtime(at).date()
    insist(
        refuse("R-GATE-03", "opened_already") if queries.round_of(plan, number) else None,
        None if plan.state in EDITABLE else queries.refusal_to_edit(plan),
        *queries.draft_refusals(plan, at),
        *refusals_to_open_round(
            number,
            opens_at=at,
            closes_at=closes_at,
            first_closes_at=first.closes_at if first else None,
            notice_issued=plan.notices.exists(),
            committee_met=queries.committee_has_met(plan),
            parameters=parameters_on(on),
        ),
    )
    version = freeze(plan, PlanVersion.FIRST if number == 1 else PlanVersion.SECOND, by=by, at=at)
    households = households_of(plan.school, on)
    found = OpinionRound.objects.create(
        plan=plan, number=number, version=version, opens_at=at, closes_at=closes_at, families=households.count,
        secret=secret(), opened_by=str(by), opened_at=at,
    )  # fmt: skip
    _ask_households(found, households)
    if number == 2:
        _ask_others(found)
    _write_letters(found, households, at)
    journal.write(
        "planning.round_opened", about=found, by=by, at=at, school_code=plan.school.code, number=number,
        families=households.count, digest=version.digest,
    )  # fmt: skip
    return found


def _ask_households(found: OpinionRound, households: Households) -> None:
    insert_objects(
        (Asked(round=found, party=Party.GUARDIAN, account_id=account) for account in households.accounts),
    )
    insert_objects(
        (OpinionSlip(round=found, homeroom_id=homeroom, secret=secret()) for _, homeroom in households.alone),
    )


def _ask_others(found: OpinionRound) -> None:
    """Ask teachers, committee and every child; the community comes by the link on the notice board."""
    school, on = found.plan.school, timezone.localtime(found.opens_at).date()
    teachers = accounts_with(school, on, desk="teacher")
    members = accounts_with(school, on, role="parents_committee")
    pupils = Pupil.objects.filter(school=school, state=Pupil.IN_SCHOOL).order_by("pk").values_list("pk", flat=True)
    rows = [Asked(round=found, party=Party.TEACHER, account_id=one) for one in teachers]
    rows += [Asked(round=found, party=Party.COMMITTEE, account_id=one) for one in members]
    rows += [Asked(round=found, party=Party.PUPIL, pupil_id=one) for one in pupils]
    insert_objects(rows)
    _tell(found, teachers, f"/teacher/{school.code}/opinions/")
    _tell(found, members, f"/school/{school.code}/plan/committee/opinions/")


def _write_letters(found: OpinionRound, households: Households, at: datetime) -> None:
    _tell(found, households.accounts, "/guardian/")


def _tell(found: OpinionRound, accounts: tuple[int, ...] | list[int], link: str) -> None:
    closes = timezone.localtime(found.closes_at)
    journal.send_many(
        accounts, kind="planning", title=f"{found}：{found.plan}",
        body="请看方案，逐条说同意、不同意或有什么建议，可以不署名。"
        f"{closes:%-m月%-d日 %H:%M}截止，每一类意见都会公布答复。",
        at=found.opens_at, link=link, school_code=found.plan.school.code,
    )  # fmt: skip


@transaction.atomic
def extend_round(found: OpinionRound, *, until: datetime, by: Actor, at: datetime) -> OpinionRound:
    """Let a round last longer. Nobody can end it early.

    :raises Refused: R-GATE-03 for an earlier end, or once it is over
    """
    row = (
        OpinionRound.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan__school")
        .get(pk=found.pk)
    )
    closes = f"{timezone.localtime(row.closes_at):%-m月%-d日 %H:%M}"
    insist(
        refuse("R-GATE-03", "round_is_over", closed=closes) if at >= row.closes_at else None,
        refuse("R-GATE-03", "only_longer", closes=closes) if until <= row.closes_at else None,
    )
    was, row.closes_at = row.closes_at, until
    row.save(update_fields=["closes_at"])
    journal.write(
        "planning.round_extended", about=row, by=by, at=at, school_code=row.plan.school.code, was=was.isoformat(),
        until=until.isoformat(),
    )  # fmt: skip
    return row


@transaction.atomic
def print_slips(found: OpinionRound, homeroom: Homeroom, *, by: Actor, at: datetime) -> list[OpinionSlip]:
    """Return the slips of a class to be printed, once: the codes lead to nobody.

    :raises Refused: R-GATE-03 when the class needs none, or they are printed
    """
    slips = list(found.slips.select_for_update(no_key=True).filter(homeroom=homeroom, printed_at=None))
    if not slips or at >= found.closes_at:
        raise Refused(refuse("R-GATE-03", "nothing_to_print"))
    OpinionSlip.objects.filter(pk__in=[one.pk for one in slips]).update(printed_at=at)
    chance.shuffle(slips)
    journal.write(
        "planning.slips_printed", about=found, by=by, at=at, school_code=found.plan.school.code, homeroom=str(homeroom),
        slips=len(slips),
    )  # fmt: skip
    return slips
