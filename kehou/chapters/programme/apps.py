"""Chapter programme as a Django app."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """The activity table: activities, slots, its publications."""

    name = "kehou.chapters.programme"
    label = "programme"
