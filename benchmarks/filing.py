"""One school's whole pack on paper (nine parts, 120 people), and the district's filing list for 110 schools.

Beside the first stands the promise of ten seconds, beside the second that of 50 ms of server CPU a page.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

PEOPLE, SCHOOLS, ROUNDS = 120, 110, 15
AT = datetime(2026, 8, 28, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def prepare() -> Path:
    """Start Django on an empty database in a folder of its own, and return the folder."""
    folder = Path(tempfile.mkdtemp(prefix="kehou-bench-"))
    os.environ.update(KEHOU_VAR=str(folder), DEMONSTRATION="True", DJANGO_SETTINGS_MODULE="kehou.config.settings")
    import django

    django.setup()
    from kehou.lib import schema

    schema.bring_up_to_date()
    return folder


def contents() -> list[dict[str, Any]]:
    """Return nine parts as full as those of a large school: 120 people, forty activities, long documents."""
    from kehou.rules.filing import PARTS, Evidence, Part, Section, Table

    words = tuple(f"第{n}条　学校按照文件要求组织课后服务，责任到人，记录在案，按月公示。" * 3 for n in range(1, 25))
    people = tuple((f"教师{n:03d}", "在职教职工", "语文、书法", "周一、周三", "10课时", "通过") for n in range(PEOPLE))
    rows = tuple(
        (f"活动{n:02d}", "文体", "特色", "一至六年级", "周一至周五", "16:00–16:40", "1课时", f"教室{n}", "教师", "40人")
        for n in range(40)
    )
    made = []
    for code in PARTS:
        tables: tuple[Table, ...] = ()
        if code == "F3":
            tables = (Table("名单", ("姓名", "类型", "特长", "可服务", "每周最多", "准入"), people),)
        if code == "F4":
            columns = ("项目", "类别", "性质", "年级", "星期", "时间", "课时", "地点", "带组人员", "人数上限")
            tables = (Table("项目表", columns, rows),)
        part = Part(
            code, formed=True, facts=(("版本", "第1版"),), sections=(Section("正文", words),), tables=tables,
            evidence=(Evidence("台账", "a" * 64, "2026-08-28", "校长"),),
        )  # fmt: skip
        made.append(part.content())
    return made


def build() -> Any:
    """Write 110 schools, most of them accepted, each with a pack; return the first pack and an officer."""
    from django.db import transaction

    from kehou.chapters.basis.models import Term
    from kehou.chapters.filing.models import Filing, Pack
    from kehou.chapters.people.models import Account, Post
    from kehou.chapters.schools.models import School
    from kehou.rules.filing import digest_of, manifest_of

    term = Term.objects.create(
        code="2026-autumn", name="2026—2027学年第一学期", school_year=2026, from_on=date(2026, 9, 1),
        until_on=date(2027, 1, 23), service_from_on=date(2026, 9, 7), service_until_on=date(2027, 1, 16),
    )  # fmt: skip
    parts = contents()
    with transaction.atomic():
        for n in range(SCHOOLS):
            school = School.objects.create(
                code=f"21509{n:05d}", name=f"第{n}小学（演示）", kind="primary", town="梁山街道"
            )
            manifest = manifest_of(parts, school=school.code, term=term.code, order=1, kind="first", note="报送说明")
            state = "accepted" if n % 3 else "submitted"
            filing = Filing.objects.create(
                school=school, term=term, state=state, note="报送说明" * 40, submitted_at=AT - timedelta(days=n % 9),
                number=f"LP-{n}" if state == "accepted" else "",
            )  # fmt: skip
            pack = Pack.objects.create(
                filing=filing, turn=1, manifest=manifest, digest=digest_of(manifest), ink="password", signed_by="校长",
                signed_at=AT,
            )  # fmt: skip
            Filing.objects.filter(pk=filing.pk).update(pack=pack)
        officer = Account.objects.create(phone="19900000000", name="周启文", password="!")
        Post.objects.create(account=officer, role="basic_education", school=None, from_on=date(2026, 1, 1))
    first = Pack.objects.select_related("filing__school", "filing__term").order_by("pk").first()
    return first, parts, officer


def measure_pack(pack: Any, parts: list[dict[str, Any]]) -> None:
    """Print how long a whole pack takes on paper, the first in a process and the next."""
    from kehou.chapters.filing.actions.signing import keep_parts
    from kehou.chapters.filing.papers import pack_paper

    keep_parts(pack, parts)
    for turn in ("first", "next"):
        began = time.perf_counter()
        made = pack_paper(pack, address="https://kehou.example/")
        spent = time.perf_counter() - began
        print(f"whole pack as PDF, {turn:<5} {made.pages} pages, {PEOPLE} people: {spent:6.2f} s   (promised: 10 s)")


def measure_list(officer: Any) -> None:
    """Print the server CPU of the district's list, without the network: all of the view and its page."""
    from django.test import Client

    from kehou.lib import clock

    clock.now = lambda: AT
    client = Client()
    client.force_login(officer)
    client.get("/district/filings/")
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        assert client.get("/district/filings/").status_code == 200
        spent.append((time.process_time() - began) * 1000)
    spent.sort()
    middle, most = spent[len(spent) // 2], spent[-1]
    print(
        f"filing list, {SCHOOLS} schools: {middle:6.1f} ms CPU in the middle, {most:.1f} ms at most   (promised: 50 ms)"
    )


def main() -> None:
    """Build, measure, remove."""
    folder = prepare()
    try:
        pack, parts, officer = build()
        measure_pack(pack, parts)
        measure_list(officer)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
