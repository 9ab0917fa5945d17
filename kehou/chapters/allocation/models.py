"""The draw of a registration: what was committed, drawn and published; who sits where; who waits."""

from __future__ import annotations

from django.db import models

from kehou.chapters.basis.models import Term
from kehou.chapters.enrolment.models import Application, Registration
from kehou.chapters.people.models import Pupil
from kehou.chapters.programme.models import Activity, Slot
from kehou.chapters.schools.models import School
from kehou.lib.constraints import before, together


class Draw(models.Model):
    """One draw, or a refill round after it (`base`). `state`: see `kehou.rules.states.DRAW`.

    `root` binds the frozen requests before the randomness `beacon` exists; `seed` follows from both; `record` is the
    public record that anybody can check. A refill round takes wishes until `closes_at`, its randomness being named
    when it opens.
    """

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="draws")
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="refills")
    closes_at = models.DateTimeField(null=True)  # of a refill round; a draw closes with its registration
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, default="planned")
    rules = models.JSONField(default=dict)
    randomness = models.CharField(max_length=1000, blank=True)  # named in advance, in words
    root = models.CharField(max_length=64, blank=True)
    requests = models.PositiveIntegerField(default=0)
    frozen = models.FileField(upload_to="draws/", null=True)
    beacon = models.CharField(max_length=200, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    record = models.FileField(upload_to="draws/", null=True)
    record_digest = models.CharField(max_length=64, blank=True)
    stats = models.JSONField(default=dict)
    named_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.CharField(max_length=80, null=True)
    published_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    voided_because = models.CharField(max_length=200, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "number"], name="draw_number_once"),
            together("drawn_at", "drawn_by", name="draw_has_who_and_when"),
            together("voided_at", "voided_because", name="draw_is_voided_with_a_reason"),
            together("base", "closes_at", name="refill_has_an_end"),
            models.UniqueConstraint(
                fields=["base"],
                condition=models.Q(state__in=("planned", "committed", "drawn")),
                name="one_refill_at_a_time",
            ),
        ]

    class Secrecy:
        open = {
            "registration", "base", "closes_at", "number", "state", "rules", "randomness", "root", "requests", "beacon",
            "seed", "record", "record_digest", "stats", "named_at", "committed_at", "drawn_at", "published_at",
            "voided_at", "voided_because",
        }  # fmt: skip
        masked = {"frozen": None, "drawn_by": "某人"}


class Witness(models.Model):
    """Who binds himself to a word before the deadline and shows it in the hall after freezing.

    `seal` is the SHA-256 of the word in hex: until `word` is shown nobody but the witness knows it. `draw` is empty
    while witnesses gather; once they are named, nobody comes or goes.
    """

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="witnesses")
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="witnesses")
    role = models.CharField(max_length=12)  # see kehou.rules.witnessing.ROLES
    name = models.CharField(max_length=20)
    seal = models.CharField(max_length=64)
    word = models.CharField(max_length=200, blank=True)
    sealed_at = models.DateTimeField()
    sealed_by = models.CharField(max_length=80)
    revealed_at = models.DateTimeField(null=True)
    revealed_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "seal"], name="witness_seal_once"),
            together("revealed_at", "revealed_by", name="witness_shows_with_who_and_when"),
        ]

    class Secrecy:
        open = {"registration", "draw", "role", "seal", "word", "sealed_at", "revealed_at"}
        masked = {"name": "某人", "sealed_by": "某人", "revealed_by": "某人"}


class BeaconEntry(models.Model):
    """The published result as one person has read it; the draw begins when two have typed the same (sunlot-v1)."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="beacon_entries")
    beacon = models.CharField(max_length=200)
    reveals = models.JSONField(default=list)
    typed_by = models.CharField(max_length=80)
    typed_by_account = models.BigIntegerField()
    typed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "typed_by_account"], name="one_beacon_a_person")]

    class Secrecy:
        open = {"draw", "beacon", "reveals", "typed_at"}
        masked = {"typed_by": "某人", "typed_by_account": 0}


class Placement(models.Model):
    """A child's seat in a slot, from a day until a day.

    `source`: draw, base_care, offer, manual, move, swap, refill, renewal.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="placements")
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="placements")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="placements")
    weekday = models.PositiveSmallIntegerField()
    tier = models.PositiveSmallIntegerField(null=True)
    reason = models.JSONField(default=dict)
    source = models.CharField(max_length=12, default="draw")
    from_on = models.DateField()
    until_on = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "slot"], condition=models.Q(ended_at__isnull=True), name="one_seat_in_a_slot"
            )
        ]
        indexes = [
            models.Index(fields=["slot", "from_on"], name="allocation_placement_slot"),
            models.Index(fields=["application", "weekday"], name="allocation_placement_child"),
        ]

    class Secrecy:
        open = {"draw", "slot", "weekday", "source", "from_on", "until_on", "ended_at"}
        masked = {"application": None, "tier": None, "reason": {}}


class WaitingPlace(models.Model):
    """A place in the queue of a slot, in the order of the draw; offered in this order, never by speed of clicking."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="waiting_places")
    application = models.ForeignKey(Application, models.PROTECT, related_name="waiting_places")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="waiting_places")
    position = models.PositiveIntegerField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=12, blank=True)  # placed, left, expired

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "slot"], name="waits_once_for_a_slot"),
            models.UniqueConstraint(fields=["draw", "slot", "position"], name="waiting_position_once"),
        ]

    class Secrecy:
        open = {"draw", "slot", "position", "ended_at", "ended_because"}
        masked = {"application": None}


class Offer(models.Model):
    """A seat that a family may take until an hour: freed by somebody, or kept for it. Silence declines."""

    OPEN, ACCEPTED, DECLINED, EXPIRED = "open", "accepted", "declined", "expired"

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="offers")
    application = models.ForeignKey(Application, models.PROTECT, related_name="offers")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, default=OPEN)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "slot"], condition=models.Q(state="open"), name="one_open_offer_a_slot"
            )
        ]
        indexes = [models.Index(fields=["slot", "state"], name="allocation_offer_slot")]

    class Secrecy:
        open = {"draw", "slot", "state", "made_at", "expires_at", "answered_at"}
        masked = {"application": None, "answered_by": "某人"}


class Unplaced(models.Model):
    """A child that asked for a weekday and got no seat: with the reason, so that nobody wonders."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="unplaced")
    application = models.ForeignKey(Application, models.PROTECT, related_name="unplaced_days")
    weekday = models.PositiveSmallIntegerField()
    reason = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "application", "weekday"], name="unplaced_once_a_day")]

    class Secrecy:
        open = {"draw", "weekday"}
        masked = {"application": None, "reason": {}}


class SeatChange(models.Model):
    """A seat that was changed after the draw was public: one line of the public record, never altered.

    `kind`: hand, offer, swap, refill, cancelled, left (`kehou.rules.allocation.changes`). `role` is a title, no name.
    """

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="changes")
    application = models.ForeignKey(Application, models.PROTECT, related_name="seat_changes")
    kind = models.CharField(max_length=12)
    weekday = models.PositiveSmallIntegerField()
    frees = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+")
    takes = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=80)
    reason = models.CharField(max_length=200, blank=True)
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(frees__isnull=False) | models.Q(takes__isnull=False),
                name="seat_change_changes_a_seat",
            )
        ]
        indexes = [models.Index(fields=["draw", "on"], name="allocation_seat_change_draw")]

    class Secrecy:
        open = {"draw", "kind", "weekday", "frees", "takes", "role", "reason", "on"}
        masked = {"application": None}


class SwapRound(models.Model):
    """A call for swaps: families ask until an hour, then all are carried out together. `state`: `rules.states.SWAPS`.

    `cycles` repeats what was carried out, by slots and in counts, as it was shown before.
    """

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="swap_rounds")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default="open")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    closes_at = models.DateTimeField()
    cycles = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="swap_round_number_once"),
            models.UniqueConstraint(fields=["draw"], condition=models.Q(state="open"), name="one_open_swap_round"),
            before("opened_at", "closes_at", name="swap_round_ends_after_it_begins"),
            together("ended_at", "ended_by", name="swap_round_has_who_and_when"),
        ]

    class Secrecy:
        open = {"draw", "number", "state", "opened_at", "closes_at", "cycles", "ended_at"}
        masked = {"opened_by": "某人", "ended_by": "某人"}


class SwapWish(models.Model):
    """What a family would rather have than a seat it holds, best first. `got` is what it was swapped for."""

    round = models.ForeignKey(SwapRound, models.PROTECT, related_name="wishes")
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="swap_wishes")
    slots = models.JSONField(default=list)  # slot ids
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    got = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "placement"], name="one_swap_wish_a_seat")]

    class Secrecy:
        open = {"round", "asked_at", "withdrawn_at"}
        masked = {"placement": None, "slots": [], "asked_by": "某人", "got": None}


class RenewalWindow(models.Model):
    """Before the round: a school asks the members of groups that go on whether they keep their seat; once a term."""

    school = models.ForeignKey(School, models.PROTECT, related_name="renewal_windows")
    term = models.ForeignKey(Term, models.PROTECT, related_name="renewal_windows")
    closes_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "term"], name="one_renewal_window_a_term"),
            before("opened_at", "closes_at", name="renewal_window_ends_after_it_begins"),
        ]

    class Secrecy:
        open = {"school", "term", "closes_at", "opened_at"}
        masked = {"opened_by": "某人"}


class Renewal(models.Model):
    """A member of last term who may keep the seat on the weekdays it had. Silence keeps nothing.

    A `series` is one team over the week: kept whole or not at all.
    """

    window = models.ForeignKey(RenewalWindow, models.PROTECT, related_name="renewals")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="renewals")  # of this term
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="renewals")
    weekdays = models.JSONField(default=list)
    series = models.BooleanField(default=False)
    answer = models.CharField(max_length=10, blank=True)  # keep, let_go
    channel = models.CharField(max_length=10, blank=True)  # online, paper
    scan = models.FileField(upload_to="renewals/", null=True, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window", "activity", "pupil"], name="one_renewal_a_member"),
            together("answered_at", "answered_by", name="renewal_has_who_and_when"),
        ]

    class Secrecy:
        open = {"window", "activity", "weekdays", "series", "answered_at"}
        masked = {"pupil": None, "answer": "", "channel": "", "scan": None, "answered_by": "某人"}


class RefillWish(models.Model):
    """What a family would rather have on a weekday than what the child has, best first; base care if `care`.

    `digest` is what the receipt shows. `held` is the group the child came with when the round was frozen, `got` the
    slots drawn for it (none: everything stays). `outcome`: moved, served, unchanged; lapsed if it left meanwhile.
    """

    refill = models.ForeignKey(Draw, models.PROTECT, related_name="refill_wishes")
    application = models.ForeignKey(Application, models.PROTECT, related_name="refill_wishes")
    weekday = models.PositiveSmallIntegerField()
    slots = models.JSONField(default=list)  # slot ids
    care = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    held = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+")
    got = models.JSONField(default=list)  # slot ids
    outcome = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refill", "application", "weekday"], name="one_refill_wish_a_day")
        ]

    class Secrecy:
        open = {"refill", "weekday", "digest", "asked_at", "withdrawn_at"}
        masked = {
            "application": None, "slots": [], "care": False, "asked_by": "某人", "held": None, "got": [], "outcome": "",
        }  # fmt: skip
