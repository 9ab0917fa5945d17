"""What every template keeps: no inline style or script, only icons that the sprite has; and the bundles hold everything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory

from kehou.lib import bundles

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "kehou").glob("**/templates/**/*.html"))
ICONS = {line for line in (ROOT / "tools/icons.txt").read_text("utf-8").split() if not line.startswith("#")}
SHEETS = sorted((ROOT / "kehou/static/css").glob("**/*.css"))


def label(path: Path) -> str:
    """Return a path as a test's name."""
    return str(path.relative_to(ROOT / "kehou"))


@pytest.mark.parametrize("template", TEMPLATES, ids=label)
def test_a_template_has_nothing_that_the_security_policy_refuses(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"<[^>]*\sstyle=", text), "inline style"
    assert not re.search(r"<[^>]*\son[a-z]+=", text), "inline handler"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script"
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", text), "another host"


@pytest.mark.parametrize("template", TEMPLATES, ids=label)
def test_a_template_asks_only_for_icons_that_there_are(template: Path) -> None:
    asked = re.findall(r"{%\s*icon\s+\"([^\"]+)\"|icon_name=\"([^\"]+)\"", template.read_text("utf-8"))
    assert {name for pair in asked for name in pair if name} <= ICONS


def test_python_asks_only_for_icons_that_there_are() -> None:
    from kehou.lib.templatetags import parts

    assert {*parts._NOTICE_ICONS.values(), *parts._STATUS_ICONS.values(), "arrows-sort"} <= ICONS


@pytest.mark.parametrize("sheet", SHEETS, ids=label)
def test_a_sheet_stands_in_a_layer_and_uses_tokens_not_colours(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    assert "@import" not in text
    assert "@layer" in text
    if sheet.parent.name == "components":
        literal = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"url\(\"data:.*?\"\)", "", text)))
        assert literal <= {"#fff", "#a87900"}


def test_each_bundle_is_found_and_holds_every_sheet_in_the_order_of_the_layers() -> None:
    for name in bundles.BUNDLES:
        assert Path(finders.find(name)).is_file()
    css = Path(finders.find("kehou.css")).read_text("utf-8")
    assert css.startswith("@layer tabler, tokens, components, print;")
    for sheet in SHEETS:
        assert sheet.read_text("utf-8") in css


def test_the_common_script_leaves_out_what_only_some_pages_need() -> None:
    text = bundles.script()
    assert "data-submit-once" in text
    assert "data-wish-move" not in text


@pytest.mark.parametrize("name", ["round_slips", "survey_slips"])
def test_papers_that_are_printed_once_are_asked_for_once(name: str) -> None:
    """The second press would take the place of the first answer, and the codes on it would lie in nobody's hand."""
    texts = [path.read_text("utf-8") for path in TEMPLATES]
    forms = [
        form for text in texts for form in re.findall(r"<form\b.*?</form>", text, re.S) if f'"school:{name}"' in form
    ]
    assert forms
    assert all("data-submit-once" in form for form in forms)


@pytest.mark.django_db  # the demonstration's bar reads the moved clock
@pytest.mark.parametrize("status", ["400", "403", "404", "405", "409", "410", "429"])
def test_an_error_page_says_what_to_do(status: str) -> None:
    page = render_to_string(f"{status}.html", {}, RequestFactory().get("/"))
    assert "data-error-part" in page
    assert "<h1>" in page
    assert status in page


def test_the_page_of_a_failure_asks_nothing_of_the_database_and_names_the_incident() -> None:
    page = render_to_string("500.html", {"number": "07383c25"})
    assert "07383c25" in page
