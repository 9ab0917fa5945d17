"""Letters about changed sessions: one to each guardian and each leader, however many sessions it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from kehou.chapters.allocation.models import Placement
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Guardianship
from kehou.chapters.people.queries import held_on
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.timetable.models import SessionChange
from kehou.rules.calendar import day_name

LINES_AT_MOST = 12


def tell_families(changes: Iterable[SessionChange], *, school: School, at: datetime) -> int:
    """Write to the guardians of seated children and to the leaders; return how many letters.

    Who reads the same words is written to together, so that a closure of a whole school takes few statements.
    """
    changes = list(changes)
    lines = {id(change): line_of(change) for change in changes}
    letters: dict[int, list[str]] = defaultdict(list)
    for account, change in (*_guardians(changes, at.date()), *_leaders(changes)):
        if lines[id(change)] not in letters[account]:
            letters[account].append(lines[id(change)])
    readers: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for account, said in letters.items():
        readers[tuple(said)].append(account)
    for words, accounts in readers.items():
        title, body = _title(words), _body(words)
        journal.send_many(accounts, kind="session.changed", title=title, body=body, at=at, school_code=school.code)
    return len(letters)


def line_of(change: SessionChange) -> str:
    """Return one change as a guardian reads it: what, when, and what instead."""
    was, becomes, name = change.was, change.becomes, change.session.slot.activity.name
    then = f"{day_name(date.fromisoformat(was['on']))}{was['starts_at']}“{name}”"
    if change.kind == "cancelled":
        return f"{then}取消，原因：{change.reason}。"
    if change.kind == "restored":
        return f"{then}恢复，照常开展。"
    if change.kind == "substituted":
        leader = change.session.leader
        return f"{then}由{leader.name if leader else '其他老师'}带。"
    said = []
    if (was["on"], was["starts_at"]) != (becomes["on"], becomes["starts_at"]):
        on, end = date.fromisoformat(becomes["on"]), time.fromisoformat(becomes["ends_at"])
        said.append(f"改到{day_name(on)}{becomes['starts_at']}–{end:%H:%M}")
    if was["room"] != becomes["room"] and change.session.room:
        said.append(f"地点改为{change.session.room.name}")
    if was["leader"] != becomes["leader"] and change.session.leader:
        said.append(f"由{change.session.leader.name}带")
    return f"{then}{'，'.join(said) or '有调整'}，原因：{change.reason}。"


def _title(lines: Sequence[str]) -> str:
    return "课后服务有一次调整" if len(lines) == 1 else f"课后服务有{len(lines)}次调整"


def _body(lines: Sequence[str]) -> str:
    shown = "\n".join(lines[:LINES_AT_MOST])
    rest = len(lines) - LINES_AT_MOST
    more = f"\n还有{rest}次，请在孩子的日程里查看。" if rest > 0 else ""
    return f"{shown}{more}\n取消的课时按规定不计费，不用您办理。"


def _guardians(changes: list[SessionChange], today: date) -> list[tuple[int, SessionChange]]:
    slots = {change.session.slot_id for change in changes}
    seats: dict[int, list[tuple[date, date, int]]] = defaultdict(list)
    rows = Placement.objects.filter(slot_id__in=slots)
    for slot, start, end, pupil in rows.values_list("slot_id", "from_on", "until_on", "application__pupil_id"):
        seats[slot].append((start, end, pupil))
    told: dict[int, list[SessionChange]] = defaultdict(list)
    for change in changes:
        on = date.fromisoformat(change.was["on"])
        for start, end, pupil in seats[change.session.slot_id]:
            if start <= on < end:
                told[pupil].append(change)
    links = Guardianship.objects.filter(held_on(today), pupil_id__in=told).values_list("account_id", "pupil_id")
    return [(account, change) for account, pupil in links.order_by("pk") for change in told[pupil]]


def _leaders(changes: list[SessionChange]) -> list[tuple[int, SessionChange]]:
    ids = {key for change in changes for key in (change.was["leader"], change.becomes["leader"]) if key}
    accounts = dict(StaffMember.objects.filter(pk__in=ids, account__isnull=False).values_list("pk", "account_id"))
    return [
        (accounts[key], change)
        for change in changes
        for key in dict.fromkeys((change.was["leader"], change.becomes["leader"]))
        if key in accounts
    ]
