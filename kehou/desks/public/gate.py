"""The door of the public: open to everybody, the same page for all, kept by caches; nobody is asked who they are."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from kehou.lib.gates import View, open_to_all

KEPT_SECONDS = 300


def published(view: View) -> View:
    """Return a page for everybody: read only, without a person in it, without a cookie, kept for five minutes."""

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        # Whoever is signed in sees what everybody sees; the session is not even opened.
        request.user = AnonymousUser()
        answer = view(request, **kwargs)
        if answer.status_code == 200:
            patch_cache_control(answer, public=True, max_age=KEPT_SECONDS)
        return answer

    return open_to_all(require_safe(shown))
