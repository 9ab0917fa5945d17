"""调整方案: the part of this desk's addresses that changes a plan in force."""

from __future__ import annotations

from django.urls import path

from kehou.desks.school import plan_amendments

PATHS = [
    path("plan/amendments/", plan_amendments.amendments, name="amendments"),
    path("plan/amendments/new/", plan_amendments.amendment_new, name="amendment_new"),
    path("plan/amendments/<int:number>/", plan_amendments.amendment, name="amendment"),
    path("plan/amendments/<int:number>/telling/", plan_amendments.amendment_telling, name="amendment_telling"),
    path(
        "plan/amendments/<int:number>/consents/<int:consent_id>/paper/",
        plan_amendments.amendment_paper,
        name="amendment_paper",
    ),
    path("plan/amendments/<int:number>/preparing/", plan_amendments.amendment_preparing, name="amendment_preparing"),
    path("plan/amendments/<int:number>/withdrawal/", plan_amendments.amendment_withdrawal, name="amendment_withdrawal"),
    path(
        "plan/amendments/<int:number>/consents/<int:consent_id>/scan/",
        plan_amendments.amendment_consent_scan,
        name="amendment_consent_scan",
    ),
]
