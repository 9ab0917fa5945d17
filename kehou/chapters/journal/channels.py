"""How a letter leaves the building. The inbox is always there; the others are off until an operator switches them on.

A channel is a small class with `deliver(letter)`; it raises `NotDelivered` with a reason in words. What goes outside
carries the title and the address of the page, never the text: a telephone lies on kitchen tables.
"""

from __future__ import annotations

import json
from threading import Thread
from typing import Protocol
from urllib.error import URLError
from urllib.request import Request, urlopen

import structlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail

from kehou.chapters.journal.models import Letter

log = structlog.get_logger("kehou.letters")
_PATIENCE_SECONDS = 10


class NotDelivered(Exception):
    """Raised by a channel; the text is the reason that the letters page shows."""


class Channel(Protocol):
    """One way to reach somebody."""

    def deliver(self, letter: Letter) -> None:
        """Hand the letter over. :raises NotDelivered: with a reason in words"""


def phone_of(letter: Letter) -> str:
    """Return the mobile number of the addressee. :raises NotDelivered: if there is none any more"""
    phone = (
        get_user_model().objects.filter(pk=letter.to_account, is_active=True).values_list("phone", flat=True).first()
    )
    if not phone:
        raise NotDelivered("收信人已停用。")
    return str(phone)


class Inbox:
    """Lies there from the moment it is written."""

    def deliver(self, letter: Letter) -> None:
        """Do nothing: the letter has arrived."""


class Relay:
    """Posts to a relay that the district runs before its SMS or WeChat provider: {"to", "title", "link", "kind"}."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret

    def deliver(self, letter: Letter) -> None:
        """Post the letter. :raises NotDelivered: unless the relay answers 2xx"""
        if not self.url:
            raise NotDelivered("这个通道还没有配置。")
        self.post({"to": phone_of(letter), "title": letter.title, "link": letter.link, "kind": letter.kind})

    def post(self, parcel: dict[str, str]) -> None:
        """Post one parcel. :raises NotDelivered: unless the relay answers 2xx"""
        if not self.url:
            raise NotDelivered("这个通道还没有配置。")
        request = Request(
            self.url,
            data=json.dumps(parcel, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.secret}"},
        )
        try:
            with urlopen(request, timeout=_PATIENCE_SECONDS):
                return
        except (URLError, OSError) as trouble:
            raise NotDelivered(f"发送通道没有收下：{trouble}"[:200]) from trouble


class Email:
    """Mails to an address made from the mobile number, like `{phone}@mail.example`: what mail-to-SMS services take."""

    def __init__(self, address: str) -> None:
        self.address = address

    def deliver(self, letter: Letter) -> None:
        """Send the mail. :raises NotDelivered: if the mail server does not take it"""
        if not self.address:
            raise NotDelivered("这个通道还没有配置。")
        try:
            send_mail(letter.title, letter.link, None, [self.address.format(phone=phone_of(letter))])
        except OSError as trouble:
            raise NotDelivered(f"邮件服务器没有收下：{trouble}"[:200]) from trouble


def channel(name: str) -> Channel:
    """Return the channel of that name. :raises KeyError: for a name that is not one of inbox, sms, wechat, email"""
    made: dict[str, Channel] = {
        "inbox": Inbox(),
        "sms": Relay(settings.LETTER_SMS_RELAY, settings.LETTER_RELAY_SECRET),
        "wechat": Relay(settings.LETTER_WECHAT_RELAY, settings.LETTER_RELAY_SECRET),
        "email": Email(settings.LETTER_EMAIL_ADDRESS),
    }
    return made[name]


def send_code(phone: str, code: str) -> None:
    """Send a one-time code; it is never stored in plain. A relay that is down is logged, and asked again.

    The page does not wait for the relay: how long it took would tell whose number is known here.
    """
    relay = Relay(settings.LETTER_SMS_RELAY, settings.LETTER_RELAY_SECRET)
    Thread(target=_send_code, args=(relay, phone, code), daemon=True).start()


def _send_code(relay: Relay, phone: str, code: str) -> None:
    try:
        relay.post({"to": phone, "title": f"登录验证码{code}，5分钟内有效，请勿告诉他人。", "link": "", "kind": "code"})
    except NotDelivered as reason:
        log.warning("code.not_sent", why=str(reason))
