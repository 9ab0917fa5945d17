"""Forms of the demand survey: what stands above the items, and an item of the school's own."""

from __future__ import annotations

from typing import Any

from django import forms

from kehou.rules.surveys import Item, Kind

_LOCAL = "%Y-%m-%dT%H:%M"


def moment_field(label: str, **more: Any) -> forms.DateTimeField:
    """Return a field for a day with its time, with the browser's own calendar."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[_LOCAL], **more)


class SurveyForm(forms.Form):
    """Title, with or without names, window."""

    title = forms.CharField(label="名称", max_length=80, initial="课后服务学生意向调查")
    anonymous = forms.ChoiceField(
        label="记不记名",
        choices=[("yes", "不记名：谁填了什么，系统里查不出来"), ("no", "记名：只有系统知道谁还没填，班主任看不到")],
        widget=forms.RadioSelect,
        initial="yes",
    )
    opens_at = moment_field("开始")
    closes_at = moment_field("截止", help_text="至少开放三天。")

    def facts(self) -> dict[str, Any]:
        """Return the values as the action takes them."""
        return {**self.cleaned_data, "anonymous": self.cleaned_data["anonymous"] == "yes"}


class WordsForm(SurveyForm):
    """The same with the words that families read first."""

    words = forms.CharField(label="卷首语", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class ItemForm(forms.Form):
    """An item of the school's own; options one a line."""

    text = forms.CharField(label="题目", max_length=120)
    kind = forms.ChoiceField(label="怎样回答", choices=Kind.choices())
    options = forms.CharField(
        label="选项",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="每行一个；填数、填文字不用写。",
    )
    most = forms.IntegerField(label="最多选几项", min_value=1, max_value=12, required=False, help_text="多选和排序用。")
    required = forms.BooleanField(label="必须回答", required=False)
    if_needed = forms.BooleanField(label="只问需要课后服务的家庭", required=False)

    def item(self) -> Item:
        """Return the item that was typed; its code is given by the action."""
        kind = Kind(self.cleaned_data["kind"])
        options = tuple(line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip())
        several = kind in (Kind.MULTI, Kind.RANK)
        most = self.cleaned_data["most"] or (min(3, len(options)) if kind is Kind.RANK else len(options))
        return Item(
            "own",
            kind,
            self.cleaned_data["text"].strip(),
            () if kind in (Kind.NUMBER, Kind.TEXT) else options,
            max(1, most) if several else 1,
            required=self.cleaned_data["required"],
            if_needed=self.cleaned_data["if_needed"],
        )
