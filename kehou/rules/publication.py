"""What may be shown to everybody: the items that must be there, and the words that must not (2.5-k…n, 2.1-k, P9).

A signal in a text is a refusal with the words that caused it, so that whoever wrote it knows what to take out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from kehou.rules.lint import commerce
from kehou.rules.verdicts import Refusal, refuse

KINDS: Mapping[str, str] = {
    "prices": "收费公示牌",
    "account": "收支公示表",
    "service": "课后服务公开事项",
    "notice": "公告",
}
# Clause 2.5-n: what the policy itself names, then price and telephone.
ITEMS: Mapping[str, str] = {
    "time": "服务时间",
    "form": "服务方式",
    "activities": "服务内容",
    "safety": "安全保障措施",
    "price": "收费标准",
    "phones": "投诉电话",
}
_AID_WORDS = (
    "低保", "脱贫", "贫困", "建档立卡", "特困", "孤儿", "事实无人抚养", "留守", "随迁", "残疾", "烈士子女", "单亲",
    "返贫", "受资助", "资助名单", "困难学生",
)  # fmt: skip
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?!\d)")
_CODES = ("二维码", "扫码", "收款码", "付款码", "微信号", "加微信", "小程序码", "data:image")
_ADDRESS = re.compile(r"https?://|www\.|\.(com|cn|net)(?![a-z])", re.IGNORECASE)
_SELLING = (
    "统一购买",
    "指定购买",
    "代购",
    "购买链接",
    "材料费",
    "服装费",
    "保险费",
    "点心费",
    "平台费",
    "优惠价",
    "报名热线",
)
_SENTENCE = re.compile(r"[。；;！!？?\n]")
_SUM = re.compile(r"[¥￥]?\d+(\.\d+)? ?(元|块钱?)?")
_NOT_CHARGED = re.compile("不(?:再|另|得|会|准|许)?(?:行|外)?(?:收|交|缴)|免收|严禁|禁止|支出|开支|列支|用于|退")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def refusals_of_text(text: str, *, names: Iterable[str] = (), phones: Collection[str] = ()) -> tuple[Refusal, ...]:
    """Return everything that keeps a typed text from being shown to everybody (2.5-m, R-PRIV-02).

    `names` are the school's pupils, `phones` the numbers that may stand there. Whom the policy waives the fee for is
    told by the house's own sentence, which is not typed and does not pass here.
    """
    found = []
    if who := sorted({name for name in names if len(name) > 1 and name in text}):
        found.append(refuse("R-PRIV-02", "names_a_pupil", names="、".join(who[:3])))
    if words := [word for word in _AID_WORDS if word in text]:
        found.append(refuse("R-PRIV-02", "aid_words", words="、".join(words)))
    if _ID_NUMBER.search(text):
        found.append(refuse("R-PRIV-02", "id_number"))
    allowed = {_digits(phone) for phone in phones}
    if strange := [found_[0] for found_ in _PHONE.finditer(text) if _digits(found_[0]) not in allowed]:
        found.append(refuse("R-PRIV-02", "phone_number", phone=f"{strange[0][:3]}…"))
    if words := [word for word in _CODES if word in text]:
        found.append(refuse("R-FEE-05", "code_to_scan", word=words[0]))
    if address := _ADDRESS.search(text):
        found.append(refuse("R-PRIV-02", "foreign_address", word=address[0]))
    if words := [word for word in _SELLING if word in text]:
        found.append(refuse("R-FEE-04", "selling_words", word=words[0]))
    return tuple(found)


def refusals_of_trade(text: str) -> tuple[Refusal, ...]:
    """Return what is charged or sold in a text beside the one fee (P4-3, P9-1, P9-2).

    The price of the service itself may stand there, and so may what is not charged or what the fund was spent on.
    Telephones, codes and addresses are `refusals_of_text`'s.
    """
    found: list[Refusal] = []
    for sentence in _SENTENCE.split(text):
        left = {"price", "payment_code"} | ({"second_item"} if _NOT_CHARGED.search(sentence) else set())
        # A sum beside a second item is told as a price, which may stand here: read without its sums as well.
        read = [no for text in (sentence, _SUM.sub("", sentence)) for no in commerce.refusals(commerce.read(text=text))]
        found += [no for _, no in read if no.why not in left]
    return tuple(dict.fromkeys(found))


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone).removeprefix("86")


def texts_in(content: object) -> list[str]:
    """Return every text of a content, at any depth, in order."""
    if isinstance(content, str):
        return [content]
    if isinstance(content, Mapping):
        return [text for value in content.values() for text in texts_in(value)]
    if isinstance(content, list | tuple):
        return [text for value in content for text in texts_in(value)]
    return []


def refusal_of_items(content: Mapping[str, object]) -> Refusal | None:
    """Return which of the items that must be public are missing (R-PUB-01), or None."""
    missing = [title for key, title in ITEMS.items() if not str(content.get(key) or "").strip()]
    return refuse("R-PUB-01", "items_missing", items="、".join(missing)) if missing else None


def is_countable(n: int, *, least: int) -> bool:
    """Return whether a count may be shown: below `least` one could guess who it is."""
    return n >= least
