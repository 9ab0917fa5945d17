"""F8 第三方选用材料: which listed organisations serve here, and on the ground of which shortage (2.4-e)."""

from __future__ import annotations

from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.queries import uses_of
from kehou.rules.filing import Evidence, Part, Table, unformed
from kehou.rules.money import yuan

_OVER = ("left", "listed")
_COLUMNS = ("机构", "统一社会信用代码", "服务内容", "每课时（元）", "协议编号", "协议期限", "派驻人数")


def build(school: School, term: Term, on: date) -> Part:
    """Return the organisations chosen for the term; unformed where the school serves with its own people."""
    uses = [one for one in uses_of(school=school, term=term) if one.state not in _OVER]
    if not uses:
        return unformed("F8", "本校没有选用第三方机构")
    rows = tuple(
        (
            one.candidacy.provider.name, one.candidacy.provider.credit_code, one.what, yuan(one.candidacy.hour_fen),
            one.agreement_number or "还没有签", f"{one.signed_on or ''}至{one.until_on or ''}".strip("至"),
            f"{one.sent}人",  # type: ignore[attr-defined]
        )
        for one in sorted(uses, key=lambda one: one.pk)
    )  # fmt: skip
    unsigned = [one.candidacy.provider.name for one in uses if one.signed_on is None]
    unlisted = [
        one.candidacy.provider.name
        for one in uses
        if one.candidacy.listed_until_on is None or one.candidacy.listed_until_on <= term.service_from_on
    ]
    return Part(
        "F8",
        formed=True,
        facts=(("机构", f"{len(uses)}家"),),
        tables=(Table("选用机构", _COLUMNS, rows, keys=2),),
        evidence=(Evidence("区级第三方机构名单与选用记录"),),
        measures={"unsigned": unsigned, "unlisted": unlisted},
    )
