"""Lint a list of activities: `manage.py content_lint FILE.csv [--json [--full]]`.

The columns are name, description and grades (also under their Chinese headings). `row` is the number that the
spreadsheet shows beside the row, so that the first activity stands in row 2.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kehou.lib.sheets.reading import open_sheets
from kehou.rules.clauses import clause
from kehou.rules.lint import commerce, content
from kehou.rules.lint.rows import NAMES, Row, rows_in
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

BRIEF = ("row", "verdict", "terms", "clause")


class Command(BaseCommand):
    """Says of every row whether it may stand in an activity table, and why not."""

    help = "检查一份活动清单有没有学科教学、补课、竞赛培训的内容（.csv .xlsx .xls .txt，列：name、description、grades）"

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("file", type=Path, help="活动清单")
        parser.add_argument("--json", action="store_true", help="打印 JSON：row、verdict、terms、clause")
        parser.add_argument("--full", action="store_true", help="JSON 里再加上 name、why、commerce")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the list and tell the verdicts."""
        found = [self._verdict(row) for row in self._rows(options["file"])]
        if options["json"]:
            shown = found if options["full"] else [{key: one[key] for key in BRIEF} for one in found]
            self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1))
            return
        for one in found:
            if one["verdict"] == "block":
                self.stdout.write(
                    f"第{one['row']}行 {one['name']}：{''.join(one['why'])}（{self._words(one['clause'])}）"
                )
        blocked = sum(one["verdict"] == "block" for one in found)
        self.stdout.write(f"共{len(found)}项，{blocked}项不得开展，{len(found) - blocked}项可以。")

    def _rows(self, path: Path) -> list[Row]:
        if not path.is_file():
            raise CommandError(f"没有这个文件：{path}")
        try:
            opened = open_sheets(path)
            rows = [row for grid in opened.grids for row in rows_in(grid.rows)]
        except Refused as no:
            raise CommandError("；".join(say(one) for one in no.refusals)) from no
        for number, fault in opened.faults:
            self.stderr.write(f"第{number}行：{say(fault)}")
        if not rows:
            raise CommandError(
                f"没有找到活动：第一行要有“name”（或“{'”“'.join(NAMES['name'][1:4])}”）这样的列名，下面每行一项。"
            )
        return rows

    def _verdict(self, row: Row) -> dict[str, Any]:
        reading = content.read(row.name, row.description, row.grades)
        trade = commerce.read(name=row.name, description=row.description)
        return {
            "row": row.number,
            "name": row.name,
            "verdict": reading.verdict,
            "terms": list(reading.terms),
            "clause": reading.clause or None,
            "why": [say(refusal) for _, refusal in content.refusals(reading)],
            "commerce": {"verdict": trade.verdict, "terms": list(trade.terms), "clause": trade.clause or None},
        }

    def _words(self, clause_id: str) -> str:
        return f"{clause_id} {clause(clause_id).words}"
