"""Chapter basis as a Django app."""

from django.apps import AppConfig


class BasisConfig(AppConfig):
    """Legal basis, dated parameters, terms and school days."""

    name = "kehou.chapters.basis"
    label = "basis"
