"""Addresses of the activity table: its rows, its versions, what the district was asked to allow."""

from django.urls import path

from kehou.desks.school import activities, permits, publication, table, table_ways

PATHS = [
    path("table/", table.table, name="table"),
    path("table/beginning/", table.beginning, name="table_beginning"),
    path("table/paper/", table.paper, name="table_paper"),
    path("table/templates/", activities.templates, name="table_templates"),
    path("table/check/", activities.check, name="activity_check"),
    path("table/activities/new/", activities.new_activity, name="activity_new"),
    path("table/activities/<int:activity_id>/", activities.activity, name="activity"),
    path("table/activities/<int:activity_id>/withdrawal/", activities.withdrawal, name="activity_withdrawal"),
    path("table/balance/", table_ways.balance, name="table_balance"),
    path("table/sheet/", table_ways.sheet, name="table_sheet"),
    path("table/copying/", table_ways.copying, name="table_copying"),
    path("table/release/", activities.release, name="release"),
    path("table/activities/<int:activity_id>/trip/", permits.trip, name="permit_trip"),
    path("permits/", permits.permits, name="permits"),
    path("permits/<int:permit_id>/", permits.permit, name="permit"),
    path("permits/<int:permit_id>/withdrawal/", permits.withdrawal, name="permit_withdrawal"),
    path("table/preview/", publication.preview, name="table_preview"),
    path("table/publication/", publication.publication, name="table_publication"),
    path("table/reopening/", publication.reopening, name="table_reopening"),
    path("table/versions/<int:number>/", publication.version, name="table_version"),
]
