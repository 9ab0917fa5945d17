"""Forms of the personnel file; what a value means is decided by the rules."""

from __future__ import annotations

from typing import Any

from django import forms

from kehou.chapters.staffing.actions import ProofFacts, TrainingFacts
from kehou.chapters.staffing.models import StaffMember
from kehou.desks.school.forms import Day
from kehou.lib.uploads import Upload
from kehou.rules.staffing.incidents import IncidentKind, IncidentResult
from kehou.rules.staffing.kinds import WITH_END, proof_name
from kehou.rules.staffing.questions import TOPICS


class IdentityForm(forms.Form):
    """The ID number, after the original was seen."""

    number = forms.CharField(
        label="证件号码", help_text="看过证件原件再录入；加密保存，只用于查询和核对", max_length=18
    )


class ProofForm(forms.Form):
    """One proof: until when, and what was seen."""

    kind = forms.ChoiceField(label="证明")
    last_on = forms.DateField(label="有效期最后一天", widget=Day, required=False, help_text="长期有效的不填")
    reference = forms.CharField(label="编号", max_length=60, required=False)
    original_seen = forms.BooleanField(label="已看过原件", required=False)
    scan = forms.FileField(
        label="扫描件", help_text="PDF、JPEG或PNG，不超过20 MB；健康证明只登记有效期，不传", required=False
    )

    def __init__(self, member: StaffMember, required: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in required if kind != "identity"]
        self.fields["kind"].choices = [
            (kind, proof_name(member.kind, kind) + ("（必填有效期）" if kind in WITH_END else "")) for kind in kinds
        ]

    def facts(self, scan: Upload | None) -> ProofFacts:
        """Return what was typed, in the form the action takes."""
        typed = self.cleaned_data
        return ProofFacts(typed["kind"], typed["last_on"], typed["reference"], typed["original_seen"], scan)


class TrainingForm(forms.Form):
    """A training in a room (document 22)."""

    on = forms.DateField(label="培训日期", widget=Day)
    lecturer = forms.CharField(label="讲师", max_length=60)
    minutes = forms.IntegerField(label="时长（分钟）", min_value=1, max_value=2000, initial=120)
    topics = forms.MultipleChoiceField(
        label="主题", choices=list(TOPICS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    score = forms.IntegerField(label="测验成绩", min_value=0, max_value=100)

    def facts(self) -> TrainingFacts:
        """Return what was typed, in the form the action takes."""
        return TrainingFacts(**self.cleaned_data)


class IncidentForm(forms.Form):
    """What went wrong around somebody."""

    kind = forms.ChoiceField(label="类别", choices=IncidentKind.choices())
    on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    what = forms.CharField(label="情况", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ConclusionForm(forms.Form):
    """What was found of it."""

    result = forms.ChoiceField(label="结论", choices=IncidentResult.choices())
    outcome = forms.CharField(label="怎么处理的", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    """Why: kept in the file."""

    reason = forms.CharField(label="原因", help_text="会留在档案里", max_length=200, required=False)
