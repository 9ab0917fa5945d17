"""Addresses of 家校安全联系."""

from django.urls import path

from kehou.desks.school import contacts

PATHS = [
    path("safety/contacts/", contacts.contacts, name="contacts"),
    path("safety/contacts/class-teachers/", contacts.class_teachers, name="contacts_by_class_teacher"),
    path("safety/contacts/paper.pdf", contacts.paper, name="contacts_paper"),
    path("safety/contacts/<int:homeroom_id>/", contacts.naming, name="contact_naming"),
]
