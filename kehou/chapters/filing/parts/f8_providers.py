"""F8 第三方选用材料: which listed organisations serve here, and on the ground of which shortage (2.4-e)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import ProviderUse
from kehou.chapters.staffing.queries import stating, uses_of
from kehou.rules.filing import Evidence, Part, Table, unformed
from kehou.rules.money import yuan
from kehou.rules.outsiders import AREA_TITLES
from kehou.rules.providers import CHECKS

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
        tables=(
            Table("选用机构", _COLUMNS, rows, keys=2),
            _selection(uses),
            _enquiries(uses),
            *_shortages(school, term),
        ),
        evidence=(Evidence("区级第三方机构名单与选用记录"),),
        measures={"unsigned": unsigned, "unlisted": unlisted},
    )


def _selection(uses: Sequence[ProviderUse]) -> Table:
    """Say how the district came to list each: panel and mean score, publicity, objections, its place on the list."""
    rows = []
    for candidacy in dict.fromkeys(one.candidacy for one in sorted(uses, key=lambda one: one.pk)):
        totals = [one.total for one in candidacy.scores.all()]
        shown = [day.isoformat() for day in (candidacy.shown_from_on, candidacy.shown_until_on) if day]
        score = f"{len(totals)}人，平均{sum(totals) // len(totals)}分" if totals else "没有记录"
        listed = [day.isoformat() for day in (candidacy.listed_on, candidacy.listed_until_on) if day]
        rows.append((
            candidacy.provider.name, f"{candidacy.call.number}-{candidacy.pk:03d}", score,
            "至".join(shown) or "没有公示", f"{len(candidacy.objections.all())}条", "至".join(listed) or "没有入名单",
        ))  # fmt: skip
    columns = ("机构", "名单编号", "遴选评分", "公示", "异议", "在名单上")
    return Table("遴选、公示与名单", columns, tuple(rows))


def _enquiries(uses: Sequence[ProviderUse]) -> Table:
    """Say the newest result of each enquiry, with the reference under which it was made."""
    rows = [
        (candidacy.provider.name, CHECKS[one.kind], "没有不良记录" if one.clean else "有不良记录", one.reference,
         timezone.localtime(one.checked_at).date().isoformat())
        for candidacy in dict.fromkeys(one.candidacy for one in uses)
        for one in {check.kind: check for check in candidacy.checks.order_by("pk")}.values()
    ]  # fmt: skip
    return Table("查询结果", ("机构", "查询", "结果", "查询编号", "日期"), tuple(rows), keys=2)


def _shortages(school: School, term: Term) -> Iterator[Table]:
    """Yield the statements on whose ground somebody from outside is asked in (2.4-e)."""
    rows = tuple(
        (AREA_TITLES.get(one.area, one.area), one.need, f"{one.hours}课时", f"{one.own_people}人、{one.own_hours}课时",
         one.reason, (one.signed_by or "").split("（")[0])
        for one in stating(school, term)
    )  # fmt: skip
    if rows:
        yield Table(
            "师资不足说明", ("领域", "需要", "每周缺", "本校可用", "原因", "校长签字"), rows, widths=(2, 4, 2, 3, 5, 2)
        )
