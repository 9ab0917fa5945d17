"""Forms about organisations and visits."""

from __future__ import annotations

from typing import Any

from django import forms

from kehou.chapters.staffing.actions import Handed
from kehou.chapters.staffing.models import StaffMember
from kehou.lib.templatetags.words import weekday
from kehou.rules.outsiders import AREA_TITLES
from kehou.rules.providers import CHECKS, CRITERIA, EXITS, MOST_POINTS, OrgFacts

DAY = {"type": "date"}
AREAS = [("", "请选择"), *AREA_TITLES.items()]


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), **more)


class CallForm(forms.Form):
    """What the district looks for."""

    title = forms.CharField(label="名称", max_length=80)
    areas = forms.MultipleChoiceField(label="类别", choices=AREAS[1:], widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(
        label="要求", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明服务项目、人员资质、价格要求、材料和办理地点。",
    )  # fmt: skip
    closes_on = _day("申报截止")


class CandidacyForm(forms.Form):
    """What an organisation hands in."""

    name = forms.CharField(label="机构名称", max_length=80)
    credit_code = forms.CharField(label="统一社会信用代码", max_length=18)
    legal_person = forms.CharField(label="法定代表人", max_length=40)
    phone = forms.CharField(label="联系电话", max_length=20)
    licence_number = forms.CharField(label="许可证或执照编号", max_length=40)
    licence_until = _day("有效期至", required=False, help_text="长期有效的不填")
    founded_on = _day("成立日期")
    scope = forms.CharField(label="经营范围", max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    address = forms.CharField(label="注册地址", max_length=120)
    teaching_address = forms.CharField(label="自有教学地点", max_length=120, required=False)
    area = forms.ChoiceField(label="申报类别", choices=AREAS)
    offer = forms.CharField(label="服务项目", max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    hour_yuan = forms.IntegerField(label="每课时报价（元）", min_value=0, max_value=2000)

    def organisation(self) -> OrgFacts:
        """Return what the organisation is."""
        names = ("name", "credit_code", "legal_person", "licence_number", "founded_on", "scope", "address")
        more = ("licence_until", "teaching_address")
        typed = {key: self.cleaned_data[key] for key in (*names, *more)}
        return OrgFacts(**(typed | {"credit_code": typed["credit_code"].strip().upper()}))

    def handed(self) -> Handed:
        """Return what it would do, at what price."""
        typed = self.cleaned_data
        return Handed(typed["area"], typed["offer"], typed["hour_yuan"] * 100, typed["phone"])


class CheckForm(forms.Form):
    """The result of one enquiry."""

    kind = forms.ChoiceField(label="查询什么", choices=list(CHECKS.items()))
    clean = forms.ChoiceField(label="结果", choices=[("yes", "没有问题"), ("no", "查到问题")], widget=forms.RadioSelect)
    reference = forms.CharField(label="查询编号或出处", max_length=120)
    found_on = _day("问题发生的日期", required=False)


class ScoreForm(forms.Form):
    """The sheet of one member of the panel."""

    panellist = forms.CharField(label="打分人", max_length=40)
    office = forms.CharField(label="单位", max_length=40)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, title in CRITERIA.items():
            self.fields[key] = forms.IntegerField(
                label=f"{title}（0到{MOST_POINTS}）", min_value=0, max_value=MOST_POINTS
            )

    @property
    def points(self) -> dict[str, int]:
        """Return the points by criterion."""
        return {key: self.cleaned_data[key] for key in CRITERIA}


class ExitForm(forms.Form):
    """How and why it leaves."""

    kind = forms.ChoiceField(label="情形", choices=[("", "请选择"), *EXITS.items()])
    reason = forms.CharField(label="原因", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class MatchForm(forms.Form):
    """Whom the district would ask to go to the school of a need."""

    member = forms.ModelChoiceField(label="老师", queryset=StaffMember.objects.none())
    what = forms.CharField(label="带什么活动", max_length=120)
    weekday = forms.TypedChoiceField(
        label="星期", choices=[("", "请选择"), *((str(day), weekday(day)) for day in range(1, 6))], coerce=int
    )
    starts_at = forms.TimeField(label="开始", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends_at = forms.TimeField(label="结束", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, members: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
        self.fields["member"].label_from_instance = lambda one: (
            f"{one.name}（{one.school.name}，{one.skills or one.subject}）"
        )
