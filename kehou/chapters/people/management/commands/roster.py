"""Read a roster file for a school, and take it: `manage.py roster FILE --school CODE [--dry-run] [--json]`."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction

from kehou.chapters.people import actions as people
from kehou.chapters.people.actions import RosterPlan, Taken
from kehou.chapters.people.models import Pupil, RosterImport
from kehou.chapters.schools.models import School
from kehou.lib import clock
from kehou.lib.actors import Actor
from kehou.lib.sheets.reading import LARGEST_OF_COMMAND
from kehou.lib.sheets.rosters import read_roster
from kehou.rules.roster import Place, Report
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

SHOWN = 20


class Command(BaseCommand):
    """Reads a roster file; without --dry-run its accepted rows are taken, all of them or none."""

    help = "读取一所学校的名册（.xlsx .xls .csv .txt）：--dry-run 只预检，不加则导入"

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("file", type=Path, help="名册文件")
        parser.add_argument("--school", required=True, metavar="CODE", help="学校标识码")
        parser.add_argument("--dry-run", action="store_true", help="只预检，什么都不写入")
        parser.add_argument("--json", action="store_true", help="打印 JSON：accepted、pupils、problems")
        parser.add_argument("--whole", action="store_true", help="有一行不合格就全部不导入")
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="按哪一天算年级（默认今天）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, tell, and take unless it is a dry run."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"没有这个文件：{path}")
        at = clock.now()
        if options["on"]:
            at = datetime.combine(options["on"], at.timetz())
        school = self._school(options["school"], only_reading=options["dry_run"])
        if school is None:
            self._tell(read_roster(path, on=at.date(), most_bytes=LARGEST_OF_COMMAND), None, as_json=options["json"])
        elif options["dry_run"]:
            report = people.read_for(school, path.read_bytes(), at=at, most_bytes=LARGEST_OF_COMMAND)
            self._tell(report, people.plan_roster(school, report, on=at.date()), as_json=options["json"])
        else:
            self._take(school, path, at, options)

    def _school(self, code: str, *, only_reading: bool) -> School | None:
        """Return the school. A dry run goes without: a file can be tried before the school is on the list."""
        try:
            school = School.objects.filter(code=code).first()
        except DatabaseError:
            school = None
        if school is None:
            if not only_reading:
                raise CommandError(f"没有标识码为 {code} 的学校。")
            self.stderr.write(f"没有标识码为 {code} 的学校：只检查文件本身，不与班级和在籍学生核对。")
        return school

    def _take(self, school: School, path: Path, at: datetime, options: dict[str, Any]) -> None:
        content, by = path.read_bytes(), Actor(None, "命令行", "系统管理")
        report = people.read_for(school, content, at=at, most_bytes=LARGEST_OF_COMMAND)
        if options["whole"] and report.problems:
            self._tell(report, None, as_json=options["json"])
            raise CommandError(f"{report.refused_rows}行有问题，什么都没有导入。")
        try:
            with transaction.atomic():
                kept = RosterImport.objects.create(
                    school=school, file_name=path.name[:200], file_digest=hashlib.sha256(content).hexdigest(),
                    read_by=str(by), read_at=at,
                )  # fmt: skip
                taken = people.take_roster(kept, report, by=by, at=at)
        except Refused as no:
            self._tell(report, None, as_json=options["json"])
            raise CommandError("；".join(say(refusal) for refusal in no.refusals)) from None
        self._tell(report, None, as_json=options["json"])
        if not options["json"]:
            self._tell_taken(taken)

    def _tell(self, report: Report, plan: RosterPlan | None, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
            return
        self.stdout.write(
            f"可导入 {len(report.pupils)} 人，有问题 {report.refused_rows} 行，跳过 {report.skipped_rows} 行。"
        )
        for problem in report.problems:
            self.stdout.write(f"  ✗ {_where(problem.place)} [{problem.code}] {problem.message}")
        self._some("已修整", [f"{_where(one.place)}：{one.before} → {one.after}" for one in report.repairs])
        self._some("请留意", [f"{_where(one.place)} {one.message}".strip() for one in report.hints])
        if plan is not None:
            self.stdout.write(
                f"与在籍学生相比：新增 {len(plan.new)} 人，更新 {len(plan.changed)} 人，不变 {len(plan.unchanged)} 人，"
                f"名册里没有的在籍学生 {len(plan.left)} 人，新建班级 {len(plan.homerooms)} 个。"
            )

    def _some(self, title: str, lines: list[str]) -> None:
        if lines:
            self.stdout.write(f"{title} {len(lines)} 处：")
            for line in lines[:SHOWN]:
                self.stdout.write(f"  · {line}")
            if len(lines) > SHOWN:
                self.stdout.write(f"  …… 其余 {len(lines) - SHOWN} 处略")

    def _tell_taken(self, taken: Taken) -> None:
        counts = f"新增 {taken.new} 人，更新 {taken.changed} 人，不变 {taken.unchanged} 人"
        self.stdout.write(f"已导入：{counts}，新建班级 {taken.homerooms} 个。")
        if taken.left:
            names = Pupil.objects.filter(pk__in=taken.left[:SHOWN]).values_list("name", flat=True)
            shown = "、".join(names)
            self.stdout.write(f"名册里没有的在籍学生 {len(taken.left)} 人，没有改动，请学校确认是否转出：{shown}")


def _where(place: Place) -> str:
    sheet = f"“{place.sheet}”" if place.sheet else ""
    row = f"第{place.row}行" if place.row else ""
    return f"{sheet}{row} {place.column}".strip()
