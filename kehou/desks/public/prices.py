"""The price with examples computed now, and “这笔钱对不对”: what was asked set beside the rule. Nothing is stored."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import calendar_of, current_term, decided_of, parameters_on
from kehou.chapters.basis.queries import say as say_version
from kehou.chapters.disclosure.queries import basis_number, refund_in_words, rule_in_words
from kehou.chapters.money.queries import months_of_term
from kehou.desks.public.gate import published
from kehou.lib import clock, typed
from kehou.rules.calendar import WEEKDAYS
from kehou.rules.care import WAIVER_WORDS
from kehou.rules.fees import FEE_ITEM, read_yuan
from kehou.rules.fees.asking import PAYEES, Answer, Asked, answer
from kehou.rules.fees.examples import examples
from kehou.rules.known_calendars import AUTUMN_2025
from kehou.rules.sentences import say
from kehou.rules.spans import month_of
from kehou.rules.verdicts import Refused


@published
def prices(request: HttpRequest) -> HttpResponse:
    """Show the price, how a month is computed, and worked examples on the calendar of the term."""
    on = clock.today()
    term, parameters = current_term(on), parameters_on(on)
    calendar = calendar_of(term) if term else AUTUMN_2025
    values = {
        "term": term,
        "item": FEE_ITEM,
        "tiers": [(hours, fen, fen // parameters.fee.ref_days) for hours, fen in parameters.fee.tariff.items()],
        "rule": rule_in_words(parameters),
        "refund": refund_in_words(parameters),
        "basis": basis_number(on),
        "examples": examples(calendar, parameters.fee),
        "cap": parameters.fee.upper_cap,
        "waiver": WAIVER_WORDS[parameters.waiver.source],
        "decided": [(one, say_version(one), one.from_on > on) for one in decided_of("fee.tariff")],
    }
    return render(request, "public/prices.html", values)


class CalculatorForm(forms.Form):
    """What a family was asked for. It is read from the address and kept nowhere."""

    month = forms.ChoiceField(label="哪个月")
    joined_on = forms.DateField(label="从哪天起参加", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    left_on = forms.DateField(label="最后参加的一天", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    away = forms.CharField(
        label="请过假的日子", required=False, max_length=120, help_text="写几号，用逗号隔开，例如：3，4，5。"
    )
    amount = forms.CharField(label="要缴多少元", required=False, max_length=12)
    item = forms.CharField(label="收费项目叫什么", required=False, max_length=30, initial=FEE_ITEM)
    payee = forms.ChoiceField(label="缴给谁", choices=list(PAYEES.items()), initial="account", widget=forms.RadioSelect)

    def __init__(self, months: list[date], most: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in months]  # type: ignore[attr-defined]
        for weekday, name in enumerate(WEEKDAYS[:5], start=1):
            self.fields[f"hours_{weekday}"] = forms.TypedChoiceField(
                label=f"周{name}",
                coerce=int,
                choices=[(0, "不参加"), *((hours, f"{hours}课时") for hours in range(1, most + 1))],
                initial=0,
                required=False,
                empty_value=0,
            )

    def clean_away(self) -> list[int]:
        """Return the days of the month. :raises ValidationError: for what is no day"""
        text = self.cleaned_data["away"]
        parts = "".join(sign if sign.isdigit() else " " for sign in text).split()
        days = typed.wholes(parts)
        if len(days) < len(parts) or not all(1 <= day <= 31 for day in days):
            raise forms.ValidationError("请写1到31之间的日子，用逗号隔开。")
        return days

    def clean_amount(self) -> int | None:
        """Return whole fen. :raises ValidationError: for what is no amount"""
        text = self.cleaned_data["amount"].strip().removesuffix("元")
        if not text:
            return None
        fen = read_yuan(text)
        if fen is None:
            raise forms.ValidationError("请填写金额，例如 110 或 93.50；不知道可以不填。")
        return fen

    def clean(self) -> dict[str, Any]:
        """Return what was asked. :raises ValidationError: when no day is chosen"""
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"hours_{weekday}") for weekday in range(1, 6)):
            raise forms.ValidationError("请至少选一天的课时。")
        return cleaned

    @property
    def matrix(self) -> dict[str, Any]:
        """Return the week as the matrix prints it: a row for each weekday, a column for each number of hours."""
        choices = self.fields["hours_1"].choices  # type: ignore[attr-defined]
        return {
            "columns": [{"hours": hours, "label": label} for hours, label in choices],
            "rows": [
                {
                    "weekday": weekday,
                    "name": f"周{name}",
                    "cells": [
                        {
                            "hours": hours,
                            "value": hours,
                            "checked": str(self[f"hours_{weekday}"].value() or 0) == str(hours),
                        }
                        for hours, _ in choices
                    ],
                }
                for weekday, name in enumerate(WEEKDAYS[:5], start=1)
            ],
        }

    def asked(self) -> Asked:
        """Return the question in the form in which the rule reads it."""
        given = self.cleaned_data
        month = month_of(date.fromisoformat(f"{given['month']}-01"))
        away = [day for day in month.days() if day.day in given["away"]]
        hours = {weekday: given[f"hours_{weekday}"] for weekday in range(1, 6) if given[f"hours_{weekday}"]}
        return Asked(
            month, hours, given["joined_on"], given["left_on"], away, given["amount"], given["item"], given["payee"]
        )


@published
def calculator(request: HttpRequest) -> HttpResponse:
    """Answer whether a sum is right; everything stands in the address, so that the answer can be passed on."""
    on = clock.today()
    term, parameters = current_term(on), parameters_on(on)
    months = months_of_term(term) if term else months_of_2025()
    asked_something = "month" in request.GET
    form = CalculatorForm(months, max(parameters.fee.tariff), request.GET if asked_something else None)
    if not asked_something:
        form.initial |= {"month": f"{min(max(on.replace(day=1), months[0]), months[-1]):%Y-%m}"}
    found: Answer | None = None
    if asked_something and form.is_valid():
        asked = form.asked()
        try:
            # The tariff of the month that is asked about, not of today.
            found = answer(asked, calendar_of(term) if term else AUTUMN_2025, parameters_on(asked.month.start).fee)
        except Refused as no:
            form.add_error(None, say(no.refusal))
    return render(request, "public/calculator.html", {"form": form, "found": found, "term": term})


def months_of_2025() -> list[date]:
    """Return the months of the calendar that is shipped, for an installation without a term."""
    return months_of_term(Term(service_from_on=AUTUMN_2025.service.start, service_until_on=AUTUMN_2025.service.end))
