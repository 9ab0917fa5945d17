"""The forms of the resource ledger; what a value means is decided by the rules."""

from __future__ import annotations

from typing import Any

from django import forms

from kehou.chapters.schools.actions import EquipmentFacts, RoomFacts, equipment_version, version_of
from kehou.chapters.schools.models import Equipment, Room, School
from kehou.chapters.schools.queries import rooms_of
from kehou.desks.school.forms import Clock, Day
from kehou.lib.templatetags.words import weekday
from kehou.rules.parameters.care_groups import RISK_CLASSES
from kehou.rules.resources import Gravity
from kehou.rules.schools import ROOM_KINDS

# The fields that only one kind of place has; the others are common to all.
OF_GROUND = ("surface", "extent", "by_sport", "has_light", "rain_room", "rain_rule")
OF_BASE = ("owner", "distance_m", "offers", "agreement_until", "transport", "season", "approval_reference")
OF_ROOM = ("building", "area_m2", "seats", "exits", "kit")
NOT_OF = {
    "room": (*OF_GROUND, *OF_BASE),
    "homeroom": (*OF_GROUND, *OF_BASE),
    "ground": ("area_m2", "seats", "exits", *OF_BASE),
    "off_campus": (*OF_GROUND, *OF_ROOM),
}


class RoomForm(forms.Form):
    """One place of the ledger, with the fields of its kind."""

    code = forms.CharField(label="编号", max_length=12, help_text="例如 F-03、P-02")
    name = forms.CharField(label="名称", max_length=40)
    kind = forms.ChoiceField(label="种类", choices=list(ROOM_KINDS.items()))
    building = forms.CharField(label="楼栋楼层", max_length=40, required=False)
    area_m2 = forms.IntegerField(label="面积（平方米）", min_value=1, max_value=30000, required=False)
    seats = forms.IntegerField(label="座位数", min_value=0, max_value=30000, required=False)
    surface = forms.CharField(label="地面", max_length=40, required=False, help_text="例如 人工草、塑胶、水泥")
    extent = forms.CharField(label="规格", max_length=40, required=False, help_text="例如 七人制、200米跑道")
    capacity = forms.IntegerField(label="课后服务最多人数", max_value=30000)
    by_sport = forms.CharField(label="分项容量", max_length=120, required=False, help_text="例如 足球30、体操60")
    exits = forms.IntegerField(label="出口数", min_value=1, max_value=20, initial=1, required=False)
    risk_class = forms.ChoiceField(label="安全类别", choices=list(RISK_CLASSES.items()))
    has_light = forms.BooleanField(label="有灯光", initial=True, required=False)
    rain_room = forms.ModelChoiceField(label="雨天改到", queryset=Room.objects.none(), required=False)
    rain_rule = forms.CharField(label="雨天安排", max_length=120, required=False)
    owner = forms.CharField(label="产权单位", max_length=80, required=False)
    distance_m = forms.IntegerField(label="离学校（米）", min_value=0, max_value=200000, required=False)
    offers = forms.CharField(label="可以开展什么", max_length=200, required=False)
    agreement_until = forms.DateField(label="协议到期日", widget=Day, required=False, help_text="到期后不能再安排")
    transport = forms.CharField(label="交通", max_length=80, required=False)
    season = forms.CharField(label="适宜季节", max_length=60, required=False)
    approval_reference = forms.CharField(
        label="批准文号", help_text="校外场地须有方案、交通、家长同意和区教委批准", max_length=120, required=False
    )
    kit = forms.CharField(label="器材", max_length=200, required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label="可用的日子",
        help_text="不选表示都可以",
        choices=[(day, weekday(day)) for day in range(1, 6)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    keeper = forms.CharField(label="保管人", max_length=40, required=False)
    checked_on = forms.DateField(label="最近安全检查", widget=Day, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, school: School, *args: Any, kind: str = "room", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rain_room"].queryset = rooms_of(school)
        for name in NOT_OF.get(kind, ()):
            del self.fields[name]

    def facts(self, standing: RoomFacts | None = None) -> RoomFacts:
        """Return what was typed, in the form the actions take; what the form does not ask stays as it stands."""
        typed = {key: value for key, value in self.cleaned_data.items() if key != "seen"}
        typed["weekdays"] = tuple(typed["weekdays"])
        typed["exits"] = typed.get("exits") or 1
        was = {name: getattr(standing, name) for name in RoomFacts.__slots__} if standing else {}
        return RoomFacts(**(was | typed))


def room_initial(room: Room) -> dict[str, Any]:
    """Return what the form shows for a place as it stands."""
    names = (name for name in RoomForm.base_fields if name != "seen")
    return {name: getattr(room, name) for name in names} | {"seen": version_of(room)}


class EquipmentForm(forms.Form):
    """Equipment of the ledger."""

    code = forms.CharField(label="编号", max_length=12, help_text="例如 E-117")
    name = forms.CharField(label="名称", max_length=40)
    model = forms.CharField(label="型号", max_length=40, required=False)
    quantity = forms.IntegerField(label="数量", min_value=0, max_value=100000)
    good = forms.IntegerField(label="其中完好", min_value=0, max_value=100000)
    room = forms.ModelChoiceField(label="存放场地", queryset=Room.objects.none(), required=False)
    place = forms.CharField(label="其他存放地点", max_length=40, required=False)
    from_fund = forms.BooleanField(label="用课后服务经费购置", required=False)
    asset_number = forms.CharField(label="资产编号", max_length=40, required=False)
    keeper = forms.CharField(label="保管人", max_length=40, required=False)
    checked_on = forms.DateField(label="最近检查", widget=Day, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, school: School, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = rooms_of(school)

    def facts(self) -> EquipmentFacts:
        """Return what was typed, in the form the actions take."""
        return EquipmentFacts(**{key: value for key, value in self.cleaned_data.items() if key != "seen"})


def equipment_initial(row: Equipment) -> dict[str, Any]:
    """Return what the form shows for equipment as it stands."""
    names = (name for name in EquipmentForm.base_fields if name != "seen")
    return {name: getattr(row, name) for name in names} | {"seen": equipment_version(row)}


class CheckForm(forms.Form):
    """A walk through a building: who looked on which day, and what was found."""

    checked_on = forms.DateField(label="检查日期", widget=Day)
    checker = forms.CharField(label="检查人", max_length=40)
    found = forms.CharField(label="发现了什么", max_length=200, required=False, help_text="没有问题可以不填")


class RepairForm(forms.Form):
    """A fault."""

    what = forms.CharField(widget=forms.HiddenInput)
    fault = forms.CharField(label="哪里坏了", max_length=200)
    gravity = forms.ChoiceField(label="要不要停用", choices=Gravity.choices(), widget=forms.RadioSelect)


class SearchForm(forms.Form):
    """What somebody needs a room for."""

    on = forms.DateField(label="日期", widget=Day, required=False)
    weekday = forms.TypedChoiceField(
        label="或者每周",
        choices=[("", "—"), *((day, weekday(day)) for day in range(1, 6))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    starts = forms.TimeField(label="从", widget=Clock)
    ends = forms.TimeField(label="到", widget=Clock)
    pupils = forms.IntegerField(label="多少学生", min_value=1, max_value=3000, initial=30)
    risk_class = forms.ChoiceField(label="安全类别", choices=[("", "不限"), *RISK_CLASSES.items()], required=False)
    kit = forms.CharField(label="要有的器材", max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        """Return what was typed. :raises ValidationError: without a day, or for an end before the beginning"""
        typed = super().clean() or {}
        if not typed.get("on") and not typed.get("weekday") and not self.errors.get("on"):
            self.add_error("on", "请选一个日期，或者星期几。")
        if typed.get("starts") and typed.get("ends") and typed["starts"] >= typed["ends"]:
            self.add_error("ends", "结束要晚于开始。")
        return typed
