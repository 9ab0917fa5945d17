"""`manage.py install`: what a fresh production installation needs before anybody can sign in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kehou.chapters.basis import actions as basis
from kehou.chapters.people import actions as people
from kehou.lib import clock
from kehou.lib.actors import SYSTEM
from kehou.rules import sentences
from kehou.rules.permissions import ROLES
from kehou.rules.verdicts import Refused


class Command(BaseCommand):
    """Installs instruments, terms and calendars; gives the first officer an account. Safe to run again."""

    help = (
        "Install the shipped instruments, terms and calendars. With --phone and --name also make the first account: "
        "the security administrator, who appoints everybody else. There is no default password anywhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who is appointed first."""
        parser.add_argument("--phone", default="", help="mobile number of the first officer")
        parser.add_argument("--name", default="", help="their name")
        parser.add_argument("--role", default="security_admin", help="their post in the district")

    def handle(self, *args: Any, **options: Any) -> None:
        """Install what is missing and say what it was."""
        role = options["role"]
        if role not in ROLES or ROLES[role].desk != "district":
            raise CommandError(
                f"--role: one of {', '.join(key for key, one in ROLES.items() if one.desk == 'district')}"
            )
        at = clock.now()
        done = basis.install_defaults(by=SYSTEM, at=at)
        self.stdout.write(f"依据文件{done['instruments']}份，学期{done['terms']}个，校历{done['days']}天。")
        if not options["phone"]:
            return
        try:
            post, password = people.appoint(
                options["phone"], name=options["name"], role=role, school=None, from_on=at.date(), by=SYSTEM, at=at
            )
        except Refused as no:
            raise CommandError("".join(sentences.say(refusal) for refusal in no.refusals)) from None
        self.stdout.write(f"{post.account.name}：{ROLES[role].title}。")
        self.stdout.write(f"初始密码（只显示这一次）：{password}" if password else "此人已有密码，用原来的密码登录。")
