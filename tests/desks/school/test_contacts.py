"""家校安全联系责任制 (3.1-k): each class has a contact who took the duties on, each child two telephones that answer."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from kehou.chapters.enrolment.queries import pupils_in_service
from kehou.chapters.journal.models import Entry
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Contact
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import ClassContact
from kehou.chapters.planning.queries import contact_list
from kehou.rules.contacts import ClassState, problems_of_class
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.desks.school.stage import url
from tests.groups import enrol
from tests.world import TODAY, World, make_pupil, moment

AT = moment(9)


@pytest.fixture
def enrolled(world: World, at_moment) -> World:
    """Return the world with Mei and Bo in the service, both of class 3.1."""
    at_moment(AT)
    enrol(world.mei, world.term)
    enrol(world.bo, world.term)
    return world


def problems(world: World) -> list[str]:
    pupils = pupils_in_service(world.riverside.school, world.term, on=TODAY)
    return [no.why for one in contact_list(world.riverside.school, world.term, pupils) for no in one.problems]


def teacher_url(world: World, name: str, *args: object) -> str:
    return reverse(f"teacher:{name}", args=(world.riverside.school.code, *args))


def words_of(answer: Any) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).replace("\n", "")


@pytest.mark.clause("3.1-k")
def test_a_class_gets_its_contact_who_takes_the_duties_on_and_reaches_every_family(
    client: Client, enrolled: World
) -> None:
    place = enrolled.riverside
    teacher, deputy = place.who["homeroom_teacher"], place.who["teacher"]
    client.force_login(place.who["asp_manager"])
    page = client.get(url("contacts", enrolled)).content.decode()
    assert "还没有指定家校安全联系人" in page and problems(enrolled) == ["class_without_contact", "not_reached"]
    client.post(url("contacts_by_class_teacher", enrolled))
    contact = ClassContact.objects.get()
    assert (contact.account, contact.homeroom) == (teacher, enrolled.mei.homeroom)
    assert problems(enrolled) == ["class_without_deputy", "not_acknowledged", "not_reached"]
    named = {"contact": teacher.pk, "deputy": deputy.pk}
    client.post(url("contact_naming", enrolled, contact.homeroom_id), named)
    # The contact: reads the duties, takes them on, calls family by family.
    client.force_login(teacher)
    page = client.get(teacher_url(enrolled, "contacts")).content.decode()
    assert "tel:19900009901" in page and "逐户打通紧急联系电话" in page and "陈小梅" in page
    client.post(teacher_url(enrolled, "contact_acknowledgement", contact.pk))
    client.post(teacher_url(enrolled, "contact_reaching", contact.pk, enrolled.mei.pk))
    assert problems(enrolled) == ["not_reached"]
    client.force_login(deputy)
    client.post(teacher_url(enrolled, "contact_reaching", contact.pk, enrolled.bo.pk))
    assert problems(enrolled) == []
    assert Contact.objects.filter(verified_on=TODAY).count() == 4
    assert Entry.objects.filter(verb="planning.contact_acknowledged").count() == 1
    # Printed for the wall without a child, for the contact with whom to call; the family knows whom to call.
    client.force_login(place.who["principal"])
    printed = words_of(client.get(url("contacts_paper", enrolled)))
    assert teacher.name in printed and deputy.phone in printed and "2／2" in printed and "陈小梅" not in printed
    assert client.get(url("contacts", enrolled) + "?as=sheet").status_code == 200
    client.force_login(teacher)
    assert "陈小梅" in words_of(client.get(teacher_url(enrolled, "contact_paper", contact.pk)))
    client.force_login(enrolled.guardian)
    card = client.get(reverse("guardian:card", args=(enrolled.mei.pk,))).content.decode()
    assert f"tel:{teacher.phone}" in card and f"tel:{deputy.phone}" in card


@pytest.mark.clause("3.1-k")
def test_who_is_not_the_contact_sees_no_telephone_and_signs_for_nobody(client: Client, enrolled: World) -> None:
    place, by = enrolled.riverside, enrolled.riverside.by("asp_manager")
    who, homeroom = place.who, enrolled.mei.homeroom
    facts = {"deputy": who["duty_leader"], "by": by, "at": AT}
    contact = planning.name_contact(homeroom, enrolled.term, who["homeroom_teacher"], **facts)
    client.force_login(who["teacher"])
    assert "199000099" not in client.get(teacher_url(enrolled, "contacts")).content.decode()
    for name, args in (("contact_acknowledgement", ()), ("contact_reaching", (enrolled.mei.pk,))):
        assert client.post(teacher_url(enrolled, name, contact.pk, *args)).status_code == 404
    assert client.get(teacher_url(enrolled, "contact_paper", contact.pk)).status_code == 404
    client.force_login(who["duty_leader"])
    client.post(teacher_url(enrolled, "contact_acknowledgement", contact.pk))
    contact.refresh_from_db()
    assert contact.acknowledged_at is None, "a deputy does not take the duties on for the contact"
    other = make_pupil(place, "别班的", grade=4)
    enrol(other, enrolled.term)
    assert client.post(teacher_url(enrolled, "contact_reaching", contact.pk, other.pk)).status_code == 404
    client.force_login(who["cashier"])
    assert client.post(url("contact_naming", enrolled, enrolled.mei.homeroom_id)).status_code == 403


@pytest.mark.clause("3.1-k")
def test_it_is_refused(enrolled: World) -> None:
    place, by = enrolled.riverside, enrolled.riverside.by("asp_manager")
    homeroom, teacher = enrolled.mei.homeroom, place.who["homeroom_teacher"]

    def refused(account: Any, deputy: Any) -> set[str]:
        with pytest.raises(Refused) as no:
            planning.name_contact(homeroom, enrolled.term, account, deputy=deputy, by=by, at=AT)
        assert all(say(one) for one in no.value.refusals)
        return {one.why for one in no.value.refusals}

    assert refused(teacher, teacher) == {"deputy_is_the_contact"}
    assert refused(enrolled.hill.who["teacher"], None) == {"contact_of_another_school"}
    assert refused(teacher, enrolled.stranger) == {"deputy_of_another_school"}
    Contact.objects.filter(pupil=enrolled.mei, turn=2).delete()
    with pytest.raises(Refused) as no:
        people.verify_contacts(enrolled.mei, on=TODAY, by=by, at=AT)
    assert no.value.refusal.key == "R-SAFE-02:two_contacts"


@pytest.mark.clause("3.1-k")
def test_it_is_done_anew_each_term_and_by_a_new_contact(enrolled: World) -> None:
    place, by = enrolled.riverside, enrolled.riverside.by("asp_manager")
    homeroom, facts = enrolled.mei.homeroom, {"by": by, "at": AT}
    teacher, deputy = place.who["homeroom_teacher"], place.who["teacher"]
    contact = planning.name_contact(homeroom, enrolled.term, teacher, deputy=None, **facts)
    planning.acknowledge_contact(contact, account=teacher, **facts)
    same = planning.name_contact(homeroom, enrolled.term, teacher, deputy=deputy, **facts)
    assert same.acknowledged_at == AT, "a deputy more is no new contact"
    for child in (enrolled.mei, enrolled.bo):
        people.verify_contacts(child, on=date(2026, 8, 2), **facts)
    assert problems(enrolled) == [], "tried in the thirty days before the term"
    for child in (enrolled.mei, enrolled.bo):
        people.verify_contacts(child, on=date(2026, 8, 1), **facts)
    assert problems(enrolled) == ["not_reached"], "last term's does not count"
    assert planning.name_contact(homeroom, enrolled.term, deputy, deputy=teacher, **facts).acknowledged_at is None


@given(st.integers(0, 60), st.data(), st.booleans(), st.booleans(), st.booleans())
def test_a_class_is_complete_exactly_when_nothing_lacks(
    children: int, data: st.DataObject, named: bool, deputy: bool, acknowledged: bool
) -> None:
    reached = data.draw(st.integers(0, children))
    one = ClassState("三年级1班", children, reached, "王老师" if named else "", deputy, acknowledged)
    whole = children == 0 or (named and deputy and acknowledged and reached == children)
    assert (problems_of_class(one) == ()) == whole


@pytest.mark.parametrize("more", [0, 8])
def test_the_list_costs_the_same(enrolled: World, client: Client, more: int, django_assert_max_num_queries) -> None:
    place = enrolled.riverside
    for number in range(more):
        enrol(make_pupil(place, f"同学{number}", grade=1 + number % 6), enrolled.term)
    planning.name_class_teachers(place.school, enrolled.term, by=place.by("asp_manager"), at=AT)
    client.force_login(place.who["asp_manager"])
    with django_assert_max_num_queries(12):
        assert client.get(url("contacts", enrolled)).status_code == 200
    client.force_login(place.who["homeroom_teacher"])
    with django_assert_max_num_queries(12):
        assert client.get(teacher_url(enrolled, "contacts")).status_code == 200
