"""Desk district as a Django app."""

from django.apps import AppConfig


class DistrictConfig(AppConfig):
    """区级端: the district office."""

    name = "kehou.desks.district"
    label = "desk_district"
