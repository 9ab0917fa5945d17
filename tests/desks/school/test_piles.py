"""A pile of papers typed with keys alone: counted, typed, scanned, closed."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kehou.chapters.journal.models import Entry
from kehou.chapters.surveys import actions as surveys
from kehou.chapters.surveys.models import Pile, Sheet, Survey
from kehou.lib.uploads import Upload
from tests.chapters.surveys.stage import AT, families, opened, take
from tests.desks.school.stage import answers, url
from tests.world import World

# need, hours, leave by, wishes in their order, worries: the five core items as the paper prints them
LINE = "1 2 3 3,4 1"


@pytest.fixture
def people(world: World) -> list:
    return families(world, 2)


@pytest.fixture
def survey(world: World, client: Client, at_moment, people: list) -> Survey:
    at_moment(AT)
    client.force_login(world.riverside.who["asp_manager"])
    return opened(world)


def begun(client: Client, world: World, survey: Survey, counted: str = "2") -> Pile:
    assert client.post(url("survey_piles", world, survey.pk), {"counted": counted}).status_code == 302
    return Pile.objects.get(survey=survey)


def type_in(client: Client, world: World, pile: Pile, secret: str, **more: str):
    sent = {"code": f"http://testserver/s/{secret}/", "grade": "3", "number": "1", "line": LINE} | more
    return client.post(url("survey_pile", world, pile.survey_id, pile.pk), sent)


@pytest.mark.clause("2.7.1-e")
def test_a_pile_is_typed_by_keys_and_closed_when_the_count_is_right(
    client: Client, world: World, survey: Survey, people: list
) -> None:
    tickets = [take(survey, account, pupil) for account, pupil in people]
    pile = begun(client, world, survey)
    page = client.get(url("survey_pile", world, survey.pk, pile.pk)).content.decode()
    assert "autofocus" in page and "<strong>2</strong> 不需要" in page
    assert type_in(client, world, pile, tickets[0].secret).status_code == 302
    sheet = Sheet.objects.get()
    assert sheet.channel == Sheet.PAPER and sheet.grade == 3
    assert (sheet.answers["need"], sheet.answers["hours"], sheet.answers["wishes"]) == (0, 1, [2, 3])
    closing = url("survey_pile_closing", world, survey.pk, pile.pk)
    answer = client.post(closing)
    assert answer.status_code == 422 and "数的是2份，录了1份" in answer.content.decode()
    assert type_in(client, world, pile, tickets[1].secret, line="2").status_code == 302
    assert client.post(closing).status_code == 302
    pile.refresh_from_db()
    assert pile.typed == 2 and pile.closed_at is not None
    assert "已经录完" in type_in(client, world, pile, tickets[1].secret).content.decode()


def test_a_slip_keeps_what_was_typed(client: Client, world: World, survey: Survey) -> None:
    ticket = take(survey, world.guardian, world.mei)
    pile = begun(client, world, survey)
    for more in ({"line": "9 1"}, {"line": "1"}, {"grade": ""}, {"code": "nobody"}):
        answer = type_in(client, world, pile, ticket.secret, remark="爷爷接送", **more)
        page = answer.content.decode()
        assert answer.status_code == 422 and 'value="爷爷接送"' in page and f'value="{more.get("line", LINE)}"' in page
    assert not Sheet.objects.exists() and Pile.objects.get().typed == 0


def test_a_paper_counts_once(client: Client, world: World, survey: Survey) -> None:
    ticket = take(survey, world.guardian, world.mei)
    pile = begun(client, world, survey)
    type_in(client, world, pile, ticket.secret)
    answer = type_in(client, world, pile, ticket.secret, line="2")
    assert answer.status_code == 422 and "已经录过" in answer.content.decode()
    assert type_in(client, world, pile, ticket.secret, line="2", replaces="1").status_code == 302
    assert Sheet.objects.get().answers["need"] == 1 and Pile.objects.get().typed == 1


def test_a_scan_takes_no_count_back(client: Client, world: World, survey: Survey) -> None:
    ticket = take(survey, world.guardian, world.mei)
    pile = begun(client, world, survey, "1")
    type_in(client, world, pile, ticket.secret)
    scan = Upload(b"%PDF-1.7\n", "pdf")
    surveys.scan_pile(pile, scan, by=world.riverside.by("asp_manager"), at=AT)  # as it stood before the paper was typed
    assert Pile.objects.get().typed == 1 and Pile.objects.get().scan


@pytest.mark.parametrize("counted", ["", "0", "-1", "viele", "99999"])
def test_a_pile_is_counted_first(client: Client, world: World, survey: Survey, counted: str) -> None:
    assert client.post(url("survey_piles", world, survey.pk), {"counted": counted}).status_code == 409
    assert not Pile.objects.exists()


def test_the_scan_is_of_the_pile_and_nothing_leads_from_an_answer_to_it(
    client: Client, world: World, survey: Survey
) -> None:
    ticket = take(survey, world.guardian, world.mei)
    pile = begun(client, world, survey, "1")
    where = url("survey_pile_scan", world, survey.pk, pile.pk)
    sent = {"scan": SimpleUploadedFile("x.pdf", b"PK\x03\x04 office")}
    assert client.post(where, sent).status_code == 302 and not Pile.objects.get().scan
    client.post(where, {"scan": SimpleUploadedFile("x.pdf", b"%PDF-1.4 papers")})
    assert Pile.objects.get().scan
    assert client.get(url("survey_pile_scan_file", world, survey.pk, pile.pk)).status_code == 200
    type_in(client, world, pile, ticket.secret)
    assert not {field.name for field in Sheet._meta.get_fields()} & {"pile", "scan"}
    told = str(list(Entry.objects.values_list("verb", "facts")))
    assert ticket.secret not in told and "surveys.pile_scanned" in told


def test_who_may(client: Client, world: World, survey: Survey) -> None:
    pile = begun(client, world, survey)
    for address in (url("survey_piles", world, survey.pk), url("survey_pile", world, survey.pk, pile.pk)):
        assert answers(client, world, address, "principal") == (403, 404, 302)
        assert answers(client, world, address, "asp_manager")[0] == 200
    client.force_login(world.riverside.who["principal"])
    for name in ("survey_pile_closing", "survey_pile_scan"):
        assert client.post(url(name, world, survey.pk, pile.pk)).status_code == 403
    assert client.get(url("survey_pile_scan_file", world, survey.pk, pile.pk)).status_code == 403
