"""Desk teacher as a Django app."""

from django.apps import AppConfig


class TeacherConfig(AppConfig):
    """教师端: a teacher in a hurry."""

    name = "kehou.desks.teacher"
    label = "desk_teacher"
