"""What can happen at this desk."""

from django.urls import path

from kehou.desks.school import (
    activities,
    board,
    classes,
    dismissal,
    duty,
    home,
    publication,
    rooms,
    rosters,
    sessions,
    staff,
    table,
)

app_name = "school"
urlpatterns = [
    # the term
    path("", home.home, name="home"),
    # before the table: classes and posts, rooms, dismissals, staff
    path("classes/", classes.classes, name="classes"),
    path("classes/new/", classes.new_homeroom, name="homeroom_new"),
    path("classes/<int:homeroom_id>/teacher/", classes.homeroom_teacher, name="homeroom_teacher"),
    path("posts/", classes.posts, name="posts"),
    path("posts/new/", classes.new_post, name="post_new"),
    path("posts/<int:post_id>/end/", classes.post_end, name="post_end"),
    path("posts/<int:post_id>/password/", classes.post_password, name="post_password"),
    path("rooms/", rooms.rooms, name="rooms"),
    path("rooms/new/", rooms.new_room, name="room_new"),
    path("rooms/sheet/", rooms.sheet, name="room_sheet"),
    path("rooms/<int:room_id>/", rooms.room, name="room"),
    path("rooms/<int:room_id>/retirement/", rooms.retirement, name="room_retirement"),
    path("dismissal/", dismissal.dismissal, name="dismissal"),
    path("seasons/", dismissal.seasons, name="seasons"),
    path("seasons/<int:season_id>/", dismissal.season, name="season"),
    path("seasons/<int:season_id>/dismissals/", dismissal.dismissals, name="dismissals"),
    path("staff/", staff.staff, name="staff"),
    path("staff/new/", staff.new_member, name="staff_new"),
    path("staff/<int:member_id>/", staff.member, name="staff_member"),
    path("staff/<int:member_id>/leaving/", staff.leaving, name="staff_leaving"),
    # sessions and duty
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/week/", sessions.week, name="week"),
    path("sessions/making/", sessions.making, name="session_making"),
    path("sessions/<int:session_id>/", sessions.session, name="session"),
    path("sessions/<int:session_id>/change/", sessions.session_change, name="session_change"),
    path("duty/", duty.duty, name="duty"),
    path("duty/<int:duty_id>/end/", duty.duty_end, name="duty_end"),
    # 导入名册
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/template/", rosters.template, name="roster_template"),
    path("rosters/<int:roster_id>/", rosters.roster, name="roster"),
    path("rosters/<int:roster_id>/taking/", rosters.roster_taking, name="roster_taking"),
    path("rosters/<int:roster_id>/dropping/", rosters.roster_dropping, name="roster_dropping"),
    path("rosters/<int:roster_id>/leavers/", rosters.roster_leavers, name="roster_leavers"),
    # 学生课后服务内容项目表
    path("table/", table.table, name="table"),
    path("table/beginning/", table.beginning, name="table_beginning"),
    path("table/paper/", table.paper, name="table_paper"),
    path("table/templates/", activities.templates, name="table_templates"),
    path("table/check/", activities.check, name="activity_check"),
    path("table/activities/new/", activities.new_activity, name="activity_new"),
    path("table/activities/<int:activity_id>/", activities.activity, name="activity"),
    path("table/activities/<int:activity_id>/withdrawal/", activities.withdrawal, name="activity_withdrawal"),
    path("table/preview/", publication.preview, name="table_preview"),
    path("table/publication/", publication.publication, name="table_publication"),
    path("table/reopening/", publication.reopening, name="table_reopening"),
    path("table/versions/<int:number>/", publication.version, name="table_version"),
    # the afternoon
    path("board/", board.board, name="board"),
    path("day-closing/", board.day_closing, name="day_closing"),
    path("corrections/", board.corrections, name="corrections"),
    path("corrections/<int:correction_id>/decision/", board.correction_decision, name="correction_decision"),
]
