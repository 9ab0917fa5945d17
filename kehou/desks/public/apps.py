"""Desk public as a Django app."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """公众: a stranger without a login."""

    name = "kehou.desks.public"
    label = "desk_public"
