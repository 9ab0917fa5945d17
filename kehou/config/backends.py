"""Who somebody is, asked by every request of somebody signed in."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from kehou.chapters.people.models import Account
from kehou.chapters.people.queries import account_by_id


class AccountBackend(ModelBackend):
    """Django's own backend with the question by key made once (`kehou.lib.prepared`)."""

    def get_user(self, user_id: int) -> Account | None:
        """Return the account of a session, or None where it is gone or closed."""
        account = account_by_id(int(user_id))
        return account if account is not None and self.user_can_authenticate(account) else None
