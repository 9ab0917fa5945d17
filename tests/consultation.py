"""The stage of everything behind consultation and plan: a closed survey, and a school that has asked, answered, signed.

`consult` writes the rows of a finished consultation directly, for tests that are about what comes after it; what the
planning chapter itself does is played by its own tests through actions (`tests/chapters/planning/stage.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from kehou.chapters.people.models import Pupil
from kehou.chapters.planning.models import AdoptionTable, Notice, NoticeReceipt, OpinionRound, Plan, PlanVersion
from kehou.chapters.schools.models import Census, CensusClosing
from kehou.chapters.surveys.models import Survey
from kehou.rules.planning import SECTIONS
from tests.world import SHANGHAI, Place, World

BEGAN = datetime.combine(date(2026, 8, 10), time(9), SHANGHAI)


def closed_survey(world: World, place: str = "riverside", *, at: datetime = BEGAN) -> Survey:
    """Return a survey that a plan can cite."""
    return Survey.objects.create(
        school=getattr(world, place).school, term=world.term, title="秋季课后服务意向调查", anonymous=True, words="请填写",
        opens_at=at - timedelta(days=10), closes_at=at - timedelta(days=2), made_by="办公室", made_at=at - timedelta(days=11),
        opened_by="办公室", opened_at=at - timedelta(days=10), closed_by="办公室", closed_at=at - timedelta(days=2),
    )  # fmt: skip


def closed_census(world: World, place: str = "riverside", *, at: datetime = BEGAN) -> CensusClosing:
    """Return a closed census of the ledger, which every plan rests on: bare rows."""
    school = getattr(world, place).school
    standing = CensusClosing.objects.filter(census__school=school, census__term=world.term).first()
    if standing:
        return standing
    census = Census.objects.create(
        school=school, term=world.term, state="closed", opened_at=at - timedelta(days=3), opened_by="办公室"
    )
    return CensusClosing.objects.create(
        census=census, version=1, document={"parts": {}}, digest="c" * 64, closed_at=at - timedelta(days=2),
        closed_by="办公室",
    )  # fmt: skip


def consult(world: World, place: str | Place = "riverside") -> Plan:
    """Return the signed plan of a school whose families have been asked and told: bare rows, in eight statements."""
    here = getattr(world, place) if isinstance(place, str) else place
    school, term = here.school, world.term
    standing = Plan.objects.filter(school=school, term=term).first()
    if standing:
        return standing
    plan = Plan.objects.create(school=school, term=term, state="in_force", started_by="办公室", started_at=BEGAN)
    sections = [[one.value, one.label, f"{one.label}的内容。"] for one in SECTIONS]
    PlanVersion.objects.create(
        plan=plan, number=1, stage=PlanVersion.FINAL, content={"sections": sections, "sources": [], "attachments": []},
        digest="f" * 64, made_by="办公室", made_at=BEGAN + timedelta(days=9), signed_by="校长",
        signed_at=BEGAN + timedelta(days=10),
    )  # fmt: skip
    version = plan.versions.get()
    for number, days, long in ((1, 0, 5), (2, 6, 3)):
        opens = BEGAN + timedelta(days=days)
        OpinionRound.objects.create(
            plan=plan, number=number, version=version, opens_at=opens, closes_at=opens + timedelta(days=long),
            secret=f"{school.code}{number}", opened_by="办公室", opened_at=opens,
        )  # fmt: skip
    Notice.objects.create(
        plan=plan, version=1, plan_version=version, content={"topics": [], "phones": [], "words": ""}, digest="e" * 64,
        issued_by="办公室", issued_at=BEGAN + timedelta(days=6),
    )  # fmt: skip
    AdoptionTable.objects.create(
        plan=plan, content={"rows": []}, digest="d" * 64, published_by="办公室", published_at=BEGAN + timedelta(days=9)
    )
    hand_over_notice(Pupil.objects.filter(school=school))
    return plan


def hand_over_notice(pupils: Iterable[Pupil]) -> None:
    """Let the families of these children have their school's notice in hand."""
    for pupil in pupils:
        notice = Notice.objects.filter(plan__school=pupil.school_id).order_by("-version").first()
        if notice:
            NoticeReceipt.objects.get_or_create(
                notice=notice, pupil=pupil,
                defaults={"method": "online", "received_at": BEGAN + timedelta(days=7), "noted_by": "家长"},
            )  # fmt: skip
