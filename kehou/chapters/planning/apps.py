"""Chapter planning as a Django app."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Everything before the gate opens, and the clearance that opens it."""

    name = "kehou.chapters.planning"
    label = "planning"
