"""A locked PDF is found by its newest trailer, however that is written; the word in a page's text locks nothing."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from kehou.lib.pdf_trailer import is_encrypted


def written(*, password: str = "", algorithm: str = "AES-256") -> bytes:
    """Return a PDF of one page, locked where a password is given, as another library writes it."""
    writer, made = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": "trailer << /Encrypt 9 0 R >>"})
    if password:
        writer.encrypt(password, algorithm=algorithm)
    writer.write(made)
    return made.getvalue()


def plain(trailer: bytes, *, before: bytes = b"", startxref: int | None = None) -> bytes:
    """Return a file whose only cross-reference table has this trailer; `startxref` may lie."""
    head = b"%PDF-1.7\n" + before
    at = len(head) if startxref is None else startxref
    return head + b"xref\n0 1\n0000000000 65535 f \ntrailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF" % at


def stream(dictionary: bytes) -> bytes:
    """Return a file whose cross-reference is a stream, as PDF 1.5 allows."""
    head = b"%PDF-1.5\n"
    return head + b"12 0 obj\n" + dictionary + b"\nstream\n\x00\x01\nendstream endobj\nstartxref\n9\n%%EOF"


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_it_finds_what_another_library_has_locked(algorithm: str) -> None:
    locked = written(password="geheim", algorithm=algorithm)
    assert PdfReader(io.BytesIO(locked)).is_encrypted and is_encrypted(locked)


def test_the_word_in_the_text_of_a_page_or_a_title_locks_nothing() -> None:
    assert not is_encrypted(written())
    text = b"1 0 obj<</Length 40>>stream\n(trailer << /Encrypt 9 0 R >>) Tj\nendstream endobj\n"
    assert not is_encrypted(plain(b"<< /Root 1 0 R /Size 1 >>", before=text))


@pytest.mark.parametrize(
    "trailer",
    [
        b"<</Root 1 0 R/Encrypt 9 0 R>>",
        b"<< /Size 3 /ID [<00ff> (a>>)(b)] /Encrypt << /Filter /Standard /V 2 >> /Root 1 0 R >>",
        b"<< /Info << /Nested (\\) >>) >> % a comment >>\n /#45ncrypt 9 0 R >>",
        b"<<\r\n/Root 1 0 R\r\n/Encrypt\r\n9 0 R\r\n>>",
    ],
)
def test_it_reads_the_keys_of_the_trailer(trailer: bytes) -> None:
    assert is_encrypted(plain(trailer))
    assert is_encrypted(plain(trailer, startxref=3)), "found although the offset is wrong"
    assert is_encrypted(stream(b"<< /Type /XRef /W [1 2 1] " + trailer[2:]))


@pytest.mark.parametrize(
    "trailer",
    [
        b"<< /Root 1 0 R /Info << /Encrypt 9 0 R >> >>",
        b"<< /Root 1 0 R /Name /Encrypt /Size 4 >>",
        b"<< /Root 1 0 R /Title (/Encrypt 9 0 R) >>",
        b"<< /Root 1 0 R >>\n% /Encrypt 9 0 R",
        b"<< /EncryptMetadata false /Root 1 0 R >>",
    ],
)
def test_it_is_not_misled_by_what_is_no_key_of_the_trailer(trailer: bytes) -> None:
    assert not is_encrypted(plain(trailer))
    assert not is_encrypted(stream(b"<< /Type /XRef /W [1 2 1] " + trailer[2:]))


def test_the_newest_revision_decides() -> None:
    first = plain(b"<< /Root 1 0 R >>")
    at = len(first) + 1
    second = first + b"\nxref\n0 0\ntrailer\n<< /Root 1 0 R /Encrypt 9 0 R /Prev 9 >>\nstartxref\n%d\n%%%%EOF" % at
    assert not is_encrypted(first) and is_encrypted(second)


@given(st.binary(max_size=400))
def test_it_never_breaks_over_what_somebody_hands_in(junk: bytes) -> None:
    assert is_encrypted(b"%PDF-1.7\n" + junk) in (True, False)
    assert is_encrypted(b"%PDF-1.7\ntrailer <<" + junk + b"startxref\n9") in (True, False)
