"""The first draft: what the survey, the ledger and the table say, in sentences that each carry their note (2.7.2-a).

Nothing is invented: what the records do not say stays as the policy's own sentence for the school to complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kehou.rules.money import yuan
from kehou.rules.planning.sections import Section, Source, SourceKind

_RULES = (
    "管理机构及工作职责", "经费管理制度", "突发事件应急预案", "传染病防控管理制度", "传染病应急预案",
    "管理人员工作制度",
    "准入和退出管理制度", "安全管理制度", "场地设施设备安全管理制度", "门卫登记制度", "家校安全联系责任制",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Demand:
    """What a closed survey said, as far as it may be told. `most` are the most frequent options by question."""

    title: str
    closed_on: str
    sheets: int
    digest: str
    needs_percent: int | None = None
    most: tuple[tuple[str, str, int], ...] = ()  # question, option, percent
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Ledger:
    """The resource ledger as it stood on a day."""

    as_of: str
    rooms: int
    seats: int
    grounds: int
    staff: int
    outside: int
    digest: str
    offers: tuple[str, ...] = ()  # what teachers offered to lead when they were asked, without their names


@dataclass(frozen=True, slots=True)
class Offered:
    """The activity table as it stands: a line of words for each activity."""

    label: str
    lines: tuple[str, ...]
    digest: str
    weekdays: int = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """What is fixed elsewhere: pupils, days of service, dismissal, latest end, tariff in fen by class hours."""

    school: str
    term: str
    pupils: int
    classes: int
    grades: str
    service: str
    dismissals: str
    latest_end: str
    class_hour_minutes: int
    tariff: Mapping[str, int] = field(default_factory=dict)
    charges_fee: bool = True
    tariff_basis: str = ""
    complaint_phone: str = ""


def first_draft(
    demand: Demand, ledger: Ledger, terms: Terms, offered: Offered | None
) -> tuple[dict[str, str], tuple[Source, ...]]:
    """Return the bodies of all sections and the numbered sources they cite."""
    sources = [
        Source(
            1, SourceKind.SURVEY, f"《{demand.title}》，{demand.closed_on}截止，{demand.sheets}份答复", demand.digest,
            demand.closed,
        ),
        Source(2, SourceKind.LEDGER, f"学校资源台账，截至{ledger.as_of}", ledger.digest),
        Source(3, SourceKind.TARIFF, terms.tariff_basis or "区收费标准"),
        Source(4, SourceKind.BASIS, "《关于梁平区中小学生课后服务工作的实施意见（试行）》"),
    ]  # fmt: skip
    if offered:
        sources.append(Source(5, SourceKind.TABLE, offered.label, offered.digest))
    sources.append(Source(6, SourceKind.SCHOOL, f"学籍、作息时间和公布的电话，截至{ledger.as_of}"))
    bodies = {
        Section.BASICS: _basics(terms, ledger),
        Section.NEEDS: _needs(demand, ledger),
        Section.TIMES: _times(terms, demand),
        Section.TABLE: _table(offered),
        Section.PEOPLE: _people(ledger),
        Section.MONEY: _money(terms),
        Section.OPENNESS: _openness(terms),
        **_standing(terms),
    }
    return {section.value: "\n".join(lines) for section, lines in bodies.items()}, tuple(sources)


def _basics(terms: Terms, ledger: Ledger) -> list[str]:
    return [
        f"{terms.school}{terms.term}在读学生{terms.pupils}人，{terms.classes}个班（{terms.grades}）。〔注6〕",
        f"可用于课后服务的场地{ledger.rooms}处，其中室外{ledger.grounds}处，可容{ledger.seats}人；可带组{ledger.staff}人。〔注2〕",
    ]


def _needs(demand: Demand, ledger: Ledger) -> list[str]:
    lines = [f"调查收到{demand.sheets}份答复。〔注1〕"]
    if demand.needs_percent is not None:
        lines.append(f"答复中需要课后服务的占{demand.needs_percent}%。〔注1〕")
    lines += [f"“{question}”选得最多的是“{option}”（{percent}%）。〔注1〕" for question, option, percent in demand.most]
    lines.append(
        f"现有场地可容{ledger.seats}人，可带组{ledger.staff}人（其中校外{ledger.outside}人），据此安排名额和组数。〔注2〕"
    )
    return lines


def _times(terms: Terms, demand: Demand) -> list[str]:
    wanted = next((option for question, option, _ in demand.most if "离校" in question or "课时" in question), "")
    return [
        f"服务期：{terms.service}，上学日下午正常放学后进行。〔注4〕",
        f"正常放学：{terms.dismissals}。每课时{terms.class_hour_minutes}分钟，最晚{terms.latest_end}结束。〔注4〕〔注6〕",
        f"按家长意愿{f'（选“{wanted}”的最多）' if wanted else ''}设置课时，家长可以逐日选择参加哪几天、几课时。〔注1〕",
    ]


def _table(offered: Offered | None) -> list[str]:
    if offered is None:
        return []
    return [
        f"共{len(offered.lines)}项，分基础和特色两类：〔注5〕",
        *offered.lines,
        "活动以校内集中、分组进行为主，可以跨年级，不讲新课、不集体补课。〔注4〕",
    ]


def _people(ledger: Ledger) -> list[str]:
    return [
        f"以在职教职工为主，可带组{ledger.staff}人，其中校外{ledger.outside}人。〔注2〕",
        *([f"教师自愿报名时提出愿意带：{'、'.join(ledger.offers)}。〔注2〕"] if ledger.offers else []),
        "校外人员与在职教师一样查验资质、品德、健康，签订服务协议和安全责任书后才能上岗，名单报区教委备案。〔注4〕",
    ]


def _money(terms: Terms) -> list[str]:
    if not terms.charges_fee:
        return ["本校不收课后延时服务费。〔注3〕"]
    prices = "，".join(f"每天{hours}课时每月{yuan(fen)}元" for hours, fen in terms.tariff.items())
    return [
        f"只收“课后延时服务费”一项：{prices}，按实际天数折算，不超过每月标准。〔注3〕",
        "农村脱贫户和低保家庭的孩子按名单直接减免，不需要家长提交证明。〔注4〕",
        "请假、停课和中途退出的按实际天数结算，多缴的退回；退出从下一个服务日起不再计费。〔注3〕",
        "费用缴入教育收费专户，收支两条线，只用于人员补助、水电、器材和耗材，每月公示。〔注4〕",
    ]


def _openness(terms: Terms) -> list[str]:
    known = terms.complaint_phone
    phone = f"学校投诉电话{known}，也可以向区教委反映，可以不留姓名。〔注6〕" if known else ""
    return [
        "服务时间、方式、内容、安全措施和收支在学校公示栏、校园公众号和班级家长群公开。〔注4〕",
        f"家长委员会全过程参与。〔注4〕{phone}",
    ]


def _standing(terms: Terms) -> dict[Section, Sequence[str]]:
    """Return the sections that every school begins with in the policy's own words."""
    return {
        Section.ORGANISATION: [
            "校长是第一责任人。学校成立课后服务领导小组，课后服务管理员负责日常，落实专人督查过程和质量。〔注4〕"
        ],
        Section.CHILDREN: [
            f"{terms.grades}在读学生，学生和家长自愿参加，不参加的按正常时间放学。〔注4〕",
            "优先保障留守儿童、进城务工人员随迁子女、农村脱贫户、低保家庭儿童和中低年级学生。〔注4〕",
        ],
        Section.RULES: ["；".join(_numbered(_RULES)) + "。〔注4〕"],
        Section.SAFETY: [
            "每组按安全类别配足人员，到组十分钟点名，未到的立即联系值班领导、班主任和家长。〔注4〕",
            "孩子只交给家长授权的人，分批离校，值班领导守到最后一个孩子离校。学校联系派出所维护校园周边秩序。〔注4〕",
        ],
        Section.QUALITY: ["每天巡查，每月小结；期末由家长、学生、教师评价，结果公开。〔注4〕"],
        Section.EMERGENCY: ["按突发事件应急预案处置，先救护、同时报告、及时告知家长；每学期至少演练一次。〔注4〕"],
        Section.ADOPTION: [],
        Section.ATTACHMENTS: [],
    }


def _numbered(names: Iterable[str]) -> list[str]:
    return [f"{number}. {name}" for number, name in enumerate(names, 1)]
