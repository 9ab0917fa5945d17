"""What is typed about organisation, safety and the fund plan; what it means is decided by the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from kehou.chapters.people.models import Account
from kehou.desks.school.forms import Day
from kehou.desks.school.forms_money import YuanField
from kehou.rules.emergency import CARDS
from kehou.rules.fund_plan import FundPlan, Line, Management, Tier
from kehou.rules.money import yuan
from kehou.rules.parameters.money_groups import PAY_TYPES
from kehou.rules.safety_matrix import HOURS, POINT_KINDS

POSTS_SHOWN = 6  # lines for management posts


class AppointmentForm(forms.Form):
    """Who takes a post of the leading group."""

    account = forms.ModelChoiceField(label="本校有账号的人", queryset=Account.objects.none(), required=False)
    name = forms.CharField(label="或者填写姓名", max_length=60, required=False)
    phone = forms.CharField(label="联系电话", help_text="选了账号可以不填", max_length=20, required=False)
    is_deputy = forms.ChoiceField(label="任职", choices=[("", "任职人"), ("yes", "备岗人员")], required=False)
    from_on = forms.DateField(label="从哪天起", widget=Day)

    def __init__(self, accounts: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts

    def facts(self) -> dict[str, Any]:
        """Return what was typed, in the form the action takes."""
        return {**self.cleaned_data, "is_deputy": self.cleaned_data["is_deputy"] == "yes"}


class EmergencyForm(forms.Form):
    """Places and telephones of the ten cards."""

    assembly = forms.CharField(label="紧急集合点", max_length=60)
    wait = forms.CharField(label="等候接领的房间", help_text="亮灯、有监控、有人陪", max_length=60)
    gate_place = forms.CharField(label="急救车进校的校门", max_length=60)
    hospital = forms.CharField(label="联系医院", max_length=60)
    hospital_phone = forms.CharField(label="医院电话", max_length=20)
    police = forms.CharField(label="辖区派出所", max_length=60)
    police_phone = forms.CharField(label="派出所电话", max_length=20)
    night = forms.CharField(label="夜间联系人和电话", max_length=60)


class DrillForm(forms.Form):
    """A drill to be planned."""

    scenario = forms.ChoiceField(label="场景", choices=[(card.code, card.title) for card in CARDS])
    planned_on = forms.DateField(label="哪天", widget=Day)
    place = forms.CharField(label="地点", max_length=60)
    leader = forms.CharField(label="负责人", max_length=60)
    plan = forms.CharField(
        label="步骤", help_text="不写就按应急卡的三步", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
        required=False,
    )  # fmt: skip


class HeldForm(forms.Form):
    """What is recorded after a drill."""

    held_on = forms.DateField(label="哪天演练的", widget=Day)
    people = forms.IntegerField(label="参加人数", min_value=1, max_value=30000)
    minutes = forms.IntegerField(label="用时（分钟）", min_value=1, max_value=600)
    findings = forms.CharField(
        label="发现的问题",
        help_text="没有就写“没有发现问题”",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )
    measures = forms.CharField(
        label="改进措施", widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False
    )


class RecordForm(forms.Form):
    """Liaison with the police, an assessment of the traffic, or publicity."""

    kind = forms.ChoiceField(
        label="种类", choices=[("liaison", "与派出所联系"), ("traffic", "交通安全研判"), ("publicity", "宣传")]
    )
    held_on = forms.DateField(label="日期", widget=Day)
    partner = forms.CharField(
        label="对方或渠道", help_text="派出所和联系人；宣传写渠道或网址", max_length=80, required=False
    )
    words = forms.CharField(
        label="内容",
        help_text="商定了什么、有哪些风险点、讲了什么",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )
    measures = forms.CharField(
        label="措施", help_text="研判必填：怎样分批、怎样疏导", widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000, required=False,
    )  # fmt: skip


class PointForm(forms.Form):
    """A gate, a wave or another fixed point of the matrix."""

    kind = forms.ChoiceField(label="种类", choices=list(POINT_KINDS.items()))
    name = forms.CharField(label="名称", help_text="例如 正门第一批", max_length=40)
    hours = forms.TypedMultipleChoiceField(
        label="哪几课时", choices=list(HOURS.items()), coerce=int, widget=forms.CheckboxSelectMultiple
    )


class FundPlanForm(forms.Form):
    """The whole plan: people by tier, budget by use, rates, posts, publication, surplus."""

    months = forms.IntegerField(label="收费几个月", min_value=1, max_value=12)
    publication = forms.CharField(label="公示计划", widget=forms.Textarea(attrs={"rows": 2}), max_length=500)
    surplus = forms.CharField(label="结余处理", widget=forms.Textarea(attrs={"rows": 2}), max_length=500)

    def __init__(self, hours: Iterable[int], uses: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hours, self.uses = tuple(sorted(hours)), dict(uses)
        for hour in self.hours:
            self._number(f"people_{hour}", f"每天{hour}课时，人数")
            self._number(f"waived_{hour}", "其中减免")
        for use, title in self.uses.items():
            self.fields[f"amount_{use}"] = YuanField(label=f"{title}（元）", required=False)
            self.fields[f"basis_{use}"] = forms.CharField(label="测算依据", max_length=120, required=False)
        for kind, title in PAY_TYPES.items():
            if kind != "volunteer":
                self.fields[f"rate_{kind}"] = YuanField(label=f"{title}（元）", required=False)
        for row in range(POSTS_SHOWN):
            self.fields[f"post_{row}"] = forms.CharField(label="岗位", max_length=30, required=False)
            self._number(f"times_{row}", "次数")
            self.fields[f"each_{row}"] = YuanField(label="每次（元）", required=False)

    def _number(self, name: str, label: str) -> None:
        self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=100_000, required=False)

    def tiers(self) -> list[tuple[Any, Any]]:
        """Return the fields of people by tier."""
        return [(self[f"people_{hour}"], self[f"waived_{hour}"]) for hour in self.hours]

    def budget(self) -> list[tuple[Any, Any]]:
        """Return the fields of the budget by use."""
        return [(self[f"amount_{use}"], self[f"basis_{use}"]) for use in self.uses]

    def rates(self) -> list[Any]:
        """Return the fields of the pay rates."""
        return [self[f"rate_{kind}"] for kind in PAY_TYPES if kind != "volunteer"]

    def posts(self) -> list[tuple[Any, Any, Any]]:
        """Return the fields of the management posts."""
        return [(self[f"post_{row}"], self[f"times_{row}"], self[f"each_{row}"]) for row in range(POSTS_SHOWN)]

    def plan(self) -> FundPlan:
        """Return what was typed as a plan; empty lines are left out."""
        got = self.cleaned_data
        return FundPlan(
            months=got["months"],
            tiers=tuple(
                Tier(hour, got[f"people_{hour}"] or 0, got[f"waived_{hour}"] or 0)
                for hour in self.hours
                if got[f"people_{hour}"] or got[f"waived_{hour}"]
            ),
            lines=tuple(
                Line(use, got[f"amount_{use}"], got[f"basis_{use}"]) for use in self.uses if got[f"amount_{use}"]
            ),
            rates=tuple((kind, got[f"rate_{kind}"]) for kind in PAY_TYPES if got.get(f"rate_{kind}") is not None),
            management=tuple(
                Management(got[f"post_{row}"], got[f"times_{row}"] or 0, got[f"each_{row}"] or 0)
                for row in range(POSTS_SHOWN)
                if got[f"post_{row}"]
            ),
            publication=got["publication"].strip(),
            surplus=got["surplus"].strip(),
        )

    @staticmethod
    def initial_of(plan: FundPlan) -> dict[str, Any]:
        """Return what stands in the form for a plan."""
        first: dict[str, Any] = {"months": plan.months, "publication": plan.publication, "surplus": plan.surplus}
        for tier in plan.tiers:
            first |= {f"people_{tier.hours}": tier.people, f"waived_{tier.hours}": tier.waived}
        for line in plan.lines:
            first |= {f"amount_{line.use}": yuan(line.amount_fen), f"basis_{line.use}": line.basis}
        first |= {f"rate_{kind}": yuan(fen) for kind, fen in plan.rates}
        for row, post in enumerate(plan.management):
            first |= {f"post_{row}": post.title, f"times_{row}": post.times, f"each_{row}": yuan(post.rate_fen)}
        return first
