"""What the cashier and the aid officer type."""

from __future__ import annotations

from typing import Any

from django import forms

from kehou.chapters.basis.queries import parameters_on
from kehou.lib import clock
from kehou.rules import fund
from kehou.rules.care import CATEGORIES, added_categories
from kehou.rules.fees import METHODS, read_yuan
from kehou.rules.publication import ITEMS
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused


class Refusable(forms.Form):
    """A form that shows the reasons of a refusal above its fields and keeps what was typed."""

    def refuse(self, no: Refused) -> None:
        """Add the reasons of a refusal."""
        for refusal in no.refusals:
            self.add_error(None, say(refusal))


class YuanField(forms.CharField):
    """An amount typed in yuan, cleaned to whole fen."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(**{"widget": forms.TextInput(attrs=attrs), "max_length": 14, **kwargs})

    def clean(self, value: Any) -> Any:
        """Return whole fen. :raises ValidationError: for what is no amount"""
        text = super().clean(value)
        if not text:
            return None
        fen = read_yuan(text)
        if fen is None:
            raise forms.ValidationError("请填写金额，例如 110 或 93.50。")
        return fen


def day(**kwargs: Any) -> forms.DateField:
    """Return a field for a day with the browser's calendar."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class PayeeForm(Refusable):
    """The registered special account."""

    account_name = forms.CharField(label="户名", max_length=80)
    bank = forms.CharField(label="开户行", max_length=60)
    account_number = forms.CharField(label="账号", max_length=40)


class VoidForm(Refusable):
    """Why a bill is taken back."""

    reason = forms.CharField(label="作废原因", max_length=100)


class PaymentForm(Refusable):
    """One sitting at the counter. `reference` was made with the page, so that sent twice it is one payment."""

    reference = forms.CharField(label="凭证号", max_length=60, help_text="柜台缴费自动编号；转账填银行流水号。")
    method = forms.ChoiceField(
        label="缴费方式", choices=list(METHODS.items()), widget=forms.RadioSelect, initial="counter"
    )
    payer = forms.CharField(label="缴费人", max_length=60, required=False)


class RefundPaidForm(Refusable):
    """The voucher under which finance has paid refunds back."""

    voucher = forms.CharField(label="退付凭证号", max_length=60)


class RouteForm(Refusable):
    """A guardian's own bank account, for a payer's account that is closed (V30)."""

    holder = forms.CharField(label="户名", max_length=60, help_text="只能是孩子监护人本人的账户。")
    account_number = forms.CharField(label="账号", max_length=30)
    closed = forms.BooleanField(label="原缴费账户已经注销，不能按原路退回")


class GroundForm(Refusable):
    """One ground of a waiver or a guaranteed place, from a list."""

    pupil = forms.CharField(label="学生姓名或编号", max_length=60)
    category = forms.ChoiceField(label="类别", choices=[(key, one.title) for key, one in CATEGORIES.items()])
    source = forms.CharField(
        label="名单来源", max_length=120, help_text="例如：区资助中心2026年秋季名单。不用家长交证明。"
    )
    from_on = day(label="从哪天起")
    until_on = day(label="到哪天（不含）", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        added = added_categories(parameters_on(clock.today()).prio.categories)  # the district's own words (2.1-j)
        self.fields["category"].choices += [(title, title) for title in added]

    def clean(self) -> dict[str, Any]:
        """Return the ground. :raises ValidationError: when it ends before it begins"""
        cleaned = super().clean() or {}
        start, end = cleaned.get("from_on"), cleaned.get("until_on")
        if start and end and end <= start:
            self.add_error("until_on", "结束的日子要在开始之后。")
        return cleaned


class EndForm(Refusable):
    """From which day on a ground does not hold any more."""

    on = day(label="从哪天起终止")


class ExpenseForm(Refusable):
    """What the fund was spent on."""

    on = day(label="日期")
    use = forms.ChoiceField(label="用途", choices=[(use, title) for use, (title, _) in fund.USES.items()])
    description = forms.CharField(label="内容", max_length=120, help_text="写清楚买了什么、给了谁的课时。")
    voucher = forms.CharField(label="凭证号", max_length=40)
    amount_fen = YuanField(label="金额（元）")


class AppropriationForm(Refusable):
    """What finance has put at the school's disposal."""

    on = day(label="到账日期")
    source = forms.ChoiceField(label="来源", choices=list(fund.SOURCES.items()))
    voucher = forms.CharField(label="拨付凭证号", max_length=40)
    amount_fen = YuanField(label="金额（元）")


class ItemsForm(Refusable):
    """The six items that the policy wants public (2.5-n)."""

    title = forms.CharField(label="标题", max_length=120, initial="课后服务公开事项")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, title in ITEMS.items():
            self.fields[key] = forms.CharField(
                label=title, required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3})
            )


class NoticeForm(Refusable):
    """A short notice."""

    title = forms.CharField(label="标题", max_length=120)
    text = forms.CharField(label="内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))


class PostingForm(Refusable):
    """Where a poster hangs."""

    place = forms.CharField(label="张贴在哪里", max_length=40, help_text="例如：校门口公示栏、教学楼门厅")
    on = day(label="张贴日期")


class WithdrawForm(Refusable):
    """Why a publication is taken back."""

    reason = forms.CharField(label="撤回原因", max_length=100)
