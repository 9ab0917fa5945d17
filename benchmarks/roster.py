"""The dry run of a roster of 100,000 pupils, beside plain reading of the same file.

Each way runs in a process of its own, so that its peak of memory is its own. `python -m benchmarks.roster ROWS` takes
another size.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROWS = 100_000
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾"
GIVEN = "子浩宇轩梓涵欣怡雨桐诗琪俊杰思远佳明月晨曦安然若溪一诺嘉豪静"
GRADES = "一二三四五六"
HEADER = ("序号", "学生姓名", "性别", "出生日期", "身份证件号", "全国学籍号", "年级", "班级", "监护人姓名", "联系电话")


def make(path: Path, rows: int) -> None:
    """Write a roster as school systems export it: nine tenths clean, one tenth as people type."""
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

    with path.open("wb") as file:
        sheets.write_workbook(file, sheets.Table("学生信息", [sheets.Column(name) for name in HEADER], pupils()))


def dry_run(path: str) -> dict[str, object]:
    """Return what the dry run finds."""
    from kehou.lib.sheets.rosters import read_roster

    report = read_roster(path, on=date(2026, 9, 1))
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
        path = Path(folder) / "roster.xlsx"
        make(path, rows)
        print(f"{rows:,} rows × {len(HEADER)} columns, {path.stat().st_size / 1e6:.1f} MB")
        ours, theirs = measured("dry_run", path), measured("plain", path)
        print(f"dry run   {ours['seconds']:6.2f} s  {ours['megabytes']:5.0f} MB  {ours['found']}   aim 20 s, 500 MB")
        print(f"calamine  {theirs['seconds']:6.2f} s  {theirs['megabytes']:5.0f} MB  {theirs['found']}")
        print(f"ratio     {ours['seconds'] / theirs['seconds']:6.1f}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        began = time.perf_counter()
        found = {"dry_run": dry_run, "plain": plain}[sys.argv[1]](sys.argv[2])
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "megabytes": peak, "found": found}))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
