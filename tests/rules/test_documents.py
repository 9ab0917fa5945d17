"""The catalogue of papers: a kind is found by its title, and the same content has the same number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.documents import DOCUMENTS, FOR_GOOD, OF_A_TERM, OF_MONEY, document_of

MARKED = st.sampled_from(DOCUMENTS)


@given(MARKED, st.sampled_from(["", "竹海中心小学", "2026年11月"]), st.sampled_from(["", "（第2版）"]))
def test_a_kind_is_found_whatever_stands_around_its_title(document, before, behind):
    assert document_of(f"{before}{document.title}{behind}") == document


@pytest.mark.parametrize(
    ("title", "retention"),
    [("柚香路小学11月收支公示表", OF_MONEY), ("课后服务实施方案", FOR_GOOD), ("安全管理制度", OF_A_TERM)],
)
def test_how_long_a_paper_is_kept(title, retention):
    assert document_of(title).retention == retention


def test_titles_and_numbers_are_unambiguous():
    assert len({one.title for one in DOCUMENTS}) == len(DOCUMENTS)
    assert document_of("影像使用同意书").number("ab" * 32) == "YX-ABABABAB"
