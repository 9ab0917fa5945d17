"""Chapter journal as a Django app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """What happened, who did it, when; and letters waiting to be sent."""

    name = "kehou.chapters.journal"
    label = "journal"
