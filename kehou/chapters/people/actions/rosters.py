"""A roster file: read dry and kept, taken whole or not at all, or dropped. Who left is proposed, never deleted."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.actions.family import Reach
from kehou.chapters.people.actions.households import Household, link_households, set_first_contacts
from kehou.chapters.people.actions.pupils import NewPupil, id_hash, register_pupils
from kehou.chapters.people.actions.roster_plan import (
    SEX_CODES,
    Change,
    RosterPlan,
    classes_of,
    plan_roster,
    student_no_hash,
    summary,
)
from kehou.chapters.people.models import CareRecord, Guardianship, Pupil, RosterImport
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Homeroom, School
from kehou.chapters.schools.queries import homerooms_of
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM, Actor
from kehou.lib.masked import decrypt, encrypt
from kehou.lib.pinyin import sort_key
from kehou.lib.sheets.rosters import read_roster
from kehou.rules import roster
from kehou.rules.identity import CODE
from kehou.rules.roster import Report
from kehou.rules.schools import grades_of
from kehou.rules.states import ROSTER_IMPORT, RosterImportState
from kehou.rules.verdicts import Refused, refuse

SOURCE = "学籍名册"
KEPT_FOR = timedelta(days=30)


@dataclass(slots=True)
class Taken:
    """What taking a roster did. `former` are (pupil id, account id) whose main guardian is now another one."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    homerooms: int = 0
    left: list[int] = field(default_factory=list)
    former: list[tuple[int, int]] = field(default_factory=list)


def read_for(school: School, content: bytes, *, at: datetime, most_bytes: int | None = None) -> Report:
    """Return what a file gives for a school: unknown classes are refused where the school has classes."""
    on = at.date()
    classes, grades = classes_of(school, on=on), grades_of(school.kind)
    return read_roster(BytesIO(content), classes, grades=grades, on=on, most_bytes=most_bytes)


def keep_roster(school: School, *, file_name: str, content: bytes, by: Actor, at: datetime) -> RosterImport:
    """Read a file dry and keep it, encrypted, with its report; nothing else is written.

    It is read before the transaction begins: reading a long file may not make other writers wait.
    """
    report = read_for(school, content, at=at)
    return _keep(school, report, file_name, content, by, at)


@transaction.atomic
def _keep(school: School, report: Report, file_name: str, content: bytes, by: Actor, at: datetime) -> RosterImport:
    plan = plan_roster(school, report, on=at.date())
    kept = RosterImport(
        school=school,
        file_name=file_name[:200],
        file_digest=hashlib.sha256(content).hexdigest(),
        report=summary(report, plan),
        read_by=str(by),
        read_at=at,
    )
    if report.pupils:
        sealed = ContentFile(encrypt(base64.b85encode(content).decode()))
        kept.file.save(f"{school.code}-{kept.file_digest[:16]}", sealed, save=False)
    kept.save()
    journal.write("people.roster_read", about=kept, by=by, at=at, school_code=school.code, accepted=len(report.pupils))
    return kept


@transaction.atomic
def drop_roster(kept: RosterImport, *, by: Actor, at: datetime) -> None:
    """Give a file up; it is deleted. :raises Refused: R-ELIG-01 if it was taken or dropped already"""
    _move(kept, RosterImportState.DROPPED)
    _forget(kept)
    journal.write("people.roster_dropped", about=kept, by=by, at=at, school_code=kept.school.code)


@transaction.atomic
def ask_to_take(kept: RosterImport, *, by: Actor, at: datetime, leave_out: bool = False) -> jobs.JobReport:
    """Ask the worker to take a kept roster; asking twice is asking once.

    :raises Refused: R-ELIG-01 if it was taken or dropped already, if no row is accepted, or if rows are refused and
        nobody has said to `leave_out` those
    """
    if kept.state != RosterImportState.READ:
        raise Refused(refuse(CODE, "roster_settled"))
    if not kept.report.get("accepted"):
        raise Refused(refuse(CODE, "roster_without_pupils"))
    if (refused := kept.report["refused"]) and not leave_out:
        raise Refused(refuse(CODE, "roster_has_refused_rows", refused=refused, accepted=kept.report["accepted"]))
    return jobs.ask(
        take_kept, key=job_key(kept), title=f"导入名册 {kept.file_name}", by=by, at=at,
        school_code=kept.school.code, roster_import_id=kept.pk,
    )  # fmt: skip


def job_key(kept: RosterImport) -> str:
    """Return the business key of the job that takes a roster."""
    return f"roster:{kept.pk}"


@jobs.task(retries=1)
def take_kept(report: jobs.Progress, *, roster_import_id: int) -> dict[str, Any]:
    """Take a kept roster in the background."""
    kept = RosterImport.objects.select_related("school").get(pk=roster_import_id)
    report.step(0, 3, "正在重新核对文件")
    if kept.state == RosterImportState.TAKEN:
        return {"taken": True}
    found = read_for(kept.school, content_of(kept), at=report.at)
    report.step(1, 3, "正在写入名册")
    with report.fenced():
        taken = take_roster(kept, found, by=report.by, at=report.at)
    report.step(3, 3, f"新增{taken.new}人，更新{taken.changed}人")
    return {"new": taken.new, "changed": taken.changed}


@jobs.task(retries=0, every=timedelta(days=1), title="清理没有导入的名册文件")
def drop_forgotten(report: jobs.Progress) -> dict[str, int]:
    """Give up what was read a month ago and never taken: nobody waits for it, and it holds every ID number."""
    old = RosterImport.objects.filter(state=RosterImportState.READ, read_at__lt=report.at - KEPT_FOR)
    dropped = 0
    for kept in old.select_related("school").order_by("pk"):
        drop_roster(kept, by=SYSTEM, at=report.at)
        dropped += 1
    return {"dropped": dropped}


def content_of(kept: RosterImport) -> bytes:
    """Return the file that was kept. :raises Refused: R-ELIG-01 if it has been deleted"""
    if not kept.file:
        raise Refused(refuse(CODE, "roster_gone"))
    with kept.file.open("rb") as file:
        return base64.b85decode(decrypt(file.read()))


@transaction.atomic
def take_roster(kept: RosterImport, report: Report, *, by: Actor, at: datetime) -> Taken:
    """Write the accepted rows of a report: all of them, or none if anything is in the way.

    :raises Refused: R-ELIG-01 if the roster was taken or dropped already, or no row is accepted
    """
    school = School.objects.select_for_update(no_key=True).get(pk=kept.school_id)
    _move(kept, RosterImportState.TAKEN)
    plan = plan_roster(school, report, on=at.date())
    if not report.pupils:
        raise Refused(refuse(CODE, "roster_without_pupils"))
    homerooms = _homerooms(school, plan, by=by, at=at)
    pupils = _register(school, plan, homerooms, by=by, at=at)
    taken = Taken(len(plan.new), len(plan.changed), len(plan.unchanged), len(plan.homerooms))
    taken.left = [pupil.pk for pupil in plan.left]
    taken.former = _families(school, pupils, by=by, at=at)
    _care(school, pupils, by=by, at=at)
    kept.taken_by, kept.taken_at = str(by), at
    kept.report = {**summary(report, plan), "taken": asdict(taken)}
    kept.save(update_fields=["taken_by", "taken_at", "report"])
    _forget(kept)
    journal.write(
        "people.roster_taken", about=kept, by=by, at=at, school_code=school.code,
        new=taken.new, changed=taken.changed, unchanged=taken.unchanged, homerooms=taken.homerooms,
    )  # fmt: skip
    return taken


def _move(kept: RosterImport, to: RosterImportState) -> None:
    """Move from read to taken or dropped, once. :raises Refused: R-ELIG-01 if somebody was quicker"""
    if not RosterImport.objects.filter(pk=kept.pk, state__in=ROSTER_IMPORT.sources(to)).update(state=to):
        raise Refused(refuse(CODE, "roster_settled"))
    kept.state = to


def _forget(kept: RosterImport) -> None:
    """Delete the file once the transaction stands: it holds every ID number of a school."""
    if kept.file:
        storage, name = kept.file.storage, str(kept.file.name)
        RosterImport.objects.filter(pk=kept.pk).update(file="")
        kept.file = ""
        transaction.on_commit(lambda: storage.delete(name))


def _homerooms(school: School, plan: RosterPlan, *, by: Actor, at: datetime) -> dict[tuple[int, int], Homeroom]:
    """Return the homerooms of the school year, the proposed ones added."""
    for grade, number in plan.homerooms:
        schools.add_homeroom(school, school_year=plan.school_year, grade=grade, number=number, by=by, at=at)
    return {(one.grade, one.number): one for one in homerooms_of(school, school_year=plan.school_year)}


Seated = list[tuple[Pupil, roster.Pupil]]


def _register(
    school: School, plan: RosterPlan, homerooms: dict[tuple[int, int], Homeroom], *, by: Actor, at: datetime
) -> Seated:
    """Put the new children on the register, correct the changed ones; return every child with its row."""
    news = [_new(row, homerooms[row.grade, row.class_number]) for row in plan.new]
    registered = register_pupils(school, news, by=by, at=at)
    for change in plan.changed:
        _correct(change, school, homerooms, at)
    plain = [
        "school",
        "entered_on",
        "name",
        "name_sort",
        "homeroom",
        "sex",
        "born_on",
        "boards",
        "commute",
        "state",
        "left_on",
    ]
    Pupil.objects.bulk_update([change.pupil for change in plan.changed], plain, batch_size=200)
    journal.write_many(
        [
            ("people.pupil_corrected", change.pupil, {"what": [what for what, _, _ in change.differences]})
            for change in plan.changed
        ],
        by=by,
        at=at,
        school_code=school.code,
    )
    return [*zip(registered, plan.new, strict=True), *((one.pupil, one.row) for one in plan.changed), *plan.unchanged]


def _new(row: roster.Pupil, homeroom: Homeroom) -> NewPupil:
    return NewPupil(
        name=row.name,
        sex=SEX_CODES[row.sex],
        born_on=row.born_on,
        homeroom=homeroom,
        id_number=row.id_number or None,
        student_no=row.register_number or None,
        boards=bool(row.boarding),
        commute=row.commute,
    )


def _correct(change: Change, school: School, homerooms: dict[tuple[int, int], Homeroom], at: datetime) -> None:
    """Set what the roster says; numbers are written at once, because they are encrypted one by one."""
    pupil, row = change.pupil, change.row
    pupil.name, pupil.name_sort = row.name, sort_key(row.name)
    pupil.homeroom = homerooms[row.grade, row.class_number]
    pupil.sex, pupil.born_on = SEX_CODES[row.sex], row.born_on
    pupil.boards = pupil.boards if row.boarding is None else row.boarding
    pupil.commute = row.commute or pupil.commute
    if pupil.state == Pupil.LEFT:
        pupil.school, pupil.state, pupil.entered_on, pupil.left_on = school, Pupil.IN_SCHOOL, at.date(), None
    columns: dict[str, Any] = {}
    if row.id_number and id_hash(row.id_number) != pupil.id_hash:
        columns |= {"id_number": row.id_number, "id_hash": id_hash(row.id_number)}
    if row.register_number and student_no_hash(row.register_number) != pupil.student_no_hash:
        columns |= {"student_no": row.register_number, "student_no_hash": student_no_hash(row.register_number)}
    if columns:
        for name, value in columns.items():
            setattr(pupil, name, value)
        pupil.save(update_fields=list(columns))


def _families(school: School, pupils: Seated, *, by: Actor, at: datetime) -> list[tuple[int, int]]:
    """Link the guardians by telephone number, and note whom to call where nobody has yet.

    A main guardian whose number is no longer in the roster keeps the link but is main no more: the school decides.
    """
    households, contacts = [], {}
    for pupil, row in pupils:
        guardians = [one for one in row.guardians if one.phones and not one.emergency] or [
            one for one in row.guardians if one.phones
        ][:1]
        households += [
            Household(one.phones[0], one.name or f"{row.name}家长", one.relation or "监护人", [pupil], at_ == 0)
            for at_, one in enumerate(guardians)
        ]
        reaches = {
            phone: Reach(one.name or f"{row.name}家长", one.relation or "监护人", phone)
            for one in row.guardians
            for phone in one.phones
        }
        contacts[pupil.pk] = list(reaches.values())
    accounts = link_households(school, households, by=by, at=at)
    set_first_contacts(school, contacts, by=by, at=at)
    main = {pupil.pk: accounts[one.phone].pk for one in households if one.is_main for pupil in one.pupils}
    return _one_main_each(school, main)


def _one_main_each(school: School, main: dict[int, int]) -> list[tuple[int, int]]:
    """Make exactly the named account (pupil → account) the main guardian; return (pupil, account) that were before."""
    standing = Guardianship.objects.filter(pupil__school=school, until_on__isnull=True)
    former, raised = [], []
    for pk, pupil, account, is_main in standing.values_list("pk", "pupil_id", "account_id", "is_main"):
        if pupil not in main:
            continue
        if is_main and main[pupil] != account:
            former.append((pk, pupil, account))
        elif not is_main and main[pupil] == account:
            raised.append(pk)
    for start in range(0, max(len(former), len(raised)), 500):
        Guardianship.objects.filter(pk__in=[pk for pk, _, _ in former[start : start + 500]]).update(is_main=False)
        Guardianship.objects.filter(pk__in=raised[start : start + 500]).update(is_main=True)
    return [(pupil, account) for _, pupil, account in former]


def _care(school: School, pupils: Seated, *, by: Actor, at: datetime) -> None:
    """Note left-behind and migrant children where the register says so (2.1-f, 2.1-g); nothing is ended here."""
    wanted = [(pupil, "left_behind") for pupil, row in pupils if row.left_behind]
    wanted += [(pupil, "migrant_child") for pupil, row in pupils if row.migrant]
    standing = set(CareRecord.objects.filter(pupil__school=school, ended_at=None).values_list("pupil_id", "category"))
    records = CareRecord.objects.bulk_create(
        (
            CareRecord(
                pupil=pupil, category=category, source=SOURCE, from_on=at.date(), recorded_by=str(by), recorded_at=at
            )
            for pupil, category in wanted
            if (pupil.pk, category) not in standing
        ),
        batch_size=500,
    )
    journal.write_many(
        [("people.care_recorded", record, {}) for record in records], by=by, at=at, school_code=school.code
    )
