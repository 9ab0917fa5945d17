"""The register of issued papers: whoever holds one can ask by the sixteen digits of its foot what it is.

A paper is registered when it is handed out, once for each content. Kept is what stands in its head, and the code by
which the public page finds how the matter stands now; never what the paper says, so no child's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from django.conf import settings

from kehou.lib.models import IssuedPaper
from kehou.lib.paper.press import DRAFT, Paper, render
from kehou.rules.documents import document_of

BY_ITSELF = "{digest}"  # a paper that no matter stands behind
PRINTED = 16  # hex digits on every page
_CODE = re.compile(r"/verify/([^/]+)/$")
_LONGEST = {"title": 120, "number": 80, "school": 80, "term": 40, "version": 60}


def issue(template_name: str, data: Mapping[str, Any], *, code: str = "", **head: Any) -> Paper:
    """Return an official paper as `render` does, and put it into the register unless it is a draft.

    `code` finds the matter on the page of verification (an agreement, a filing, a draw); where it is left out, it is
    the one in `verify_url`. A paper without one shows what stood when it was printed.
    """
    if not head.get("verify_url") and settings.PUBLIC_ADDRESS and head.get("mark") != DRAFT:
        head["verify_url"] = f"{settings.PUBLIC_ADDRESS}/verify/{BY_ITSELF}/"  # found by the digits of its foot
    made = render(template_name, data, **head)
    if head.get("mark") == DRAFT:
        return made
    code = code or (unquote(found[1]) if (found := _CODE.search(head["verify_url"])) else "")
    code = "" if code == BY_ITSELF else code
    if not IssuedPaper.objects.filter(digest=made.digest).exists():  # mostly it was printed before: nothing is written
        words = {name: str(head[name])[:longest] for name, longest in _LONGEST.items()}
        words["number"] = words["number"] or document_of(head["title"]).number(made.digest)
        words |= {"issued_at": head["issued_at"], "printed": made.digest[:PRINTED], "code": code}
        IssuedPaper.objects.get_or_create(digest=made.digest, defaults=words)
    return made


def issued_with(digits: str) -> IssuedPaper | None:
    """Return the paper whose foot begins with these hex digits; at least the sixteen that are printed."""
    found = IssuedPaper.objects.filter(printed=digits[:PRINTED]).order_by("pk") if len(digits) >= PRINTED else ()
    return next((one for one in found if one.digest.startswith(digits)), None)
