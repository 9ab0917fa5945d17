"""Chapter surveys as a Django app."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Questionnaires of demand: built in the chapter before the gate."""

    name = "kehou.chapters.surveys"
    label = "surveys"
