"""The glossary says only names that the code has, and every name the code calls by its term."""

from __future__ import annotations

import pytest
from django.apps import apps

from kehou.rules.permissions import ROLES
from kehou.rules.steps import STEPS
from tools import glossary


def test_every_record_with_a_term_is_a_model_and_stands_where_the_page_says() -> None:
    page = glossary.page()
    for chapter, records in glossary.RECORDS.items():
        for term, name in records.items():
            file = apps.get_model(chapter, name).__module__.replace(".", "/") + ".py"
            assert f"| {term} | `{name}` | `{file}` |" in page


def test_a_term_whose_record_was_renamed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(glossary.RECORDS, "money", {"缴费单": "Invoice"})
    with pytest.raises(LookupError):
        glossary.page()


def test_what_the_code_calls_by_its_term_is_in_it() -> None:
    page = glossary.page()
    for title, key in [*((role.title, key) for key, role in ROLES.items()), *((one.title, one.key) for one in STEPS)]:
        assert f"| {title} | `{key}` |" in page
    assert "| 非物质文化传承人 | `heritage_inheritor` |" in page
