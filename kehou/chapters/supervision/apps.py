"""Chapter supervision as a Django app."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Signals, inspections, rectification: built in its own chapter."""

    name = "kehou.chapters.supervision"
    label = "supervision"
