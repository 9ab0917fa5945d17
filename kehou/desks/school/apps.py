"""Desk school as a Django app."""

from django.apps import AppConfig


class SchoolConfig(AppConfig):
    """学校端: the school office at a desk."""

    name = "kehou.desks.school"
    label = "desk_school"
