"""Training: the quiz on one's own phone, or a training in a room that the office enters; a certificate for a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.actions.files import refresh
from kehou.chapters.staffing.models import QuizAttempt, StaffMember, Training
from kehou.lib.actors import Actor
from kehou.lib.masked import keyed_hash
from kehou.lib.statements import insert_objects
from kehou.rules.staffing.questions import TOPICS, draw_questions, score
from kehou.rules.verdicts import Refused, insist, refuse


@dataclass(frozen=True, slots=True)
class TrainingFacts:
    """A training in a room (document 22): topics, lecturer, minutes, the result of its test in percent."""

    on: date
    lecturer: str
    minutes: int
    topics: Sequence[str] = field(default_factory=lambda: tuple(TOPICS))
    score: int = 100


@transaction.atomic
def begin_quiz(member: StaffMember, *, by: Actor, at: datetime) -> QuizAttempt:
    """Return the attempt that is open, or deal the questions of a new one: every topic in turn."""
    StaffMember.objects.select_for_update(no_key=True).get(pk=member.pk)  # two tabs, one attempt
    if standing := member.attempts.filter(handed_in_at=None).first():
        return standing
    number = parameters_on(at.date()).staff.quiz_questions
    seed = keyed_hash(f"{member.pk}|{member.attempts.count()}", purpose="quiz")
    questions = [one.key for one in draw_questions(seed, number)]
    attempt = QuizAttempt.objects.create(member=member, questions=questions, begun_at=at)
    journal.write("staffing.quiz_begun", about=attempt, by=by, at=at, school_code=member.school.code)
    return attempt


@transaction.atomic
def hand_in_quiz(attempt: QuizAttempt, answers: Mapping[str, int], *, by: Actor, at: datetime) -> QuizAttempt:
    """Score an attempt; passed it is a training for a year, failed it can be taken again at once.

    :raises Refused: R-FILE-08 when it was handed in already, or a question is not answered
    """
    attempt = (
        QuizAttempt.objects.select_for_update(of=("self",), no_key=True)
        .select_related("member__school")
        .get(pk=attempt.pk)
    )
    if attempt.handed_in_at:
        raise Refused(refuse("R-FILE-08", "attempt_over"))
    left = len([key for key in attempt.questions if key not in answers])
    insist(refuse("R-FILE-08", "not_all_answered", left=left) if left else None)
    member, staff = attempt.member, parameters_on(at.date()).staff
    attempt.answers = {key: answers[key] for key in attempt.questions}
    attempt.score, attempt.handed_in_at = score(attempt.questions, answers), at
    attempt.passed = attempt.score >= staff.quiz_pass_percent
    attempt.save()
    facts = {"score": attempt.score, "passed": attempt.passed}
    journal.write("staffing.quiz_handed_in", about=attempt, by=by, at=at, school_code=member.school.code, **facts)
    if attempt.passed:
        _keep([member], TrainingFacts(at.date(), "", 0, score=attempt.score), how="quiz", by=by, at=at)
    return attempt


@transaction.atomic
def record_training(
    school: School, members: Iterable[StaffMember], facts: TrainingFacts, *, by: Actor, at: datetime
) -> list[Training]:
    """Keep a training in a room for people of one school: for those without an account, or for everybody together.

    :raises Refused: R-FILE-08 without lecturer, minutes or all topics, below the pass mark; R-STAF-01 for nobody
    """
    people = list(
        school.staff.filter(pk__in=[one.pk for one in members]).exclude(state="left").select_related("school")
    )
    mark = parameters_on(at.date()).staff.quiz_pass_percent
    missing = [title for key, title in TOPICS.items() if key not in facts.topics]
    insist(
        None if people else refuse("R-STAF-01", "nobody_chosen"),
        None if facts.lecturer.strip() and facts.minutes > 0 else refuse("R-FILE-08", "hours_missing"),
        refuse("R-FILE-08", "topics_missing", topics="、".join(missing)) if missing else None,
        refuse("R-FILE-08", "below_the_mark", score=facts.score, mark=mark) if facts.score < mark else None,
        refuse("R-FILE-08", "training_to_come") if facts.on > at.date() else None,
    )
    return _keep(people, facts, how="class", by=by, at=at)


def _keep(
    people: Sequence[StaffMember], facts: TrainingFacts, *, how: str, by: Actor, at: datetime
) -> list[Training]:  # fmt: skip
    days = parameters_on(at.date()).staff.training_validity_days
    turns = dict.fromkeys((one.pk for one in people), 0)
    for member in Training.objects.filter(member_id__in=turns).values_list("member_id", flat=True):
        turns[member] += 1
    made = []
    for one in people:
        number = f"PX-{facts.on:%Y}-{one.school.code}-{one.pk:06d}-{turns[one.pk] + 1}"
        made.append(
            Training(
                member=one,
                number=number,
                check_code=keyed_hash(number, purpose="training")[:16],
                topics=[key for key in TOPICS if key in facts.topics],
                how=how,
                lecturer=facts.lecturer.strip(),
                minutes=facts.minutes,
                score=facts.score,
                trained_on=facts.on,
                valid_until_on=facts.on + timedelta(days=days),
                recorded_by=str(by),
                recorded_at=at,
            )
        )
    insert_objects(made)
    entries = [("staffing.trained", one, {"score": one.score, "until": str(one.valid_until_on)}) for one in made]
    journal.write_many(entries, by=by, at=at, school_code=people[0].school.code)
    refresh(people, by=by, at=at)
    return made
