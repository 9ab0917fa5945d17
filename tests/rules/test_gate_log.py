"""Nobody from outside comes in who is neither on today's list nor accompanied (3.2-e, R-SAFE-06)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.gate_log import Caller, plain_tail, refusals_to_let_in
from kehou.rules.sentences import say
from kehou.rules.verdicts import refuse

WORDS = st.sampled_from(["", "  ", "李老师", "送器材"])
UNFIT = refuse("R-FILING-01", "roster_not_accepted")


@pytest.mark.clause("3.2-e")
@given(
    tail=st.sampled_from(["", "12", "123X", "1234", "12a4", "12345"]), purpose=WORDS, host=WORDS, escort=WORDS,
    expected=st.booleans(), unfit=st.sampled_from([None, UNFIT]), matches=st.sampled_from([None, True, False]),
)  # fmt: skip
def test_who_is_let_in_was_expected_or_is_accompanied_and_is_who_they_say(
    tail, purpose, host, escort, expected, unfit, matches
):
    caller = Caller("王师傅", tail, purpose, host, escort, expected, unfit, matches)
    found = refusals_to_let_in(caller)
    assert all(map(say, found))
    if not found:
        assert tail in ("123X", "1234") and unfit is None and matches is not False
        assert expected or all(words.strip() for words in (purpose, host, escort))
    accompanied = all(words.strip() for words in (purpose, host, escort))
    if tail == "1234" and unfit is None and matches is not False and (expected or accompanied):
        assert not found


def test_each_reason_is_said_by_itself():
    assert [one.why for one in refusals_to_let_in(Caller(" ", ""))] == ["without_name", "without_tail", "not_on_list"]
    assert [one.key for one in refusals_to_let_in(Caller("王", "1234", unfit=UNFIT, expected=True))] == [
        "R-SAFE-06:may_not_serve", "R-FILING-01:roster_not_accepted",
    ]  # fmt: skip
    (no,) = refusals_to_let_in(Caller("王", "1234", expected=True, matches=False))
    assert no.why == "another_person" and plain_tail(" 12 ") == "12" and plain_tail("123x") == "123X"
