"""What can happen at this desk."""

from django.urls import path

from kehou.desks.school import board, rosters

app_name = "school"
urlpatterns = [
    # 导入名册
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/template/", rosters.template, name="roster_template"),
    path("rosters/<int:roster_id>/", rosters.roster, name="roster"),
    path("rosters/<int:roster_id>/taking/", rosters.roster_taking, name="roster_taking"),
    path("rosters/<int:roster_id>/dropping/", rosters.roster_dropping, name="roster_dropping"),
    path("rosters/<int:roster_id>/leavers/", rosters.roster_leavers, name="roster_leavers"),
    # the afternoon
    path("board/", board.board, name="board"),
    path("day-closing/", board.day_closing, name="day_closing"),
    path("corrections/", board.corrections, name="corrections"),
    path("corrections/<int:correction_id>/decision/", board.correction_decision, name="correction_decision"),
]
