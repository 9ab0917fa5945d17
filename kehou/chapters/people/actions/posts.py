"""Posts that a school's office gives: a class its teacher, a colleague a new start password."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from kehou.chapters.people.actions.accounts import end_post, give_post, give_start_password
from kehou.chapters.people.models import Account, Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.schools.models import Homeroom
from kehou.lib.actors import Actor
from kehou.rules.verdicts import Refused, refuse


@transaction.atomic
def appoint_homeroom_teacher(homeroom: Homeroom, account: Account, *, on: date, by: Actor, at: datetime) -> Post:
    """Give a class its teacher from a day on; whoever had it before ends that day. The same person is the same post.

    :raises Refused: R-ACC-01 when the person holds no post at the school
    """
    held = Post.objects.filter(held_on(on), school=homeroom.school)
    if not held.filter(account=account).exists():
        raise Refused(refuse("R-ACC-01", "nobody_of_this_school", name=account.name))
    standing = held.select_for_update(no_key=True).filter(homeroom=homeroom, role="homeroom_teacher")
    for post in standing.exclude(account=account):
        end_post(post, on=on, by=by, at=at)
    return standing.filter(account=account).first() or give_post(
        account, "homeroom_teacher", school=homeroom.school, homeroom=homeroom, from_on=on, by=by, at=at
    )


@transaction.atomic
def renew_start_password(post: Post, *, given_here: Collection[str], by: Actor, at: datetime) -> str:
    """Return a new start password for the holder of a post, to be shown once.

    Whoever sets a password can sign in with it: so only for somebody whose every post this office gives itself, and who
    answers for no child here.

    :raises Refused: R-ACC-01 otherwise
    """
    account = post.account
    standing = Q(until_on__isnull=True) | Q(until_on__gt=at.date())  # also what begins next week
    others = account.posts.filter(standing).exclude(school=post.school, role__in=given_here)
    if others.exists() or account.guardianships.filter(standing).exists():
        raise Refused(refuse("R-ACC-01", "password_is_their_own", name=account.name))
    return give_start_password(account, by=by, at=at)
