"""Chapter enrolment as a Django app."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    """Application, class review, agreement, change, exit."""

    name = "kehou.chapters.enrolment"
    label = "enrolment"
