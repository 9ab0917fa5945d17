"""`manage.py journal verify|seal|head`: the chain of the journal for the operator and the auditor."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kehou.chapters.journal import actions, queries
from kehou.lib import clock
from kehou.rules import chain


class Command(BaseCommand):
    """Verifies or seals the journal, or prints its newest seal to note down elsewhere."""

    help = (
        "verify: find any change or gap (exit code 1 says there is one); seal: seal now; head: print the newest seal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb and, for verify, the seal noted down earlier."""
        parser.add_argument("verb", choices=["verify", "seal", "head"])
        parser.add_argument("--head", default="", help="number:digest as `journal head` printed it earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says."""
        getattr(self, options["verb"])(options["head"])

    def verify(self, noted: str) -> None:
        """Print every fault with its place; leave with 1 if there is one."""
        try:
            faults = actions.verify_now(head=noted)
        except ValueError:
            raise CommandError(f"“{noted}”不是封签：应是“封签号:64位指纹”，如 journal head 打印的那样。") from None
        for fault in faults:
            self.stderr.write(chain.say(fault))
        newest = queries.head()
        if newest is None:
            self.stdout.write("日志还没有封存过。")
        elif not faults:
            self.stdout.write(f"{newest.number}个封签全部完好，最新：{newest.number}:{newest.digest}")
        self.stdout.write(f"未封存的记录：{queries.unsealed()}条。")
        if faults:
            sys.exit(1)

    def seal(self, noted: str) -> None:
        """Seal everything written so far."""
        done = actions.seal_now(at=clock.now())
        self.stdout.write(f"封存{done['entries']}条，新封签{done['seals']}个。")

    def head(self, noted: str) -> None:
        """Print the newest seal."""
        newest = queries.head()
        self.stdout.write(f"{newest.number}:{newest.digest}" if newest else "")
