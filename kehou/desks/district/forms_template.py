"""What an officer types of an activity of the district's library."""

from __future__ import annotations

from typing import Any

from django import forms

from kehou.desks.district.forms import WEEKDAYS, pick, text
from kehou.lib.templatetags.words import grade
from kehou.rules.activity_templates import stage_of
from kehou.rules.forty import Template
from kehou.rules.parameters.care_groups import RISK_CLASSES
from kehou.rules.timetable import ActivityKind, Category, Domain

_INPUT = {"class": "input"}
WEEKS = [("", "每周"), *((str(number), f"每月第{number}周") for number in range(1, 6))]


def _several(label: str, choices: Any, coerce: Any = str) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, choices=choices, coerce=coerce, widget=forms.CheckboxSelectMultiple
    )


def _whole(label: str, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=most, widget=forms.NumberInput(attrs=_INPUT))


class TemplateForm(forms.Form):
    """One template; what it says is judged by the rules."""

    name = text("活动名称", longest=40)
    category = pick("类别", [one for one in Category.choices() if one[0] != Category.OTHER])
    kind = pick("类型", ActivityKind.choices())
    domains = _several("五育", Domain.choices())
    grades = _several("年级", [(number, grade(number)) for number in range(1, 10)], int)
    capacity = _whole("人数上限", 500)
    minimum = _whole("最少开班人数", 500)
    place = text("建议地点", longest=40, help_text="只是一个词，学校换成自己的场地；写“本班教室”的各班在自己教室")
    class_hours = _whole("课时数", 3)
    weekdays = _several("星期", WEEKDAYS, int)
    week_of_month = pick("多久一次", WEEKS, required=False)
    risk_class = pick("安全类别", list(RISK_CLASSES.items()))
    kit = text("器材", longest=120, help_text="没有就写“无”；不得另收材料费")
    aim = text("目标", longest=120, help_text="写明发展兴趣、特长、视野或实践中的哪一样")

    def template(self, number: int) -> Template:
        """Return what was typed. Call `is_valid()` first."""
        typed = self.cleaned_data
        week = typed["week_of_month"]
        return Template(
            number=number,
            stage=stage_of(typed["grades"]),
            week_of_month=int(week) if week else None,
            domains=tuple(typed["domains"]),
            grades=tuple(typed["grades"]),
            weekdays=tuple(typed["weekdays"]),
            **{key: typed[key] for key in (
                "name", "category", "kind", "capacity", "minimum", "place", "class_hours", "risk_class", "kit", "aim",
            )},
        )  # fmt: skip


class ChangeForm(TemplateForm):
    """A new version of a template: what it says now, why, and the version that was seen."""

    reason = text("为什么改", longest=200, help_text="学校在“历次版本”里看到")
    seen = forms.IntegerField(widget=forms.HiddenInput)


def initial_of(one: Template, version: int) -> dict[str, Any]:
    """Return what the form shows for a template as it stands."""
    names = (name for name in TemplateForm.base_fields)
    return {name: getattr(one, name) for name in names} | {"seen": version}
