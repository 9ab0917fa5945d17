"""Desk guardian as a Django app."""

from django.apps import AppConfig


class GuardianConfig(AppConfig):
    """家长端: a guardian on a phone."""

    name = "kehou.desks.guardian"
    label = "desk_guardian"
