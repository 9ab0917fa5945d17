"""A paper as one line of figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.paper_line import read_line
from kehou.rules.surveys import Item, Kind

NEED = Item("need", Kind.SINGLE, "是否需要", ("需要", "不需要", "再看看"))
WISH = Item("wishes", Kind.RANK, "想参加", tuple("甲乙丙丁戊己庚辛壬癸"), most=3)
WORRY = Item("worry", Kind.MULTI, "担心", ("安全", "收费"), most=2)
AGE = Item("minutes", Kind.NUMBER, "上学路上几分钟")
WORDS = Item("remarks", Kind.TEXT, "意见")
ITEMS = [NEED, WORDS, WISH, WORRY, AGE]


def test_each_figure_is_an_option_and_ranks_keep_their_order():
    assert read_line(ITEMS, "1 10,1,3 2 25") == (
        {"need": ["0"], "wishes": ["9", "0", "2"], "worry": ["1"], "minutes": ["25"]}, None,
    )  # fmt: skip
    assert read_line(ITEMS, " 2　- 1.2 ") == ({"need": ["1"], "worry": ["0", "1"]}, None)
    assert read_line(ITEMS, "") == ({}, None)


@pytest.mark.parametrize(("line", "key"), [
    ("4", "line_no_such_option"), ("0", "line_no_such_option"), ("一", "line_no_such_option"),
    ("1 ,", "line_no_such_option"), ("1 1 1 1 1", "line_too_long"),
])  # fmt: skip
def test_a_slip_of_the_finger_is_told(line, key):
    values, no = read_line(ITEMS, line)
    assert values == {} and no is not None and no.key == f"R-SURV-01:{key}"


@given(need=st.integers(1, 3), wishes=st.lists(st.integers(1, 10), min_size=1, max_size=3, unique=True),
       sign=st.sampled_from(",，、.+"))  # fmt: skip
def test_what_is_typed_is_what_is_read(need, wishes, sign):
    values, no = read_line(ITEMS, f"{need} {sign.join(map(str, wishes))}")
    assert no is None and values == {"need": [str(need - 1)], "wishes": [str(one - 1) for one in wishes]}
