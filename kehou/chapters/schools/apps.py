"""Chapter schools as a Django app."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """Schools, homerooms, dismissal times, rooms."""

    name = "kehou.chapters.schools"
    label = "schools"
