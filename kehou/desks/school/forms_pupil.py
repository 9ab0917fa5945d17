"""What is typed about one child at the school office."""

from __future__ import annotations

from typing import Any

from django import forms

from kehou.rules.identity import refusal_of_mobile
from kehou.rules.sentences import say

RELATIONS = [(one, one) for one in ("母亲", "父亲", "爷爷", "奶奶", "外公", "外婆", "其他监护人")]


class GuardianForm(forms.Form):
    """Somebody who answers for the child."""

    name = forms.CharField(label="姓名", max_length=60)
    relation = forms.ChoiceField(label="与孩子的关系", choices=RELATIONS)
    phone = forms.CharField(label="手机号", max_length=20, help_text="用这个号码收验证码登录")
    is_main = forms.BooleanField(label="第一联系人", required=False)

    def clean_phone(self) -> str:
        """Return the number without blanks; say what is wrong with it."""
        phone = str(self.cleaned_data["phone"]).replace(" ", "").replace("-", "")
        if no := refusal_of_mobile(phone):
            raise forms.ValidationError(say(no))
        return phone


class ReasonForm(forms.Form):
    """Why somebody wants to see an ID number."""

    reason = forms.CharField(label="理由", max_length=120, help_text="写明用途，会记入日志", widget=forms.TextInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "why_%s")
        super().__init__(*args, **kwargs)
