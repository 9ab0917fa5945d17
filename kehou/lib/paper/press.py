"""The press: one Typst compiler per process, fed with JSON.

Templates are ours and stand in `templates/`; what people typed reaches them only as data, so nobody's name is read as
markup. Files outside that folder and packages from the network are refused by the compiler itself.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import segno
import typst
from django.conf import settings

from kehou.lib.paper.faces import folders, undrawable
from kehou.lib.paper.wording import digest_of, for_press, in_words, spaced
from kehou.rules.documents import document_of

TEMPLATES = Path(__file__).parent / "templates"
DRAFT = "草稿"  # the mark of a paper that has no number yet and is in no register
DEMONSTRATION = "演示"  # stands across every paper of a demonstration, whatever else does
GETA = "〓"  # the printer's mark for a character that is not in the case
_STANDARD: Final = "a-2u"  # PDF/A-2 with text that can be read back: what an archive takes
_PAGE_TREE = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")
_lock = Lock()  # the compiler keeps its last inputs


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished paper. `digest` is the SHA-256 of its content, whose first sixteen digits stand on every page.

    `missing` are characters that no typeface has: they are printed as 〓, and the foot says which to write in by hand.
    """

    pdf: bytes
    digest: str
    pages: int
    missing: tuple[str, ...] = ()


def render(
    template_name: str,
    data: Mapping[str, Any],
    *,
    title: str,
    number: str,
    school: str,
    term: str,
    version: str,
    basis: str,
    issued_at: datetime,
    verify_url: str,
    mark: str = "",
) -> Paper:
    """Return an official paper from a template of `templates/` (its name without `.typ`).

    `data` holds words, whole numbers (money in fen), days, times, lists, mappings and PNG bytes. `verify_url` is what
    the QR code says; `{digest}` in it becomes the printed digest; without one no code is printed. `mark` is written
    across each page (草稿, 作废); in a demonstration 演示 stands before it, which no caller can forget or leave out.
    The same arguments give the same bytes.

    :raises LookupError: if there is no such template
    :raises TypeError: if `data` holds something that has no form on paper
    """
    source = TEMPLATES / f"{template_name}.typ"
    if not template_name.replace("-", "").isalnum() or not source.is_file():
        raise LookupError(f"no paper is called {template_name}")
    head: dict[str, Any] = {"title": title, "number": number, "school": school, "term": term, "version": version}
    head |= {"basis": basis, "issued_at": issued_at}
    content = in_words({"template": template_name, "head": head, "data": data})
    digest = digest_of(content)
    missing = undrawable(for_press(content) + mark)
    address = verify_url.replace("{digest}", spaced(digest))
    print_on = _foot(digest, address, _across(mark), missing) | _header(title, digest, mark)
    shown = for_press(content | {"print": print_on}).translate({ord(character): GETA for character in missing})
    pdf = _pressed(source, shown, issued_at)
    return Paper(pdf=pdf, digest=digest, pages=_pages(pdf), missing=missing)


def _across(mark: str) -> str:
    return DEMONSTRATION + mark if settings.DEMONSTRATION else mark


def _foot(digest: str, address: str, mark: str, missing: tuple[str, ...]) -> dict[str, Any]:
    """Return what stands on every page beside the content itself."""
    return {
        "digest": spaced(digest),
        "address": address,
        "qr": _qr(address) if address else "",
        "mark": mark,
        "missing": [f"U+{ord(character):04X}" for character in missing],
    }


def _header(title: str, digest: str, mark: str) -> dict[str, Any]:
    """Return what the common header asks of every paper, for those whose content does not say it."""
    known = document_of(title)
    return {
        "number": "" if mark == DRAFT else known.number(digest),
        "delivery": known.delivery,
        "retention": known.retention,
    }


def _pressed(source: Path, shown: str, issued_at: datetime) -> bytes:
    with _lock:
        pdf = _compiler().compile(
            input=str(source),
            format="pdf",
            sys_inputs={"paper": shown},
            timestamp=int(issued_at.timestamp()),
            pdf_standards=_STANDARD,
        )
    assert isinstance(pdf, bytes), "one file was asked for"
    return pdf


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """Return this process's compiler, with the typefaces of `faces.folders` and no others."""
    places = [str(folder) for folder in folders()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=places)
    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True)


def _qr(address: str) -> str:
    """Return the QR code of an address as SVG, with the quiet zone left to the template."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True
    )
    return drawn.getvalue().decode()


def _pages(pdf: bytes) -> int:
    """Return how many pages the finished PDF has, which its page tree says in plain text."""
    found = _PAGE_TREE.search(pdf)
    assert found, "Typst writes its page tree uncompressed"
    return int(found[1])
