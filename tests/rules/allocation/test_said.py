"""Published results in words, whatever was named; the record keeps its signs."""

from __future__ import annotations

import pytest

from kehou.rules.allocation_words import result_of, say_beacon


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
