"""The draw and what comes after it; a part of the addresses of the school's desk."""

from django.urls import path

from kehou.desks.school import (
    ceremony,
    draw,
    draw_cancelled,
    draw_papers,
    draw_renewals,
    draw_seats,
    draw_swaps,
    rehearsal,
)

PATHS = [
    path("draw/", draw.draw, name="draw"),
    path("draw/plan/", draw.plan, name="draw_plan"),
    path("draw/ceremony/", ceremony.ceremony, name="ceremony"),
    path("draw/ceremony/sealing/", ceremony.sealing, name="ceremony_sealing"),
    path("draw/ceremony/<int:witness_id>/dismissing/", ceremony.dismissing, name="ceremony_dismissing"),
    path("draw/ceremony/naming/", ceremony.naming, name="ceremony_naming"),
    path("draw/ceremony/<int:witness_id>/revealing/", ceremony.revealing, name="ceremony_revealing"),
    path("draw/ceremony/confirming/", ceremony.confirming, name="ceremony_confirming"),
    path("draw/ceremony/giving-up/", ceremony.giving_up, name="ceremony_giving_up"),
    path("draw/renewals/", draw_renewals.renewals, name="renewals"),
    path("draw/renewals/opening/", draw_renewals.opening, name="renewals_opening"),
    path("draw/renewals/<int:renewal_id>/", draw_renewals.answering, name="renewal_answer"),
    path("draw/renewals/<int:renewal_id>/scan/", draw_renewals.scan, name="renewal_scan"),
    path("draw/rehearsal/", rehearsal.rehearsal, name="rehearsal"),
    path("draw/commitment/", draw.commitment, name="draw_commitment"),
    path("draw/beacon/", draw.beacon, name="draw_beacon"),
    path("draw/run/", draw.running, name="draw_run"),
    path("draw/progress/", draw.progress, name="draw_progress"),
    path("draw/publication/", draw.publication, name="draw_publication"),
    path("draw/voiding/", draw.voiding, name="draw_voiding"),
    path("draw/placements/", draw_seats.placements, name="placements"),
    path("draw/placements/<int:placement_id>/", draw_seats.placement, name="placement"),
    path("draw/waiting/", draw_seats.waiting, name="waiting"),
    path("draw/offers/", draw_seats.offers, name="draw_offers"),
    path("draw/swaps/", draw_swaps.swaps, name="swaps"),
    path("draw/swaps/opening/", draw_swaps.opening, name="swaps_opening"),
    path("draw/swaps/running/", draw_swaps.running, name="swaps_running"),
    path("draw/swaps/cancelling/", draw_swaps.cancelling, name="swaps_cancelling"),
    path("draw/cancelled/", draw_cancelled.cancelled, name="cancelled_groups"),
    path("draw/cancelled/placing/", draw_cancelled.placing_anew, name="placing_anew"),
    path("draw/result.pdf", draw_papers.paper, name="draw_paper"),
    path("draw/record.json", draw_papers.record, name="draw_record"),
]
