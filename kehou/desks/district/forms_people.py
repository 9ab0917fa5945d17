"""Forms about people; what a value means is decided by the rules."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms

from kehou.chapters.staffing.actions import RESTRICTIONS, RestrictionFacts


class RestrictionForm(forms.Form):
    """Whom the list names, why, from when to when."""

    name = forms.CharField(label="姓名", max_length=60)
    id_number = forms.CharField(label="证件号码", help_text="加密保存，只用于比对", max_length=18)
    kind = forms.ChoiceField(label="种类", choices=list(RESTRICTIONS.items()), widget=forms.RadioSelect)
    basis = forms.CharField(label="依据", help_text="判决、处理决定的文号", max_length=120)
    from_on = forms.DateField(label="从哪天起", widget=forms.DateInput(attrs={"type": "date"}))
    last_on = forms.DateField(
        label="最后一天",
        help_text="没有期限的不填，由两个人办理解除",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def facts(self) -> tuple[RestrictionFacts, date | None]:
        """Return what was typed, in the form the action takes, and the first day after."""
        typed = self.cleaned_data
        last = typed["last_on"]
        return RestrictionFacts(**typed), last + timedelta(days=1) if last else None
