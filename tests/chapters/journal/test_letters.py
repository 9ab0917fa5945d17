"""A letter exists exactly when the fact does, arrives over the channels that are on, and leaves a receipt."""

from __future__ import annotations

from datetime import timedelta
from urllib.error import URLError

import pytest
from django.db import transaction
from django.test import override_settings

from kehou.chapters.journal import actions as journal
from kehou.chapters.journal import channels, queries
from kehou.chapters.journal.models import Delivery, Letter, Reading
from kehou.chapters.people.models import Account
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM
from tests.world import moment

pytestmark = pytest.mark.django_db
AT = moment()


def send(to: int = 1, **more) -> Letter:
    return journal.send(
        to, **{"kind": "notice", "title": "停课通知", "body": "因暴雨停课", "at": AT, "link": "/x/"} | more
    )


def deliver(at=AT) -> dict[str, int]:
    report = jobs.ask(journal.deliver, key=f"deliver {at}", title="投递", by=SYSTEM, at=at)
    progress = jobs.Progress(report, at=at)
    return journal.deliver.run(progress)


def test_the_inbox_has_it_at_once_and_keeps_the_receipt():
    letter = send()
    assert letter.deliveries.get().state == Delivery.DELIVERED
    assert list(queries.letters_of(1)) == [letter]
    assert not queries.letters_of(2).exists()
    assert queries.letters_of(1, unread=True).count() == 1
    journal.read_letter(letter, at=AT)
    journal.read_letter(letter, at=AT + timedelta(days=1))
    assert Reading.objects.get().read_at == AT
    assert queries.letters_of(1, unread=True).count() == 0


def test_it_goes_with_the_transaction():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send()
        raise ZeroDivisionError
    assert not Letter.objects.exists()


def test_many_get_the_same_letter_once(django_assert_num_queries):
    with django_assert_num_queries(4):  # two statements in a savepoint
        letters = journal.send_many([1, 2, 2, 3], kind="notice", title="t", body="b", at=AT, school_code="2150990001")
    assert [letter.to_account for letter in letters] == [1, 2, 3]
    journal.read_letter(letters[0], at=AT)
    assert list(queries.sendings("2150990001")) == [], "of this kind nobody sends to many"
    assert journal.read_all(2, at=AT) == 1
    assert journal.read_all(2, at=AT) == 0


def test_it_can_be_found_again():
    send(title="缴费提醒")
    send(body="请带水杯")
    assert queries.letters_of(1, text="水杯").count() == 1


class Broken:
    """A channel that is down."""

    def deliver(self, letter: Letter) -> None:
        raise channels.NotDelivered("对方没有应答。")


class Working:
    """A channel that keeps what it was given."""

    taken: list[str] = []

    def deliver(self, letter: Letter) -> None:
        self.taken.append(letter.title)


@override_settings(LETTER_CHANNELS=["inbox", "sms"])
def test_other_channels_are_tried_again_with_growing_pauses_and_then_given_up(monkeypatch):
    monkeypatch.setattr(channels, "channel", lambda name: Broken())
    letter, at, tries = send(), AT, []
    delivery = letter.deliveries.get(channel="sms")
    while delivery.state == Delivery.WAITING:
        deliver(at)
        delivery.refresh_from_db()
        if delivery.next_try_at:
            tries.append((delivery.next_try_at - at).total_seconds() / 60)
            at = delivery.next_try_at
            assert deliver(at - timedelta(seconds=1)) == {"delivered": 0, "postponed": 0, "failed": 0}
    assert tries == [2, 8, 32, 128]
    assert (delivery.state, delivery.attempts, delivery.problem) == (Delivery.FAILED, 5, "对方没有应答。")
    assert list(Delivery.objects.filter(state=Delivery.FAILED).values_list("letter", flat=True)) == [letter.pk]


@override_settings(LETTER_CHANNELS=["inbox", "sms"])
def test_it_arrives_once(monkeypatch):
    monkeypatch.setattr(channels, "channel", lambda name: Working())
    send()
    assert deliver()["delivered"] == 1
    assert deliver(AT + timedelta(days=1))["delivered"] == 0
    assert Working.taken == ["停课通知"]


def test_the_relay_gets_title_and_address_and_never_the_text(monkeypatch):
    account = Account.objects.create(phone="19900000001", name="王奶奶", password="!")
    sent = []

    class Answer:
        def __enter__(self) -> None: ...

        def __exit__(self, *exc: object) -> None: ...

    monkeypatch.setattr(channels, "urlopen", lambda request, timeout: sent.append(request) or Answer())
    with override_settings(LETTER_SMS_RELAY="https://relay.example.test/", LETTER_RELAY_SECRET="s"):
        channels.channel("sms").deliver(send(account.pk))
    assert b"19900000001" in sent[0].data
    assert "停课通知".encode() in sent[0].data
    assert "暴雨".encode() not in sent[0].data
    assert sent[0].get_header("Authorization") == "Bearer s"

    def down(request: object, timeout: int) -> None:
        raise URLError("away")

    monkeypatch.setattr(channels, "urlopen", down)
    with (
        override_settings(LETTER_SMS_RELAY="https://relay.example.test/"),
        pytest.raises(channels.NotDelivered, match="没有收下"),
    ):
        channels.channel("sms").deliver(send(account.pk))


@pytest.mark.parametrize("name", ["sms", "wechat", "email"])
def test_what_is_not_configured_says_so(name):
    with pytest.raises(channels.NotDelivered, match="没有配置"):
        channels.channel(name).deliver(send())


@override_settings(
    LETTER_EMAIL_ADDRESS="{phone}@mail.example", EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"
)
def test_mail_goes_to_the_address_made_from_the_number(mailoutbox):
    account = Account.objects.create(phone="19900000002", name="王奶奶", password="!")
    channels.channel("email").deliver(send(account.pk))
    assert (mailoutbox[0].to, mailoutbox[0].body) == (["19900000002@mail.example"], "/x/")


def test_who_is_gone_gets_nothing():
    with override_settings(LETTER_SMS_RELAY="https://x.test/"), pytest.raises(channels.NotDelivered, match="停用"):
        channels.channel("sms").deliver(send(999))
