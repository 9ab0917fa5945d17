"""Chapter filing as a Django app."""

from django.apps import AppConfig


class FilingConfig(AppConfig):
    """The filing pack, its review, the receipt number."""

    name = "kehou.chapters.filing"
    label = "filing"
