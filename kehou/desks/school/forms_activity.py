"""The form of one row of the activity table; what it means is decided by the rules, not here."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.programme.queries import ActivityFacts
from kehou.chapters.schools.models import Homeroom, Room, School
from kehou.chapters.schools.queries import homerooms_of, rooms_of
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import choice_of
from kehou.lib.forms import TickedRows
from kehou.lib.templatetags.words import grade as grade_in_words
from kehou.lib.templatetags.words import weekday
from kehou.rules.forty import Template
from kehou.rules.parameters.care_groups import RISK_CLASSES
from kehou.rules.programme import WEEKS
from kehou.rules.schools import grades_of
from kehou.rules.staffing import KINDS
from kehou.rules.timetable import ActivityKind, Category, Domain

OWN_CLASSROOM = "own"
BEGINNINGS = [("", "不开"), ("1", "第一课时起"), ("2", "第二课时起"), ("3", "第三课时起")]
WEEKDAYS = range(1, 6)


class ActivityForm(forms.Form):
    """One activity. Everything but the name may be left open while typing."""

    name = forms.CharField(label="活动名称", max_length=40, required=False)
    category = forms.ChoiceField(label="内容类别", choices=[("", "请选择"), *Category.choices()], required=False)
    category_reason = forms.CharField(label="不在十类内的理由", max_length=120, required=False)
    kind = forms.ChoiceField(
        label="基础或特色", choices=ActivityKind.choices(), widget=forms.RadioSelect, required=False
    )
    domains = forms.MultipleChoiceField(
        label="五育", choices=Domain.choices(), widget=forms.CheckboxSelectMultiple, required=False
    )
    aim = forms.CharField(
        label="目标",
        help_text="写明发展学生的兴趣、特长、视野、实践中的哪一样",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    grades = forms.TypedMultipleChoiceField(
        label="面向年级", coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    place = forms.ChoiceField(label="地点", required=False)
    leader = forms.ModelChoiceField(
        label="带组人", queryset=StaffMember.objects.none(), required=False, empty_label="还没有定"
    )
    helpers = TickedRows(
        label="助教",
        help_text="人多或有风险时要增加，可多选",
        queryset=StaffMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    class_hours = forms.IntegerField(label="课时数", required=False)
    week_of_month = forms.TypedChoiceField(
        label="多久一次",
        choices=[("", "每周"), *((str(number), f"{label}该星期") for number, label in WEEKS.items())],
        coerce=int,
        empty_value=None,
        required=False,
    )
    capacity = forms.IntegerField(label="人数上限", required=False)
    minimum = forms.IntegerField(label="最少开班人数", required=False)
    risk_class = forms.ChoiceField(label="安全类别", choices=list(RISK_CLASSES.items()), required=False)
    kit = forms.CharField(label="器材", help_text="没有就写“无”；不得另收材料费", max_length=120, required=False)
    one_team = forms.BooleanField(
        label="一周几天是同一个队",
        help_text="校队、乐团这类：几天是同一批孩子。家长几天都填，先于其他活动摇号，摇上了几天都在队里；按“全校整体最优”安排的，每天分开排",
        required=False,
    )
    is_base_care = forms.BooleanField(
        label="作为基本托管", help_text="选了课时却没有别的活动的孩子到这里来，保障名额也在这里", required=False
    )

    def __init__(self, school: School, term: Term, on: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rooms = {room.pk: room for room in rooms_of(school)}
        self.homerooms = {one.pk: one for one in homerooms_of(school, school_year=term.school_year)}
        choice = choice_of(school, term, on=max(on, term.service_from_on), planning=True)
        self.missing = choice.missing
        people = StaffMember.objects.filter(pk__in=[one.pk for one in choice.offered]).order_by("-kind", "name", "pk")
        self.fields["grades"].choices = [(grade, grade_in_words(grade)) for grade in grades_of(school.kind)]
        self.fields["place"].choices = self._places()
        for name in ("leader", "helpers"):
            self.fields[name].queryset = people
            self.fields[name].label_from_instance = partial(_named, school)
        for day in WEEKDAYS:
            self.fields[f"day_{day}"] = forms.TypedChoiceField(
                label=weekday(day), choices=BEGINNINGS, coerce=int, empty_value=None, required=False
            )

    def _places(self) -> list[Any]:
        rooms = [(f"room:{room.pk}", f"{room.name}（{room.capacity}人）") for room in self.rooms.values()]
        classes = [(f"class:{one.pk}", f"{one}教室") for one in self.homerooms.values()]
        return [("", "请选择"), ("场地台账", rooms), ("教室", [(OWN_CLASSROOM, "各班在本班教室"), *classes])]

    @property
    def days(self) -> list[forms.BoundField]:
        """Return the fields of the five weekdays."""
        return [self[f"day_{day}"] for day in WEEKDAYS]

    def sent(self) -> dict[str, Any]:
        """Return what was typed as plain values that the form can be shown with again. Call `is_valid()` first."""
        return {
            name: [getattr(one, "pk", one) for one in value]
            if isinstance(value, (list, tuple, QuerySet))
            else getattr(value, "pk", value)
            for name, value in self.cleaned_data.items()
            if value not in (None, "")
        }

    def facts(self) -> ActivityFacts:
        """Return what was typed so far, in the form the actions take. Call `is_valid()` first."""
        typed = self.cleaned_data
        kind, _, key = typed.get("place", "").partition(":")
        return ActivityFacts(
            name=typed.get("name", ""),
            category=typed.get("category", ""),
            kind=typed.get("kind", ""),
            grades=tuple(typed.get("grades", ())),
            slots={day: hour for day in WEEKDAYS if (hour := typed.get(f"day_{day}"))},
            class_hours=typed.get("class_hours"),
            capacity=typed.get("capacity"),
            minimum=typed.get("minimum"),
            aim=typed.get("aim", ""),
            domains=tuple(typed.get("domains", ())),
            category_reason=typed.get("category_reason", ""),
            room=self.rooms.get(int(key)) if kind == "room" else None,
            in_homeroom=kind in (OWN_CLASSROOM, "class"),
            homeroom=self.homerooms.get(int(key)) if kind == "class" else None,
            leader=typed.get("leader"),
            helpers=tuple(typed.get("helpers", ())),
            risk_class=typed.get("risk_class") or "A",
            kit=typed.get("kit", ""),
            week_of_month=typed.get("week_of_month"),
            is_base_care=typed.get("is_base_care", False),
            one_team=typed.get("one_team", False),
        )


def _named(school: School, person: StaffMember) -> str:
    about = [person.subject, "" if person.kind == "in_service" else KINDS.get(person.kind, "")]
    if person.school_id != school.pk:
        about.append(f"走教，{person.school.name}")
    said = "，".join(word for word in about if word)
    return f"{person.name}（{said}）" if said else person.name


def _place_value(room: Room | None, homeroom: Homeroom | None, in_homeroom: bool) -> str:
    if room:
        return f"room:{room.pk}"
    if homeroom:
        return f"class:{homeroom.pk}"
    return OWN_CLASSROOM if in_homeroom else ""


def initial_of(facts: ActivityFacts) -> dict[str, Any]:
    """Return what the form shows for an activity as it stands."""
    plain = (
        "name", "category", "category_reason", "kind", "domains", "aim", "class_hours", "week_of_month", "capacity",
        "minimum", "risk_class", "kit", "one_team", "is_base_care", "leader",
    )  # fmt: skip
    return {
        **{name: getattr(facts, name) for name in plain},
        **{f"day_{day}": hour for day, hour in facts.slots.items()},
        "grades": list(facts.grades),
        "helpers": list(facts.helpers),
        "place": _place_value(facts.room, facts.homeroom, facts.in_homeroom),
    }


def initial_of_template(template: Template, school: School) -> dict[str, Any]:
    """Return what the form shows for a template, cut to the school's grades, with a room of the same name if any."""
    room = rooms_of(school).filter(name=template.place).first()
    grades = [grade for grade in template.grades if grade in grades_of(school.kind)]
    plain = (
        "name",
        "category",
        "kind",
        "aim",
        "class_hours",
        "week_of_month",
        "capacity",
        "minimum",
        "risk_class",
        "kit",
    )
    return {
        **{name: getattr(template, name) for name in plain},
        **{f"day_{day}": 1 for day in template.weekdays},
        "domains": list(template.domains),
        "grades": grades,
        "is_base_care": template.is_base_care,
        "place": _place_value(room, None, template.in_homeroom),
    }
