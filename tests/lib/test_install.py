"""`manage.py install` on an empty database, and again."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from kehou.chapters.basis.models import Instrument, Term
from kehou.chapters.people.models import Account


def install(**more: str) -> str:
    out = io.StringIO()
    call_command("install", stdout=out, **more)
    return out.getvalue()


@pytest.mark.django_db
def test_the_first_officer_signs_in_with_the_password_that_was_shown_once(client: Client):
    said = install(phone="19900008888", name="安全员")
    password = re.search(r"：([a-z0-9-]{14})", said)[1]
    assert (Instrument.objects.count() > 10, Term.objects.count()) == (True, 3)
    answer = client.post(reverse("door:sign_in"), {"phone": "19900008888", "password": password})
    assert answer.status_code == 302
    assert client.get(reverse("district:accounts")).status_code == 200
    again = install(phone="19900008888", name="安全员")
    assert "学期0个" in again and "此人已有密码" in again
    assert Account.objects.count() == 1


@pytest.mark.django_db
def test_there_is_no_account_unless_somebody_is_named():
    install()
    assert not Account.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "more", [{"phone": "123", "name": "x"}, {"phone": "19900008888", "name": ""}, {"role": "teacher"}]
)
def test_what_cannot_be_is_said(more):
    with pytest.raises(CommandError):
        install(**more)
