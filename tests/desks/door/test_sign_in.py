"""Coming in by password, by code, with a second factor; and how the door stays shut."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from threading import Event

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from kehou.chapters.journal import channels
from kehou.chapters.journal.models import Entry
from kehou.chapters.people import actions as people
from kehou.chapters.people.actions import sign_in
from kehou.chapters.people.models import Account, OneTimeCode, Post, SignIn
from tests.world import World, moment

PASSWORD = "bamboo-sea-4821"
AT = moment(20)


@pytest.fixture(autouse=True)
def evening(at_moment) -> None:
    at_moment(AT)


@pytest.fixture
def manager(world: World) -> Account:
    account = world.riverside.who["asp_manager"]
    account.set_password(PASSWORD)
    account.save()
    return account


def by_password(client: Client, phone: str, password: str = PASSWORD, **more: str):
    return client.post(reverse("door:sign_in"), {"phone": phone, "password": password, **more})


def ask_code(client: Client, phone: str) -> str:
    page = client.post(reverse("door:code"), {"phone": phone}).content.decode()
    found = re.search(r'<strong class="number">(\d{6})</strong>', page)
    return found[1] if found else page


def by_code(client: Client, phone: str, code: str):
    return client.post(reverse("door:code_check"), {"phone": phone, "code": code})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- Passwords --------------------------------------------------------------------------------------------------------


def test_staff_come_in_by_password_and_sit_down_at_their_only_desk(client, manager):
    answer = by_password(client, f"+86 {manager.phone[:3]} {manager.phone[3:]}")
    assert answer.status_code == 302
    assert client.get(answer["Location"])["Location"].startswith(f"/school/{2150990002}/")
    sign_in = SignIn.objects.get()
    assert (sign_in.account, sign_in.session_key) == (manager, client.session.session_key)
    assert Entry.objects.filter(verb="people.signed_in", about_id=str(manager.pk)).exists()


def test_the_way_on_is_kept_and_never_leads_outside(client, manager):
    inside = by_password(client, manager.phone, next="/letters/")
    assert inside["Location"] == "/letters/"
    client.logout()
    outside = by_password(client, manager.phone, next="https://elsewhere.example/")
    assert outside["Location"] == reverse("door:seats")


def test_a_wrong_password_and_an_unknown_number_sound_alike(client, manager):
    wrong = by_password(client, manager.phone, "wrong")
    unknown = by_password(client, "13800000000", "wrong")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    said = [
        re.sub(r'value="1\d{10}"|csrf\w*" value="\w+"|data-csrf="\w+"', "", one.content.decode())
        for one in (wrong, unknown)
    ]
    assert said[0] == said[1]
    assert "手机号码或密码不对" in said[0]


def test_five_wrong_tries_shut_the_door_for_that_number_and_it_says_until_when(client, manager, at_moment):
    for _ in range(5):
        by_password(client, manager.phone, "wrong")
    shut = by_password(client, manager.phone)
    assert "请在20:15以后再试" in shut.content.decode()
    assert not signed_in(client)
    at_moment(AT + timedelta(minutes=15, seconds=1))
    assert by_password(client, manager.phone).status_code == 302


def test_trying_many_numbers_from_one_address_is_stopped(client, world):
    for number in range(60):
        by_password(client, f"138{number:08d}", "wrong")
    assert "这个网络尝试得太频繁" in by_password(client, "13900000000", "wrong").content.decode()


def test_who_is_switched_off_does_not_come_in(client, manager):
    manager.is_active = False
    manager.save()
    assert by_password(client, manager.phone).status_code == 422


def test_signing_out_ends_the_session(client, manager):
    by_password(client, manager.phone)
    key = client.session.session_key
    assert client.get(reverse("door:sign_out")).status_code == 405
    client.post(reverse("door:sign_out"))
    assert not Session.objects.filter(session_key=key).exists()
    assert SignIn.objects.get().ended_at == AT


# --- One-time codes ---------------------------------------------------------------------------------------------------


def test_a_guardian_comes_in_by_code_which_is_kept_as_a_digest_and_works_once(client, world):
    phone = world.guardian.phone
    code = ask_code(client, phone)
    assert code not in OneTimeCode.objects.get().digest
    assert by_code(client, phone, code).status_code == 302
    assert signed_in(client)
    again = by_code(Client(), phone, code)
    assert "验证码已经失效" in again.content.decode()


def test_a_code_lives_five_minutes_and_five_tries(client, world, at_moment):
    phone = world.guardian.phone
    code = ask_code(client, phone)
    at_moment(AT + timedelta(minutes=5))
    assert "已经失效" in by_code(client, phone, code).content.decode()
    code = ask_code(client, phone)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(4):
        assert "验证码不对" in by_code(client, phone, wrong).content.decode()
    by_code(client, phone, wrong)
    assert by_code(client, phone, code).status_code == 422


def test_only_the_latest_code_counts(client, world, at_moment):
    phone = world.guardian.phone
    first = ask_code(client, phone)
    at_moment(AT + timedelta(minutes=2))
    second = ask_code(client, phone)
    if first != second:
        assert by_code(client, phone, first).status_code == 422
    assert by_code(client, phone, second).status_code == 302


def test_codes_are_not_asked_for_without_end(client, world, at_moment):
    phone = world.guardian.phone
    ask_code(client, phone)
    assert "验证码刚刚发出，请在20:01:00以后" in ask_code(client, phone)
    for minute in range(1, 6):
        at_moment(AT + timedelta(minutes=2 * minute))
        ask_code(client, phone)
    at_moment(AT + timedelta(minutes=20))
    assert "请在21:00以后再试" in ask_code(client, phone)


def test_an_unknown_number_is_answered_like_a_known_one(client, world, monkeypatch):
    sent = []
    monkeypatch.setattr(channels, "send_code", lambda phone, code: sent.append(phone))
    with override_settings(DEMONSTRATION=False, LETTER_CHANNELS=["inbox", "sms"]):
        pages = [
            client.post(reverse("door:code"), {"phone": phone}).content.decode()
            for phone in (world.guardian.phone, "13800000000")
        ]
    plain = [re.sub(r"1\d{10}|\d{3}\*{4}\d{4}|csrf\w*\" value=\"\w+\"|data-csrf=\"\w+\"", "", page) for page in pages]
    assert plain[0] == plain[1]
    assert sent == [world.guardian.phone]
    code = OneTimeCode.objects.filter(phone="13800000000")
    assert code.exists()


def test_where_no_message_can_be_sent_the_page_says_where_to_go(client, world):
    with override_settings(DEMONSTRATION=False, LETTER_CHANNELS=["inbox"]):
        assert "本区还没有开通短信" in client.get(reverse("door:sign_in")).content.decode()
        refused = client.post(reverse("door:code"), {"phone": world.guardian.phone})
    assert refused.status_code == 422
    assert not OneTimeCode.objects.exists()


def test_staff_do_not_come_in_by_code(client, manager):
    code = ask_code(client, manager.phone)
    assert "请用密码登录" in by_code(client, manager.phone, code).content.decode()
    assert not signed_in(client)


def test_a_parent_with_a_post_and_no_password_yet_comes_in_by_code_and_for_the_day(client, world):
    world.guardian.set_unusable_password()
    world.guardian.save()
    school = world.riverside.school
    Post.objects.create(account=world.guardian, role="parents_committee", school=school, from_on=AT.date())
    assert by_code(client, world.guardian.phone, ask_code(client, world.guardian.phone)).status_code == 302
    assert client.session.get_expiry_age() == 12 * 60 * 60


def test_many_tries_at_once_have_five_between_them(client, world, monkeypatch):
    phone = world.guardian.phone
    code = ask_code(client, phone)
    compare = sign_in.secrets.compare_digest

    def others_meanwhile(*digests: str) -> bool:
        OneTimeCode.objects.update(wrong_tries=5)  # five more requests arrive while this one compares
        return compare(*digests)

    monkeypatch.setattr(sign_in.secrets, "compare_digest", others_meanwhile)
    by_code(client, phone, "000000" if code != "000000" else "111111")
    assert OneTimeCode.objects.get().wrong_tries == 5
    assert "已经失效" in by_code(Client(), phone, code).content.decode()


def test_the_page_does_not_wait_for_the_relay_which_would_tell_whose_number_is_known(monkeypatch):
    begun, may_go = Event(), Event()

    def slow(relay: object, parcel: dict[str, str]) -> None:
        begun.set()
        may_go.wait(10)

    monkeypatch.setattr(channels.Relay, "post", slow)
    channels.send_code("13800000000", "123456")
    assert begun.wait(10) and not may_go.is_set()
    may_go.set()


def test_what_is_no_mobile_number_is_said_beside_what_was_typed(client, world):
    page = client.post(reverse("door:code"), {"phone": "023-5320"})
    assert page.status_code == 422
    assert "请填写11位手机号码" in page.content.decode()
    assert 'value="023-5320"' in page.content.decode()


# --- The second factor ------------------------------------------------------------------------------------------------


def token_of(device: TOTPDevice, step: int = 0) -> str:
    totp = TOTP(device.bin_key)
    totp.time = time.time() + 30 * step
    return f"{totp.token():06d}"


@pytest.fixture
def recovery_codes(client, manager) -> list[str]:
    client.force_login(manager)
    client.post(reverse("door:second_factor"), {"begin": "1"})
    device = TOTPDevice.objects.get()
    page = client.post(reverse("door:second_factor"), {"token": token_of(device)}).content.decode()
    client.logout()
    return re.findall(r"<code>(\w{8})</code>", page)


def test_after_the_password_the_code_of_the_telephone_is_asked(client, manager, recovery_codes):
    answer = by_password(client, manager.phone)
    assert answer["Location"] == reverse("door:second_step")
    assert not signed_in(client)
    assert client.get(reverse("door:letters")).status_code == 302
    step = reverse("door:second_step")
    assert client.post(step, {"token": "000000"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0)  # its own pause after a wrong code
    assert client.post(step, {"token": token_of(TOTPDevice.objects.get(), 1)}).status_code == 302
    assert signed_in(client)


def test_a_recovery_code_works_once(client, manager, recovery_codes):
    assert len(recovery_codes) == 10
    for expected in (302, 422):
        by_password(client, manager.phone)
        step = client.post(reverse("door:second_step"), {"token": recovery_codes[0].upper()})
        assert step.status_code == expected
        client.post(reverse("door:sign_out"))


def test_the_second_step_cannot_be_reached_without_the_first(client, manager, recovery_codes):
    assert client.get(reverse("door:second_step"))["Location"] == reverse("door:sign_in")


def test_guessing_the_second_factor_is_stopped(client, manager, recovery_codes):
    by_password(client, manager.phone)
    for _ in range(5):
        client.post(reverse("door:second_step"), {"token": "zzzz"})
    shut = client.post(reverse("door:second_step"), {"token": recovery_codes[0]})
    assert "请在20:15以后再试" in shut.content.decode()


def test_a_code_to_the_telephone_does_not_go_around_the_second_factor(client, manager, recovery_codes):
    manager.posts.all().delete()
    answer = by_code(client, manager.phone, ask_code(client, manager.phone))
    assert answer["Location"] == reverse("door:second_step")
    assert not signed_in(client)
    client.post(reverse("door:second_step"), {"token": recovery_codes[0]})
    assert signed_in(client)


def test_it_is_switched_off_with_the_password_only(client, manager, recovery_codes):
    client.force_login(manager)
    removal = reverse("door:second_factor_removal")
    assert client.post(removal, {"password": "wrong"}).status_code == 422
    assert client.post(removal, {"password": PASSWORD}).status_code == 302
    assert not people.second_factor.has_second_factor(manager)


# --- My account -------------------------------------------------------------------------------------------------------


def test_a_new_password_ends_the_other_devices_and_keeps_this_one(client, manager):
    other = Client()
    by_password(other, manager.phone)
    by_password(client, manager.phone)
    new = {"old": PASSWORD, "new": "pomelo-hill-93", "again": "pomelo-hill-93"}
    assert client.post(reverse("door:password"), new).status_code == 302
    assert client.get(reverse("door:account")).status_code == 200
    assert other.get(reverse("door:account")).status_code == 302
    assert by_password(Client(), manager.phone, "pomelo-hill-93").status_code == 302
    assert SignIn.objects.filter(ended_at=None, session_key=client.session.session_key).count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old": "wrong", "new": "pomelo-hill-93", "again": "pomelo-hill-93"}, "现在的密码不对"),
        ({"old": PASSWORD, "new": "pomelo-hill-93", "again": "other-one-22"}, "两遍输入的新密码不一样"),
        ({"old": PASSWORD, "new": "12345678", "again": "12345678"}, "新密码不够安全"),
    ],
)
def test_a_password_is_not_changed_carelessly(client, manager, typed, said):
    by_password(client, manager.phone)
    page = client.post(reverse("door:password"), typed)
    assert (page.status_code, said in page.content.decode()) == (422, True)
    manager.refresh_from_db()
    assert manager.check_password(PASSWORD)


def test_a_device_can_be_put_out_and_only_by_its_owner(client, manager, world):
    other = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8"})
    by_password(other, manager.phone)
    lost = SignIn.objects.get()
    client.force_login(world.guardian)
    assert client.post(reverse("door:session_end", args=(lost.pk,))).status_code == 404
    client.logout()
    by_password(client, manager.phone)
    assert "微信 · iPhone" in client.get(reverse("door:sessions")).content.decode()
    client.post(reverse("door:session_end", args=(lost.pk,)))
    assert other.get(reverse("door:account")).status_code == 302
    assert client.get(reverse("door:account")).status_code == 200


def test_the_name_is_corrected_and_the_journal_keeps_the_old_one(client, manager):
    client.force_login(manager)
    was = manager.name
    client.post(reverse("door:account"), {"name": " 陈  敏 "})
    manager.refresh_from_db()
    assert manager.name == "陈 敏"
    assert Entry.objects.get(verb="people.renamed").facts == {"was": was}


def test_large_type_is_one_tap_and_remembered(client, world):
    client.force_login(world.guardian)
    answer = client.post(reverse("door:elder"), {"elder": "1", "next": "/letters/"})
    assert answer["Location"] == "/letters/"
    assert 'class="elder"' in client.get("/letters/").content.decode()


def test_traces_of_yesterday_are_cleared(world):
    from kehou.chapters.people.models import Attempt
    from kehou.lib import jobs
    from kehou.lib.actors import SYSTEM

    people.sign_in.ask_code("13800000000", address="1", at=AT - timedelta(days=2))
    people.sign_in.ask_code("13800000001", address="1", at=AT)
    jobs.ask(people.sign_in.clear_traces, key="clear", title="清理", by=SYSTEM, at=AT)
    jobs.work_off()
    assert (OneTimeCode.objects.count(), Attempt.objects.count()) == (1, 2)


def test_staff_are_signed_out_the_same_day_and_families_are_not(client, manager, world):
    by_password(client, manager.phone)
    assert client.session.get_expiry_age() == 12 * 60 * 60
    family = Client()
    by_code(family, world.guardian.phone, ask_code(family, world.guardian.phone))
    assert family.session.get_expiry_age() == 30 * 24 * 60 * 60
