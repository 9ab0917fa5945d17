"""What can happen to the resource ledger at this desk: its five parts, the census, checks and repairs, use."""

from django.urls import path

from kehou.desks.school import checks, equipment, ledger_people, resources, room_use, rooms

PATHS = [
    path("resources/", resources.resources, name="resources"),
    path("resources/ledger.pdf", resources.paper, name="resource_paper"),
    path("resources/people/", ledger_people.people, name="resource_staff"),
    path("resources/people/sheet/", ledger_people.sheet, name="resource_staff_sheet"),
    path("resources/census/", resources.census, name="census"),
    path("resources/census/beginning/", resources.beginning, name="census_beginning"),
    path("resources/census/confirmations/", resources.confirmations, name="census_confirmations"),
    path("resources/census/nothing/", resources.nothing, name="census_nothing"),
    path("resources/census/closing/", resources.closing, name="census_closing"),
    path("resources/census/reopening/", resources.reopening, name="census_reopening"),
    path("resources/equipment/", equipment.equipment, name="equipment"),
    path("resources/equipment/new/", equipment.new_equipment, name="equipment_new"),
    path("resources/equipment/sheet/", equipment.sheet, name="equipment_sheet"),
    path("resources/equipment/<int:equipment_id>/", equipment.equipment_row, name="equipment_row"),
    path("resources/equipment/<int:equipment_id>/retirement/", equipment.retirement, name="equipment_retirement"),
    path("resources/checks/", checks.checks, name="checks"),
    path("resources/checks/walk/", checks.walk, name="check_walk"),
    path("resources/checks/sheet.pdf", resources.blank_check_sheet, name="check_sheet"),
    path("resources/repairs/", checks.repairs, name="repairs"),
    path("resources/repairs/new/", checks.new_repair, name="repair_new"),
    path("resources/repairs/<int:repair_id>/end/", checks.repair_end, name="repair_end"),
    path("resources/free/", room_use.free, name="free_rooms"),
    path("resources/use/", room_use.use, name="room_use"),
    path("rooms/", rooms.rooms, name="rooms"),
    path("rooms/new/", rooms.new_room, name="room_new"),
    path("rooms/sheet/", rooms.sheet, name="room_sheet"),
    path("rooms/<int:room_id>/", rooms.room, name="room"),
    path("rooms/<int:room_id>/retirement/", rooms.retirement, name="room_retirement"),
]
