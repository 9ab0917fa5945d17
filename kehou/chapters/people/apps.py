"""Chapter people as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts, posts, pupils, guardianship, aid, consent, pick-up persons."""

    name = "kehou.chapters.people"
    label = "people"
