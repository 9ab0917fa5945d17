"""Who serves and why: voluntary sign-up, stated shortages, organisations of the district, a volunteer, a visitor."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from kehou.chapters.basis.models import Term
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.queries import led_elsewhere
from kehou.chapters.schools.models import School
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import Candidacy, ShortageStatement, StaffMember
from kehou.lib import demonstration as cast
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload
from kehou.rules.providers import CHECKS, CRITERIA, OrgFacts, credit_code
from kehou.rules.signing_up import StaffOffer
from kehou.rules.visiting import VisitFacts, refusals_of_two_places
from seeds.files import bring_into_use
from seeds.images import scanned_form
from seeds.people import Crowd, Staffed

ZONE = ZoneInfo("Asia/Shanghai")
SUBJECT_SKILLS = {
    "语文": ("朗诵", "书法", "阅读指导"), "数学": ("棋类", "编程"), "英语": ("朗诵",), "音乐": ("合唱", "竹笛"),
    "体育": ("篮球", "跳绳"), "美术": ("绘画", "剪纸"), "科学": ("科学实验", "航模"), "信息科技": ("编程", "机器人"),
    "劳动": ("园艺", "烹饪"), "道德与法治": ("法治宣传",),
}  # fmt: skip
HOBBIES = ("羽毛球", "乒乓球", "摄影", "武术", "手工", "舞蹈", "", "", "")
ABSENT = ("唐立新", "邹世芳")  # on every school's list: one says no, one says nothing
SHORTAGES = {
    "heritage": ("三至六年级木版年画小组，每周一次", 2, "本校没有会梁平木版年画的老师，美术老师的课时已经排满"),
    "art": ("书法与阅读的课外辅导", 2, "能教书法的老师只有一位，要带班级作业答疑"),
}


def _at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


def state_shortages(school: School, term: Term, by: dict[str, Actor], at: datetime) -> None:
    """Let a school state what it lacks before anybody is asked in, and its principal sign."""
    for area, (need, hours, reason) in SHORTAGES.items():
        stated = staffing.state_shortage(
            school, term, area=area, need=need, hours=hours, reason=reason, by=by["asp_manager"], at=at
        )
        staffing.sign_shortage(stated, by=by["principal"], at=at + timedelta(hours=2))


def sign_up(staffed: Staffed, term: Term, at: datetime) -> None:
    """Ask the teachers of a school; nearly all say yes, one says no, one says nothing."""
    dice, manager, school = Random(staffed.school.code), staffed.by["asp_manager"], staffed.school
    window = staffing.open_sign_up(
        school, term, opens_at=at, closes_at=at + timedelta(days=4), words="参加不参加由您自己定，有困难的不用勉强。",
        by=manager, at=at,
    )  # fmt: skip
    rows = []
    for one in staffed.leaders:
        skills = (dice.choice(SUBJECT_SKILLS.get(one.subject, ("手工",))), dice.choice(HOBBIES))
        offer = StaffOffer(True, dict.fromkeys(range(1, 6), 2), one.weekly_cap, tuple(filter(None, skills)))
        rows.append((one, offer))
    absent = [
        staffing.add_staff(school, staffing.StaffFacts(name=name, subject="语文"), by=manager, at=at) for name in ABSENT
    ]
    rows.append((absent[0], StaffOffer(joins=False)))
    staffing.sign_up_many(window, rows, by=manager, at=at + timedelta(days=2))


def after_the_window(staffed: Staffed, term: Term) -> None:
    """Give the largest school its lessons, and one teacher's wish for fewer hours that waits."""
    manager, bonds = staffed.by["asp_manager"], []
    for number, one in enumerate(staffed.leaders[:40]):
        start = time(8 + number % 3, 30)
        what = f"{one.subject}课"
        bond = staffing.Bond(
            "lesson", what, term.from_on, term.until_on, number % 5 + 1, start, time(start.hour + 1, 10)
        )
        bonds.append((one, bond))
    staffing.add_commitments(bonds, imported=True, by=manager, at=_at(8, 31))
    window, asks = staffed.school.sign_up_windows.get(), staffed.leaders[-1]
    fewer = StaffOffer(True, {2: 1, 4: 1}, 2, tuple(asks.skills.split("、")[:1]))
    by = Actor(asks.account_id, asks.name, "教师", staffed.school.code)
    staffing.ask_change(window, asks, fewer, reason="下半学期要接孩子放学", by=by, at=_at(11, 17))


# --- Organisations ----------------------------------------------------------------------------------------------------


def _organisation(number: int, name: str, scope: str, street: str) -> OrgFacts:
    return OrgFacts(
        f"{name}（演示）", credit_code(f"52500155MJ{number:07d}"), "何小荷" if number == 1 else "覃某",
        f"渝民证字（演示）第{number}号", date(2028, 12, 31), date(2018 + number, 3, 1), scope, f"双桂街道{street}",
        f"双桂街道{street}二楼",
    )  # fmt: skip


def organisations(district: dict[str, Actor], largest: Staffed, term: Term, crowd: Crowd) -> None:
    """Let the district select: one on the list and used, one before the public, one refused for its record."""
    officer = district["basic_education"]
    spring = staffing.call_for_providers(
        title="2026年课后服务艺体类机构征集", areas=["dance", "heritage", "sports"],
        words="非学科类，成立两年以上，人员有资质且查询合格，价格明显低于市场价。材料交区教委基教科。",
        closes_on=date(2026, 4, 30), by=officer, at=_at(4, 1),
    )  # fmt: skip
    dance = _organisation(1, "梁平小荷舞蹈社", "文艺创作与表演；舞蹈培训（非学科类）", "顺城街8号")
    one = _through(spring, dance, ("dance", "少儿舞蹈、啦啦操，教师持证", 9000), officer, _at(4, 20))
    one = staffing.enlist(one, by=officer, at=_at(5, 20))
    _used_by(largest, term, one, crowd, district["police"])
    autumn = staffing.call_for_providers(
        title="2026年秋季课后服务机构补充征集", areas=["sports", "science"],
        words="体育和科学类，要求同春季公告。材料交区教委基教科。", closes_on=date(2026, 11, 30), by=officer, at=_at(10, 12),
    )  # fmt: skip
    sports = _organisation(2, "梁平跃动乒乓球俱乐部", "体育指导；乒乓球培训", "西中街31号")
    shown = _through(autumn, sports, ("sports", "乒乓球启蒙与提高，自带球台", 8000), officer, _at(11, 16))
    staffing.object_to(shown, "去年暑假班临时换过教练，请核实现在的教练有没有教练证。", at=_at(11, 17, 20))
    record = _organisation(3, "智慧树科创中心", "科普活动；机器人竞技（非学科类）", "民主路5号")
    refused = staffing.register_candidacy(
        autumn, record, staffing.Handed("science", "机器人与编程", 12000, "023-53220003"), by=officer, at=_at(10, 26)
    )
    staffing.record_check(
        refused, "abnormal", clean=False, reference="国家企业信用信息公示系统 10月27日", found_on=date(2026, 7, 1),
        by=officer, at=_at(10, 27),
    )  # fmt: skip
    staffing.leave_list(refused, kind="expired", reason="列入经营异常名录，不予受理", by=officer, at=_at(10, 28))


def _through(call: object, org: OrgFacts, handed: tuple[str, str, int], officer: Actor, at: datetime) -> Candidacy:
    """Bring an organisation through enquiries and panel before the public."""
    area, offer, fen = handed
    one = staffing.register_candidacy(
        call,
        org,
        staffing.Handed(area, offer, fen, "023-53220001"),
        by=officer,
        at=at - timedelta(days=4),  # type: ignore[arg-type]
    )
    for kind, title in CHECKS.items():
        staffing.record_check(
            one, kind, clean=True, reference=f"{title}，无记录", by=officer, at=at - timedelta(days=3)
        )
    one = staffing.accept_application(one, by=officer, at=at - timedelta(days=3))
    for number, (name, office) in enumerate((("谭老师", "区教委"), ("陈警官", "区公安局"), ("何老师", "区文化旅游委"))):
        points = {key: 15 + (number + at_) % 4 for at_, key in enumerate(CRITERIA)}
        staffing.record_score(one, panellist=name, office=office, points=points, by=officer, at=at - timedelta(days=1))
    one = staffing.select(one, by=officer, at=at - timedelta(hours=2))
    return staffing.show(one, by=officer, at=at)


def _used_by(staffed: Staffed, term: Term, one: Candidacy, crowd: Crowd, police: Actor) -> None:
    """Let the largest school use it: a stated shortage, an agreement, a person with a whole file."""
    school, manager = staffed.school, staffed.by["asp_manager"]
    stated: ShortageStatement = staffing.state_shortage(
        school, term, area="dance", need="一至四年级舞蹈社团，每周两次", hours=4,
        reason="全校没有舞蹈专业的老师，音乐老师的课时已满", by=manager, at=_at(9, 7),
    )  # fmt: skip
    staffing.sign_shortage(stated, by=staffed.by["principal"], at=_at(9, 7, 15))
    use = staffing.choose_provider(school, term, one, stated, what="舞蹈社团", by=manager, at=_at(9, 8))
    use = staffing.bind_provider(
        use, number="YX-2026-03", signed_on=date(2026, 9, 9), until_on=date(2027, 1, 16),
        scan=Upload(content=scanned_form(), kind="png"), by=manager, at=_at(9, 9),
    )  # fmt: skip
    facts = staffing.StaffFacts(name="何晓荷", kind="sports_arts", skills="舞蹈", weekly_cap=4)
    person = staffing.add_staff(school, facts, area="dance", paid=True, by=manager, at=_at(9, 9))
    bring_into_use(school, [person], term, crowd, by=staffed.by, police=police, at=_at(9, 9))
    person.refresh_from_db()
    staffing.name_person(use, person, by=manager, at=_at(9, 11))
    staffing.begin_service(use, by=manager, at=_at(9, 11, 11))


# --- A volunteer and a visitor ----------------------------------------------------------------------------------------


def volunteer(staffed: Staffed, term: Term, crowd: Crowd, police: Actor) -> None:
    """Let a student of the arts help a village school for nothing: hours, confirmed, with a certificate."""
    manager, principal = staffed.by["asp_manager"], staffed.by["principal"]
    facts = staffing.StaffFacts(name="向小溪", kind="sports_arts", skills="绘画、手工", weekly_cap=2)
    student = staffing.add_staff(staffed.school, facts, area="art", by=manager, at=_at(9, 14))
    bring_into_use(staffed.school, [student], term, crowd, by=staffed.by, police=police, at=_at(9, 15))
    student.refresh_from_db()
    for on in (date(2026, 9, 23), date(2026, 10, 14), date(2026, 10, 28), date(2026, 11, 11)):
        served = staffing.Served(student, on, "年画课助教（师范生志愿服务）", 80)
        line = staffing.enter_hours(served, by=manager, at=datetime.combine(on, time(18), ZONE))
        if on.month < 11:
            staffing.confirm_hours(line, by=principal, at=datetime.combine(on, time(19), ZONE))
    days = {"from_on": date(2026, 9, 1), "until_on": date(2026, 11, 1)}
    staffing.issue_certificate(staffed.school, student, **days, by=principal, at=_at(11, 2))


def visitor(home: Staffed, host: Staffed, term: Term) -> None:
    """Let the music teacher of one school serve at another as well: a need, a proposal, three who agree."""
    need = staffing.state_need(
        host.school, term, area="music", what="合唱与竹笛，村小没有音乐老师", weekdays=(2, 3, 4), hours=1,
        by=host.by["asp_manager"], at=_at(11, 9),
    )  # fmt: skip
    teacher: StaffMember = next(one for one in home.leaders if one.subject == "音乐")
    busy = led_elsewhere([teacher.pk], term).get(teacher.pk, ())
    hours = ((time(16, 40), time(17, 20)), (time(17, 30), time(18, 10)))
    wanted = (VisitFacts(day, start, end) for start, end in hours for day in (3, 2, 4, 5, 1))
    when = next(one for one in wanted if not refusals_of_two_places("", one, busy, travel=20))
    proposal = staffing.Proposal(teacher, host.school, term, "合唱与竹笛", when, need)
    visit = programme.propose_visit(proposal, by=home.by["asp_manager"], at=_at(11, 10))
    programme.agree_to_visit(visit, "home", by=home.by["principal"], at=_at(11, 11))
    programme.agree_to_visit(visit, "host", by=host.by["principal"], at=_at(11, 11, 14))
    own = Actor(teacher.account_id, teacher.name, "教师", home.school.code)
    programme.agree_to_visit(visit, "teacher", by=own, at=_at(11, 12))


def serve(schools: list[Staffed], district: dict[str, Actor], term: Term, crowd: Crowd) -> None:
    """Tell the district's part of it, and what happened at three schools after the term began."""
    by_code = {one.school.code: one for one in schools}
    after_the_window(schools[0], term)
    organisations(district, schools[0], term, crowd)
    if village := by_code.get(cast.NIANHUA):
        volunteer(village, term, crowd, district["police"])
        if centre := by_code.get(cast.ZHUHAI):
            visitor(centre, village, term)
