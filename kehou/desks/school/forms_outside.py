"""Forms about who serves: window, lessons, shortage, organisations, volunteers, visits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import ShortageStatement, StaffMember
from kehou.chapters.staffing.queries import staff_of
from kehou.desks.school.forms import Clock, Day
from kehou.desks.school.forms_survey import moment_field
from kehou.lib.templatetags.words import weekday
from kehou.rules.outsiders import AREA_TITLES
from kehou.rules.providers import REVIEW_ITEMS, REVIEW_MOST
from kehou.rules.signing_up import COMMITMENTS

WEEKDAYS = [("", "请选择"), *((str(day), weekday(day)) for day in range(1, 6))]
AREAS = [("", "请选择"), *AREA_TITLES.items()]


class WindowForm(forms.Form):
    """When the teachers are asked."""

    opens_at = moment_field("开始")
    closes_at = moment_field("截止", help_text="至少开放三天。")
    words = forms.CharField(
        label="写给老师的话", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class CommitmentForm(forms.Form):
    """A lesson, a duty or a leave of somebody."""

    member = forms.ModelChoiceField(label="姓名", queryset=StaffMember.objects.none())
    kind = forms.ChoiceField(label="种类", choices=list(COMMITMENTS.items()))
    what = forms.CharField(label="内容", max_length=60, required=False, help_text="例如 五年级2班美术、门口值守")
    weekday = forms.TypedChoiceField(label="星期", choices=WEEKDAYS, coerce=int, empty_value=None, required=False)
    starts_at = forms.TimeField(label="开始", widget=Clock, required=False)
    ends_at = forms.TimeField(label="结束", widget=Clock, required=False)
    from_on = forms.DateField(
        label="第一天", widget=Day, help_text="请假要填；课和值守不填就是整个学期", required=False
    )
    last_on = forms.DateField(label="最后一天", widget=Day, required=False)

    def __init__(self, school: School, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = staff_of(school)


class ShortageForm(forms.Form):
    """What a school lacks and why."""

    area = forms.ChoiceField(label="师资类别", choices=AREAS)
    need = forms.CharField(label="需要开什么、面向谁", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    hours = forms.IntegerField(label="每周缺几课时", min_value=1, max_value=200)
    reason = forms.CharField(
        label="本校教职工为什么不够", max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="已经动员过谁、他们承担了多少、还差什么。",
    )  # fmt: skip


class EngageForm(forms.Form):
    """Which outsider serves on the ground of a statement."""

    member = forms.ModelChoiceField(label="人员", queryset=StaffMember.objects.none())
    paid = forms.ChoiceField(
        label="报酬", choices=[("no", "志愿服务，不付报酬"), ("yes", "按双方协议付劳务报酬")], widget=forms.RadioSelect
    )

    def __init__(self, school: School, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = staff_of(school).exclude(kind="in_service")


class ChooseForm(forms.Form):
    """Use an organisation of the list."""

    statement = forms.ModelChoiceField(
        label="依据哪份师资不足说明", queryset=ShortageStatement.objects.none(), required=False,
        help_text="只列出校长已签署、类别相同的说明。",
    )  # fmt: skip
    what = forms.CharField(label="开什么活动", max_length=200)

    def __init__(self, statements: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].queryset = statements
        self.fields["statement"].label_from_instance = lambda one: f"{AREA_TITLES[one.area]}：{one.need[:30]}"


class BindForm(forms.Form):
    """The agreement with an organisation."""

    number = forms.CharField(label="协议编号", max_length=40)
    signed_on = forms.DateField(label="签署日期", widget=Day)
    last_on = forms.DateField(label="有效到", widget=Day)
    scan = forms.FileField(label="盖章协议的扫描件", help_text="PDF 或照片，不超过20兆", required=False)


class PersonForm(forms.Form):
    """Who is sent by an organisation."""

    member = forms.ModelChoiceField(label="派来的人员", queryset=StaffMember.objects.none())

    def __init__(self, school: School, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = staff_of(school).exclude(kind="in_service")


class ReviewForm(forms.Form):
    """Five items of twenty points."""

    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = {
            key: forms.IntegerField(label=title, min_value=0, max_value=REVIEW_MOST, help_text=f"0到{REVIEW_MOST}分")
            for key, title in REVIEW_ITEMS.items()
        }
        self.fields = {**points, **self.fields}


class HoursForm(forms.Form):
    """A service of a volunteer that was no session."""

    member = forms.ModelChoiceField(label="志愿者", queryset=StaffMember.objects.none())
    on = forms.DateField(label="日期", widget=Day)
    what = forms.CharField(label="项目", max_length=80)
    minutes = forms.IntegerField(label="分钟", min_value=10, max_value=480)

    def __init__(self, volunteers: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = volunteers


class CertificateForm(forms.Form):
    """Which days a certificate covers."""

    from_on = forms.DateField(label="第一天", widget=Day)
    last_on = forms.DateField(label="最后一天", widget=Day)


class NeedForm(forms.Form):
    """What a school lacks, for the exchange board."""

    area = forms.ChoiceField(label="类别", choices=AREAS)
    what = forms.CharField(label="要什么特长、带什么活动", max_length=120)
    weekdays = forms.TypedMultipleChoiceField(
        label="哪几天", choices=WEEKDAYS[1:], coerce=int, widget=forms.CheckboxSelectMultiple
    )
    hours = forms.IntegerField(label="每天几课时", min_value=1, max_value=3, initial=1)


class OfferForm(forms.Form):
    """Who of this school would go to the school of a need, and when."""

    member = forms.ModelChoiceField(label="本校老师", queryset=StaffMember.objects.none(), help_text="还要本人同意")
    what = forms.CharField(label="带什么活动", max_length=120)
    weekday = forms.TypedChoiceField(label="星期", choices=WEEKDAYS, coerce=int)
    starts_at = forms.TimeField(label="开始", widget=Clock)
    ends_at = forms.TimeField(label="结束", widget=Clock)

    def __init__(self, school: School, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = staff_of(school).filter(kind="in_service")


def after(last: date | None) -> date | None:
    """Return the first day after the last one that people name."""
    return last + timedelta(days=1) if last else None
