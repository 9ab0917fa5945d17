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
    if school.charges_fee:
        prices = queries.price_content(school, term, on=before.date())
        title = f"{school.name}课后服务收费公示牌"
        disclosure.publish("prices", title=title, content=prices, by=by, at=before, **_with_phones(common, prices))
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
