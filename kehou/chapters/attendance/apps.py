"""Chapter attendance as a Django app."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    """Register, marks, leave, release, the day's closing."""

    name = "kehou.chapters.attendance"
    label = "attendance"
