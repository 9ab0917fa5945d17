"""The dry run of a roster of 100,000 pupils against a register of as many, beside plain reading of the same file.

What is measured is the command a school's technician types, `manage.py roster FILE --school CODE --dry-run`, from its
start to its last line: reading the file, and comparing every row with the pupils on the roll (numbers hashed, names,
classes). Nineteen of twenty rows stand on the roll already, every fiftieth of those in another class; the rest is new.
Writing the register first is not measured. Beside it: reading and checking the file alone, and the bare reading of the
cells. Each way runs in a process of its own, so that its peak of memory is its own. `python -m benchmarks.roster ROWS`
takes another size.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROWS = 100_000
MOST_ROWS = 200_000
AIM_SECONDS, AIM_MB = 20.0, 500.0  # for 100,000 rows
SCHOOL, ON = "2150990001", date(2026, 9, 1)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾"
GIVEN = "子浩宇轩梓涵欣怡雨桐诗琪俊杰思远佳明月晨曦安然若溪一诺嘉豪静"
GRADES = "一二三四五六"
HEADER = ("序号", "学生姓名", "性别", "出生日期", "身份证件号", "全国学籍号", "年级", "班级", "监护人姓名", "联系电话")


def make(path: Path, rows: int) -> None:
    """Write a roster as school systems export it: nine tenths clean, one tenth as people type.

    The ending says what: a workbook, or text in UTF-16, the largest form of the same rows.
    """
    from kehou.lib import sheets
    from kehou.rules.identity import check_sign

    dice = random.Random(1)

    def pupils():
        for number in range(rows):
            grade = dice.randrange(6)
            born = date(2019 - grade, 9, 1) + timedelta(days=dice.randrange(364))
            first = f"500999{born:%Y%m%d}{number % 1000:03d}"
            whole = first + check_sign(first)
            name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2))
            phone = f"1990{dice.randrange(10**7):07d}"
            if number % 10 == 0:
                name, phone = f"{name[0]}　{name[1:]} ", f"{phone[:3]} {phone[3:7]} {phone[7:]}（奶奶）"
            yield (
                str(number + 1), name, "男" if number % 2 else "女", born.isoformat(), whole, "G" + whole,
                f"{GRADES[grade]}年级", f"{number % 30 + 1}班", dice.choice(SURNAMES) + "建国", phone,
            )  # fmt: skip

    if path.suffix == ".txt":
        with path.open("w", encoding="utf-16") as text:
            text.writelines("\t".join(line) + "\n" for line in (HEADER, *pupils()))
        return
    with path.open("wb") as file:
        sheets.write_workbook(file, sheets.Table("学生信息", [sheets.Column(name) for name in HEADER], pupils()))


def register(path: str) -> dict[str, object]:
    """Write the register that the file is compared with, into the folder that the environment names."""
    import django

    django.setup()
    from datetime import datetime

    from kehou.chapters.people.actions.pupils import NewPupil, register_pupils
    from kehou.chapters.schools.models import Homeroom, School
    from kehou.lib import clock, schema
    from kehou.lib.actors import SYSTEM
    from kehou.lib.sheets.rosters import read_roster

    schema.bring_up_to_date()
    school = School.objects.create(code=SCHOOL, name="柚香路小学（演示）", kind="primary", town="双桂街道")
    at = datetime.combine(ON, clock.wall().timetz())
    report = read_roster(path, on=ON)
    rooms = {
        key: Homeroom.objects.create(school=school, school_year=2026, grade=key[0], number=key[1])
        for key in sorted(set(report.homerooms))
    }
    rows: list[Any] = []
    for number, one in enumerate(report.pupils):
        if number % 20 == 0:
            continue  # a new child
        klass = one.class_number % 30 + 1 if number % 50 == 1 else one.class_number
        sex, room = "1" if one.sex == "男" else "2", rooms.get((one.grade, klass)) or rooms[one.grade, one.class_number]
        rows.append(NewPupil(one.name, sex, one.born_on, room, one.id_number or None, one.register_number or None))
    for start in range(0, len(rows), 2000):
        register_pupils(school, rows[start : start + 2000], by=SYSTEM, at=at)
    return {"on the roll": len(rows)}


def dry_run(path: str) -> dict[str, object]:
    """Return what the command says of the file against the register."""
    from io import StringIO

    import django

    django.setup()
    from django.core.management import call_command

    out = StringIO()
    call_command("roster", path, school=SCHOOL, dry_run=True, on=ON, stdout=out)
    lines = out.getvalue().splitlines()
    return {"said": lines[0], "register": next((line for line in lines if line.startswith("与在籍")), "not compared")}


def reading(path: str) -> dict[str, object]:
    """Return what the file alone gives, compared with nobody."""
    from kehou.lib.sheets.reading import LARGEST_OF_COMMAND
    from kehou.lib.sheets.rosters import read_roster

    report = read_roster(path, on=ON, most_bytes=LARGEST_OF_COMMAND)
    return {"accepted": len(report.pupils), "repaired": len(report.repairs), "refused": report.refused_rows}


def plain(path: str) -> dict[str, object]:
    """Return how many rows calamine reads."""
    import python_calamine

    sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return {"rows": sum(1 for _ in sheet.iter_rows())}


def measured(way: str, path: Path) -> dict[str, float]:
    """Return seconds and peak megabytes of one way in a new process."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.roster", way, str(path)], capture_output=True, text=True, check=True
    )
    return json.loads(told.stdout)


def main(rows: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(KEHOU_VAR=folder, DEMONSTRATION="True", DJANGO_SETTINGS_MODULE="kehou.config.settings")
        path = Path(folder) / "roster.xlsx"
        make(path, rows)
        print(f"{rows:,} rows × {len(HEADER)} columns, {path.stat().st_size / 1e6:.1f} MB")
        on_roll = measured("register", path)
        print(f"register  {on_roll['seconds']:6.2f} s (written once, not part of the figure)  {on_roll['found']}")
        ours, alone, theirs = (measured(way, path) for way in ("dry_run", "reading", "plain"))
        print(f"dry run   {ours['seconds']:6.2f} s  {ours['megabytes']:5.0f} MB  {_aim(ours, rows)}")
        for line in ours["found"].values():  # type: ignore[attr-defined]
            print(f"          {line}")
        print(f"file only {alone['seconds']:6.2f} s  {alone['megabytes']:5.0f} MB  {alone['found']}")
        print(f"calamine  {theirs['seconds']:6.2f} s  {theirs['megabytes']:5.0f} MB  {theirs['found']}")
        print(f"ratio     {ours['seconds'] / theirs['seconds']:6.1f}")
        text = Path(folder) / "roster.txt"
        make(text, MOST_ROWS)
        most = measured("reading", text)
        print(f"{MOST_ROWS:,} rows of UTF-16 text, {text.stat().st_size / 1e6:.1f} MB, the most that is read")
        print(f"file only {most['seconds']:6.2f} s  {most['megabytes']:5.0f} MB  {most['found']}   aim {AIM_MB:.0f} MB")


def _aim(found: dict[str, float], rows: int) -> str:
    over = rows >= ROWS and (found["seconds"] > AIM_SECONDS or found["megabytes"] > AIM_MB)
    return f"aim {AIM_SECONDS:.0f} s, {AIM_MB:.0f} MB for {ROWS:,} rows{' (over)' if over else ''}"


WAYS = {"register": register, "dry_run": dry_run, "reading": reading, "plain": plain}

if __name__ == "__main__":
    if len(sys.argv) == 3:
        began = time.perf_counter()
        found = WAYS[sys.argv[1]](sys.argv[2])
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "megabytes": peak, "found": found}))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
