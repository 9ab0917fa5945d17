"""On paper: the sign-up form, the shortage statement, the certificate of a volunteer, the mix of who serves."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.urls import reverse

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import Certificate, ShortageStatement, SignUpWindow
from kehou.lib.paper import Paper, render
from kehou.lib.paper.register import issue
from kehou.lib.templatetags.words import masked_name
from kehou.rules.outsiders import AREA_TITLES, Mix, hours_in_words
from kehou.rules.signing_up import SKILLS
from kehou.rules.wall import on_the_wall

BASIS = "《关于梁平区中小学生课后服务工作的实施意见（试行）》二（四）"


def sign_up_form(window: SignUpWindow, *, daily: int, weekly: int, at: datetime) -> Paper:
    """Return the empty form of 自愿报名, the same questions as on the phone."""
    days = [[f"周{name}", "□", *["□" for _ in range(daily)]] for name in "一二三四五"]
    data = {
        "opening": "参加课后服务凭自愿，参加、不参加都不影响考核。不交表就是不参加。",
        "sections": [
            {"title": "这个学期，您参加课后服务吗？", "words": ["□ 参加　　　　□ 不参加（不参加的，下面不用填）"]},
            {
                "title": "哪几天、每天几课时",
                "table": {"columns": ["星期", "不来", *(f"{n}课时" for n in range(1, daily + 1))], "rows": days},
            },
            {"words": [f"每周最多＿＿＿课时（1到{weekly}）"]},
            {
                "title": "爱好特长（和任教学科无关）",
                "words": ["　".join(f"□{word}" for word in SKILLS), "其他：＿＿＿＿＿＿＿＿＿＿"],
            },
            {"title": "想带什么活动、其他愿望", "words": ["＿" * 34]},
        ],
        "signatures": [{"label": "教师签名"}],
        "delivery": "纸质",
    }  # fmt: skip
    return render(
        "record", data, title="课后服务教师自愿报名表", number=f"BM-{window.school.code}-{window.pk}",
        school=window.school.name, term=window.term.name, version="", basis=BASIS, issued_at=at, verify_url="",
    )  # fmt: skip


def shortage_paper(statement: ShortageStatement, *, at: datetime) -> Paper:
    """Return a shortage statement; signed or not, as it stands."""
    state = "已撤回" if statement.withdrawn_at else "已签署" if statement.signed_at else "未签署"
    signature: dict[str, object] = {"label": "校长"}
    if statement.signed_at:
        signature |= {"name": statement.signed_by, "at": f"{on_the_wall(statement.signed_at):%Y年%-m月%-d日}"}
    data = {
        "facts": [
            ["师资类别", AREA_TITLES[statement.area]], ["状态", state],
            ["每周缺课时", f"{statement.hours}课时"], ["本校有此特长", f"{statement.own_people}人"],
            ["本校可承担", f"每周{statement.own_hours}课时"], ["填写", str(statement.made_by)],
        ],
        "sections": [
            {"title": "需要开什么、面向谁", "words": [statement.need]},
            {"title": "本校教职工为什么不够", "words": [statement.reason]},
        ],
        "closing": ["依据本说明，可以聘请校外人员或选用名单内机构；志愿服务的不付报酬。"],
        "signatures": [signature],
    }  # fmt: skip
    return issue(
        "record", data, title="师资不足说明", number=f"BZ-{statement.school.code}-{statement.pk:04d}",
        school=statement.school.name, term=statement.term.name, version="", basis=BASIS,
        issued_at=statement.signed_at or at, verify_url="",
    )  # fmt: skip


def certificate_paper(certificate: Certificate, *, address: str) -> Paper:
    """Return 志愿服务证明 with its verification code as words and as a QR (domain/06, 20)."""
    link = reverse("public:verify", args=(certificate.code,))
    rows = [
        [
            line["what"], _days(line["first"], line["last"]), line["times"], hours_in_words(line["minutes"]),
        ]
        for line in certificate.lines
    ]  # fmt: skip
    last = certificate.until_on - timedelta(days=1)
    data = {
        "opening": (
            f"兹证明 {certificate.member.name} 于{_day(certificate.from_on)}至{_day(last)}"
            f"在我校课后服务中提供志愿服务，累计 {hours_in_words(certificate.minutes)}，未领取报酬。"
        ),
        "sections": [
            {
                "table": {
                    "columns": ["项目", "时段", "次数", "时数"],
                    "rows": rows,
                    "widths": [3, 3, 1, 2],
                    "right": [2, 3],
                }
            }
        ],
        "closing": [f"核验码：{certificate.code}。扫页脚二维码，或在公开网站“核验文书”输入核验码，可查真伪。"],
        "signatures": [{"label": "学校（盖章）", "name": certificate.school.name}],
    }
    return issue(
        "record", data, title="志愿服务证明", number=certificate.number, school=certificate.school.name, term="",
        version="", basis=BASIS, issued_at=certificate.issued_at, verify_url=f"{address.rstrip('/')}{link}",
        mark="作废" if certificate.revoked_at else "",
    )  # fmt: skip


def holder_of(certificate: Certificate) -> str:
    """Return the name behind a certificate as anybody may read it: the surname only."""
    return masked_name(certificate.member.name)


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _days(first: str, last: str) -> str:
    a, b = date.fromisoformat(first), date.fromisoformat(last)
    return _day(a) if a == b else f"{_day(a)}至{_day(b)}"


def mix_paper(mix: Mix, *, school: School | None, term: Term, least: int, at: datetime) -> Paper:
    """Return who gives the class hours (2.4-h) and the share of in-service staff (2.4-b) at a school."""
    rows = [[line.title, line.people, line.hours, f"{line.percent}%"] for line in mix.lines]
    share = "没有课时" if mix.inhouse is None else f"{mix.inhouse}%（不低于{least}%）"
    data = {
        "facts": [
            ["服务人员", f"{mix.people}人"], ["每周课时", str(mix.hours)], ["在职教职工承担", share],
            ["志愿者", f"{mix.volunteers}人，{mix.volunteer_hours}课时"],
        ],
        "sections": [
            {
                "table": {
                    "columns": ["人员类型", "人数", "每周课时", "占比"], "rows": rows, "widths": [3, 1, 1, 1],
                    "right": [1, 2, 3],
                }
            }
        ],
    }  # fmt: skip
    return issue(
        "record", data, title="服务人员构成", number="", school=school.name if school else "梁平区教育委员会",
        term=term.name, version="", basis=BASIS, issued_at=at, verify_url="",
    )  # fmt: skip
