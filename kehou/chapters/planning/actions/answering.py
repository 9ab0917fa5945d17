"""An opinion comes in: by a household, a teacher, a child, a member, a neighbour; on a phone or from paper. Once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Account, Pupil
from kehou.chapters.planning.models import Asked, Opinion, OpinionRound, OpinionSheet, OpinionSlip
from kehou.chapters.planning.queries import refusal_to_answer
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects
from kehou.rules.planning import Party, Stance, Topic, read_opinions
from kehou.rules.verdicts import Refusal, Refused, insist, refuse

PICTURE_TOPICS = (Topic.TIME, Topic.CONTENT, Topic.PICKUP)  # what a child can judge
Opinions = Mapping[Topic, tuple[Stance, str]]
MOST_BY_LINK = 300  # forms of the community a day: a link on a notice board is open to everybody, machines included


class OpinionRefused(Refused):
    """The form has faults, by topic, so that a page can say each beside its topic."""

    def __init__(self, wrong: Mapping[str, Refusal]) -> None:
        super().__init__(*wrong.values())
        self.wrong = dict(wrong)


@transaction.atomic
def give_opinion(
    found: OpinionRound,
    party: Party,
    *,
    stances: Mapping[str, str],
    words: Mapping[str, str],
    signed: str = "",
    account: Account | None = None,
    at: datetime,
) -> OpinionSheet:
    """Keep the opinion of a household (by its guardian), a teacher or a member: once a round.

    Which form is whose is kept nowhere; without a name on it, nobody can tell.
    :raises OpinionRefused: with every topic that is not answered rightly
    :raises Refused: R-GATE-03, R-GATE-04 when the round does not take it, or for the second form
    """
    insist(refusal_to_answer(found, party, at))
    assert account is not None
    opinions = _read(stances, words)
    _mark(found, party, account=account)
    return _keep(found, party, opinions, signed=signed, channel=OpinionSheet.PHONE, at=at)


@transaction.atomic
def give_pupil_opinion(found: OpinionRound, pupil: Pupil, *, stances: Mapping[str, str], at: datetime) -> OpinionSheet:
    """Keep what a child chose among pictures: once a round, without a name.

    :raises OpinionRefused: when a picture is missing
    :raises Refused: R-GATE-04 when the round does not ask children, or for the second form
    """
    insist(refusal_to_answer(found, Party.PUPIL, at))
    opinions = _read(stances, {}, topics=PICTURE_TOPICS, pictures=True)
    _mark(found, Party.PUPIL, pupil=pupil)
    return _keep(found, Party.PUPIL, opinions, signed="", channel=OpinionSheet.PHONE, at=at)


@transaction.atomic
def give_by_slip(
    slip: OpinionSlip, *, stances: Mapping[str, str], words: Mapping[str, str], signed: str = "",
    by: Actor | None = None, at: datetime,
) -> OpinionSheet:  # fmt: skip
    """Keep the opinion of a household without an account: its slip is used up; `by` is the clerk who types a paper.

    :raises OpinionRefused: with every topic that is not answered rightly
    :raises Refused: R-GATE-03 for a slip that was used, or when the round is over
    """
    found = OpinionRound.objects.select_related("plan__school").get(pk=slip.round_id)
    insist(refusal_to_answer(found, Party.GUARDIAN, at))
    opinions = _read(stances, words)
    if not OpinionSlip.objects.filter(pk=slip.pk, is_used=False).update(is_used=True):
        raise Refused(refuse("R-GATE-03", "answered_already"))
    channel = OpinionSheet.PAPER if by else OpinionSheet.LINK
    if by:
        journal.write("planning.paper_typed", about=found, by=by, at=at, school_code=found.plan.school.code)
    return _keep(found, Party.GUARDIAN, opinions, signed=signed, channel=channel, at=at)


@transaction.atomic
def give_by_link(
    found: OpinionRound, *, stances: Mapping[str, str], words: Mapping[str, str], signed: str, nonce: str,
    by: Actor | None = None, party: Party = Party.COMMUNITY, at: datetime,
) -> OpinionSheet:  # fmt: skip
    """Keep what a neighbour, a shop, a village says; the same form (`nonce`) sent twice is one.

    `by` is the clerk who types a form that came on paper without a code.
    :raises OpinionRefused: with every topic that is not answered rightly
    :raises Refused: R-GATE-04 when the round does not take it, for the form sent twice, or too many in a day
    """
    insist(refusal_to_answer(found, party, at))
    opinions = _read(stances, words)
    today = found.sheets.filter(party=party, channel=OpinionSheet.LINK, received_on=timezone.localtime(at).date())
    if by is None and today.count() >= MOST_BY_LINK:
        raise Refused(refuse("R-GATE-04", "too_many_today"))
    channel = OpinionSheet.PAPER if by else OpinionSheet.LINK
    sheet = _keep(found, party, opinions, signed=signed, channel=channel, at=at, nonce=nonce or None)
    if by:
        journal.write("planning.paper_typed", about=found, by=by, at=at, school_code=found.plan.school.code)
    return sheet


def _read(
    stances: Mapping[str, str],
    words: Mapping[str, str],
    *,
    topics: Iterable[Topic] = tuple(Topic),
    pictures: bool = False,
) -> Opinions:
    opinions, wrong = read_opinions(stances, words, topics=topics, pictures=pictures)
    if wrong:
        raise OpinionRefused(wrong)
    return opinions


def _mark(found: OpinionRound, party: Party, *, account: Account | None = None, pupil: Pupil | None = None) -> None:
    """Note that somebody has answered; the second of two is refused. Who came after the opening is asked now."""
    mine = Asked.objects.filter(round=found, party=party, account=account, pupil=pupil)
    if mine.filter(has_answered=False).update(has_answered=True):
        return
    if not mine.exists():
        try:
            with transaction.atomic():
                Asked.objects.create(round=found, party=party, account=account, pupil=pupil, has_answered=True)
            return
        except IntegrityError:
            pass
    raise Refused(refuse("R-GATE-03", "answered_already"))


def _keep(
    found: OpinionRound,
    party: Party,
    opinions: Opinions,
    *,
    signed: str,
    channel: str,
    at: datetime,
    nonce: str | None = None,
) -> OpinionSheet:
    try:
        with transaction.atomic():
            sheet = OpinionSheet.objects.create(
                round=found, party=party, channel=channel, signed=signed.strip()[:40], nonce=nonce,
                received_on=timezone.localtime(at).date(),
            )  # fmt: skip
    except IntegrityError:
        raise Refused(refuse("R-GATE-03", "answered_already")) from None
    insert_objects(
        Opinion(sheet=sheet, topic=topic, stance=stance, words=words) for topic, (stance, words) in opinions.items()
    )
    return sheet


@transaction.atomic
def give_many(found: OpinionRound, party: Party, rows: Iterable[tuple[int, Opinions]], *, at: datetime) -> int:
    """Keep the opinions of many at once (by account, or by pupil for children), each as if it had come alone.

    For a demonstration and for papers that were read by machine; whoever has answered is left out.
    :raises Refused: R-GATE-03 when the round is not open to this party
    """
    insist(refusal_to_answer(found, party, at))
    column = "pupil_id" if party is Party.PUPIL else "account_id"
    free = set(found.asked.filter(party=party, has_answered=False).values_list(column, flat=True))
    taken = [(who, said) for who, said in dict(rows).items() if who in free]
    found.asked.filter(**{f"{column}__in": [who for who, _ in taken]}, party=party).update(has_answered=True)
    on = timezone.localtime(at).date()
    sheets = insert_objects(OpinionSheet(round=found, party=party, received_on=on) for _ in taken)
    insert_objects(
        (
            Opinion(sheet=sheet, topic=topic, stance=stance, words=words)
            for sheet, (_, said) in zip(sheets, taken, strict=True)
            for topic, (stance, words) in said.items()
        ),
    )
    return len(taken)
