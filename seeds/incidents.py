"""What went otherwise than planned: a day of rain, a waiver found late, a mark put right, a roster that does not fit."""

from __future__ import annotations

from datetime import date

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.models import Mark
from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import Term
from kehou.chapters.money import actions as money
from kehou.chapters.money.models import Bill, Refund
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Pupil
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.timetable import actions as timetable
from kehou.lib.actors import Actor
from kehou.lib.demonstration import GAOLIANG, HUPAN, YOUXIANG, ZHUHAI
from kehou.rules.attendance import MarkState
from kehou.rules.spans import Span
from seeds.people import identity_number
from seeds.term import TODAY, SchoolStory, at

RAIN = date(2026, 10, 22)
FOUND_LATE = (date(2026, 11, 10), date(2026, 11, 17), date(2026, 11, 16))
# Whose families were charged although a list says otherwise: grade, category, list. At 高梁坝 it is 罗平's to pay back.
LISTED_LATE = {
    YOUXIANG: (5, "poverty_relief_household", "区资助中心2026年秋季补充名单"),
    GAOLIANG: (8, "dibao_family", "区民政局2026年9月低保名单，开学时漏录"),
}
VOUCHER = "退付-2026-11-01"
NEW_STAFF = "谭志明,在职教职工,,体育,篮球,4,\n何秀英,厨师,,,竹编,2,是\n"
# Who looked at whose ID number and why: pupils of a class, or somebody of the staff.
READINGS = {
    YOUXIANG: ("学籍系统里有重名学生，核对是哪一位", "家长来电说回执上出生日期不对，核对证件"),
    HUPAN: ("学生在校摔伤，办理学校责任险理赔要填证件号码",),
    ZHUHAI: ("转学到外区，对方学校来函核对证件号码",),
}


def before_the_bills(story: SchoolStory, term: Term) -> None:
    """Close the hill school for one day of rain in October: nobody pays for it."""
    school = story.staffed.school
    if school.code == ZHUHAI:
        by, moment = story.staffed.by["principal"], at(RAIN, 7, 10)
        basis.declare_closure(
            Span.through(RAIN, RAIN),
            reason="经区政府同意（梁府办函〔2026〕88号，演示），因暴雨停课一天",
            school_code=school.code,
            by=by,
            at=moment,
        )
        timetable.follow_closures(school, term, by=by, at=moment)


def after_the_bills(story: SchoolStory) -> None:
    """Find three families on a later list of the aid centre: what they paid is paid back, to be approved, to be paid."""
    told = LISTED_LATE.get(story.staffed.school.code)
    if told is None:
        return
    grade, category, source = told
    for turn, (pupil, on) in enumerate(zip(_paid_in_full(story, grade), FOUND_LATE, strict=False)):
        ground = money.Ground(pupil, category, source, date(2026, 9, 1))
        money.recognise(ground, by=story.staffed.by["aid_officer"], at=at(on, 10))
        if turn != 1:
            _pay_back(story, pupil, on, paid=turn == 0)


def _paid_in_full(story: SchoolStory, grade: int) -> list[Pupil]:
    """Return children of a grade whose families have paid, and who are on no list so far."""
    paid = Bill.objects.filter(school=story.staffed.school, state="settled", waived_fen=0).values("pupil")
    children = Pupil.objects.filter(pk__in=paid, homeroom__grade=grade, care_records=None)
    children = children.exclude(guardianships__account__phone__startswith="1990000000")  # the cast has its own stories
    return list(children.select_related("school").order_by("pk")[: len(FOUND_LATE)])


def _pay_back(story: SchoolStory, pupil: Pupil, on: date, *, paid: bool) -> None:
    """Let the principal approve, and the cashier pay what went back first."""
    waiting = Refund.objects.filter(bill__pupil=pupil)
    for refund in waiting:
        money.approve_refund(refund, by=story.staffed.by["principal"], at=at(on, 15))
    if paid:
        money.pay_refunds(waiting, voucher=VOUCHER, by=story.staffed.by["cashier"], at=at(on, 16, 30))


def in_the_afternoon(story: SchoolStory) -> None:
    """Ask for one mark of the day before to be put right; read rosters of children and staff that cannot be taken yet."""
    school = story.staffed.school
    if school.code != YOUXIANG:
        return
    mark = (
        Mark.objects.filter(
            register__session__school=school, register__closed_at__isnull=False, state=MarkState.ABSENT.value
        )
        .select_related("register__session__leader__account", "pupil")
        .order_by("-register__session__on", "pk")
        .first()
    )
    if mark and mark.register.session.leader:
        leader = mark.register.session.leader
        attendance.ask_correction(
            mark.register,
            mark.pupil,
            MarkState.PRESENT,
            reason="孩子先去了医务室，16:20回到组里，校医可以证明",
            by=Actor(leader.account_id, leader.name, "教师", school.code),
            at=at(TODAY, 8, 5),
        )
    people.keep_roster(
        school,
        file_name="11月转入学生.csv",
        content=_newcomers().encode("gb18030"),
        by=story.staffed.by["asp_manager"],
        at=at(TODAY, 9, 20),
    )
    content = f"{','.join(staffing.COLUMNS)}\n{NEW_STAFF}".encode()
    staffing.read_list(
        school, content, file_name="新聘人员.csv", by=story.staffed.by["asp_manager"], at=at(TODAY, 9, 40)
    )


def read_numbers(story: SchoolStory) -> None:
    """Let the office look at a few ID numbers, each for a reason that is kept."""
    school, by = story.staffed.school, story.staffed.by["asp_manager"]
    children = [family.pupils[0] for family in story.families if not family.guardian.phone.startswith("1990000000")]
    for turn, reason in enumerate(READINGS.get(school.code, ())):
        people.unmask_id_number(children[3 + 7 * turn], reason=reason, by=by, at=at(TODAY, 10, 12 + 20 * turn))
    if school.code == YOUXIANG:
        reason = "入职查询回函说号码录错一位，与身份证核对"
        staffing.unmask_id_number(story.staffed.leaders[2], reason=reason, by=by, at=at(TODAY, 11, 5))


def _newcomers() -> str:
    """Return a sheet as a school sends it: one row fits, one has a wrong digit, one names a class there is not."""
    right = identity_number(date(2018, 5, 6), 331, "2")
    wrong = identity_number(date(2017, 9, 12), 332, "1")
    wrong = wrong[:-1] + ("0" if wrong[-1] != "0" else "1")
    elsewhere = identity_number(date(2016, 3, 2), 333, "1")
    return (
        "柚香路小学2026年11月转入学生名单\n姓名,性别,年级,班级,身份证件号,家长手机\n"
        f"向晓雨,女,三年级,1班,{right},19900008101\n"
        f"秦子墨,男,四年级,2班,{wrong},199 0000 8102\n"
        f"黎远航,男,五年级,9班,{elsewhere},19900008103（爸爸）\n"
    )
