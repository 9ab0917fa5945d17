"""What a family types into the form of the application, field by field."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests.registration import Stage
from tests.world import World

SIGNATURE = "data:image/png;base64,"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def url(name: str, pupil: Any, *args: object) -> str:
    """Return the address of a page about a child."""
    return reverse(f"guardian:{name}", args=(pupil.pk, *args))


def typed(stage: Stage, **changes: str) -> dict[str, str]:
    """Return a filled form: Monday two hours, football before science or singing; `changes` replace fields."""
    fields = {
        "joins": "yes",
        "hours_1": "2",
        "hours_2": "0",
        f"rank_{stage.slot('校园足球')}": "1",
        f"rank_{stage.slot('科学小实验')}": "2",
        f"rank_{stage.slot('童声合唱')}": "2",
        "home": "guardian",
        "contact_1_name": "陈梅妈妈",
        "contact_1_relation": "母亲",
        "contact_1_phone": "13900000001",
        "contact_2_name": "陈爷爷",
        "contact_2_relation": "祖父",
        "contact_2_phone": "13900000002",
        "consent_basic": "yes",
        "consent_photo_public": "no",
        "signed_by": "陈梅妈妈",
    }
    return {**fields, **changes}


def parent(client: Any, world: World) -> Any:
    """Return the client signed in as Mei's and Bo's guardian."""
    client.force_login(world.guardian)
    return client
