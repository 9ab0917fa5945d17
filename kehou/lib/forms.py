"""What a form says when something is missing: sentences for the person who fills it in, without the word 字段."""

from __future__ import annotations

from django import forms
from django.core import validators
from django.db.models.fields import BLANK_CHOICE_DASH

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


def speak_plainly() -> None:
    """Give Django's fields and limits the house's sentences; called once, when the app is ready."""
    for field, sentences in _PLAIN:
        field.default_error_messages = {**field.default_error_messages, **sentences}
    for validator, sentence in _LIMITS:
        validator.message = sentence
    BLANK_CHOICE_DASH[:] = [("", "请选择")]
