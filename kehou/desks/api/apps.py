"""Desk api as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The small JSON API."""

    name = "kehou.desks.api"
    label = "desk_api"
