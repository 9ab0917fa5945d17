"""The hour that sentences say is the one on the wall, whatever zone an instant is stored in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kehou.rules import signing_up, surveys
from kehou.rules.sentences import say
from kehou.rules.wall import hour_in_words, on_the_wall

CLOSES = datetime(2026, 8, 12, 1, 0, tzinfo=UTC)  # as it comes out of a database


def test_a_survey_says_when_it_was_over_by_the_clock_of_the_district():
    no = surveys.refusal_of_time(
        opened=True, opens_at=CLOSES - timedelta(days=4), closes_at=CLOSES, closed=False, at=CLOSES
    )
    assert "8月12日 09:00" in say(no)
    no = surveys.refusal_of_time(opened=False, opens_at=CLOSES, closes_at=CLOSES, closed=False, at=CLOSES)
    assert "8月12日 09:00" in say(no)


def test_so_does_the_sign_up_of_teachers():
    no = signing_up.refusal_to_answer(
        opens_at=CLOSES, closes_at=CLOSES + timedelta(days=4), closed_at=None, at=CLOSES - timedelta(hours=1)
    )
    assert "8月12日 09:00" in say(no)


@given(st.datetimes(timezones=st.timezones()).filter(lambda at: 1970 < at.year < 2100))
def test_an_instant_reads_the_same_from_every_zone(at):
    assert on_the_wall(at).astimezone(UTC) == at.astimezone(UTC)
    assert hour_in_words(at) == hour_in_words(at.astimezone(UTC))
