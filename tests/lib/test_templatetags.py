"""How pages write money, days and people, and the small parts of a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from kehou.chapters.schools.models import School
from kehou.lib import masking
from kehou.lib.masked import SealedText, encrypt
from kehou.lib.templatetags import words
from kehou.rules import sentences
from kehou.rules.clauses import clauses_of
from kehou.rules.money import read_yuan
from kehou.rules.parameters.care_groups import Mask
from kehou.rules.verdicts import Refusal

NOON = datetime(2026, 9, 4, 4, 0, tzinfo=UTC)  # 12:00 in Liangping


def drawn(source: str, path: str = "/", **values: Any) -> str:
    """Return a template's output for a request to `path`."""
    return Template(source).render(Context({"request": RequestFactory().get(path), "now": NOON, **values}))


def test_a_list_of_rows_begins_with_words(world):
    class Asked(forms.Form):
        who = forms.ModelChoiceField(School.objects.order_by("code"), label="学校")
        deputy = forms.ModelChoiceField(School.objects.order_by("code"), label="备岗", required=False)
        own = forms.ModelChoiceField(
            School.objects.order_by("code"), label="其他", required=False, empty_label="还没有定"
        )

    said = drawn("{% fields form %}", form=Asked())
    assert "---" not in said
    assert [said.count(f'<option value="" selected>{words}</option>') for words in ("请选择", "不选", "还没有定")] == [
        1,
        1,
        1,
    ]
    assert world.riverside.school.name in said


@pytest.fixture
def refusal() -> Refusal:
    """Return a refusal that has a sentence and a clause."""
    for key, sentence in sentences.SENTENCES.items():
        code, why = key.split(":")
        if "{" not in sentence and clauses_of(code):
            return Refusal(code, why)
    raise AssertionError("no rule speaks without facts")


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fen", "said"), [(0, "0.00元"), (6600, "66.00元"), (-1650, "−16.50元"), (11356000, "113,560.00元"), (None, "—")]
)
def test_money_has_two_decimals_and_its_unit(fen: int | None, said: str) -> None:
    assert words.yuan(fen) == said


@given(st.integers(0, 10**9))
def test_a_printed_amount_reads_back_as_itself(fen: int) -> None:
    assert read_yuan(words.amount(fen)) == fen


@pytest.mark.parametrize(
    ("filter_", "value", "said"),
    [
        (words.day, date(2026, 9, 7), "9月7日 周一"),
        (words.day, datetime(2026, 9, 6, 16, 30, tzinfo=UTC), "9月7日 周一"),  # past midnight at the school
        (words.day, None, "—"),
        (words.full_day, date(2027, 1, 15), "2027年1月15日 周五"),
        (words.bare_day, date(2026, 9, 7), "9月7日"),
        (words.month, date(2026, 11, 1), "2026年11月"),
        (words.clock, time(17, 31), "17:31"),
        (words.clock, time(0, 0), "00:00"),
        (words.clock, None, "—"),
        (words.moment, datetime(2026, 9, 7, 9, 31, tzinfo=UTC), "9月7日 周一 17:31"),
        (words.weekday, 7, "周日"),
        (words.weekdays, [5, 1, 3], "每周一三五"),
        (words.weekdays, [1, 2, 3, 4, 5], "周一至周五"),
        (words.weekdays, [2, 3], "每周二三"),
        (words.weekdays, [], "—"),
        (words.in_words, 10, "十"),
        (words.in_words, 21, "二十一"),
        (words.grade, 3, "三年级"),
        (words.grades, [3, 4, 5, 6], "三至六年级"),
        (words.grades, [1, 3], "一、三年级"),
        (words.masked_id, "500999201801013318", "**************3318"),
        (words.masked_id, "1234", "****"),
        (words.masked_id, SealedText(encrypt("500999201801013318")), "**************3318"),
        (words.masked_phone, "19900000318", "199****0318"),
        (words.masked_name, "欧阳思远", "欧＊＊＊"),
        (words.masked_name, "𬭎某", "𬭎＊"),
    ],
)
def test_words(filter_: Callable[[Any], str], value: Any, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "_asked", [lambda: Mask(id_tail=4, phone_head=3, phone_tail=4)])
    assert filter_(value) == said


def test_a_telephone_number_is_kept_whole_and_what_is_none_is_left_alone() -> None:
    said = words.whole_phones("双桂派出所（023-53200110）、<b>023-53220000</b>；2026-09-04，编号LP-023-53200110")
    assert '（<span class="nowrap">023-53200110</span>）、' in said
    assert '&lt;b&gt;<span class="nowrap">023-53220000</span>&lt;/b&gt;；2026-09-04，编号LP-023-53200110' in said
    assert words.whole_phones("") == words.whole_phones(None) == ""


@given(st.text(max_size=20), st.integers(0, 4), st.integers(0, 4))
def test_what_is_hidden_is_hidden_and_what_stands_is_head_and_tail(text: str, head: int, tail: int) -> None:
    shown = masking.masked(text, head=head, tail=tail)
    assert len(shown) == len(text)
    if len(text) > head + tail:
        assert shown == text[:head] + "*" * (len(text) - head - tail) + (text[-tail:] if tail else "")
    else:
        assert set(shown) <= {"*"}


def test_a_list_asks_for_the_rule_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(masking, "_asked", [lambda: asked.append(1) or Mask(0, 0, 2)])
    with masking.asked_once():
        assert {words.masked_phone("19900000318") for _ in range(50)} == {"*********18"}
        assert words.masked_id("500999201801013318") == "*" * 18
    assert len(asked) == 1
    words.masked_phone("19900000318")
    words.masked_phone("19900000318")
    assert len(asked) == 3, "between two requests nothing is remembered"


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (date(2026, 9, 6), "还有2天"),
        (date(2026, 9, 4), "今天截止"),
        (date(2026, 9, 3), "已过1天"),
        (datetime(2026, 9, 4, 10, 0, tzinfo=UTC), "还有6小时"),
        (datetime(2026, 9, 4, 4, 20, tzinfo=UTC), "还有20分钟"),
        (datetime(2026, 9, 4, 3, 59, tzinfo=UTC), "今天已截止"),
        (datetime(2026, 9, 4, 23, 0, tzinfo=UTC), "还有1天"),  # tomorrow at 07:00, though only 19 hours away
    ],
)
def test_a_deadline_says_how_long_there_is(until: date | datetime, said: str) -> None:
    assert words.remaining(until, NOON) == said


# --- Parts ------------------------------------------------------------------------------------------------------------


def test_a_refused_button_cannot_be_pressed_and_says_why_with_the_clause(refusal: Refusal) -> None:
    page = drawn('{% button "公布" refusal %}', refusal=refusal)

    assert 'type="submit"' not in page
    assert 'aria-disabled="true"' in page
    assert sentences.say(refusal) in page
    assert "点开看依据" in page
    assert clauses_of(refusal.code)[0].words in page


def test_an_allowed_button_is_a_button(refusal: Refusal) -> None:
    page = drawn('{% button "公布" None name="act" value="publish" %}')
    assert '<button type="submit" class="button button--primary" name="act" value="publish">公布</button>' in page


def test_why_shows_every_refusal_and_nothing_where_there_is_none(refusal: Refusal) -> None:
    page = drawn("{% why nothing refusal refusal %}", nothing=None, refusal=refusal)
    assert page.count(sentences.say(refusal)) == 2
    assert drawn("{% why nothing %}", nothing=None) == ""


def test_what_people_typed_is_escaped_in_every_part() -> None:
    page = drawn(
        "{% status 'done' x %}{% icon 'check' x %}{% button x %}{% notice 'info' title=x %}<p>{{ x }}</p>{% endnotice %}"
        "{% blank x %}{{ x }}{% endblank %}{% page_header x lead=x waiting=x %}{{ x }}{% endpage_header %}",
        x="<script>",
    )
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") >= 10


def test_a_page_header_says_the_thing_its_deadline_and_who_waits_in_that_order() -> None:
    page = drawn(
        '{% page_header "报名" deadline=until waiting="42位家长" %}{% button "公布" %}{% endpage_header %}',
        until=datetime(2026, 9, 5, 10, 0, tzinfo=UTC),
    )
    order = [page.index(part) for part in ("报名", "9月5日 周六 18:00", "还有1天", "42位家长", "公布")]
    assert order == sorted(order)


def test_a_navigation_entry_knows_where_the_reader_is() -> None:
    source = '{% nav_link "/school/a/activities/" "项目表" "table" 3 %}'
    assert 'aria-current="page"' in drawn(source, "/school/a/activities/12/")
    assert "aria-current" not in drawn(source, "/school/a/")
    assert drawn('{% nav_link "nobody:wrote_this_yet" "将来" "table" %}') == ""


class _Form(forms.Form):
    name = forms.CharField(label="姓名", help_text="照户口簿", max_length=4)
    way = forms.ChoiceField(label="离校方式", choices=[("a", "家长接"), ("b", "校车")], widget=forms.RadioSelect)
    note = forms.CharField(label="说明", required=False)


def test_a_form_keeps_what_was_typed_and_ties_each_error_to_its_field() -> None:
    page = drawn("{% fields form %}", form=_Form({"name": "名字太长了吧", "note": "带水杯"}))

    assert 'value="名字太长了吧"' in page
    assert 'value="带水杯"' in page
    assert 'aria-describedby="id_name_help id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert '<a href="#id_way">离校方式</a>：请选择一项。' in page
    assert "最多4个字，现在6个。" in page
    assert "字段" not in page


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.wanted: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            if key == "id" and value:
                self.ids.append(value)
            if key in ("for", "aria-describedby") and value:
                self.wanted += value.split()


def test_every_label_and_description_of_a_form_points_to_one_thing() -> None:
    found = _Ids()
    found.feed(drawn("{% fields form %}", form=_Form({})))
    assert len(found.ids) == len(set(found.ids))
    assert set(found.wanted) <= set(found.ids)


def test_sorting_keeps_the_search_and_turns_round() -> None:
    source = '<table><tr>{% sorter "name" "姓名" %}</tr></table>'
    assert 'href="?q=%E8%92%8B&amp;sort=name"' in drawn(source, "/?q=蒋&page=3")
    turned = drawn(source, "/?sort=name")
    assert 'href="?sort=-name"' in turned
    assert 'aria-sort="ascending"' in turned


def test_pages_are_real_links_that_keep_search_and_order() -> None:
    page = Paginator(list(range(95)), 10).page(2)
    shown = drawn('{% pager page "名" %}', "/?q=x&sort=-name&page=2", page=page)
    assert "第 11–20 名，共 95 名" in shown
    assert 'href="?q=x&amp;sort=-name&amp;page=3"' in shown
    assert '<span aria-current="page">2</span>' in shown


def test_an_icon_is_silent_unless_it_stands_alone() -> None:
    assert 'aria-hidden="true"' in drawn('{% icon "check" %}')
    assert 'role="img" aria-label="上一页"' in drawn('{% icon "chevron-left" "上一页" %}')
