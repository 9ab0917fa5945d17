"""Chapter disclosure as a Django app."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """What is published, for how long, with which hash."""

    name = "kehou.chapters.disclosure"
    label = "disclosure"
