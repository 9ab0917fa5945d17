"""The journal depends on nothing: who acted is kept as text, as it was at that time."""

from __future__ import annotations

from typing import Any

from django.db import models


class Entry(models.Model):
    """One act or one read of something sensitive. Written once; sealed later; never changed."""

    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=80, db_index=True)
    about_kind = models.CharField(max_length=60)
    about_id = models.CharField(max_length=40)
    about_label = models.CharField(max_length=120, blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60)
    actor_post = models.CharField(max_length=80, blank=True)
    school_code = models.CharField(max_length=10, blank=True, db_index=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["about_kind", "about_id"], name="journal_entry_about")]

    class Secrecy:
        open = {"at", "verb", "about_kind", "about_id", "school_code"}
        masked = {"about_label": "", "actor_id": None, "actor_name": "某人", "actor_post": "", "facts": {}}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the entry once. :raises TypeError: when it is saved again"""
        if not self._state.adding:
            raise TypeError("a journal entry is written once")
        super().save(*args, **kwargs)


class Seal(models.Model):
    """A batch of entries bound to all seals before it by a hash. `ranges` are the (first, last) runs it covers."""

    number = models.PositiveBigIntegerField(unique=True)
    ranges = models.JSONField()
    last_entry = models.PositiveBigIntegerField(db_index=True)
    entries = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Secrecy:
        open = {"number", "ranges", "last_entry", "entries", "previous", "digest", "sealed_at"}
        masked: dict[str, object] = {}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the seal once. :raises TypeError: when it is saved again"""
        if not self._state.adding:
            raise TypeError("a seal is written once")
        super().save(*args, **kwargs)


class Letter(models.Model):
    """A message that exists exactly when the fact does; delivered by the worker."""

    to_account = models.BigIntegerField(db_index=True)
    school_code = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    body = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["to_account", "-written_at"], name="journal_letter_inbox"),
            models.Index(fields=["kind", "school_code"], name="journal_letter_kind"),
        ]

    class Secrecy:
        open = {"to_account", "school_code", "kind", "written_at"}
        masked = {"title": "通知", "body": "", "link": ""}

    def __str__(self) -> str:
        return self.title


class Reading(models.Model):
    """The receipt: this letter was opened."""

    letter = models.OneToOneField(Letter, models.CASCADE, related_name="reading")
    read_at = models.DateTimeField()

    class Secrecy:
        open = {"letter", "read_at"}
        masked: dict[str, object] = {}


class Delivery(models.Model):
    """One try to bring a letter over one channel."""

    WAITING, DELIVERED, FAILED = "waiting", "delivered", "failed"

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=WAITING, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "channel"], name="delivery_once_a_channel")]

    class Secrecy:
        open = {"letter", "channel", "state", "attempts", "next_try_at", "delivered_at", "problem"}
        masked: dict[str, object] = {}
