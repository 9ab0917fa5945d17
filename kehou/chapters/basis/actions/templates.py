"""The district keeps a library of activities: added, changed by a new version, retired, never overwritten (2.3-d)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from kehou.chapters.basis.models import ActivityTemplate
from kehou.chapters.basis.queries import TemplateVersion, template_versions
from kehou.chapters.journal import actions as journal
from kehou.lib.actors import Actor
from kehou.rules.activity_templates import plain_template, refusals_of_template, template_of
from kehou.rules.forty import Template
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@transaction.atomic
def add_template(template: Template, *, by: Actor, at: datetime) -> ActivityTemplate:
    """Put an activity into the library; its number is the next. :raises Refused: R-CONT-03, R-CONT-06, the lint's"""
    standing = template_versions()
    number = max(standing, default=0) + 1
    _insist_on(template, number, standing)
    row = _keep(number, template, 1, reason="", retired=False, by=by, at=at)
    journal.write("basis.template_added", about=row, by=by, at=at, number=number, name=template.name)
    return row


@transaction.atomic
def change_template(
    number: int, template: Template, *, reason: str, seen: int, by: Actor, at: datetime
) -> ActivityTemplate:
    """Make a new version of a template, which brings one that was retired back; schools' copies stay as they are.

    `seen` is the version that was on the screen. :raises Refused: R-CONT-03, R-CONT-06, the lint's
    """
    standing = template_versions()
    newest = _newest(standing, number, seen)
    same = plain_template(template) == plain_template(newest.template) and not newest.retired
    insist(
        refuse("R-CONT-06", "template_unchanged") if same else None,
        None if reason.strip() else refuse("R-CONT-06", "template_without_reason"),
    )
    _insist_on(template, number, standing)
    row = _keep(number, template, newest.version + 1, reason=reason, retired=False, by=by, at=at)
    journal.write(
        "basis.template_changed", about=row, by=by, at=at, number=number, name=template.name, version=row.version,
        reason=row.reason,
    )  # fmt: skip
    return row


@transaction.atomic
def retire_template(number: int, *, reason: str, seen: int, by: Actor, at: datetime) -> ActivityTemplate:
    """Take a template out of the library from now on; its versions and the schools' copies stay.

    :raises Refused: R-CONT-06 without a reason, for one that is retired, or when somebody was faster
    """
    newest = _newest(template_versions(number), number, seen)
    insist(
        refuse("R-CONT-06", "template_retired", name=newest.template.name) if newest.retired else None,
        None if reason.strip() else refuse("R-CONT-06", "template_without_reason"),
    )
    row = _keep(number, newest.template, newest.version + 1, reason=reason, retired=True, by=by, at=at)
    journal.write(
        "basis.template_retired", about=row, by=by, at=at, number=number, name=newest.template.name, reason=row.reason
    )
    return row


def _newest(standing: dict[int, list[TemplateVersion]], number: int, seen: int) -> TemplateVersion:
    newest = standing[number][-1]
    if newest.version != seen:
        raise Refused(_changed_meanwhile(newest))
    return newest


def _changed_meanwhile(newest: TemplateVersion) -> Refusal:
    name, version = newest.template.name, newest.version
    return refuse("R-CONT-06", "template_changed_meanwhile", name=name, who=newest.made_by, version=version)


def _insist_on(template: Template, number: int, standing: dict[int, list[TemplateVersion]]) -> None:
    newest = [versions[-1] for key, versions in standing.items() if key != number]
    insist(*refusals_of_template(template, others={one.template.name for one in newest if not one.retired}))


def _keep(
    number: int, template: Template, version: int, *, reason: str, retired: bool, by: Actor, at: datetime
) -> ActivityTemplate:
    """Write one version. Two officers at once: the number and version are one, the second is told (R-CONT-06)."""
    try:
        with transaction.atomic():
            return ActivityTemplate.objects.create(
                number=number, version=version, content=plain_template(template), retired=retired,
                reason=reason.strip()[:200], made_by=str(by), made_at=at,
            )  # fmt: skip
    except IntegrityError:
        row = ActivityTemplate.objects.filter(number=number).order_by("-version").first()
        assert row is not None
        winner = TemplateVersion(template_of(number, row.content), row.version, made_by=row.made_by)
        raise Refused(_changed_meanwhile(winner)) from None
