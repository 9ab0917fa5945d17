"""How far a round has come and what it said: counts by party and topic; opinions without names, in no order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kehou.chapters.planning.models import AdoptionTable, Opinion, OpinionGroup, OpinionRound, OpinionSlip, Plan
from kehou.chapters.schools.models import School
from kehou.lib.prepared import Prepared
from kehou.rules.gates import ConsultationRound
from kehou.rules.planning import PARTIES_ASKED, Decision, Party, Section, Stance, Topic, refusal_of_answer
from kehou.rules.verdicts import Refusal

STATES = {"coming": "未开", "open": "进行中", "over": "已截止"}


@dataclass(frozen=True, slots=True)
class PartyCount:
    """One kind of party: how many were asked (None: anybody may come), how many answered, forms that came back."""

    party: Party
    asked: int | None
    answered: int


@dataclass(frozen=True, slots=True)
class TopicCount:
    """One topic: how many agree, disagree, suggest."""

    topic: Topic
    agree: int
    disagree: int
    suggest: int

    @property
    def all(self) -> int:
        """Return how many spoke of it."""
        return self.agree + self.disagree + self.suggest


_OPEN_NOW = Prepared(
    lambda school, at: OpinionRound.objects.filter(plan__school=school, opens_at__lte=at, closes_at__gt=at),
    school=int,
    at=datetime,
)


def rounds_open(school: School, at: datetime) -> list[OpinionRound]:
    """Return the rounds in which opinions of a school are asked for at this moment."""
    return _OPEN_NOW.rows(school=school.pk, at=at)


def round_of(plan: Plan, number: int) -> OpinionRound | None:
    """Return a round of a plan, or None before it is opened."""
    return plan.rounds.filter(number=number).select_related("version").first()


def state_of(found: OpinionRound, at: datetime) -> str:
    """Return `coming`, `open` or `over`: a round ends by itself."""
    if at < found.opens_at:
        return "coming"
    return "open" if at < found.closes_at else "over"


def refusal_to_answer(found: OpinionRound, party: Party, at: datetime) -> Refusal | None:
    """Return why this party's opinion is not taken now."""
    closes_at = timezone.localtime(found.closes_at)  # the sentence says the hour here, not the stored one
    return refusal_of_answer(number=found.number, party=party, opens_at=found.opens_at, closes_at=closes_at, at=at)


def counts_by_party(found: OpinionRound) -> list[PartyCount]:
    """Return who was asked and how many answered: three queries. Never who, and never by class."""
    asked = dict(found.asked.values_list("party").annotate(n=Count("pk")))
    answered = dict(found.sheets.values_list("party").annotate(n=Count("pk")))
    slips = found.slips.count()
    whole = {**asked, Party.GUARDIAN.value: asked.get(Party.GUARDIAN.value, 0) + slips}
    return [
        PartyCount(party, None if party is Party.COMMUNITY else whole.get(party.value, 0), answered.get(party.value, 0))
        for party in Party
        if party in PARTIES_ASKED[found.number]
    ]


def counts_by_topic(found: OpinionRound) -> list[TopicCount]:
    """Return what was said of each topic, in numbers: one query."""
    rows = Opinion.objects.filter(sheet__round=found).values_list("topic", "stance").annotate(n=Count("pk"))
    counts = {(topic, stance): n for topic, stance, n in rows}
    return [TopicCount(topic, *(counts.get((topic.value, one.value), 0) for one in Stance)) for topic in Topic]


def slips_by_class(found: OpinionRound) -> list[tuple[str, int, int, int]]:
    """Return (homeroom, id, slips, still to print) by grade and number."""
    rows = (
        found.slips.values("homeroom", "homeroom__grade", "homeroom__number")
        .annotate(slips=Count("pk"), waiting=Count("pk", filter=Q(printed_at=None)))
        .order_by("homeroom__grade", "homeroom__number")
    )
    names = {one.pk: str(one) for one in found.plan.school.homerooms.all()}
    return [(names[row["homeroom"]], row["homeroom"], row["slips"], row["waiting"]) for row in rows]


def slip_of(secret: str) -> OpinionSlip | None:
    """Return the slip with this code, however it is typed from paper."""
    plain = "".join(sign for sign in secret.lower() if sign.isalnum())
    return (
        OpinionSlip.objects.filter(secret=plain, printed_at__isnull=False).select_related("round__plan__school").first()
    )


def as_gate(found: OpinionRound | None) -> ConsultationRound | None:
    """Return a round as the gates know it: days, and how many kinds of party answered."""
    if found is None:
        return None
    kinds = found.sheets.values("party").distinct().count()
    opened, closed = (timezone.localtime(one) for one in (found.opens_at, found.closes_at))
    return ConsultationRound(opened.date(), closed.date(), kinds)


# --- Opinions and their groups ----------------------------------------------------------------------------------------


def opinions_of(plan: Plan) -> QuerySet[Opinion]:
    """Return what has to be answered: everything but plain consent, of rounds that are over or not."""
    told = Opinion.objects.filter(sheet__round__plan=plan).exclude(stance=Stance.AGREE, words="")
    return told.select_related("sheet__round")


def ungrouped(plan: Plan, *, topic: str = "", text: str = "", at: datetime | None = None) -> QuerySet[Opinion]:
    """Return the opinions that belong to no group yet, by topic; of closed rounds only when `at` is given."""
    rows = opinions_of(plan).filter(group=None)
    if at is not None:
        rows = rows.filter(sheet__round__closes_at__lte=at)
    if topic:
        rows = rows.filter(topic=topic)
    if text:
        rows = rows.filter(words__icontains=text)
    return rows.order_by("topic", "pk")


def groups_of(plan: Plan, *, text: str = "") -> list[OpinionGroup]:
    """Return the groups with `size` and `by_stance`, by topic: one query."""
    rows = plan.groups.annotate(
        size=Count("opinions"),
        against=Count("opinions", filter=Q(opinions__stance=Stance.DISAGREE)),
    ).order_by("topic", "-size", "pk")
    if text:
        rows = rows.filter(title__icontains=text)
    order = {topic.value: turn for turn, topic in enumerate(Topic)}
    return sorted(rows, key=lambda group: (order[group.topic], -group.size, group.pk))  # type: ignore[attr-defined]


def adoption_of(plan: Plan) -> AdoptionTable | None:
    """Return the published adoption table."""
    return AdoptionTable.objects.filter(plan=plan).select_related("plan__school", "plan__term").first()


def adoption_by_digest(digest: str) -> AdoptionTable | None:
    """Return the adoption table whose hash begins so, for whoever checks a paper."""
    return AdoptionTable.objects.filter(digest__startswith=digest).select_related("plan__school", "plan__term").first()


def adoption_rows(groups: Iterable[OpinionGroup]) -> list[dict[str, object]]:
    """Return the rows of the adoption table as they are published."""
    return [
        {
            "topic": Topic(group.topic).label,
            "title": group.title,
            "opinions": group.size,  # type: ignore[attr-defined]
            "decision": Decision(group.decision).label if group.decision else "",
            "reason": group.reason,
            "section": Section(group.section).label if group.section else "",
            "section_key": group.section,
        }
        for group in groups
    ]


def adoption_words(rows: Iterable[dict[str, object]]) -> str:
    """Return the adoption table as the plan's section says it."""
    return "\n".join(
        f"{row['topic']}：{row['title']}（{row['opinions']}条）——{row['decision']}。{row['reason']}"
        + (f"（见“{row['section']}”）" if row["section"] else "")
        for row in rows
    )
