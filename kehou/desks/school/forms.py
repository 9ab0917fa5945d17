"""Forms of the school desk that are small; what a value means is decided by the rules."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django import forms

from kehou.chapters.schools.models import Room, School
from kehou.chapters.schools.queries import rooms_of
from kehou.chapters.staffing.actions import StaffFacts
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import leaders_of
from kehou.lib import clock
from kehou.lib.templatetags.words import weekday
from kehou.rules.outsiders import AREA_TITLES
from kehou.rules.staffing import KINDS


class Day(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        """Return the form that the browser reads."""
        return value.isoformat() if isinstance(value, date) else value


class Clock(forms.TimeInput):
    """A time of day, with the browser's own clock."""

    input_type = "time"

    def format_value(self, value: Any) -> str | None:
        """Return the form that the browser reads."""
        return f"{value:%H:%M}" if isinstance(value, time) else value


class StaffForm(forms.Form):
    """One person who serves."""

    name = forms.CharField(label="姓名", max_length=60)
    kind = forms.ChoiceField(label="人员类型", choices=list(KINDS.items()))
    subject = forms.CharField(label="任教学科", max_length=20, required=False)
    skills = forms.CharField(
        label="爱好特长", help_text="与学科无关也可以：书法、年画、跳绳……", max_length=200, required=False
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="本人愿意服务的日子",
        help_text="自愿报名；不选表示还没问",
        choices=[(day, weekday(day)) for day in range(1, 6)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    weekly_cap = forms.IntegerField(label="每周愿意承担的课时", min_value=0, max_value=15, initial=10)
    unpaid = forms.BooleanField(
        label="志愿无酬", help_text="任何校外人员都可以志愿参加；查询、协议和培训一样要办", required=False
    )

    def facts(self) -> StaffFacts:
        """Return what was typed, in the form the actions take."""
        return StaffFacts(**self.cleaned_data)


class NewStaffForm(StaffForm):
    """Somebody who comes on the list: whoever is from outside, on the ground of a stated shortage (2.4-e)."""

    area = forms.ChoiceField(
        label="依据哪类师资不足说明", choices=[("", "在职教职工不填"), *AREA_TITLES.items()], required=False,
        help_text="校外人员才填；校长要先签署师资不足说明。只有一份说明的可以不选。",
    )  # fmt: skip
    paid = forms.ChoiceField(
        label="报酬", choices=[("no", "志愿服务，不付报酬"), ("yes", "按双方协议付劳务报酬")], initial="no",
        help_text="校外人员才看这一项", required=False,
    )  # fmt: skip

    def facts(self) -> StaffFacts:
        """Return what was typed about the person."""
        typed = {key: value for key, value in self.cleaned_data.items() if key not in ("area", "paid")}
        return StaffFacts(**typed)

    def ground(self) -> dict[str, Any]:
        """Return on which ground and whether for pay, as the action takes them."""
        return {"area": self.cleaned_data["area"], "paid": self.cleaned_data["paid"] == "yes"}


class SeasonForm(forms.Form):
    """A summer or winter timetable."""

    name = forms.CharField(label="作息名称", max_length=20)
    from_on = forms.DateField(label="第一天", widget=Day)
    last_on = forms.DateField(label="最后一天", widget=Day)


class TermFactsForm(forms.Form):
    """Whom a family calls and until when a child is fetched: what stands in the term's notice and agreements."""

    complaint_phone = forms.RegexField(
        label="投诉电话", regex=r"^[0-9+ -]{5,20}$", max_length=20,
        error_messages={"invalid": "请填写电话号码，例如 023-53210000。"},
    )  # fmt: skip
    inspector = forms.CharField(label="责任督学", max_length=40, required=False)
    inspector_phone = forms.RegexField(
        label="责任督学电话", regex=r"^[0-9+ -]{5,20}$", max_length=20, required=False,
        error_messages={"invalid": "请填写电话号码，例如 023-53210000。"}, help_text="印在告知书上，家长可以直接打。",
    )  # fmt: skip
    latest_pick_up = forms.TimeField(
        label="最晚接走时间", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="不填就是全区的最晚结束时间。",
    )  # fmt: skip


class TeacherForm(forms.Form):
    """Somebody who gets an account and a post."""

    name = forms.CharField(label="姓名", max_length=60)
    phone = forms.RegexField(
        label="手机号", regex=r"^1\d{10}$", error_messages={"invalid": "请填写11位手机号。"}, max_length=11
    )


class SessionChangeForm(forms.Form):
    """What is wanted of one session."""

    kind = forms.CharField(required=False)
    on = forms.DateField(label="日期", widget=Day, required=False)
    starts_at = forms.TimeField(label="开始时间", widget=Clock, required=False)
    room = forms.ModelChoiceField(label="地点", queryset=Room.objects.none(), required=False, empty_label="不变")
    leader = forms.ModelChoiceField(label="代课老师", queryset=StaffMember.objects.none(), required=False)
    reason = forms.CharField(label="原因", help_text="家长会在通知里看到", max_length=200, required=False)

    def __init__(self, school: School, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = rooms_of(school)
        self.fields["leader"].queryset = leaders_of(school, on=clock.today())
