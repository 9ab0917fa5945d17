"""What can happen at this desk."""

from django.urls import path

from kehou.desks.school import board

app_name = "school"
urlpatterns = [
    # the afternoon
    path("board/", board.board, name="board"),
    path("day-closing/", board.day_closing, name="day_closing"),
    path("corrections/", board.corrections, name="corrections"),
    path("corrections/<int:correction_id>/decision/", board.correction_decision, name="correction_decision"),
]
