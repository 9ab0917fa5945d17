"""What an agreement says: the values of paper 5 (domain/06 §3.7), taken from what is known and from nothing else.

`kehou.lib.paper` prints the same values, so that what was signed on the screen is what is on the paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kehou.chapters.basis.models import Term
from kehou.chapters.enrolment.models import Application
from kehou.chapters.people.models import Guardianship, Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import school_term
from kehou.rules.calendar import weekday_name
from kehou.rules.care import WAIVER_WORDS
from kehou.rules.choice import CONSENTS, WAYS_HOME, Choice
from kehou.rules.enrolling import POLICY_DOCUMENTS
from kehou.rules.money import yuan
from kehou.rules.parameters import Parameters
from kehou.rules.spans import DAY


@dataclass(frozen=True, slots=True)
class Served:
    """One weekday of a child as it was placed: where, and the class hours it is looked after in."""

    weekday: int
    hours: int
    rows: tuple[tuple[str, str, str], ...]  # (time, activity, place)


@dataclass(frozen=True)
class Wording:
    """Everything the agreements of one school and term have in common, asked once."""

    school: School
    term: Term
    parameters: Parameters
    latest_pickup: str
    principal: str
    guardians: Mapping[int, Guardianship] = field(default_factory=dict)  # by pupil

    @classmethod
    def of(cls, school: School, term: Term, pupils: Iterable[int], *, on: date, parameters: Parameters) -> Wording:
        """Return the wording for the pupils given: three statements whatever their number."""
        here = school_term(school, term)
        principal = Post.objects.filter(held_on(on), school=school, role="principal").select_related("account").first()
        rows = Guardianship.objects.filter(held_on(on), pupil__in=list(pupils)).select_related("account")
        return cls(
            school=school,
            term=term,
            parameters=parameters,
            latest_pickup=f"{(here and here.latest_pick_up) or parameters.time.max_end:%H:%M}",
            principal=principal.account.name if principal else "",
            guardians={row.pupil_id: row for row in rows.order_by("is_main", "-pk")},
        )

    def content(self, application: Application, choice: Choice, served: Sequence[Served]) -> dict[str, Any]:
        """Return the values of one child's agreement as plain JSON."""
        pupil = application.pupil
        guardianship = self.guardians.get(pupil.pk)
        return {
            **self.common(),
            "guardian": guardianship.account.name if guardianship else choice.signed_by,
            "relation": guardianship.relation if guardianship else "监护人",
            "guardian_phone": guardianship.account.phone if guardianship else choice.contacts[0].phone,
            "pupil": pupil.name,
            "homeroom": str(pupil.homeroom),
            "service": [
                [weekday_name(day.weekday), f"{day.hours}课时", time, activity, place]
                for day in served
                for time, activity, place in day.rows
            ],
            "days": {str(day.weekday): day.hours for day in served},
            "going_home": WAYS_HOME[choice.going_home],
            "pickups": [{"name": p.name, "relation": p.relation, "phone": p.phone} for p in choice.pickup],
            "contacts": [f"{person.relation}{person.name}" for person in choice.contacts],
            "consents": [[words, bool(choice.consents.get(key, False))] for key, words in CONSENTS.items()],
        }

    def common(self) -> dict[str, Any]:
        """Return the values that every agreement of the school and term has, as plain JSON."""
        fee = self.parameters.fee
        return {
            "school": self.school.name,
            "school_phone": self.school.phone,
            "principal": self.principal,
            "period": said_span(self.term.service_from_on, self.term.service_until_on),
            "form": "校内集中，按活动分组，可跨班级、跨年级",
            "rules": f"{'、'.join(POLICY_DOCUMENTS)}，在校内公示栏和公开信息页全文公布，可以随时查阅。",
            "tiers": [[f"每天{hours}课时", fen] for hours, fen in sorted(fee.tariff.items())],
            "fee_words": said_fee(self.parameters),
            "settlement": "按月据实结算，只收实际可计费的服务日，缴入学校登记的教育收费专户。",
            "waiver": WAIVER_WORDS[self.parameters.waiver.source],
            "refund": f"学校取消的、及时请假的不计费；多缴的{fee.refund_working_days}个工作日内退回。",
            "latest_pickup": self.latest_pickup,
            "change": f"当天{fee.leave_policy.before:%H:%M}前请假不计费；减少天数随时可以，增加在变更期办理。",
            "incident": "发生意外先救助，同时按下列顺序打电话，并报告学校值班领导。",
        }

    def sample(self) -> dict[str, Any]:
        """Return an agreement with nobody's name in it: what the school files (F7)."""
        return {
            **self.common(),
            "guardian": "（监护人）",
            "relation": "（关系）",
            "pupil": "（学生）",
            "homeroom": "（班级）",
            "service": [["（星期）", "（课时）", "（时间）", "（活动）", "（地点）"]],
            "going_home": "（家长接、委托人接、自行离校或校车，由监护人选择）",
            "pickups": [],
            "contacts": ["（第一联系人）", "（第二联系人）"],
            "consents": [[words, False] for words in CONSENTS.values()],
        }


def said_span(from_on: date, until_on: date) -> str:
    """Return a span as a paper prints it; `until_on` is the first day outside."""
    last = until_on - DAY
    return f"{from_on.year}年{from_on.month}月{from_on.day}日至{last.year}年{last.month}月{last.day}日"


def said_fee(parameters: Parameters) -> str:
    """Return how a month is computed under the mode in force."""
    fee = parameters.fee
    if fee.mode == "DAY20_CAP":
        days = "，".join(f"{hours}课时{yuan(fen // fee.ref_days)}元" for hours, fen in sorted(fee.tariff.items()))
        return f"按天计价、按月封顶：每个服务日{days}，一个月合计不超过所选最高一档的月标准。"
    return "按学校公示的计费办法计算，最高不超过所选档次的月标准。"
