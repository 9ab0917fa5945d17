"""How a form of this desk says what a rule refused."""

from __future__ import annotations

from django.forms import Form

from kehou.rules import sentences
from kehou.rules.verdicts import Refused


def tell(form: Form, no: Refused, **where: str) -> None:
    """Put the reasons into the form; `where` maps a reason to the field beside which it stands."""
    for refusal in no.refusals:
        form.add_error(where.get(refusal.why), sentences.say(refusal))


def status_of(form: Form) -> int:
    """Return 422 for a form that has errors, 200 otherwise."""
    return 422 if form.errors else 200
