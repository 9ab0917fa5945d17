"""Data that we ship: legal instruments and terms. Replaced here, or edited by the district on its pages.

Numbers and titles are those of the published documents; days that we could not verify on an official text say so in
their note (待核).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kehou.rules import known_calendars
from kehou.rules.calendar import Calendar

UNVERIFIED = "成文日期待核对原件。"


def _instrument(number: str, title: str, issuer: str, on: date, **more: Any) -> dict[str, Any]:
    return {"number": number, "title": title, "issuer": issuer, "issued_on": on, **more}


INSTRUMENTS: tuple[dict[str, Any], ...] = (
    _instrument(
        "梁平区课后服务实施意见（试行）",
        "关于梁平区中小学生课后服务工作的实施意见（试行）",
        "梁平区教委等部门（经区政府同意）",
        date(2021, 8, 31),
        valid_from_on=date(2021, 9, 1),
        note="2021年9月开始全面实施；发文字号和成文日期待核对原件。",
    ),
    _instrument("国办发〔2018〕80号", "国务院办公厅关于规范校外培训机构发展的意见", "国务院办公厅", date(2018, 8, 6)),
    _instrument(
        "渝教发〔2019〕20号",
        "关于全面推进中小学生课后服务工作的指导意见（试行）",
        "重庆市教育委员会、发展和改革委员会、财政局、人力资源和社会保障局",
        date(2019, 11, 1),
        note=UNVERIFIED,
    ),
    _instrument(
        "中办发〔2021〕40号",
        "关于进一步减轻义务教育阶段学生作业负担和校外培训负担的意见",
        "中共中央办公厅、国务院办公厅",
        date(2021, 7, 24),
    ),
    _instrument("教基厅〔2017〕2号", "关于做好中小学生课后服务工作的指导意见", "教育部办公厅", date(2017, 2, 24)),
    _instrument(
        "渝教基发〔2021〕28号", "重庆市中小学课后服务相关通知", "重庆市教育委员会", date(2021, 9, 1), note=UNVERIFIED
    ),
    _instrument(
        "教基厅函〔2021〕28号",
        "关于推进义务教育课后服务全覆盖的通知（“5+2”）",
        "教育部办公厅",
        date(2021, 7, 9),
        note=UNVERIFIED,
    ),
    _instrument(
        "教基厅函〔2023〕26号",
        "关于进一步规范义务教育课后服务有关工作的通知",
        "教育部办公厅等四部门",
        date(2023, 12, 20),
        valid_from_on=date(2024, 1, 1),
        note="五个严禁，2024年春季学期起执行。" + UNVERIFIED,
    ),
    _instrument(
        "渝教基函〔2024〕11号",
        "重庆市贯彻四部门规范课后服务通知的文件",
        "重庆市教育委员会",
        date(2024, 3, 1),
        note="全文待取得。" + UNVERIFIED,
    ),
    _instrument("教财〔2020〕5号", "关于进一步加强和规范教育收费管理的意见", "教育部等五部门", date(2020, 8, 17)),
    _instrument(
        "渝人社发〔2018〕144号",
        "重庆市完善事业单位绩效工资政策若干问题的处理意见（二）",
        "重庆市人力资源和社会保障局、财政局",
        date(2018, 9, 1),
        note=UNVERIFIED,
    ),
    _instrument("教育部令第50号", "未成年人学校保护规定", "教育部", date(2021, 6, 1), valid_from_on=date(2021, 9, 1)),
    _instrument(
        "主席令第57号（2020）",
        "中华人民共和国未成年人保护法",
        "全国人民代表大会常务委员会",
        date(2020, 10, 17),
        valid_from_on=date(2021, 6, 1),
    ),
    _instrument(
        "主席令第91号（2021）",
        "中华人民共和国个人信息保护法",
        "全国人民代表大会常务委员会",
        date(2021, 8, 20),
        valid_from_on=date(2021, 11, 1),
    ),
    _instrument(
        "国家互联网信息办公室令第4号",
        "儿童个人信息网络保护规定",
        "国家互联网信息办公室",
        date(2019, 8, 22),
        valid_from_on=date(2019, 10, 1),
    ),
    _instrument(
        "财政部、国家档案局令第79号",
        "会计档案管理办法",
        "财政部、国家档案局",
        date(2015, 12, 11),
        valid_from_on=date(2016, 1, 1),
    ),
)


@dataclass(frozen=True, slots=True)
class ShippedTerm:
    """A term as we ship it."""

    code: str
    school_year: int
    calendar: Calendar


TERMS = (
    ShippedTerm("2025-autumn", 2025, known_calendars.AUTUMN_2025),
    ShippedTerm("2026-spring", 2025, known_calendars.SPRING_2026),
    ShippedTerm("2026-autumn", 2026, known_calendars.AUTUMN_2026),
)

# First and last day between which a day off or a swap day belongs to the holiday.
HOLIDAY_NAMES = (
    ("2025-09-28", "2025-10-11", "国庆节、中秋节"),
    ("2026-01-01", "2026-01-04", "元旦"),
    ("2026-02-14", "2026-02-28", "春节"),
    ("2026-04-04", "2026-04-06", "清明节"),
    ("2026-05-01", "2026-05-09", "劳动节"),
    ("2026-06-19", "2026-06-21", "端午节"),
    ("2026-09-25", "2026-09-27", "中秋节"),
    ("2026-09-20", "2026-10-10", "国庆节"),
    ("2027-01-01", "2027-01-03", "元旦"),
)
# 2027 has not been announced: assumed until an official notice is imported.
PROVISIONAL = frozenset(date(2027, 1, day) for day in (1, 2, 3))
