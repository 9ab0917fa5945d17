"""资源台账 at the desk: census, equipment, checks, free rooms, use."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kehou.chapters.programme import actions as programme
from kehou.chapters.schools.models import CensusClosing, Equipment, Repair, Room, SafetyCheck
from kehou.chapters.timetable import actions as timetable
from kehou.lib import sheets
from tests.chapters.programme.stage import AT, row
from tests.chapters.timetable.stage import NOW, open_school
from tests.desks.school.stage import url
from tests.world import World


@pytest.fixture
def office(world: World, client: Client, at_moment) -> Client:
    """Return the manager of Riverside at the desk, before the term."""
    at_moment(AT)
    client.force_login(world.riverside.who["asp_manager"])
    return client


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.clause("2.7.1-a")
@pytest.mark.clause("2.7.1-b")
def test_the_census_is_begun_confirmed_stated_and_closed(office: Client, world: World) -> None:
    assert "开始调查摸底" in text(office.get(url("resources", world)))
    assert office.post(url("census_beginning", world)).status_code == 302
    assert office.post(url("census_beginning", world)).status_code == 409
    page = text(office.get(url("census", world)))
    assert "科学室" in page and "待核对" in page
    answer = office.post(url("census_closing", world))
    assert (
        answer.status_code == 409 and "“功能室”还有4项没有核对" in text(answer) and "“仪器设备”还是空的" in text(answer)
    )
    items = world.riverside.school.censuses.get().items
    keys = list(items.values_list("pk", flat=True))
    assert office.post(url("census_confirmations", world), {"item": keys}).status_code == 302
    assert office.post(url("census_confirmations", world), {"item": keys}).status_code == 409
    for part in ("equipment", "grounds", "bases", "nonsense"):
        assert office.post(url("census_nothing", world), {"part": part}).status_code == 302
    assert office.post(url("census_closing", world)).status_code == 302
    page = text(office.get(url("resources", world)))
    assert "已定稿" in page and CensusClosing.objects.get().digest[:16] in page
    assert "资源调查第1版" in text(office.get(url("home", world)))
    paper = office.get(url("resource_paper", world))
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    assert office.post(url("census_reopening", world), {"reason": ""}).status_code == 409
    assert office.post(url("census_reopening", world), {"reason": "添了设备"}).status_code == 302


def test_a_building_is_confirmed_in_one_go(office: Client, world: World) -> None:
    Room.objects.filter(code__in=("F-01", "F-03")).update(building="综合楼")
    office.post(url("census_beginning", world))
    assert office.post(url("census_confirmations", world), {"location": "综合楼"}).status_code == 302
    states = dict(world.riverside.school.censuses.get().items.values_list("name", "state"))
    assert (states["科学室"], states["音乐室"]) == ("confirmed", "pending")
    assert "科学室" in text(office.get(url("census", world), {"state": "confirmed"}))
    assert (
        "音乐室"
        not in text(office.get(url("census", world), {"location": "综合楼", "part": "rooms"})).split('id="items"')[1]
    )


def kit(**changes: str) -> dict[str, str]:
    return {"code": "E-117", "name": "电子琴", "quantity": "12", "good": "11", "place": "器材室"} | changes


def test_equipment_is_kept_and_a_slip_keeps_what_was_typed(office: Client, world: World) -> None:
    answer = office.post(url("equipment_new", world), kit(good="13"))
    assert answer.status_code == 409 and "完好13件，多于总数12件" in text(answer) and 'value="电子琴"' in text(answer)
    assert office.post(url("equipment_new", world), kit()).status_code == 302
    kept = Equipment.objects.get()
    page = text(office.get(url("equipment_row", world, kept.pk)))
    seen = page.split('name="seen" value="')[1].split('"')[0]
    Equipment.objects.filter(pk=kept.pk).update(keeper="别人")
    answer = office.post(url("equipment_row", world, kept.pk), kit(good="10", seen=seen))
    assert answer.status_code == 409 and "刚刚被别人改过" in text(answer) and 'value="10"' in text(answer)
    again = text(answer).split('name="seen" value="')[1].split('"')[0]
    assert office.post(url("equipment_row", world, kept.pk), kit(good="10", seen=again)).status_code == 302
    assert "电子琴" in text(office.get(url("equipment", world), {"q": "器材室"}))
    assert office.post(url("equipment_retirement", world, kept.pk)).status_code == 302
    assert office.get(url("equipment_row", world, kept.pk)).status_code == 404


def send(office: Client, world: World, content: bytes, **more: str):
    return office.post(url("equipment_sheet", world), {"file": SimpleUploadedFile("设备.csv", content), **more})


def test_equipment_comes_by_the_sheet_tried_first_whole_or_not_at_all(office: Client, world: World) -> None:
    good = "编号,名称,数量,完好,存放地点\nE-1,电子琴,12,11,音乐室\nE-2,球,30,,器材室\n".encode()
    assert send(office, world, good, step="try").status_code == 302
    assert not Equipment.objects.exists(), "only looked at"
    assert "将新增2项" in text(office.get(url("equipment", world)))
    assert send(office, world, good, step="take").status_code == 302
    assert Equipment.objects.get(code="E-1").room == world.riverside.rooms["F-05"]
    assert Equipment.objects.get(code="E-2").good == 30
    bad = "编号,名称,数量,完好\nE-3,,abc,1\nE-4,鼓,2,5\n".encode()
    answer = send(office, world, bad, step="take")
    assert answer.status_code == 409 and "第2行：“名称”没有填" in text(answer) and "应是整数" in text(answer)
    answer = send(office, world, "编号,名称,数量,完好\nE-3,锣,2,1\nE-4,鼓,2,5\n".encode(), step="take")
    assert answer.status_code == 409 and "第3行：完好5件" in text(answer) and Equipment.objects.count() == 2
    content = b"".join(office.get(url("equipment", world) + "?as=sheet").streaming_content)
    answer = office.post(
        url("equipment_sheet", world), {"file": SimpleUploadedFile("设备.xlsx", content), "step": "take"}
    )
    assert answer.status_code == 302 and "新增0项，修改0项" in text(office.get(url("equipment", world)))


def test_rooms_are_tried_before_they_are_taken(office: Client, world: World) -> None:
    columns = [sheets.Column(name) for name in ("编号", "名称", "最多人数", "种类", "灯光", "可用的日子", "协议到期")]
    rows = [
        ("P-09", "后操场", "80", "活动场地", "无", "周一三", ""),
        ("W-01", "湿地", "40", "校外实践场地", "有", "都可以", "2027-07-31"),
    ]
    stream = io.BytesIO()
    sheets.write_workbook(stream, sheets.Table("场地", columns, rows))
    for step, count in (("try", 0), ("take", 2)):
        file = SimpleUploadedFile("台账.xlsx", stream.getvalue())
        assert office.post(url("room_sheet", world), {"file": file, "step": step}).status_code == 302
        assert Room.objects.filter(code__in=("P-09", "W-01")).count() == count
    ground = Room.objects.get(code="P-09")
    assert (ground.has_light, ground.weekdays, ground.kind) == (False, [1, 3], "ground")


@pytest.mark.clause("3.2-d")
def test_a_walk_is_recorded_and_an_overdue_room_is_refused_with_the_reason(office: Client, world: World) -> None:
    science = world.riverside.rooms["F-03"]
    Room.objects.filter(pk=science.pk).update(checked_on=None)
    page = text(office.get(url("checks", world)))
    assert "已过期" in page
    table = programme.start_table(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=AT)
    sent = {"name": "科学小实验", "place": f"room:{science.pk}", "class_hours": "1"}
    assert "科学室的安全检查已过期" in text(office.post(url("activity_check", world), sent))
    assert table.state == "draft"
    walk = {"what": [f"room:{science.pk}"], "checked_on": AT.date().isoformat(), "checker": "王老师"}
    assert office.post(url("check_walk", world), walk | {"checker": ""}).status_code == 409
    assert office.post(url("check_walk", world), walk | {"what": ["room:999999", "x"]}).status_code == 409
    assert office.post(url("check_walk", world), walk).status_code == 302
    assert SafetyCheck.objects.get().room == science
    assert "科学室的安全检查已过期" not in text(office.post(url("activity_check", world), sent))
    fault = {"what": f"room:{science.pk}", "fault": "水管漏水", "gravity": "red"}
    assert office.post(url("repair_new", world), fault | {"gravity": ""}).status_code == 409
    assert office.post(url("repair_new", world), fault).status_code == 302
    assert "科学室正在停用维修（水管漏水）" in text(office.post(url("activity_check", world), sent))
    assert "水管漏水" in text(office.get(url("repairs", world)))
    repair = Repair.objects.get()
    office.post(url("repair_end", world, repair.pk), {"outcome": ""})
    assert Repair.objects.filter(closed_at=None).exists()
    office.post(url("repair_end", world, repair.pk), {"outcome": "换了水管"})
    assert "正在停用维修" not in text(office.post(url("activity_check", world), sent))
    for name in ("checks", "repairs"):
        assert b"".join(office.get(url(name, world) + "?as=sheet").streaming_content).startswith(b"PK")
    assert b"".join(office.get(url("check_sheet", world)).streaming_content).startswith(b"%PDF")


def test_a_session_is_not_moved_into_a_room_under_repair(world: World, client: Client, at_moment) -> None:
    open_school(world)
    timetable.make_sessions(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=NOW)
    at_moment(NOW)
    client.force_login(world.riverside.who["asp_manager"])
    music = world.riverside.rooms["F-05"]
    client.post(url("repair_new", world), {"what": f"room:{music.pk}", "fault": "地板塌陷", "gravity": "red"})
    session = world.riverside.school.sessions.filter(room__isnull=False, on__gt=NOW.date()).order_by("on").first()
    assert session is not None
    sent = {"kind": "moved", "room": str(music.pk), "reason": "换个地方"}
    answer = client.post(url("session_change", world, session.pk), sent)
    assert "音乐室正在停用维修（地板塌陷）" in text(answer)
    session.refresh_from_db()
    assert session.room != music
    own = session.room
    client.post(url("repair_new", world), {"what": f"room:{own.pk}", "fault": "漏水", "gravity": "red"})
    assert "有课次排在不能用的场地" in text(client.get(url("resources", world)))


def test_free_rooms_are_found_by_time_seats_class_and_kit(world: World, client: Client, at_moment) -> None:
    table = programme.start_table(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=AT)
    programme.add_activity(table, row(world.riverside), by=world.riverside.by("asp_manager"), at=AT)
    slot = table.activities.get().slots.get(weekday=1)
    at_moment(AT)
    client.force_login(world.riverside.who["principal"])
    asked = {"weekday": "1", "starts": f"{slot.starts_at:%H:%M}", "ends": f"{slot.ends_at:%H:%M}", "pupils": "20"}
    page = text(client.get(url("free_rooms", world), asked)).split('id="rooms"')[1]
    assert page.index("音乐室") < page.index("科学室") and "科学小实验" in page
    page = text(client.get(url("free_rooms", world), asked | {"weekday": "2"})).split('id="rooms"')[1]
    assert "科学小实验" not in page
    page = text(client.get(url("free_rooms", world), asked | {"risk_class": "C", "pupils": "40"})).split('id="rooms"')[
        1
    ]
    assert "操场A" in page and "科学室" not in page and "图书室" not in page
    assert "没有合适的场地" in text(client.get(url("free_rooms", world), asked | {"kit": "望远镜"}))
    wrong = client.get(url("free_rooms", world), {"starts": "17:00", "ends": "16:00", "pupils": "1"})
    assert wrong.status_code == 422 and "结束要晚于开始" in text(wrong) and "请选一个日期" in text(wrong)


@pytest.mark.clause("2.3-c")
def test_use_is_reported_against_the_timetable_and_idle_rooms_are_flagged(
    world: World, client: Client, at_moment
) -> None:
    open_school(world)
    timetable.make_sessions(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=NOW)
    at_moment(NOW)
    client.force_login(world.riverside.who["principal"])
    used = set(
        world.riverside.school.sessions.filter(room__isnull=False, state="planned").values_list("room__name", flat=True)
    )
    idle = {room.name for room in world.riverside.rooms.values()} - used
    assert used and idle
    assert client.get(url("room_use", world), {"week": "9999-99-99"}).status_code == 200
    for span in ({"span": "term"}, {"week": "2026-11-25"}):
        page = text(client.get(url("room_use", world), span))
        assert all(f"“{name}”整周没有安排" in page for name in idle)
        assert not any(f"“{name}”整周没有安排" in page for name in used)
    assert b"".join(client.get(url("room_use", world) + "?as=sheet").streaming_content).startswith(b"PK")


def test_pages_cost_the_same_for_few_rows_and_for_many(
    office: Client, world: World, django_assert_max_num_queries
) -> None:
    school = world.riverside.school
    Room.objects.bulk_create(
        Room(school=school, code=f"X-{number}", name=f"室{number}", capacity=20) for number in range(60)
    )
    office.post(url("census_beginning", world))
    for name in ("resources", "rooms", "census", "checks", "equipment", "repairs", "resource_staff", "room_use"):
        with django_assert_max_num_queries(22):
            assert office.get(url(name, world)).status_code == 200
