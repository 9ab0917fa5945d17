"""What a form says when something is missing: sentences for the person who fills it in, without the word 字段."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH

from kehou.lib.typed import FIRST_DAY, LAST_DAY, whole

_PLAIN: tuple[tuple[type[forms.Field], dict[str, str]], ...] = (
    (forms.Field, {"required": "请填写这一项。"}),
    (forms.IntegerField, {"invalid": "请填写整数。"}),
    (forms.DecimalField, {"invalid": "请填写数字。"}),
    (forms.DateField, {"invalid": "请填写日期，例如 2026-09-07。"}),
    (forms.TimeField, {"invalid": "请填写时间，例如 16:30。"}),
    (forms.DateTimeField, {"invalid": "请填写日期和时间，例如 2026-09-07 16:30。"}),
    (forms.ChoiceField, {"required": "请选择一项。", "invalid_choice": "请从列出的选项里选择。"}),
    (forms.ModelChoiceField, {"required": "请选择一项。", "invalid_choice": "这一项已不在名单里，请重新选择。"}),
    (forms.MultipleChoiceField, {"required": "请至少选择一项。", "invalid_choice": "请从列出的选项里选择。"}),
    (forms.FileField, {"required": "请选择文件。", "empty": "文件是空的，请检查后重新选择。"}),
)
_LIMITS: tuple[tuple[type[validators.BaseValidator], str], ...] = (
    (validators.MinValueValidator, "不能小于%(limit_value)s。"),
    (validators.MaxValueValidator, "不能大于%(limit_value)s。"),
    (validators.MinLengthValidator, "至少%(limit_value)d个字，现在%(show_value)d个。"),
    (validators.MaxLengthValidator, "最多%(limit_value)d个字，现在%(show_value)d个。"),
)


def lies_in_our_times(day: date) -> None:
    """Raise for a day that no timetable reckons with: the last one that Python knows has no tomorrow."""
    if not FIRST_DAY.year <= day.year <= LAST_DAY.year:
        raise ValidationError(f"请填写{FIRST_DAY.year}年到{LAST_DAY.year}年之间的日期。")


class TickedRows(forms.ModelMultipleChoiceField):
    """Rows that were ticked; a number that fits no column is a row that is not on the list."""

    def clean(self, value: Any) -> Any:
        """Return the rows. :raises ValidationError: for what is not on the list"""
        if stranger := next((one for one in value or () if whole(str(one)) is None), None):
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": stranger}
            )
        return super().clean(value)


def speak_plainly() -> None:
    """Give Django's fields and limits the house's sentences; called once, when the app is ready."""
    for dated in (forms.DateField, forms.DateTimeField):
        dated.default_validators = [lies_in_our_times]
    for field, sentences in _PLAIN:
        field.default_error_messages = {**field.default_error_messages, **sentences}
    for validator, sentence in _LIMITS:
        validator.message = sentence
    BLANK_CHOICE_DASH[:] = [("", "请选择")]
