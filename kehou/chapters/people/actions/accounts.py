"""Accounts by mobile number, and the posts their owners hold."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Account, Post
from kehou.chapters.schools.models import Homeroom, School
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects
from kehou.rules.permissions import ROLES
from kehou.rules.verdicts import Refused, refuse

# Without 0, o, 1, l, i: start passwords are read aloud and written on paper.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def make_account(phone: str, *, name: str, by: Actor, at: datetime, password: str | None = None) -> Account:
    """Return the account of a mobile number, made if it is new; an existing one is returned unchanged."""
    account = Account.objects.filter(phone=phone).first()
    if account is None:
        try:
            with transaction.atomic():
                account = Account.objects.create_user(phone, name, password, made_at=at)
        except IntegrityError:  # made by somebody else in this very moment
            return Account.objects.get(phone=phone)
        journal.write("people.account_made", about=account, by=by, at=at)
    return account


@transaction.atomic
def give_start_password(account: Account, *, by: Actor, at: datetime) -> str:
    """Set and return a new start password; it is shown once, to the person who hands it over."""
    password = "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))
    account.set_password(password)
    account.save(update_fields=["password"])
    journal.write("people.start_password_given", about=account, by=by, at=at)
    return password


@transaction.atomic
def give_post(
    account: Account,
    role: str,
    *,
    school: School | None,
    from_on: date,
    by: Actor,
    at: datetime,
    homeroom: Homeroom | None = None,
    until_on: date | None = None,
) -> Post:
    """Give somebody a role at a school, or in the district when `school` is None.

    :raises Refused: R-ACC-01 when the role does not belong there, or the homeroom is of another school
    """
    _insist_on_place(role, school, homeroom)
    held = Post.objects.filter(account=account, role=role, school=school, homeroom=homeroom, until_on=None).first()
    if held:
        return held
    post = Post.objects.create(
        account=account, role=role, school=school, homeroom=homeroom, from_on=from_on, until_on=until_on
    )
    code = school.code if school else ""
    journal.write("people.post_given", about=post, by=by, at=at, school_code=code, role=role, account=account.pk)
    return post


@transaction.atomic
def give_posts(
    school: School, rows: Iterable[tuple[Account, str, Homeroom | None]], *, from_on: date, by: Actor, at: datetime
) -> list[Post]:
    """Give many people a role at a school at once, (account, role, homeroom); what they hold already stays as it is.

    Return the new posts. A few statements, however many people. :raises Refused: as `give_post`, and nobody has one
    """
    wanted = {(account.pk, role, homeroom.pk if homeroom else None): homeroom for account, role, homeroom in rows}
    for (_, role, _), homeroom in wanted.items():
        _insist_on_place(role, school, homeroom)
    standing = Post.objects.filter(school=school, until_on=None, account__in={account for account, _, _ in wanted})
    held = set(standing.values_list("account_id", "role", "homeroom_id"))
    posts = insert_objects(
        Post(account_id=account, role=role, school=school, homeroom_id=homeroom, from_on=from_on)
        for account, role, homeroom in wanted
        if (account, role, homeroom) not in held
    )
    entries = [("people.post_given", post, {"role": post.role, "account": post.account_id}) for post in posts]
    journal.write_many(entries, by=by, at=at, school_code=school.code)
    return posts


def _insist_on_place(role: str, school: School | None, homeroom: Homeroom | None) -> None:
    if (ROLES[role].desk == "district") != (school is None):
        raise Refused(refuse("R-ACC-01", "role_sits_elsewhere", role=ROLES[role].title))
    if (role == "homeroom_teacher") != (homeroom is not None):
        raise Refused(refuse("R-ACC-01", "homeroom_teacher_has_a_homeroom"))
    if homeroom is not None and homeroom.school_id != school.pk:  # type: ignore[union-attr]
        raise Refused(refuse("R-ACC-01", "homeroom_of_another_school"))


@transaction.atomic
def end_post(post: Post, *, on: date, by: Actor, at: datetime) -> None:
    """End a post from a day on; its history stays. A post that would end before it began is taken back whole.

    An end moves earlier only: what has ended stays as it ended, and doing it twice changes nothing.
    """
    row = Post.objects.select_for_update(no_key=True).filter(pk=post.pk).first()
    if row is None or (row.until_on is not None and row.until_on <= on):
        return
    post.until_on = max(on, row.from_on)
    facts = {"role": post.role, "account": post.account_id}
    code = post.school.code if post.school else ""
    if post.until_on == post.from_on:
        journal.write("people.post_taken_back", about=post, by=by, at=at, school_code=code, **facts)
        post.delete()
        return
    post.save(update_fields=["until_on"])
    journal.write("people.post_ended", about=post, by=by, at=at, school_code=code, **facts)
