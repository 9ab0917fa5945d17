"""The agreement on paper: the content that was signed, the signatures, a hash and a QR to check both."""

from __future__ import annotations

from typing import Any

from kehou.chapters.enrolment.models import Agreement, Signature
from kehou.lib.paper import Paper, render
from kehou.rules.enrolling import AGREEMENT_TITLES, PICTURES

_WRITTEN = {"paper": "见纸质签署件", "seal": "（学校电子签章）"}


def agreement_paper(agreement: Agreement, *, address: str) -> Paper:
    """Return the PDF of an agreement as it stands now; `address` is where this installation answers."""
    registration = agreement.application.registration
    parties = {one.party: _signature(one) for one in agreement.signatures.all()}
    blank: dict[str, Any] = {"name": ""}
    return render(
        "agreement",
        {
            **agreement.content,
            "signatures": {party: parties.get(party, blank) for party in ("guardian", "school", "pupil")},
        },
        title="课后服务协议书",
        number=agreement.number,
        school=registration.school.name,
        term=registration.term.name,
        version=f"第{agreement.version}版 · {AGREEMENT_TITLES[agreement.state]}",
        basis="《关于梁平区中小学生课后服务工作的实施意见（试行）》二（七）3",
        issued_at=agreement.drawn_up_at,
        verify_url=f"{address.rstrip('/')}/verify/{agreement.check_code}/",
    )


def _signature(one: Signature) -> dict[str, Any]:
    """Return a party's line: a finger's picture, a name, or a word about the paper."""
    line: dict[str, Any] = {"name": one.signed_name, "at": one.signed_at}
    if one.method == "finger" and one.image:
        with one.image.open("rb") as file:
            line["png"] = file.read()
    elif one.method == "picture":
        line["name"] = f"◎ {PICTURES.get(one.signed_name, one.signed_name)}"
    elif one.method in _WRITTEN:
        line["name"] = f"{one.signed_name}{_WRITTEN[one.method]}"
    return line
