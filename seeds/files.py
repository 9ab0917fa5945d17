"""The files of everybody who serves: proofs, checks, papers, training, admission; and the five whose file tells a story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import EntryCheck, SignedPaper, StaffMember
from kehou.chapters.timetable import actions as timetable
from kehou.lib.actors import Actor
from kehou.lib.demonstration import DEFAULT_MOMENT, YOUXIANG, persona
from kehou.rules.staffing import papers
from seeds.people import Crowd, Staffed

LAST_YEAR = datetime(2025, 12, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
TRAINER = "区教师进修学校 何老师"
HEALTH_UNTIL, ASSESSED_UNTIL = date(2027, 8, 31), date(2027, 8, 31)


def file_everybody(staffed: Staffed, term: Term, crowd: Crowd, *, police: Actor) -> list[StaffMember]:
    """Bring everybody on a school's list into use, in the order of the path, a few statements a step.

    李舒 has served longer: her check of last December ends this December.
    """
    people = [*staffed.leaders, *staffed.externals, *staffed.guards]
    longer = [one for one in people if one.account and one.account.phone == persona("lishu").phone]
    common = {"by": staffed.by, "police": police, "at": crowd.at}
    bring_into_use(staffed.school, [one for one in people if one not in longer], term, crowd, **common)
    if longer:
        bring_into_use(staffed.school, longer, term, crowd, **common, checked_at=LAST_YEAR)
    return people


def bring_into_use(
    school: School, people: Sequence[StaffMember], term: Term, crowd: Crowd, *, by: dict[str, Actor], police: Actor,
    at: datetime, checked_at: datetime | None = None,
) -> list[StaffMember]:  # fmt: skip
    """Walk people along the whole path; `checked_at` may lie earlier, so that a check ends sooner."""
    manager, principal = by["asp_manager"], by["principal"]
    hours = iter(range(1, 24))

    def later() -> datetime:
        return at + timedelta(hours=next(hours))

    numbers = [(one, crowd.identity(date(1970 + one.pk % 30, 1 + one.pk % 12, 1 + one.pk % 28), "2")) for one in people]
    staffing.verify_identities(school, numbers, by=manager, at=at)
    seen = [(one, staffing.ProofFacts(kind, last_on=last, original_seen=True)) for one in people for kind, last in _proofs(one)]  # fmt: skip
    staffing.record_proofs(school, seen, by=manager, at=at)
    asked_at = checked_at or later()
    staffing.sign_papers(_to_sign(people), method="finger", by=manager, at=asked_at)
    checks = staffing.ask_checks(school, people, by=manager, at=asked_at)
    answers = [(one, EntryCheck.PASSED, f"梁公查〔2026〕{one.pk:05d}") for one in checks]
    staffing.answer_checks(answers, by=police, at=asked_at + timedelta(hours=5))
    pay = {one.pk: "每课时100元" for one in people if one.kind != "in_service" and not one.unpaid}
    staffing.draw_up_papers(school, people, term, pay=pay, by=manager, at=later())
    staffing.sign_papers(_to_sign(people), method="finger", by=manager, at=later())
    signed = SignedPaper.objects.filter(member__in=people, state=SignedPaper.SIGNED)
    staffing.seal_papers(signed, by=principal, at=later())
    staffing.deliver_copies(
        SignedPaper.objects.filter(member__in=people, kind__in=papers.SEALED), by=manager, at=later()
    )
    facts = staffing.TrainingFacts(at.date(), TRAINER, 180, score=94)
    staffing.record_training(school, people, facts, by=manager, at=later())
    return staffing.admit(school, people, by=principal, at=later())


def _proofs(one: StaffMember) -> list[tuple[str, date | None]]:
    rows: list[tuple[str, date | None]] = [("qualification", None), ("health", HEALTH_UNTIL)]
    return [*rows, ("assessment", ASSESSED_UNTIL)] if one.kind == "in_service" else rows


def _to_sign(people: Sequence[StaffMember]) -> list[SignedPaper]:
    rows = SignedPaper.objects.filter(member__in=people, state=SignedPaper.TO_SIGN)
    return list(rows.select_related("member__school"))


# --- Five stories -----------------------------------------------------------------------------------------------------


def tell_stories(staffed: Staffed, term: Term, crowd: Crowd, district: dict[str, Actor]) -> None:
    """At the largest school: a check that ends soon, a volunteer at the door, one suspended, one gone, one certificate
    missing. Nobody of them leads a group."""
    if staffed.school.code != YOUXIANG:
        return
    today, by, school = DEFAULT_MOMENT.at, staffed.by, staffed.school
    manager = by["asp_manager"]
    earlier = today - timedelta(days=60)
    joined = [(staffing.StaffFacts(name, subject="语文"), None) for name in ("何芳", "罗建")]
    suspended, gone = staffing.add_many(school, joined, by=manager, at=earlier)
    bring_into_use(school, [suspended, gone], term, crowd, by=by, police=district["police"], at=earlier)
    came = today - timedelta(days=6)
    reader = staffing.StaffFacts("龚小雨", "volunteer", skills="绘本朗读", weekdays=(3,), weekly_cap=2, unpaid=True)
    weaver = staffing.StaffFacts("卢国栋", "craftsman", skills="竹编", weekdays=(2, 4), weekly_cap=4)
    volunteer = staffing.add_staff(school, reader, area="art", by=manager, at=came)
    craftsman = staffing.add_staff(school, weaver, area="heritage", paid=True, by=manager, at=came)
    before = today - timedelta(days=5)
    staffing.verify_identity(volunteer, crowd.identity(date(2004, 5, 12), "2"), by=manager, at=before)
    staffing.verify_identity(craftsman, crowd.identity(date(1968, 3, 9), "1"), by=manager, at=before)
    seen = staffing.ProofFacts("qualification", original_seen=True, reference="技能等级证书 三级")
    staffing.record_proof(craftsman, seen, by=manager, at=before)  # and no health certificate
    staffing.sign_papers(_to_sign([volunteer, craftsman]), method="paper", by=manager, at=before)
    staffing.ask_checks(school, [volunteer], by=manager, at=before)
    timetable.suspend(suspended, reason="产假，预计下学期返岗", by=manager, at=today - timedelta(days=20))
    timetable.let_go(gone, on=before.date(), reason="调往区外学校任教", by=manager, at=before)
    staffing.warn_of_ends(school, by=manager, at=today)
    banned = staffing.RestrictionFacts("某甲（演示）", crowd.identity(date(1980, 1, 1), "1"), "ban", "（2026）渝0155刑初演示号", date(2026, 3, 1))  # fmt: skip
    staffing.restrict(banned, until_on=None, by=district["basic_education"], at=before)
    lifted = staffing.RestrictionFacts("某乙（演示）", crowd.identity(date(1986, 7, 7), "2"), "conduct", "梁教师德〔2025〕9号（演示）", date(2025, 9, 1))  # fmt: skip
    kept = staffing.restrict(lifted, until_on=None, by=district["basic_education"], at=before)
    staffing.propose_release(kept, reason="处分期满，考核合格", by=district["basic_education"], at=before)
