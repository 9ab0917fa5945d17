"""Addresses of 投诉、事故与处分 in somebody's file, and of 作业公示."""

from django.urls import path

from kehou.desks.school import homework, staff_incidents

_ONE = "staff/<int:member_id>/incidents/<int:incident_id>/"
PATHS = [
    path("homework/", homework.homework, name="homework"),
    path("staff/<int:member_id>/incidents/new/", staff_incidents.recording, name="staff_incident_new"),
    path(f"{_ONE}conclusion/", staff_incidents.concluding, name="staff_incident_conclusion"),
    path(f"{_ONE}striking/", staff_incidents.striking, name="staff_incident_striking"),
]
