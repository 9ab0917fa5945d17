"""F7 告知书与协议书样本: what every family reads and signs, word by word, with the amounts in force (2.7.3)."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment.wording import Wording
from kehou.chapters.planning.models import Notice
from kehou.chapters.planning.queries import latest_notice
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import school_term
from kehou.lib.paper.press import TEMPLATES
from kehou.rules.agreement_text import clauses_of_agreement
from kehou.rules.enrolling import missing_in_agreement
from kehou.rules.filing import Evidence, Part, Section, Table, digest_of
from kehou.rules.money import yuan
from kehou.rules.parameters import Parameters


def build(school: School, term: Term, on: date) -> Part:
    """Return the notice as it was issued and the agreement as it is printed, with this school's and term's values."""
    parameters, here = parameters_on(term.service_from_on), school_term(school, term)
    wording = Wording.of(school, term, (), on=on, parameters=parameters)
    sample, notice = wording.sample(), latest_notice(school, term)
    phone = here.complaint_phone if here else ""
    clauses = clauses_of_agreement(sample)
    return Part(
        "F7",
        formed=True,
        facts=(
            ("服务期限", sample["period"]),
            ("最晚接送", wording.latest_pickup),
            ("投诉电话", phone or "没有填写"),
            ("告知书", f"第{notice.version}版" if notice else "还没有发出"),
        ),
        sections=(
            *(_notice(notice) if notice else ()),
            *(Section(f"服务协议书（样本）　{title}", points) for title, points in clauses),
        ),
        tables=(_prices(school, parameters),),
        evidence=(*_hashes(notice), Evidence("服务协议书文本", digest_of({"clauses": clauses}))),
        measures={
            "notice": notice is not None,
            "agreement_lacks": [*missing_in_agreement(sample), *([] if phone else ["投诉电话"])],
        },
    )


def _notice(notice: Notice) -> tuple[Section, ...]:
    """Return what the families have in hand, topic by topic."""
    content: dict[str, Any] = notice.content
    return (
        Section("告知书　开头", tuple(filter(None, content["words"].split("\n")))),
        *(
            Section(f"告知书　{one['title']}", tuple(one["words"].split("\n")))
            for one in content["topics"]
            if one["words"]
        ),
        Section("告知书　咨询与投诉电话", tuple("　".join(map(str, pair)) for pair in content["phones"])),
    )


def _hashes(notice: Notice | None) -> tuple[Evidence, ...]:
    """Return the hash of the notice that was issued, and of the form that agreements are printed on."""
    form = Evidence("服务协议书版式", hashlib.sha256((TEMPLATES / "agreement.typ").read_bytes()).hexdigest())
    if notice is None:
        return (form,)
    day = timezone.localtime(notice.issued_at).date().isoformat()
    return (Evidence(f"告知书第{notice.version}版", notice.digest, day, notice.issued_by.split("（")[0]), form)


def _prices(school: School, parameters: Parameters) -> Table:
    if not school.charges_fee:
        return Table("收费标准", ("档次", "每月"), (("全部", "不收费"),))
    rows = tuple((f"每天{hours}课时", f"{yuan(fen)}元") for hours, fen in sorted(parameters.fee.tariff.items()))
    return Table("收费标准", ("档次", "每月"), rows)
