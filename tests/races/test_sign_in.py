"""Many tries at the same instant are counted one by one: nobody gets more of them by being many."""

from __future__ import annotations

import pytest

from kehou.chapters.people.actions import sign_in
from kehou.chapters.people.models import Account, Attempt, OneTimeCode
from kehou.rules import signing_in as rules
from kehou.rules.verdicts import Refused
from tests.races.test_seats import race
from tests.world import make_account, moment

pytestmark = pytest.mark.django_db(transaction=True)
AT = moment()
THREADS = 12
RIGHT = "a-long-and-right-password"


def whys(results: list[object]) -> list[str]:
    """Return why each was refused, or `let in`."""
    return sorted(one.refusal.why if isinstance(one, Refused) else "let in" for one in results)


@pytest.fixture
def account() -> Account:
    one = make_account("周老师")
    one.set_password(RIGHT)
    one.save()
    return one


def test_a_number_has_five_wrong_passwords_however_many_are_sent_at_once(account: Account):
    guess = [
        lambda n=n: sign_in.check_password(account.phone, f"guess-{n}", address=f"10.0.0.{n}", at=AT)
        for n in range(THREADS)
    ]
    most = rules.FAILURES_A_NUMBER.most
    assert whys(race(*guess)) == ["tries_too_often"] * (THREADS - most) + ["wrong_password"] * most
    with pytest.raises(Refused, match="tries_too_often"):
        sign_in.check_password(account.phone, RIGHT, address="10.0.1.1", at=AT)


def test_right_passwords_are_let_in_and_leave_no_count(account: Account):
    enter = [lambda n=n: sign_in.check_password(account.phone, RIGHT, address=f"10.0.0.{n}", at=AT) for n in range(4)]
    assert whys(race(*enter)) == ["let in"] * 4
    assert not Attempt.objects.exists()


def test_a_code_is_sent_once_a_minute_however_often_the_button_is_pressed(account: Account):
    ask = [lambda n=n: sign_in.ask_code(account.phone, address=f"10.0.0.{n}", at=AT) for n in range(THREADS)]
    assert whys(race(*ask)) == ["code_just_sent"] * (THREADS - 1) + ["let in"]
    assert OneTimeCode.objects.filter(used_at=None).count() == 1


def test_an_address_has_its_limit_too(account: Account):
    key_limit = rules.CODES_AN_ADDRESS.most
    for n in range(key_limit - 2):
        sign_in.ask_code(f"138{n:08d}", address="10.0.0.1", at=AT)
    ask = [lambda n=n: sign_in.ask_code(f"139{n:08d}", address="10.0.0.1", at=AT) for n in range(THREADS)]
    assert whys(race(*ask)) == ["address_too_often"] * (THREADS - 2) + ["let in"] * 2
