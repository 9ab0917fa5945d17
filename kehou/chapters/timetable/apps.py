"""Chapter timetable as a Django app."""

from django.apps import AppConfig


class TimetableConfig(AppConfig):
    """Sessions from table and calendar, their changes, the day's duties."""

    name = "kehou.chapters.timetable"
    label = "timetable"
