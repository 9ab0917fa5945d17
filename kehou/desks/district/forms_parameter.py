"""One form for every kind of parameter: fields by the kind, and back to the words that the kind reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from kehou.chapters.basis.models import Instrument
from kehou.chapters.basis.queries import instruments
from kehou.lib import clock
from kehou.rules.parameters import Parameter
from kehou.rules.verdicts import Refused

_ROW = "row_"


def _text(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.TextInput(attrs={"class": "input"}), **more)


def _lines(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"class": "input", "rows": 6}), **more)


def _shown_rows(parameter: Parameter, value: Any) -> dict[str, str]:
    """Return what the kind shows, row by row: `{"甲": "1"}` of `甲：1；乙：2`."""
    rows = [row.partition("：") for row in parameter.show(value).split("；") if row]
    return {name: shown for name, _, shown in rows}


class ProposalForm(forms.Form):
    """A new value of one parameter, its first day, its ground."""

    from_on = forms.DateField(
        label="从哪天起生效", widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")
    )
    instrument = forms.ModelChoiceField(
        Instrument.objects.none(),
        label="依据文件",
        required=False,
        empty_label="批准时再填",
        widget=forms.Select(attrs={"class": "input"}),
    )
    approval_reference = _text("批准文号或会议纪要", max_length=120, required=False)
    reason = _text("修改理由", max_length=200)

    def __init__(self, parameter: Parameter, value: Any, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.parameter = parameter
        self.fields["instrument"].queryset = instruments(on=clock.today())  # type: ignore[attr-defined]
        made = self._value_fields(value)
        self.value_names = list(made)
        self.fields = {**made, **self.fields}
        self.value: Any = None

    def _value_fields(self, value: Any) -> dict[str, forms.Field]:
        """Return the fields that the kind of the parameter is edited by, filled with the present value."""
        one, kind = self.parameter, self.parameter.kind
        match kind.widget:
            case "switch":
                words = [kind.yes, kind.no]  # type: ignore[attr-defined]
                widget = forms.RadioSelect(choices=[(word, word) for word in words])
                return {"value": forms.CharField(label="新的数值", widget=widget, initial=kind.show(value))}
            case "choice" | "choices":
                choices = [(label, label) for label in kind.options.values()]  # type: ignore[attr-defined]
                if kind.widget == "choice":
                    picked = forms.ChoiceField(label="新的数值", choices=choices, widget=forms.RadioSelect)
                    picked.initial = kind.show(value)
                    return {"value": picked}
                many = forms.MultipleChoiceField(label="新的数值", choices=choices, widget=forms.CheckboxSelectMultiple)
                many.initial = kind.show(value).split("、")
                return {"value": many}
            case "table" | "record" | "tariff":
                rows = {f"{_ROW}{name}": _text(name, initial=shown) for name, shown in _shown_rows(one, value).items()}
                if getattr(kind, "open", False):
                    rows["more"] = _lines("增加的行（每行一个，如“孤儿：10”）", required=False)
                return rows
            case "words":
                return {"value": _lines("新的数值（每行一项）", initial=kind.show(value).replace("、", "\n"))}
            case "seasons":
                return {
                    "value": _lines(
                        "新的数值（每行一个，如“夏季作息：5月1日起”）", initial=kind.show(value).replace("；", "\n")
                    )
                }
        unit = f"（{one.unit}）" if one.unit else ""
        return {"value": _text(f"新的数值{unit}", initial=kind.show(value).removesuffix(one.unit))}

    def clean(self) -> dict[str, Any]:
        """Read the value back from its fields; what the kind cannot take is said beside them."""
        from kehou.rules import sentences

        cleaned: dict[str, Any] = super().clean() or {}
        if any(name in self.errors for name in self.value_names):
            return cleaned
        try:
            self.value = self.parameter.dump(self.parameter.parse(self._typed(cleaned)))
        except Refused as no:
            for refusal in no.refusals:
                self.add_error(self.value_names[0], sentences.say(refusal))
        return cleaned

    def _typed(self, cleaned: Mapping[str, Any]) -> str:
        if "value" in self.fields:
            value = cleaned["value"]
            return "、".join(value) if isinstance(value, list) else str(value)
        rows = [f"{name.removeprefix(_ROW)}：{cleaned[name]}" for name in self.value_names if name.startswith(_ROW)]
        return "\n".join([*rows, cleaned.get("more", "")])


class DecisionForm(forms.Form):
    """What may be completed with an approval, and the reason of a refusal."""

    instrument = forms.ModelChoiceField(
        Instrument.objects.none(),
        label="依据文件",
        required=False,
        empty_label="与提出时相同",
        widget=forms.Select(attrs={"class": "input"}),
    )
    approval_reference = _text(
        "批准文号或会议纪要", max_length=120, required=False, help_text="提出时没有填的，批准时必须填"
    )
    reason = _text("意见", max_length=200, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["instrument"].queryset = instruments(on=clock.today())  # type: ignore[attr-defined]
