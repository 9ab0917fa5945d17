"""学生名册: who is on the register, who answers for each child; ID numbers masked, shown to who says why."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Guardianship, Pupil
from kehou.chapters.people.queries import Seat, held_on
from kehou.desks.school.forms_pupil import GuardianForm, ReasonForm
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets, typed
from kehou.rules.permissions import Permission
from kehou.rules.schools import COMMUTES
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

ROWS = 50
SORTS = {
    "class": ("homeroom__grade", "homeroom__number", "name_sort", "pk"),
    "name": ("name_sort", "pk"),
}
STATES = {Pupil.IN_SCHOOL: "在校", Pupil.LEFT: "已离校"}


def _found(request: HttpRequest, seat: Seat) -> QuerySet[Pupil]:
    """Return the register as searched and sorted; ID numbers stay where they are."""
    pupils = seat.school.pupils.select_related("homeroom").defer("id_number", "student_no")  # type: ignore[union-attr]
    state = request.GET.get("state", Pupil.IN_SCHOOL)
    pupils = pupils.filter(state=state if state in STATES else Pupil.IN_SCHOOL)
    if grade := typed.whole(request.GET.get("grade"), most=99):
        pupils = pupils.filter(homeroom__grade=grade)
    if text := request.GET.get("q", "").strip():
        joined = text.lower().replace(" ", "")
        pupils = pupils.filter(
            Q(name__icontains=text) | Q(name_sort__icontains=text.lower()) | Q(name_sort__startswith=joined)
        )
    key = request.GET.get("sort", "class")
    order = SORTS.get(key.removeprefix("-"), SORTS["class"])
    pupils = pupils.order_by(*(f"-{one}" for one in order)) if key.startswith("-") else pupils.order_by(*order)
    return pupils.annotate(guardians=Count("guardianships", filter=Q(guardianships__until_on__isnull=True)))


@at_school(Permission.ROSTER_SEE)
def pupils(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the register of the school."""
    found = _found(request, seat)
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(name) for name in ("班级", "姓名", "性别", "住校", "上学路程", "监护人数")]
        rows = (
            (
                str(one.homeroom),
                one.name,
                "男" if one.sex == "1" else "女",
                "是" if one.boards else "",
                COMMUTES.get(one.commute, ""),
                str(one.guardians),
            )
            for one in found.iterator(chunk_size=1000)
        )
        return sheets.download(f"学生名册-{clock.today():%Y%m%d}.xlsx", columns, rows)
    grades = sorted(seat.school.homerooms.values_list("grade", flat=True).distinct())  # type: ignore[union-attr]
    return render(
        request,
        "school/pupils/list.html",
        {
            "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
            "grades": grades,
            "grade": request.GET.get("grade", ""),
            "states": STATES,
            "state": request.GET.get("state", Pupil.IN_SCHOOL),
        },
    )


def _pupil(seat: Seat, pupil_id: int) -> Pupil:
    return get_object_or_404(seat.school.pupils.select_related("homeroom", "school"), pk=pupil_id)  # type: ignore[union-attr]


def _card(
    request: HttpRequest,
    seat: Seat,
    pupil: Pupil,
    *,
    guardian: GuardianForm | None = None,
    reason: ReasonForm | None = None,
    shown: str = "",
    status: int = 200,
) -> HttpResponse:
    links = pupil.guardianships.filter(held_on(clock.today())).select_related("account").order_by("-is_main", "pk")
    return render(
        request,
        "school/pupils/card.html",
        {
            "pupil": pupil,
            "links": list(links),
            "contacts": list(pupil.contacts.order_by("turn")),
            "pickup": list(pupil.pickup_persons.filter(ended_at__isnull=True).order_by("pk")),
            "guardian_form": guardian or GuardianForm(),
            "reason_form": reason or ReasonForm(),
            "shown": shown,
            "has_number": pupil.id_hash is not None,
            "commutes": COMMUTES,
            "states": STATES,
        },
        status=status,
    )


@at_school(Permission.ROSTER_SEE)
def pupil(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Show one child: class, who answers, whom to call, who may fetch."""
    return _card(request, seat, _pupil(seat, pupil_id))


@require_POST
@at_school(Permission.ID_UNMASK)
def unmasking(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Show the ID number once, to who says why; the reading is in the journal."""
    child, form = _pupil(seat, pupil_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _card(request, seat, child, reason=form, status=422)
    try:
        number = people.unmask_id_number(child, reason=form.cleaned_data["reason"], by=seat.by, at=clock.now())
    except Refused as no:
        form.add_error("reason", say(no.refusal))
        return _card(request, seat, child, reason=form, status=409)
    answer = _card(request, seat, child, shown=number)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@at_school(Permission.CLASSES_EDIT)
def commute(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Note how far the child lives: who lives far away is warned of evenings that end in the dark (2.2-d)."""
    child = _pupil(seat, pupil_id)
    try:
        people.note_commute(child, request.POST.get("commute", ""), by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, say(no.refusal))
    else:
        messages.success(request, "上学路程已登记。")
    return redirect("school:pupil", seat.school.code, child.pk)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.CLASSES_EDIT)
def guardians(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Add somebody who answers for the child."""
    child, form = _pupil(seat, pupil_id), GuardianForm(request.POST)
    if not form.is_valid():
        return _card(request, seat, child, guardian=form, status=422)
    facts = form.cleaned_data
    link = people.add_guardian(
        child,
        facts["phone"],
        name=facts["name"],
        relation=facts["relation"],
        is_main=facts["is_main"],
        by=seat.by,
        at=clock.now(),
    )
    messages.success(request, f"已登记{link.account.name}为{child.name}的监护人，可用这个手机号登录。")
    return redirect("school:pupil", seat.school.code, child.pk)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.CLASSES_EDIT)
def contacts_verified(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Note that every contact of the child was reached by telephone."""
    child, now = _pupil(seat, pupil_id), clock.now()
    try:
        count = people.verify_contacts(child, on=now.date(), by=seat.by, at=now)
    except Refused as no:
        messages.error(request, say(no.refusal))
    else:
        messages.success(request, f"已登记{count}名联系人都打通核对过。")
    return redirect("school:pupil", seat.school.code, child.pk)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.CLASSES_EDIT)
def guardian_end(request: HttpRequest, seat: Seat, pupil_id: int, guardianship_id: int) -> HttpResponse:
    """End a guardianship: the person sees nothing of the child any more."""
    child = _pupil(seat, pupil_id)
    link = get_object_or_404(Guardianship, pk=guardianship_id, pupil=child, until_on__isnull=True)
    people.end_guardianship(link, by=seat.by, at=clock.now())
    messages.success(request, f"{link.account.name}不再是{child.name}的监护人。")
    return redirect("school:pupil", seat.school.code, child.pk)  # type: ignore[union-attr]
