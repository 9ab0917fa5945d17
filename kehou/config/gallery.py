"""The page that shows every component in every state; in development and the demonstration only.

`?frame=phone`, `desk` or `public` puts the same components into each frame; `?elder=1` into 长辈版.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kehou.lib.gates import open_to_all
from kehou.lib.menus import Link
from kehou.rules import sentences
from kehou.rules.verdicts import Refusal, refuse

FRAMES = {"phone": "base_phone.html", "desk": "base_desk.html", "public": "base_public.html"}
HERE = timezone.get_default_timezone()
NOW = datetime(2026, 11, 11, 16, 32, tzinfo=HERE)


def _at(hour: int, minute: int, *, month: int = 11, day: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HERE)


class ActivityForm(forms.Form):
    """A form with a field of every kind."""

    title = forms.CharField(label="活动名称", max_length=20, help_text="家长在项目表上看到的名字，不超过20个字。")
    place = forms.ChoiceField(label="地点", choices=[("", "请选择"), ("1", "科学室（28人）"), ("2", "图书室（45人）")])
    capacity = forms.IntegerField(label="人数上限", min_value=1, max_value=28)
    starts = forms.DateField(label="开始日期", widget=forms.DateInput(attrs={"type": "date"}))
    weekdays = forms.MultipleChoiceField(
        label="星期",
        choices=[(str(n), f"周{'一二三四五'[n - 1]}") for n in range(1, 6)],
        widget=forms.CheckboxSelectMultiple,
    )
    going_home = forms.ChoiceField(
        label="离校方式",
        choices=[
            ("pickup", "家长接"),
            ("entrusted", "委托人接"),
            ("alone", "自行离校（五年级以上，须签字）"),
            ("bus", "校车"),
        ],
        widget=forms.RadioSelect,
    )
    health = forms.CharField(
        label="健康提示", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="只有本组老师看得到。"
    )
    photo = forms.BooleanField(
        label="同意在校内展示孩子的活动照片", required=False, help_text="不同意不影响参加，随时可以撤回。"
    )


def _some_refusal() -> Refusal | None:
    """Return a refusal that a rule really speaks, with invented facts; None should its sentence be gone."""
    refusal = refuse("R-TIME-03", "hours_not_offered", day="周五", hours=3, most=2)
    return refusal if refusal.key in sentences.SENTENCES else None


def _matrix(refusal: Refusal | None) -> dict[str, Any]:
    columns = [
        {"hours": 0, "label": "不参加", "until": None},
        {"hours": 1, "label": "1课时", "until": time(16, 40)},
        {"hours": 2, "label": "2课时", "until": time(17, 30)},
        {"hours": 3, "label": "3课时", "until": time(18, 20)},
    ]
    chosen = {1: 2, 2: 0, 3: 2, 4: None, 5: 2}
    rows = [
        {
            "weekday": weekday,
            "name": f"周{'一二三四五'[weekday - 1]}",
            "cells": [
                {
                    "hours": column["hours"],
                    "checked": chosen[weekday] == column["hours"],
                    "refusal": refusal if weekday == 5 and column["hours"] == 3 else None,
                }
                for column in columns
            ],
        }
        for weekday in range(1, 6)
    ]
    return {"columns": columns, "rows": rows, "refusals": [refusal] if refusal else []}


PUPILS = [
    {"name": "蒋雨桐", "homeroom": "三（2）班", "days": [1, 3, 5], "due_fen": 6600, "state": ("done", "已缴")},
    {"name": "欧阳思远", "homeroom": "三（2）班", "days": [1, 2, 3, 4, 5], "due_fen": 11000, "state": ("wait", "待缴")},
    {"name": "谭𬭎", "homeroom": "四（1）班", "days": [2, 4], "due_fen": 2400, "state": ("refused", "退费中")},
    {"name": "阿依努尔·买买提", "homeroom": "五（3）班", "days": [1, 3], "due_fen": 0, "state": ("plain", "减免")},
] * 6


def _child() -> dict[str, Any]:
    return {
        "name": "蒋雨桐",
        "homeroom": "柚香路小学（演示）三（2）班",
        "kind": "live",
        "where": "在 科学室",
        "since": "16:03 到，彭老师点名",
        "plan": [
            {"from": time(16), "until": time(16, 40), "title": "科学小实验", "place": "科学室", "now": True,
             "state_kind": "live", "state": "进行中"},
            {"from": time(16, 50), "until": time(17, 30), "title": "作业答疑站", "place": "三（2）班教室"},
        ],
        "actions": [{"label": "请假", "url": "#"}, {"label": "今天换人接", "url": "#"}],
    }  # fmt: skip


def _chain(refusal: Refusal | None) -> list[dict[str, Any]]:
    return [
        {"name": "资源台账", "kind": "done", "state": "已完成", "url": "#",
         "facts": "31间功能室、6块场地，8月26日核对。", "evidence": [("台账", "#"), ("核对记录", "#")]},
        {"name": "意见征求", "kind": "done", "url": "#", "facts": "两轮，收回1,702份，采纳14条。"},
        {"name": "备案", "kind": "wait", "who": "区教委基教科", "deadline": date(2026, 11, 13),
         "facts": "11月9日提交。"},
        {"name": "公布项目表", "kind": "now", "url": "#", "label": "去公布", "deadline": date(2026, 11, 14),
         "facts": "25项活动，已核对时间、场地和人员。"},
        {"name": "报名", "kind": "locked", "refusal": refusal, "facts": ""},
        {"name": "经费方案", "kind": "refused", "state": "退回补正", "facts": "支出比例合计不是100%。"},
    ]  # fmt: skip


def _trail() -> list[dict[str, Any]]:
    return [
        {
            "what": "更正为“到”",
            "who": "彭建国（带组教师）",
            "at": _at(16, 21),
            "kind": "wait",
            "note": "家长来电，孩子在医务室。",
        },
        {"what": "点名：未到", "who": "彭建国（带组教师）", "at": _at(16, 3), "kind": "refused"},
        {"what": "签署协议", "who": "蒋某（监护人）", "at": _at(20, 14, month=9, day=5), "version": 2, "kind": "done"},
    ]


def _roll() -> list[dict[str, Any]]:
    return [
        {"key": 1, "number": 1, "name": "蒋雨桐", "state": "present"},
        {"key": 2, "number": 2, "name": "欧阳思远", "state": "leave", "note": "病假，家长 12:10 提出"},
        {
            "key": 3,
            "number": 3,
            "name": "谭𬭎",
            "state": "unknown",
            "alarm": "开始已12分钟，还没见到",
            "phone": "19900000003",
        },
        {"key": 4, "number": 4, "name": "阿依努尔·买买提", "state": "late"},
        {"key": 5, "number": 5, "name": "何梓萱", "state": "unknown"},
    ]


def _lines() -> list[dict[str, Any]]:
    return [
        {"what": "周一、三、五，每天2课时", "fen": 6600, "why": "11月共12天，每天5.50元（110.00元 ÷ 20天）"},
        {"what": "请假1天（11月4日）", "fen": -550, "why": "前一天18:00前提出，不计费", "less": True},
    ]


def _menu() -> list[tuple[str, list[Link]]]:
    return [
        ("本学期", [Link("闸门链", "#", "route", False), Link("部件", "/components/", "stack-2", True)]),
        ("每天", [Link("今天", "#", "calendar-event", False), Link("点名", "#", "checklist", False)]),
        ("经费", [Link("账单", "#", "receipt", False)]),
    ]


def _todo() -> list[dict[str, Any]]:
    return [
        {"title": "阅读告知书并选择是否参加", "url": "#", "icon": "book", "deadline": _at(18, 0, day=13)},
        {
            "title": "缴纳11月费用 66.00元",
            "url": "#",
            "icon": "wallet",
            "deadline": date(2026, 11, 10),
            "late": True,
        },
    ]


def _figures() -> list[dict[str, Any]]:
    return [
        {"label": "今天在校", "value": "1,056", "unit": "人", "note": "应到1,071人", "url": "#"},
        {
            "label": "已点名的组",
            "value": "38",
            "unit": "/ 41",
            "note": "3组超过10分钟",
            "kind": "refused",
            "url": "#",
        },
        {"label": "待核对", "value": "12", "unit": "件", "kind": "wait"},
        {"label": "已离校", "value": "312", "unit": "人", "kind": "done"},
    ]


def _wishes() -> list[dict[str, Any]]:
    return [
        {"key": "football", "title": "校园足球", "facts": "周二、四 · 足球场 · 30人", "rank": 1},
        {"key": "robots", "title": "图形化编程与小机器人", "facts": "周二、四 · 计算机室 · 30人", "rank": 2},
        {"key": "writing", "title": "硬笔书写", "facts": "周二、四 · 书法室 · 35人", "rank": 2},
        {"key": "reading", "title": "阅读漂流", "facts": "周一至周五 · 图书室 · 45人", "rank": ""},
    ]


def _moments() -> list[dict[str, Any]]:
    return [
        {"key": "registration", "label": "报名夜", "current": False},
        {"key": "draw", "label": "摇号日", "current": False},
        {"key": "afternoon", "label": "平常下午", "current": True},
        {"key": "month_end", "label": "月末", "current": False},
    ]


@open_to_all
def gallery(request: HttpRequest) -> HttpResponse:
    """Show the components."""
    frame = request.GET.get("frame", "desk")
    refusal = _some_refusal()
    wrong = ActivityForm({"title": "奥数提高班暑期衔接冲刺强化训练营第一期", "capacity": "60", "health": "对花生过敏"})
    values = {
        "frame_template": FRAMES.get(frame, FRAMES["desk"]),
        "frame": frame,
        "now": NOW,
        "elder": request.GET.get("elder") == "1",
        "menu": _menu(),
        "refusal": refusal,
        "form": wrong,
        "page": Paginator(PUPILS * 9, 6).get_page(request.GET.get("page")),
        "matrix": _matrix(refusal),
        "child": _child(),
        "children": [{"name": "蒋雨桐", "url": "#", "current": True}, {"name": "蒋雨泽", "url": "#", "current": False}],
        "todo": _todo(),
        "chain": _chain(refusal),
        "errand": ["读告知书", "选课时", "选活动", "离校", "签名"],
        "trail": _trail(),
        "roll": _roll(),
        "lines": _lines(),
        "figures": _figures(),
        "changes": [("时间", "周三 16:00–16:40", "周四 16:00–16:40"), ("地点", "科学室", "计算机室")],
        "wishes": _wishes(),
        "attending": [("yes", "参加"), ("no", "不参加")],
        "crumbs": [("柚香路小学（演示）", "#"), ("2026秋", "#")],
        "moments": _moments(),
    }
    return render(request, "components/gallery.html", values)
