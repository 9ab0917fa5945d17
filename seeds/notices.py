"""What a school has published by now: the price board and the account of every month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from kehou.chapters.basis.models import Term
from kehou.chapters.disclosure import actions as disclosure
from kehou.chapters.disclosure import queries
from seeds.money import MONTHS
from seeds.term import SchoolStory, at


def publish(story: SchoolStory, term: Term) -> None:
    """Let the principal publish the price board before registration and each month's account on time."""
    school, by = story.staffed.school, story.staffed.by["principal"]
    common: dict[str, Any] = {"school": school, "term": term, "phones": [school.phone]}
    before = at(date(2026, 8, 31), 10)
    items = {
        "time": "上学日放学后至17:30（各年级时间见内容项目表）", "form": "校内集中，按活动分组，可跨班级、跨年级",
        "activities": "见《学生课后服务内容项目表》", "safety": "每天点名，交给授权的人，值班领导清零后离岗",
        "price": "见收费公示牌", "phones": f"学校{school.phone}",
    }  # fmt: skip
    disclosure.publish("service", title=f"{school.name}课后服务公开事项", content=items, by=by, at=before, **common)
    if school.charges_fee:
        prices = queries.price_content(school, term, on=before.date())
        title = f"{school.name}课后服务收费公示牌"
        board = disclosure.publish(
            "prices", title=title, content=prices, by=by, at=before, **_with_phones(common, prices)
        )
        disclosure.confirm_posting(board, place="校门口公示栏", on=before.date(), by=by, at=before)
    for month in MONTHS if school.charges_fee else ():
        made_on = (month + timedelta(days=32)).replace(day=1) + timedelta(days=15)
        content = queries.account_content(school, term, month=month, on=made_on)
        disclosure.publish(
            "account",
            title=f"{school.name}课后服务{content['period']}收支公示",
            content=content,
            period=f"{month:%Y-%m}",
            until=date.fromisoformat(content["posted_until"]),
            by=by,
            at=at(made_on, 10),
            **common,
        )


def _with_phones(common: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """Return the common facts with every telephone that the board itself prints."""
    return common | {"phones": [*common["phones"], *(str(one) for one in content.get("phones", ()))]}
