"""Where a census stands, what it stated, and the evidence that plans and filings cite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import Census, CensusClosing, Equipment, Room, School
from kehou.rules.resources import KINDS_OF_PART, ItemState, Part

COLUMNS: dict[Part, tuple[str, ...]] = {
    Part.ROOMS: (
        "编号", "名称", "楼栋楼层", "面积（平方米）", "座位数", "最多人数", "出口数", "器材", "安全类别", "最近检查",
        "可用的日子", "保管人",
    ),
    Part.EQUIPMENT: (
        "编号", "名称", "型号", "数量", "完好", "存放地点", "本经费购置", "资产编号", "最近检查", "保管人",
    ),
    Part.GROUNDS: (
        "编号", "名称", "地面", "规格", "最多人数", "分项容量", "灯光", "雨天安排", "安全类别", "最近检查", "保管人",
    ),
    Part.STAFF: ("姓名", "学科", "特长", "愿意的日子", "每周课时", "资格证书"),
    Part.BASES: ("编号", "名称", "产权单位", "距离", "内容", "协议到期", "交通", "安全类别", "季节", "批准文号"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """One part in a census: rows that stand, rows still to be looked at, whether “无” was stated."""

    part: Part
    standing: int = 0
    pending: int = 0
    confirmed: int = 0
    changed: int = 0
    added: int = 0
    struck: int = 0
    none: bool = False

    @property
    def is_done(self) -> bool:
        """Return whether nothing is missing of this part."""
        return not self.pending and (self.standing > 0 or self.none)


def census_of(school: School, term: Term) -> Census | None:
    """Return the census of a school in a term, or None before it begins."""
    return Census.objects.filter(school=school, term=term).select_related("school", "term").first()


def tally_of(census: Census) -> dict[Part, Tally]:
    """Return how far each part is: two queries."""
    states = [one.value for one in ItemState]
    rows = census.items.values("part").annotate(**{state: Count("pk", filter=Q(state=state)) for state in states})
    counts = {row["part"]: row for row in rows}
    nones = set(census.nones.values_list("part", flat=True))
    found = {}
    for part in Part:
        row = {state: counts.get(part.value, {}).get(state, 0) for state in states}
        standing = sum(row.values()) - row[ItemState.STRUCK.value]
        found[part] = Tally(part, standing=standing, none=part.value in nones, **row)
    return found


def latest_closing(school: School, term: Term) -> CensusClosing | None:
    """Return the newest closed version of a term's census, or None."""
    return (
        CensusClosing.objects.filter(census__school=school, census__term=term)
        .select_related("census__term", "census__school")
        .order_by("-version")
        .first()
    )


def closing_by_digest(digest: str) -> CensusClosing | None:
    """Return the closed ledger with a hash that begins so, without what stands in it, or None: one query."""
    rows = CensusClosing.objects.filter(digest__startswith=digest).defer("document")
    return rows.select_related("census__term", "census__school").order_by("-pk").first()


def document_of(census: Census, people: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """Return the ledger as it stands, as plain JSON: rows in words by part."""
    return {"parts": parts_in_words(census.school, people)}


def parts_in_words(school: School, people: Iterable[Sequence[Any]]) -> dict[str, list[list[Any]]]:
    """Return the rows of each part in the order of `COLUMNS`: two queries. `people` are those of a later chapter."""
    rooms = list(school.rooms.filter(retired_on=None).select_related("rain_room").order_by("code"))
    equipment = school.equipment.filter(retired_on=None).select_related("room").order_by("code")
    places = {
        part: [list(_WORDS[part](room)) for room in rooms if room.kind in kinds]
        for part, kinds in KINDS_OF_PART.items()
    }
    found: dict[Part, list[list[Any]]] = {
        **places,
        Part.EQUIPMENT: [list(equipment_in_words(row)) for row in equipment],
        Part.STAFF: [list(cells) for cells in people],
    }
    return {part.value: found[part] for part in Part}


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def _number(value: int | None) -> int | str:
    return "" if value is None else value


def days_in_words(weekdays: Sequence[int]) -> str:
    """Return the weekdays on which a place may be used."""
    return "周" + "".join("一二三四五六日"[day - 1] for day in sorted(weekdays)) if weekdays else "都可以"


def room_in_words(room: Room) -> tuple[Any, ...]:
    """Return a function room in the order of its columns."""
    return (
        room.code, room.name, room.building, _number(room.area_m2), _number(room.seats), room.capacity, room.exits,
        room.kit, room.risk_class, _day(room.checked_on), days_in_words(room.weekdays), room.keeper,
    )  # fmt: skip


def ground_in_words(room: Room) -> tuple[Any, ...]:
    """Return a ground in the order of its columns."""
    rain = room.rain_rule or (f"改到{room.rain_room.name}" if room.rain_room else "")
    return (
        room.code, room.name, room.surface, room.extent, room.capacity, room.by_sport, "有" if room.has_light else "无",
        rain, room.risk_class, _day(room.checked_on), room.keeper,
    )  # fmt: skip


def base_in_words(room: Room) -> tuple[Any, ...]:
    """Return a practice base in the order of its columns."""
    distance = f"{room.distance_m / 1000:g}千米" if room.distance_m is not None else ""
    return (
        room.code, room.name, room.owner, distance, room.offers, _day(room.agreement_until), room.transport,
        room.risk_class, room.season, room.approval_reference,
    )  # fmt: skip


def equipment_in_words(row: Equipment) -> tuple[Any, ...]:
    """Return equipment in the order of its columns."""
    return (
        row.code, row.name, row.model, row.quantity, row.good, row.room.name if row.room else row.place,
        "是" if row.from_fund else "否", row.asset_number, _day(row.checked_on), row.keeper,
    )  # fmt: skip


_WORDS = {Part.ROOMS: room_in_words, Part.GROUNDS: ground_in_words, Part.BASES: base_in_words}
