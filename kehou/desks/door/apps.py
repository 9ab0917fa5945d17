"""Desk door as a Django app."""

from django.apps import AppConfig


class DoorConfig(AppConfig):
    """Signing in and out, the inbox, the demonstration's people: before anyone sits down at a desk."""

    name = "kehou.desks.door"
    label = "desk_door"
