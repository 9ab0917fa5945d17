"""Documents 24 and 25: each purpose apart, blank for the pen or as it was answered, with a code that strangers may ask."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kehou.chapters.people import actions as people
from kehou.lib.models import IssuedPaper
from kehou.rules.choice import CONSENT_TEXT, CONSENTS
from kehou.rules.consent_text import CONSENT_TEXTS, IMAGES, INFORMATION
from tests.world import World, moment


def words(pdf: bytes) -> str:
    """Return the text of a PDF without white space."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_two_papers_hold_every_purpose_once():
    keys = [key for text in CONSENT_TEXTS.values() for key in text.purposes]
    assert sorted(keys) == sorted(CONSENTS)


@pytest.mark.parametrize("kind", [INFORMATION, IMAGES])
def test_a_blank_for_the_pen_has_empty_boxes_and_says_what_refusing_means(
    client: Client, world: World, at_moment: Callable, kind: str
):
    at_moment(moment(12))
    client.force_login(world.riverside.who["asp_manager"])
    where = reverse("school:paper_consent", args=(world.riverside.school.code, world.mei.pk, kind))
    text, said = CONSENT_TEXTS[kind], words(client.get(where).content)
    assert "■" not in said and said.count("□同意") == said.count("□不同意") == len(text.purposes)
    for part in (text.title, world.mei.name, text.refusing, text.afterwards, *map(CONSENTS.__getitem__, text.purposes)):
        assert "".join(part.split()) in said
    client.force_login(world.hill.who["asp_manager"])
    assert client.get(where).status_code == 404


def test_the_guardian_prints_what_was_answered_and_anybody_may_check_it(
    client: Client, world: World, at_moment: Callable
):
    at_moment(moment(12))
    answers = {"photo_school": True, "photo_public": False}
    people.answer_consents(world.mei, answers, text_version=CONSENT_TEXT, by=world.by_guardian(), at=moment(10))
    client.force_login(world.guardian)
    said = words(client.get(reverse("guardian:consent", args=(world.mei.pk, IMAGES))).content)
    assert said.count("■同意") == 1 and said.count("■不同意") == 1 and said.count("□同意") == 2
    digits = re.search(r"内容摘要([0-9a-f-]{19})", said)[1]  # type: ignore[index]
    assert f"/verify/{digits}/" in said
    shown = Client().get(reverse("public:verify", args=(digits,)))
    page = shown.content.decode()
    assert shown.status_code == 200 and "影像使用同意书" in page and world.mei.name not in page
    assert IssuedPaper.objects.get().number.startswith("YX-")
    assert client.get(reverse("guardian:consent", args=(world.mei.pk, "face"))).status_code == 404
