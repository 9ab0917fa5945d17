"""Giving somebody an account and a post in one act, and switching an account off."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.actions.accounts import give_post, give_start_password, make_account
from kehou.chapters.people.actions.sign_in import end_other_sign_ins
from kehou.chapters.people.models import Account, Post
from kehou.chapters.schools.models import Homeroom, School
from kehou.lib.actors import Actor
from kehou.rules.signing_in import refusal_of_phone
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def appoint(
    phone: str,
    *,
    name: str,
    role: str,
    school: School | None,
    from_on: date,
    by: Actor,
    at: datetime,
    homeroom: Homeroom | None = None,
) -> tuple[Post, str]:
    """Return the post of a person known by their mobile number, and a start password if they had none yet.

    The password is shown once, to the person who hands it over. Who answers for a child gets none: whoever read it
    could sign for the family. They come in by the code to their telephone and set a password themselves.

    :raises Refused: R-ACC-01 for no mobile number, no name, or a role that does not belong there
    """
    insist(refusal_of_phone(phone), None if name.strip() else refuse("R-ACC-01", "name_empty"))
    account = make_account(phone, name=name.strip(), by=by, at=at)
    post = give_post(account, role, school=school, homeroom=homeroom, from_on=from_on, by=by, at=at)
    theirs = account.has_usable_password() or account.guardianships.exists()
    return post, "" if theirs else give_start_password(account, by=by, at=at)


@transaction.atomic
def switch_off(account: Account, *, by: Actor, at: datetime) -> None:
    """Let nobody sign in by this account any more; its sessions end now. :raises Refused: R-ACC-01 for one's own"""
    if account.pk == by.account_id:
        raise Refused(refuse("R-ACC-01", "not_oneself"))
    Account.objects.filter(pk=account.pk).update(is_active=False)
    end_other_sign_ins(account, besides="", by=by, at=at)
    journal.write("people.account_switched_off", about=account, by=by, at=at)


@transaction.atomic
def switch_on(account: Account, *, by: Actor, at: datetime) -> None:
    """Let an account sign in again."""
    Account.objects.filter(pk=account.pk).update(is_active=True)
    journal.write("people.account_switched_on", about=account, by=by, at=at)


@transaction.atomic
def renew_password(account: Account, *, by: Actor, at: datetime) -> str:
    """Return a new start password for somebody who forgot theirs; their sessions end, their second factor stays."""
    password = give_start_password(account, by=by, at=at)
    end_other_sign_ins(account, besides="", by=by, at=at)
    return password
