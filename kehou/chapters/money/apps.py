"""Chapter money as a Django app."""

from django.apps import AppConfig


class MoneyConfig(AppConfig):
    """Bills, waivers, payments, refunds, the fund."""

    name = "kehou.chapters.money"
    label = "money"
