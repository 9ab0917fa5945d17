"""What may be shown to everybody: no child, no aid, no telephone, no code to scan, nothing sold."""

from __future__ import annotations

import pytest

from kehou.rules.publication import ITEMS, refusal_of_items, refusals_of_text, refusals_of_trade, texts_in
from kehou.rules.sentences import say

NAMES = ("陈小梅", "李昊")


@pytest.mark.clause("2.5-m")
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("表扬陈小梅同学", "R-PRIV-02:names_a_pupil"),
        ("低保家庭的同学请到办公室", "R-PRIV-02:aid_words"),
        ("联系王老师 139 0000 1234", "R-PRIV-02:phone_number"),
        ("咨询 023-53221234", "R-PRIV-02:phone_number"),
        ("请扫码缴费", "R-FEE-05:code_to_scan"),
        ("详情见 https://example.test", "R-PRIV-02:foreign_address"),
        ("服装费另收", "R-FEE-04:selling_words"),
        ("证件号 50099920130908002X", "R-PRIV-02:id_number"),
    ],
)
def test_it_finds_what_must_not_be_there(text: str, key: str) -> None:
    found = refusals_of_text(text, names=NAMES, phones=["023-5320000"])
    assert key in [one.key for one in found]
    assert all(say(one) for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "每天放学后至17:30，图书室、操场都有老师。",
        "咨询电话 023-5320000",
        "2026年11月服务21天，合计12345678元",
    ],
)
def test_it_leaves_ordinary_sentences_alone(text: str) -> None:
    assert refusals_of_text(text, names=NAMES, phones=["023-5320000"]) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("参加合唱的同学统一购买演出服", "P9-2"),
        ("晚接孩子的家长交看管费", "P4-3"),
        ("每天2课时110元。另交材料费", "P4-3"),
        ("由星星琴行提供乐器", "P9-1"),
        ("周六免费体验课，报名有优惠", "P9-1"),
    ],
)
def test_a_second_charge_a_seller_and_a_promotion_are_found(text: str, code: str) -> None:
    found = refusals_of_trade(text)
    assert [one.code for one in found] and {one.code for one in found} == {code} and all(say(one) for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "每天2课时每月110元，不收材料费、场地费、平台费。",
        "十一月支出：教师补助、水电费、器材、耗材。",
        "课后延时服务费缴入教育收费专户，多缴的退回原账户。",
        "请穿运动鞋，服装自备，式样不限。",
    ],
)
def test_the_one_fee_what_is_not_charged_and_what_was_spent_may_be_told(text: str) -> None:
    assert refusals_of_trade(text) == ()


@pytest.mark.clause("2.5-n")
def test_the_six_items_must_all_be_there() -> None:
    whole = dict.fromkeys(ITEMS, "有")
    assert refusal_of_items(whole) is None
    no = refusal_of_items({**whole, "safety": " "})
    assert no is not None and "安全保障措施" in say(no)


def test_texts_are_found_at_any_depth() -> None:
    assert texts_in({"a": ["x", {"b": "y"}], "c": 3}) == ["x", "y"]
