"""Opening: every family of the register is invited at once; closing; and reminding, without anybody learning whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Guardianship, Pupil
from kehou.chapters.people.queries import held_on
from kehou.chapters.surveys.actions.tickets import make_tickets
from kehou.chapters.surveys.models import Family, Survey, Ticket
from kehou.chapters.surveys.queries import items_of, refusal_to_answer, silent_accounts, uninvited
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects
from kehou.rules.surveys import core_items, refusals_to_open
from kehou.rules.verdicts import Refused, insist, refuse
from kehou.rules.wall import hour_in_words

SPARE = 10  # tickets above the families, in percent, for who comes later


@transaction.atomic
def open_survey(survey: Survey, *, by: Actor, at: datetime) -> Survey:
    """Fix the items and invite every family: a letter where there is an account, a slip to be handed over elsewhere.

    :raises Refused: R-SURV-03 for the items, R-SURV-01 for the window, or with nobody on the register
    """
    survey = _locked(survey)
    insist(refuse("R-SURV-01", "opened_already") if survey.opened_at else None)
    rules = parameters_on(at.date()).survey
    core = core_items(rules.core_items)
    children = list(uninvited(survey).select_related("homeroom"))
    insist(
        *refusals_to_open(
            items_of(survey),
            core,
            opens_at=survey.opens_at,
            closes_at=survey.closes_at,
            at=at,
            least_days=rules.window_days,
        ),
        None if children else refuse("R-SURV-01", "nobody_to_invite"),
    )
    survey.opened_by, survey.opened_at = str(by), at
    survey.save()
    families = _invite(survey, children, at)
    journal.write(
        "surveys.opened", about=survey, by=by, at=at, school_code=survey.school.code, families=len(families)
    )  # fmt: skip
    return survey


@transaction.atomic
def invite_newcomers(survey: Survey, *, by: Actor, at: datetime) -> int:
    """Invite the families of children who came after the opening; return how many.

    :raises Refused: R-SURV-01 when it is over
    """
    survey = _locked(survey)
    insist(refuse("R-SURV-01", "closed_already") if survey.is_over(at) else None)
    families = _invite(survey, list(uninvited(survey).select_related("homeroom")), at)
    if families:
        journal.write(
            "surveys.invited", about=survey, by=by, at=at, school_code=survey.school.code, families=len(families)
        )
    return len(families)


@transaction.atomic
def close_survey(survey: Survey, *, by: Actor, at: datetime) -> Survey:
    """End the survey, before its time or after. :raises Refused: R-SURV-01 if it is not open, or closed already"""
    survey = _locked(survey)
    insist(
        refuse("R-SURV-01", "not_open_yet", opens=hour_in_words(survey.opens_at)) if survey.is_draft else None,
        refuse("R-SURV-01", "closed_already") if survey.closed_at else None,
    )
    survey.closed_by, survey.closed_at = str(by), at
    survey.save(update_fields=["closed_by", "closed_at"])
    journal.write("surveys.closed", about=survey, by=by, at=at, school_code=survey.school.code)
    return survey


@transaction.atomic
def remind(survey: Survey, *, by: Actor, at: datetime) -> None:
    """Write to those who have not answered (with names) or to everybody (without).

    To whom, and to how many, is told to nobody.
    :raises Refused: R-SURV-01 when it is not open, or a second time in a day
    """
    survey = _locked(survey)
    insist(
        refusal_to_answer(survey, at),
        refuse("R-SURV-01", "reminded_today") if survey.reminded_on == at.date() else None,
    )
    accounts = silent_accounts(survey)
    survey.reminded_on = at.date()
    survey.save(update_fields=["reminded_on"])
    thanks = "已经填过的家庭请不用理会。" if survey.anonymous else ""
    journal.send_many(
        accounts, kind="survey", title=f"请填写：{survey.title}",
        body=f"{hour_in_words(survey.closes_at)}截止。填不填、怎么填都不影响孩子在校的任何待遇。{thanks}",
        at=at, link="/guardian/", school_code=survey.school.code,
    )  # fmt: skip
    journal.write("surveys.reminded", about=survey, by=by, at=at, school_code=survey.school.code)


def _invite(survey: Survey, children: Iterable[Pupil], at: datetime) -> list[Family]:
    """Make the families of children with their tickets, and write to those who have an account."""
    mains = dict(
        Guardianship.objects.filter(held_on(at.date()), pupil__in=[child.pk for child in children])
        .order_by("is_main", "-pk")
        .values_list("pupil", "account")
    )
    households: dict[object, list[Pupil]] = {}
    for child in sorted(children, key=lambda one: (-one.homeroom.grade, one.homeroom.number, one.pk)):
        households.setdefault(mains.get(child.pk) or ("alone", child.pk), []).append(child)
    families = _with_newcomers(survey, households)
    made = insert_objects(
        (
            Family(
                survey=survey,
                account_id=key if isinstance(key, int) else None,
                homeroom=own[0].homeroom,
                reached=Family.LETTER if isinstance(key, int) else "",
            )
            for key, own in families.items()
        ),
    )
    between = Family.pupils.through
    insert_objects(
        (
            between(family_id=family.pk, pupil_id=child.pk)
            for family, own in zip(made, families.values(), strict=True)
            for child in own
        ),
    )
    _ticket(survey, made)
    _write_to(survey, made, at)
    return made


def _with_newcomers(survey: Survey, households: dict[object, list[Pupil]]) -> dict[object, list[Pupil]]:
    """Return the households without a family; a newcomer whose sibling is invited joins the family."""
    standing = dict(survey.families.filter(account__isnull=False).values_list("account", "pk"))
    joining = [(standing[key], own) for key, own in households.items() if isinstance(key, int) and key in standing]
    between = Family.pupils.through
    insert_objects(between(family_id=family, pupil_id=child.pk) for family, own in joining for child in own)
    return {key: own for key, own in households.items() if key not in standing}


def _ticket(survey: Survey, families: list[Family]) -> None:
    """Give each family its ticket (with names), or make a heap that belongs to nobody (without)."""
    if survey.anonymous:
        make_tickets(survey, len(families) + max(SPARE, len(families) * SPARE // 100))
        return
    tickets = make_tickets(survey, len(families))
    for ticket, family in zip(tickets, families, strict=True):
        ticket.family, ticket.is_out = family, True
    Ticket.objects.bulk_update(tickets, ["family", "is_out"], batch_size=300)
    Family.objects.filter(pk__in=[family.pk for family in families]).update(has_ticket=True)


def _write_to(survey: Survey, families: list[Family], at: datetime) -> None:
    accounts = [family.account_id for family in families if family.account_id]
    how = "不记名，学校和老师都看不到是谁填的。" if survey.anonymous else "班主任看不到您填了什么。"
    journal.send_many(
        accounts, kind="survey", title=survey.title,
        body=f"{survey.words}{how}{hour_in_words(survey.closes_at)}截止。",
        at=at, link="/guardian/", school_code=survey.school.code,
    )  # fmt: skip


def _locked(survey: Survey) -> Survey:
    try:
        return Survey.objects.select_for_update(no_key=True).select_related("school").get(pk=survey.pk)
    except Survey.DoesNotExist:
        raise Refused(refuse("R-SURV-01", "closed_already")) from None
