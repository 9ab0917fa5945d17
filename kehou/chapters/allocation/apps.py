"""Chapter allocation as a Django app."""

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    """The draw, placements, waiting places."""

    name = "kehou.chapters.allocation"
    label = "allocation"
