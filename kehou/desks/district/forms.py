"""What is typed at the district's desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from kehou.chapters.basis.models import CalendarDay, Instrument
from kehou.chapters.basis.queries import instruments
from kehou.chapters.schools.models import School
from kehou.lib import clock
from kehou.rules.permissions import ROLES
from kehou.rules.schools import KINDS
from kehou.rules.signing_in import plain_phone
from kehou.rules.spans import Span

_INPUT = {"class": "input"}
WEEKDAYS = [(number, f"星期{name}") for number, name in enumerate("一二三四五", 1)]


def text(
    label: str, *, longest: int = 200, required: bool = True, help_text: str = "", lines: int = 0
) -> forms.CharField:
    """Return a field for words; `lines` makes it a larger box."""
    widget: Any = forms.Textarea(attrs={**_INPUT, "rows": lines}) if lines else forms.TextInput(attrs=_INPUT)
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text, widget=widget)


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={**_INPUT, "type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def yes(label: str) -> forms.BooleanField:
    """Return a box to tick."""
    return forms.BooleanField(label=label, required=False)


def pick(label: str, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    """Return one of a list."""
    return forms.ChoiceField(label=label, choices=choices, required=required, widget=forms.Select(attrs=_INPUT))


def _through(first: date, last: date) -> Span:
    """Return the span of two days as people say them, both inside."""
    return Span.through(first, last)


class _Days(forms.Form):
    """A form with two days, the last one inside."""

    def _check(self, cleaned: dict[str, Any], first: str, last: str, words: str) -> None:
        if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
            self.add_error(last, f"{words}的最后一天早于第一天。")


class InstrumentForm(forms.Form):
    """A legal instrument."""

    number = text("文号", longest=60)
    title = text("标题")
    issuer = text("发文机关", longest=120)
    issued_on = day("成文日期")
    valid_from_on = day("生效日期", required=False, help_text="不填则与成文日期相同")
    valid_until_on = day("失效日期", required=False, help_text="从这一天起不再有效；不知道就不填")
    note = text("备注", required=False, longest=1000, lines=3)


class CorrectionForm(InstrumentForm):
    """A correction of what was seen; the number stays."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].disabled = True


class TermForm(_Days):
    """A semester; last days are inside, as people say them."""

    name = text("学期名称", longest=40, help_text="如：2026—2027学年第一学期")
    first = day("学期第一天")
    last = day("学期最后一天")
    service_first = day("课后服务第一天")
    service_last = day("课后服务最后一天")

    def clean(self) -> dict[str, Any]:
        """Build the two spans."""
        cleaned: dict[str, Any] = super().clean() or {}
        self._check(cleaned, "first", "last", "学期")
        self._check(cleaned, "service_first", "service_last", "服务")
        if not self.errors:
            cleaned["term"] = _through(cleaned["first"], cleaned["last"])
            cleaned["service"] = _through(cleaned["service_first"], cleaned["service_last"])
        return cleaned


class NewTermForm(TermForm):
    """A semester that is not there yet."""

    school_year = forms.IntegerField(
        label="学年（开始的年份）", min_value=2021, max_value=2100, widget=forms.NumberInput(attrs=_INPUT)
    )
    half = pick("学期", [("autumn", "第一学期（秋）"), ("spring", "第二学期（春）")])
    field_order = ["school_year", "half", "name", "first", "last", "service_first", "service_last"]

    @property
    def code(self) -> str:
        """Return the code: 2026-autumn, 2027-spring."""
        year, half = self.cleaned_data["school_year"], self.cleaned_data["half"]
        return f"{year if half == 'autumn' else year + 1}-{half}"


class DayForm(forms.Form):
    """What one day is."""

    kind = forms.ChoiceField(
        label="这一天",
        choices=[
            (CalendarDay.OFF, "放假，不上课"),
            (CalendarDay.SCHOOL, "调休，要上课"),
            (CalendarDay.WORKED, "调休，上班不上课"),
        ],
        widget=forms.RadioSelect,
    )
    follows = forms.TypedChoiceField(
        label="调休上课按哪天的课表",
        choices=[("", "——"), *WEEKDAYS],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs=_INPUT),
    )
    name = text("名称", longest=60, help_text="如：国庆节、国庆节调休")
    provisional = yes("暂定，等正式通知")


class ClosureForm(_Days):
    """Days without lessons."""

    school = forms.ModelChoiceField(
        School.objects.order_by("code"),
        label="范围",
        required=False,
        empty_label="全区所有学校",
        widget=forms.Select(attrs=_INPUT),
    )
    first = day("停课第一天")
    last = day("停课最后一天")
    reason = text("原因（家长会看到）")

    def clean(self) -> dict[str, Any]:
        """Build the span."""
        cleaned: dict[str, Any] = super().clean() or {}
        self._check(cleaned, "first", "last", "停课")
        if not self.errors:
            cleaned["span"] = _through(cleaned["first"], cleaned["last"])
        return cleaned


class ExceptionForm(_Days):
    """A later end for one school."""

    school = forms.ModelChoiceField(School.objects.order_by("code"), label="学校", widget=forms.Select(attrs=_INPUT))
    latest_end = forms.TimeField(
        label="最晚结束时间", widget=forms.TimeInput(attrs={**_INPUT, "type": "time"}, format="%H:%M")
    )
    first = day("第一天")
    last = day("最后一天")
    reason = text("理由")
    approval_reference = text("批准文号", longest=120)

    def clean(self) -> dict[str, Any]:
        """Build the span."""
        cleaned: dict[str, Any] = super().clean() or {}
        self._check(cleaned, "first", "last", "例外")
        if not self.errors:
            cleaned["days"] = _through(cleaned["first"], cleaned["last"])
        return cleaned


class SchoolForm(forms.Form):
    """What the district keeps of a school."""

    name = text("学校名称", longest=60)
    kind = pick("类别", list(KINDS.items()))
    town = text("街镇", longest=30)
    address = text("地址", longest=120, required=False)
    phone = text("电话", longest=20, required=False)
    is_private = yes("民办学校")
    has_boarders = yes("有住校生")
    charges_fee = yes("收取课后服务费")
    opened_on = day("建校日期", required=False)


class NewSchoolForm(SchoolForm):
    """A school that is not on the list yet."""

    code = text("学校标识码（10位）", longest=10)
    field_order = ["code", "name"]


class PhoneField(forms.CharField):
    """A mobile number, forgiving about how it is written."""

    def clean(self, value: Any) -> str:
        """Return the digits only."""
        return plain_phone(super().clean(value))


class AppointmentForm(forms.Form):
    """Somebody is given a post."""

    phone = PhoneField(label="手机号码", max_length=30, widget=forms.TextInput(attrs={**_INPUT, "inputmode": "tel"}))
    name = text("姓名", longest=60, help_text="号码已有账号时，以账号上的姓名为准")
    role = pick("岗位", [])
    from_on = day("从哪天起")

    def __init__(self, roles: list[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["role"].choices = [(role, ROLES[role].title) for role in roles]  # type: ignore[attr-defined]
        self.fields["from_on"].initial = clock.today()


class AnyAppointmentForm(AppointmentForm):
    """Somebody is given any post: at a school or in the district."""

    school = forms.ModelChoiceField(
        School.objects.order_by("code"),
        label="学校",
        required=False,
        empty_label="区级部门（不选学校）",
        widget=forms.Select(attrs=_INPUT),
    )
    field_order = ["phone", "name", "school", "role", "from_on"]


class NoticeForm(forms.Form):
    """The holiday notice as a spreadsheet."""

    file = forms.FileField(
        label="放假安排表格", help_text="第一行写：日期、安排、按星期几上课、名称。安排填：放假、上课、上班。"
    )
    instrument = forms.ModelChoiceField(
        Instrument.objects.none(),
        label="依据文件",
        required=False,
        empty_label="先不选",
        widget=forms.Select(attrs=_INPUT),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["instrument"].queryset = instruments(on=clock.today())  # type: ignore[attr-defined]
