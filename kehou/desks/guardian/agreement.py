"""Agreement: read, sign by finger or say on paper, take the PDF along."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.models import Agreement
from kehou.chapters.enrolment.papers import agreement_paper
from kehou.chapters.people.queries import Parenthood
from kehou.chapters.planning.queries import refusal_before_agreement
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import show
from kehou.lib import clock
from kehou.lib.paper import NotASignature, png_of
from kehou.rules.enrolling import AGREEMENT_TITLES, PICTURES
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused


def _agreement(beside: Parenthood) -> Agreement | None:
    registration = queries.registration_of(beside.school, on=clock.today())
    application = queries.application_of(beside.pupil, registration) if registration else None
    return queries.agreement_of(application) if application else None


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_SIGN)
def agreement(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show the agreement and who has signed it; take the signatures of guardian and child."""
    found = _agreement(beside)
    if found is None:
        return show(request, beside, "guardian/no_agreement.html", name="guardian:agreement")
    wrong: tuple[object, ...] = ()
    if request.method == "POST":
        try:
            _sign(request, beside, found)
        except Refused as no:
            wrong = no.refusals
        else:
            messages.success(request, "已签署。学校盖章后生效，您会收到通知。")
            return redirect("guardian:agreement", beside.pupil.pk)
    return show(
        request,
        beside,
        "guardian/agreement.html",
        {
            "agreement": found,
            "content": found.content,
            "signatures": {one.party: one for one in found.signatures.all()},
            "state": AGREEMENT_TITLES[found.state],
            "writes": beside.pupil.homeroom.grade >= parameters_on(clock.today()).agreement.pupil_ack,
            "pictures": PICTURES,
            "wrong": wrong,
            "no_notice": refusal_before_agreement(beside.pupil, found.application.registration.term)
            if found.state == "to_sign"
            else None,
            "typed": request.POST,
        },
        name="guardian:agreement",
        status=422 if wrong else 200,
    )


def _sign(request: HttpRequest, beside: Parenthood, found: Agreement) -> None:
    """Take what the form sent. :raises Refused: R-AGR-01"""
    try:
        image = png_of(request.POST.get("signature", ""))
    except NotASignature:
        image = None
    picture, name = request.POST.get("picture", ""), request.POST.get("pupil_name", "")
    pupil = enrolment.Acknowledgement("picture", picture) if picture else enrolment.Acknowledgement("name", name)
    enrolment.sign_as_family(
        found,
        read_digest=request.POST.get("digest", ""),
        name=beside.account.name,
        pupil=pupil,
        image=image,
        by=beside.by,
        at=clock.now(),
    )


@require_GET
@beside_child(Permission.CHILD_SEE)
def paper(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Return the agreement as a PDF: signed, or to be signed by pen."""
    found = _agreement(beside)
    if found is None:
        raise Http404
    pdf = agreement_paper(found, address=request.build_absolute_uri("/")).pdf
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{found.number}.pdf")
    return answer
