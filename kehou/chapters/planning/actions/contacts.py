"""Naming the safety contact of a class; the contact takes the duties on (3.1-k)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Account, Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.planning.models import ClassContact
from kehou.chapters.schools.models import Homeroom, School
from kehou.lib.actors import Actor
from kehou.rules.contacts import refusals_to_name
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def name_contact(
    homeroom: Homeroom, term: Term, account: Account, *, deputy: Account | None, by: Actor, at: datetime
) -> ClassContact:
    """Make somebody the safety contact of a class for a term; a new contact has to take the duties on anew.

    :raises Refused: R-SAFE-02 for somebody without a post at the school, or a deputy who is the contact
    """
    School.objects.select_for_update(no_key=True).get(pk=homeroom.school_id)
    here = set(
        Post.objects.filter(held_on(at.date()), school=homeroom.school_id, account__in=[account, deputy or account])
        .values_list("account", flat=True)
    )  # fmt: skip
    insist(
        *refusals_to_name(
            is_of_school=account.pk in here,
            deputy_is_of_school=deputy is None or deputy.pk in here,
            same=deputy is not None and deputy.pk == account.pk,
        )
    )
    standing = ClassContact.objects.filter(homeroom=homeroom, term=term).first()
    if standing and (standing.account_id, standing.deputy_id) == (account.pk, deputy.pk if deputy else None):
        return standing
    stays = standing is not None and standing.account_id == account.pk
    contact, _ = ClassContact.objects.update_or_create(
        homeroom=homeroom, term=term,
        defaults={
            "account": account, "deputy": deputy, "named_by": str(by), "named_at": at,
            "acknowledged_at": standing.acknowledged_at if standing and stays else None,
        },
    )  # fmt: skip
    journal.write(
        "planning.contact_named", about=contact, by=by, at=at, school_code=homeroom.school.code, contact=account.name,
        deputy=deputy.name if deputy else "",
    )  # fmt: skip
    return contact


@transaction.atomic
def name_class_teachers(school: School, term: Term, *, by: Actor, at: datetime) -> int:
    """Make the class teacher the contact of every class that has none yet; return how many."""
    taken = ClassContact.objects.filter(term=term, homeroom__school=school).values("homeroom")
    posts = (
        Post.objects.filter(held_on(at.date()), school=school, role="homeroom_teacher", homeroom__isnull=False)
        .exclude(homeroom__in=taken)
        .select_related("account", "homeroom__school")
        .order_by("homeroom", "pk")
    )
    by_class = {post.homeroom_id: post for post in reversed(list(posts))}
    for post in by_class.values():
        assert post.homeroom is not None
        name_contact(post.homeroom, term, post.account, deputy=None, by=by, at=at)
    return len(by_class)


@transaction.atomic
def acknowledge_contact(contact: ClassContact, *, account: Account, by: Actor, at: datetime) -> ClassContact:
    """Note that the contact has taken the duties on; twice is once. :raises Refused: R-SAFE-02 for anybody else"""
    contact = (
        ClassContact.objects.select_for_update(of=("self",), no_key=True)
        .select_related("homeroom__school")
        .get(pk=contact.pk)
    )
    if contact.account_id != account.pk:
        raise Refused(refuse("R-SAFE-02", "not_the_contact"))
    if contact.acknowledged_at is None:
        contact.acknowledged_at = at
        contact.save(update_fields=["acknowledged_at"])
        code = contact.homeroom.school.code
        journal.write("planning.contact_acknowledged", about=contact, by=by, at=at, school_code=code)
    return contact
