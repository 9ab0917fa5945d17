"""Chapter staffing as a Django app."""

from django.apps import AppConfig


class StaffingConfig(AppConfig):
    """The adults of the service: who they are and what they can give."""

    name = "kehou.chapters.staffing"
    label = "staffing"
