"""Plausible content of every paper, from the demonstration's school: used by the tests and to look at the papers.

python -m tests.lib.papers FOLDER     # writes each as PDF and PNG
"""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

SCHOOL = "柚香路小学（演示）"
HEAD = {
    "school": SCHOOL,
    "term": "2026—2027学年第一学期",
    "version": "1",
    "basis": "《关于梁平区中小学课后服务工作的实施意见（试行）》二（三）、二（五）",
    "issued_at": datetime(2026, 9, 4, 8, 30, tzinfo=UTC),
    "verify_url": "https://kehou.example.test/v/{digest}",
}
DELIVERY = {
    "delivery": "线上、公示栏",
    "retention": "学期结束后3年",
    "telephone": "学校 19900000100　区教委 19900000200",
}

_ACTIVITIES = """作业静心屋|作业辅导|基础|智|一至二年级|周一至周五|15:50–16:30|1|本班教室|各班班主任|35
作业答疑站|作业辅导|基础|智|三至六年级|周一至周五|16:00–16:40|1|本班教室|各班班主任|40
小步前进帮扶组|作业辅导|基础|智|三至六年级|每周二四|16:00–16:40|1|资源教室|谭𬭎|10
阅读漂流|自主阅读|基础|智德|一至六年级|周一至周五|16:00–16:40|1|图书室|冉书琴|45
绘本剧场|自主阅读|特色|美|一至二年级|周三|15:50–16:30|1|多功能厅|田小芸|30
花样跳绳|文体|特色|体|一至六年级|每周一三五|16:00–16:40|1|操场A|邓力|40
校园足球|文体|特色|体|三至六年级|每周二四|16:00–17:30|2|足球场|何勇|30
小篮球|文体|特色|体|三至六年级|每周一三|16:00–17:30|2|篮球场|向东|30
乒乓启蒙|文体|特色|体|二至六年级|每周二四五|16:00–16:40|1|乒乓室|秦川|24
童声合唱|社团|特色|美|三至六年级|每周一四|16:00–16:40|1|音乐室1|欧阳静怡|50
梁平木版年画体验|社团|特色|美劳|三至六年级|周三|16:00–17:30|2|美术室|徐家辉（非遗传承人）|20
竹编与竹帘小手作|劳动体验|特色|劳美|四至六年级|周二|16:00–17:30|2|劳动教室|莫奶奶（志愿者）|20
科学小实验|科普|特色|智|三至六年级|每周一三|16:00–16:40|1|科学室|彭建国|28
湿地观鸟与自然笔记|科普|特色|智德|四至六年级|周五|16:00–17:30|2|科学室、校园|蒋明月|24
图形化编程与小机器人|科普|特色|智|四至六年级|每周二四|16:00–17:30|2|计算机室|程远|30
安全小卫士（避险、防溺水演练）|安全演练|基础|德体|一至六年级|每月首周五|16:00–16:40|1|教室、操场|值班领导|45"""

PUPILS = [
    "蒋雨桐",
    "欧阳思远",
    "谭𬭎",
    "阿依努尔·买买提江",
    "何梓萱",
    "李昊",
    "邓子墨",
    "冉沐阳",
    "向晨",
    "王语嫣",
    "罗一诺",
    "唐果",
]


def png(width: int = 120, height: int = 40) -> bytes:
    """Return a small PNG with a stroke across it, as a finger would leave one."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        wave = [abs(y - height // 2 - ((x * 7) % 31 - 15) * (x % 40) // 40) < 2 for x in range(width)]
        rows += bytes(32 if on else 255 for on in wave)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")
    )


def activity_table(*, poster: bool = False) -> dict[str, Any]:
    names = ("name", "category", "kind", "domains", "grades", "weekdays", "time", "hours", "place", "leader", "seats")
    rows = [
        {"no": at, **dict(zip(names, line.split("|"), strict=True)), "free": "帮扶" in line}
        for at, line in enumerate(_ACTIVITIES.splitlines(), start=1)
    ]
    return {"poster": poster, "period": "2026年9月7日至2027年1月15日", "rows": rows, **DELIVERY}


def agreement() -> dict[str, Any]:
    return {
        "school_phone": "19900000100",
        "guardian": "蒋国强",
        "relation": "父亲",
        "guardian_phone": "19900000318",
        "pupil": "蒋雨桐",
        "homeroom": "三（2）班",
        "period": "2026年9月7日至2027年1月15日，法定节假日和学校停课日除外",
        "service": [
            ["周一", 2, "16:00–17:30", "科学小实验、作业答疑站", "科学室、三（2）班教室"],
            ["周三", 2, "16:00–17:30", "梁平木版年画体验", "美术室"],
            ["周五", 2, "16:00–17:30", "花样跳绳、作业答疑站", "操场A、三（2）班教室"],
        ],
        "form": "校内集中，分组活动，部分活动跨年级",
        "tiers": [["1课时", 6000], ["2课时", 11000], ["3课时", 16000]],
        "fee_words": "按实际服务日计算：当日单价为月标准的二十分之一，当月合计不超过月标准。",
        "settlement": "每月按实际天数结算，次月第一个服务日出账。",
        "waiver": "脱贫户、低保家庭等由学校按名单直接减免，不需要您提交证明。",
        "refund": "多缴的十五个工作日内退回原账户。",
        "latest_pickup": "19:00",
        "going_home": "家长接",
        "pickups": [
            {"name": "王秀英", "relation": "奶奶", "phone": "199****0319"},
            {"name": "蒋国富", "relation": "伯父", "phone": "199****0320"},
        ],
        "change": "前一服务日18:00前提出的请假不计费；时间、地点、老师有变，学校提前一天告知，您可以改选或退出。",
        "incident": "先救治，立即电话告知您，三十分钟内登记；按学校应急预案处理，责任依法认定。",
        "contacts": ["父亲 蒋国强 199****0318", "奶奶 王秀英 199****0319"],
        "consents": [["使用姓名、班级和您的电话编组、点名、联系和结算", True], ["在校内展示孩子的活动照片", False]],
        "signatures": {
            "guardian": {"png": png(), "name": "蒋国强", "at": date(2026, 9, 5)},
            "school": {"name": SCHOOL},
            "pupil": {"name": "蒋雨桐", "png": png(60, 40), "at": date(2026, 9, 5)},
        },
        **DELIVERY,
    }


def application_form() -> dict[str, Any]:
    return {
        "pupil": "谭𬭎",
        "homeroom": "四（1）班",
        "deadline": "9月5日 周六 18:00",
        "hours": [[1, "1课时", "16:40"], [2, "2课时", "17:30"], [3, "3课时", "18:20"]],
        "weekdays": ["周一", "周二", "周三", "周四", "周五"],
        "blocked": [[5, 3]],
        "activities": [line.split("|")[0] for line in _ACTIVITIES.splitlines()],
        "notice_version": "2",
        **DELIVERY,
    }


def _marks(names: list[str]) -> list[dict[str, Any]]:
    ways = ("家长接", "委托人接", "自行离校", "校车")
    return [
        {"no": at, "name": name, "homeroom": "三（2）班", "going_home": ways[at % 4], "phone": f"1990000{at:04d}"}
        for at, name in enumerate(names, start=1)
    ]


def roll() -> dict[str, Any]:
    first = _marks(PUPILS)
    first[1]["leave"] = "病假"
    return {
        "day": "2026年11月11日 周三",
        "duty": "周敏",
        "groups": [
            {"name": "科学小实验", "time": "16:00–16:40", "place": "科学室", "leader": "彭建国", "pupils": first},
            {
                "name": "乒乓启蒙",
                "time": "16:00–16:40",
                "place": "乒乓室",
                "leader": "秦川",
                "pupils": _marks(PUPILS[:4]),
            },
        ],
        **DELIVERY,
    }


def receipt() -> dict[str, Any]:
    return {
        "pupil": "蒋雨桐",
        "homeroom": "三（2）班",
        "month": "2026年11月",
        "payer": "蒋国强",
        "method": "柜台现金",
        "paid_at": datetime(2026, 12, 2, 1, 5, tzinfo=UTC),
        "payee": SCHOOL,
        "account": "梁平区教育收费专户（演示）",
        "item": "课后延时服务费",
        "lines": [
            {"what": "周一、三、五，每天2课时", "fen": 6600, "why": "11月共12天，每天5.50元（110.00元 ÷ 20天）"},
            {"what": "请假1天（11月4日）", "fen": -550, "why": "前一服务日18:00前提出，不计费"},
        ],
        "due_fen": 6050,
        "paid_fen": 6050,
        "in_words": "陆拾元伍角整",
        "cashier": "秦出纳",
        **DELIVERY,
    }


def bill() -> dict[str, Any]:
    paid = ("payer", "method", "paid_at", "paid_fen", "cashier")
    kept = {key: value for key, value in receipt().items() if key not in paid}
    return kept | {"due_on": "2026年12月10日", "how_to_pay": "手机缴费，或到学校财务室现金缴费。"}


def record() -> dict[str, Any]:
    return {
        "opening": "您的选择已收到，截止前可以随时修改，以最后一次为准。",
        "facts": [["学生", "谭𬭎"], ["班级", "四（1）班"], ["选择", "参加"]],
        "sections": [
            {
                "title": "一、每天的课时",
                "table": {
                    "columns": ["星期", "课时", "第一志愿", "第二志愿"],
                    "rows": [["周二", 2, "校园足球", "图形化编程与小机器人"], ["周四", 2, "校园足球", None]],
                    "widths": [1, 1, 3, 3],
                    "right": [1],
                },
            },
            {"title": "二、离校", "words": ["家长接。授权接送人：王秀英（奶奶）。"]},
            {
                "title": "三、单独同意",
                "table": {"columns": ["事项", "同意"], "rows": [], "empty": "没有需要单独同意的事项"},
            },
        ],
        "closing": ["核对无误请保存本回执。"],
        "signatures": [{"label": "监护人", "name": "谭某", "png": png()}, {"label": "班主任"}],
        **DELIVERY,
    }


def price_board() -> dict[str, Any]:
    return {
        "item": "课后延时服务费",
        "basis_number": "梁平发改〔2021〕×号（演示）",
        "tiers": [
            {"label": "1课时", "month_fen": 6000, "day_fen": 300},
            {"label": "2课时", "month_fen": 11000, "day_fen": 550},
            {"label": "3课时", "month_fen": 16000, "day_fen": 800},
        ],
        "rule": "当日单价为月标准的二十分之一，按孩子实际参加的服务日相加，当月合计不超过月标准。学校停课、按时请假的日子不计费。",
        "examples": [
            {"case": "每天2课时，11月20天", "why": "20天 × 5.50元", "fen": 11000},
            {"case": "每天2课时，12月23天", "why": "23天 × 5.50元 = 126.50元，不超过月标准", "fen": 11000},
            {"case": "周一三五2课时，11月12天", "why": "12天 × 5.50元", "fen": 6600},
        ],
        "waiver": "农村脱贫户、低保家庭等学生由学校按名单直接减免，家长不需要提交证明，名单不公开。",
        "refund": "可以随时退出，从下一个服务日起不再计费；多缴的十五个工作日内退回原账户。",
        "payee": SCHOOL,
        "account_name": "梁平区教育收费专户（演示）",
        "ticket": "财政电子票据",
        "phones": [
            ["学校", "19900000100"], ["区教委", "19900000200"], ["市场监管", "12315"], ["责任督学 冯老师", "19900000300"],
        ],
        "retention": "至新标准执行为止",
    }  # fmt: skip


def accounts() -> dict[str, Any]:
    return {
        "period": "2026年11月",
        "posted_from": date(2026, 12, 10),
        "posted_until": date(2026, 12, 17),
        "income": [
            {"what": "应收", "fen": 11356000, "note": "1,056人"},
            {"what": "减免", "fen": 726000, "note": "66人次，由财政补偿"},
            {"what": "实收", "fen": 10598500},
            {"what": "退费", "fen": 31500, "note": "9笔，已全部到账"},
            {"what": "上缴专户", "fen": 10567000},
            {"what": "拨付", "fen": 10567000, "note": "12月4日到账"},
        ],
        "spending": [
            {"use": "参与人员补助", "fen": 7136000, "count": 96},
            {"use": "校外专业人员劳务", "fen": 400000, "count": 4},
            {"use": "水电", "fen": 300000, "count": 2},
            {"use": "设备器材", "fen": 250000, "count": 5},
            {"use": "活动耗材", "fen": 450000, "count": 11},
        ],
        "balance_fen": 2031000,
        "opening_fen": 0,
        "pupils": "1,056",
        "pupil_days": "19,842",
        "waived_count": 66,
        "waived_fen": 726000,
        "note": "结余24%，拟在下学期增加特色活动课时，方案另行公示。",
        **DELIVERY,
    }


def draw_result() -> dict[str, Any]:
    def codes(start: int, count: int) -> list[str]:
        return [f"{(start + at) * 791900021 % 16**10:010X}" for at in range(count)]

    return {
        "drawn_at": datetime(2026, 9, 6, 1, 30, tzinfo=UTC),
        "participants": 1056,
        "seed": "福彩双色球2026103期 03 08 14 19 27 32 + 11",
        "seed_source": "开奖公告，报名截止后公布",
        "list_digest": "9d1c-04be-77a2-61f0",
        "witnesses": ["家委会 黄女士", "责任督学 冯老师", "纪检 唐老师"],
        "how": "每个孩子一个号码，由公开的种子算出；各活动按志愿先后和号码从小到大录取，满额为止，其余按号码排入候补。",
        "activities": [
            {"name": "校园足球", "seats": 30, "applicants": 58, "last_number": 312,
             "renewed": 12, "admitted": codes(1, 30), "waiting": codes(40, 28)},
            {"name": "图形化编程与小机器人", "seats": 30, "applicants": 41, "last_number": 655, "too_few": False,
             "admitted": codes(80, 30), "waiting": codes(120, 11)},
        ],
        **DELIVERY,
    }  # fmt: skip


def release_sheet() -> dict[str, Any]:
    first = datetime(2026, 11, 11, 8, 41, tzinfo=UTC)
    return {
        "day": "2026年11月11日 周三",
        "wave": "第一批 16:40",
        "gate": "东门",
        "keeper": "彭建国",
        "pupils": [
            {"no": at, "name": name, "homeroom": "三（2）班", "way": "家长接", "pickup": "王秀英（奶奶）", "check": "码",
             "at": (first + timedelta(minutes=at)).astimezone().strftime("%H:%M")}
            for at, name in enumerate(PUPILS, start=1)
        ],
        "stragglers": ["何梓萱 17:05 由值班领导陪同，家长 17:22 接走"],
        "left_on_site": 0,
        **DELIVERY,
    }  # fmt: skip


# template, title, number, content, mark
def emergency_cards(*, small: bool = False) -> dict[str, Any]:
    """Return two cards for the wall."""
    from kehou.rules.emergency import BY_CODE, filled

    facts = {"leader": "邓强", "gate": "刘大勇", "medical": "袁慧", "principal": "钟毅", "manager": "陈敏"}
    facts |= {"assembly": "足球场北侧", "wait": "一楼值班室", "gate_place": "正门", "hospital": "区人民医院"}
    rows = []
    for code in ("missing", "fire"):
        one = filled(BY_CODE[code], {**facts, "police": "双桂派出所（023-53200110）"})
        rows.append(
            {
                "number": one.number, "title": one.title, "first": list(one.first), "calls": one.calls,
                "stays": one.stays, "children": one.children, "after": one.after,
            }
        )  # fmt: skip
    return {"cards": rows, "phones": [["报警", "110"], ["火警", "119"], ["急救", "120"]], "small": small}


PAPERS: dict[str, tuple[str, str, str, dict[str, Any], str]] = {
    "activity-table": ("activity-table", "学生课后服务内容项目表", "YX-XM-2026秋-01", activity_table(), ""),
    "activity-poster": ("activity-table", "学生课后服务内容项目表", "YX-XM-2026秋-01", activity_table(poster=True), ""),
    "agreement": ("agreement", "课后服务协议书", "YX-XY-2026秋-0318", agreement(), ""),
    "application-form": ("application-form", "课后服务自愿申请表", "YX-SQ-2026秋-0412", application_form(), ""),
    "roll": ("roll", "纸质点名册", "YX-DM-20261111", roll(), ""),
    "receipt": ("receipt", "缴费收据", "YX-SJ-202611-0318", receipt(), ""),
    "bill": ("receipt", "缴费单", "YX-ZD-202611-0318", bill(), ""),
    "record": ("record", "课后服务自愿申请回执", "YX-HZ-2026秋-0412", record(), ""),
    "price-board": ("price-board", "课后服务收费公示牌", "YX-SF-2026秋", price_board(), ""),
    "accounts": ("accounts", "课后服务收支公示表", "YX-GS-202611", accounts(), ""),
    "draw-result": ("draw-result", "活动名额摇号结果公示", "YX-YH-2026秋-01", draw_result(), ""),
    "draw-result-poster": (
        "draw-result",
        "活动名额摇号结果公示",
        "YX-YH-2026秋-01",
        {**draw_result(), "poster": True},
        "",
    ),
    "emergency-cards": ("emergency-cards", "应急卡", "YX-YJ-2026秋", emergency_cards(), ""),
    "release-sheet": ("release-sheet", "离校交接单", "YX-LX-20261111-1", release_sheet(), ""),
}


def main(folder: str) -> None:
    """Write every paper as PDF into `folder`."""
    from pathlib import Path

    from kehou.lib.paper import render

    for name, (template, title, number, data, mark) in PAPERS.items():
        paper = render(template, data, title=title, number=number, mark=mark, **HEAD)
        Path(folder, f"{name}.pdf").write_bytes(paper.pdf)


if __name__ == "__main__":
    import os
    import sys

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kehou.config.settings")
    django.setup()
    main(sys.argv[1])
