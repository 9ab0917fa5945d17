"""Published results in words, whatever was named; the record keeps its signs."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from kehou.rules.allocation import Rules
from kehou.rules.allocation_words import asked_results, refusals_of_typed, result_of, rule_lines, say_beacon
from kehou.rules.enrolling import METHODS
from kehou.rules.sentences import say


@pytest.mark.parametrize(
    ("beacon", "said"),
    [
        ("ssq:2026134:03-07-12-19-25-31+08", "双色球第2026134期 红球 03 07 12 19 25 31 蓝球 08"),
        ("dlt:26134:05-11-17-22-35+03-09", "大乐透第26134期 前区 05 11 17 22 35 后区 03 09"),
        ("drand:quicknet:15000000:" + "ab" * 32, "公共信标第15000000轮 " + "ab" * 32),
        ("ceremony", "现场见证人公开的数"),
        ("ssq:2026134:03-07-12-19-25-31+08,dlt:26134:05-11-17-22-35+03-09",
         "双色球第2026134期 红球 03 07 12 19 25 31 蓝球 08；大乐透第26134期 前区 05 11 17 22 35 后区 03 09"),
        ("", ""),
        ("2026134", "2026134"),
    ],
)  # fmt: skip
def test_results_are_said_as_people_read_them(beacon: str, said: str):
    assert say_beacon(beacon) == said


def test_what_an_office_types_is_said_back_in_full():
    assert say_beacon(result_of("ssq:2026134", ["3 7 12 19 25 31 + 8"])).endswith("红球 03 07 12 19 25 31 蓝球 08")


def test_each_draw_that_was_named_is_asked_for_with_an_example_of_its_own():
    asked = asked_results("ssq:2026134,ceremony:" + "0" * 64 + ",dlt:26134", ["3 7", "5 11 17 22 35 + 3 9"])
    assert [(one.name, one.typed) for one in asked] == [
        ("双色球第2026134期", "3 7"),
        ("大乐透第26134期", "5 11 17 22 35 + 3 9"),
    ]
    for one, part in zip(asked, ("ssq:2026134", "dlt:26134"), strict=True):
        assert not refusals_of_typed(part, [one.example])


def test_the_draw_whose_result_cannot_be_read_is_named_and_the_other_is_not():
    (no,) = refusals_of_typed("ssq:2026134,dlt:26134", ["3 7 12 19 25 99 + 8", "5 11 17 22 35 + 3 9"])
    assert say(no).startswith("“3 7 12 19 25 99 + 8”不是双色球第2026134期的结果：红球6个、蓝球1个")
    assert not refusals_of_typed("ceremony:" + "0" * 64, [])


def test_the_rules_of_a_round_are_said():
    said = "".join(rule_lines(asdict(Rules())))
    assert "有一天靠前，就有一天靠后" in said and "从差得最多的停起" in said and "同一个号" in said
    assert "人人都留着一个位置" in said and "看不出谁要优先保障" in said
    assert "一周一个号" in "".join(rule_lines(asdict(Rules(lottery="single", siblings="off", minimum="report"))))
    assert not any("停起" in line for line in rule_lines(asdict(Rules(minimum="report"))))
    assert "只在一样好的安排里定先后" in "".join(rule_lines(asdict(Rules("mcf"))))


def test_the_optimised_mode_says_wherever_it_is_named_that_truth_may_not_pay():
    assert "不保证照实填最有利" in METHODS["mcf"]
    assert not any("不保证" in METHODS[method] for method in ("gsd", "da"))
