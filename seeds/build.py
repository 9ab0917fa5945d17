"""Builds the demonstration district, school by school, in the order of the term."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from django.db import connection, transaction

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import calendar_of
from kehou.chapters.journal.actions import seal_now
from kehou.chapters.schools import actions as schools
from kehou.lib import chance, snapshots
from kehou.lib.actors import SYSTEM, Actor
from kehou.lib.demonstration import DEFAULT_MOMENT, MOMENTS
from seeds import (
    after,
    afternoons,
    consultation,
    daily,
    guiding,
    incidents,
    money,
    notices,
    permits,
    renewing,
    replacing,
    resources,
    serving,
    shelf,
    surveys,
)
from seeds import term as story
from seeds.district import amend_some, file_with_the_district, live_in_the_district, set_the_work_calendar
from seeds.files import file_everybody, tell_stories
from seeds.people import Crowd, district_people, people_of, pupils_of
from seeds.programme import seasons_of
from seeds.schools import SIZES, Plan, plans_of

Progress = Callable[[int, int, str], None]
BEGAN = datetime(2026, 8, 8, 9, tzinfo=story.ZONE)
STEPS_A_SCHOOL = 5
SEED = 20260907
INSPECTORS = ("秦岚", "吕方舟", "石竹君")  # 责任督学, one for five schools


def telephones(number: int) -> dict[str, str]:
    """Return whom the families of a school may call."""
    return {
        "complaint_phone": f"023-5321{number:04d}", "inspector": INSPECTORS[number // 5],
        "inspector_phone": f"023-5322{number // 5:04d}",
    }  # fmt: skip


class District:
    """The district while it is being built."""

    def __init__(self, size: str, *, say: Progress) -> None:
        self.size = SIZES[size]
        self._say = say
        self._done = 0
        self._plans = plans_of(self.size)
        self._steps = len(self._plans) * STEPS_A_SCHOOL
        self.schools: list[story.SchoolStory] = []

    def step(self, saying: str) -> None:
        """Tell how far the building is."""
        self._done += 1
        self._say(min(self._done, self._steps), self._steps, saying)

    def keep(self, key: str) -> None:
        """Keep the district as it is at a moment of the story, so that it can be visited."""
        if self.size.key != "L":
            snapshots.keep(key)

    def build(self) -> None:
        """Write everything. The same size gives the same district every time, tickets and codes included."""
        with chance.repeatable(SEED):
            self._build()

    def _build(self) -> None:
        crowd = Crowd(Random(SEED), BEGAN)
        term = self._begin(crowd)
        self._until_draw(crowd)
        for one in self.schools:
            self.step(f"{one.staffed.school.name} 统筹分配")
            with transaction.atomic():
                story.sign_and_seal(one)
                story.plan_sessions(one, term)
            self.step(f"{one.staffed.school.name} 签署协议")
        for number, one in enumerate(self.schools):
            with transaction.atomic():
                resources.checks(one.staffed.school, by=one.staffed.by["asp_manager"], gravely=number == 0)
                incidents.before_the_bills(one, term)
                money.open_account(one, number + 1)
                money.bill_and_collect(one, crowd.rng)
                notices.publish(one, term)
                shelf.live(one.staffed, term)
            with transaction.atomic():
                incidents.after_the_bills(one)
                self._live(one, crowd)
                incidents.in_the_afternoon(one)
            self.step(f"{one.staffed.school.name} 点名、离校、账单")
        with transaction.atomic():
            live_in_the_district(self.district)
            amend_some(self.schools, term, self.district, crowd)
            serving.serve([one.staffed for one in self.schools], self.district, term, crowd)
            first = self.schools[0]
            consultation.amend(first.staffed, first.families, term)
            for one in self.schools:
                replacing.tell(one, term)
                after.call_for_swaps(one)
                incidents.read_numbers(one)
                daily.keep(one)
                after.open_refill(one)
            after.open_letters(self.schools[0])
            tell_stories(self.schools[0].staffed, term, crowd, self.district)
        seal_now(at=DEFAULT_MOMENT.at)
        self.keep(DEFAULT_MOMENT.key)

    def _begin(self, crowd: Crowd) -> Term:
        """Install the district and found its schools, up to the evening before registration."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:  # a build that is cut short is begun anew
                cursor.execute("PRAGMA synchronous=OFF")
        with transaction.atomic():
            basis.install_defaults(by=SYSTEM, at=BEGAN)
            self.district = district = district_people(BEGAN)
            set_the_work_calendar(district, at=BEGAN)
        term = Term.objects.get(code="2026-autumn")
        for number, (plan, pupils) in enumerate(self._plans):
            with transaction.atomic():
                self.schools.append(self._found(plan, pupils, number, crowd, term, district["basic_education"]))
        return term

    def _until_draw(self, crowd: Crowd) -> None:
        """Let the families choose, review, draw; keep the three moments on the way."""
        for one in self.schools:
            with transaction.atomic():
                renewing.ask_members(one)
                story.families_choose(one, crowd, until=MOMENTS[0].at)
            self.step(f"{one.staffed.school.name} 家长选课")
        self.keep("registration")
        for one in self.schools:
            with transaction.atomic():
                story.families_choose(one, crowd, until=story.CLOSES)
                if one is self.schools[0]:
                    guiding.suggest(one)
        self.keep("review")
        for one in self.schools:
            with transaction.atomic():
                story.review_and_freeze(one)
                if one is not self.schools[0]:
                    story.draw_and_publish(one)
        self.keep("draw")  # the largest school has not drawn yet: whoever visits this moment may
        with transaction.atomic():
            story.draw_and_publish(self.schools[0])

    def _live(self, one: story.SchoolStory, crowd: Crowd) -> None:
        """Live through the last days before the default moment, and through its afternoon until then."""
        today = DEFAULT_MOMENT.at.date()
        past = [
            day
            for day in calendar_of(one.registration.term).service_days(school=one.staffed.school.code)
            if day < today
        ]  # type: ignore[union-attr]
        for day in past[-self.size.days :]:
            afternoons.live_through(one, day, crowd.rng)
        afternoons.live_until(one, DEFAULT_MOMENT.at, crowd.rng)

    def _found(
        self, plan: Plan, pupils: int, number: int, crowd: Crowd, term: Term, officer: Actor
    ) -> story.SchoolStory:
        """Found one school and bring it to the evening before registration."""
        school = schools.add_school(
            plan.code,
            name=plan.name,
            kind=plan.kind,
            town=plan.town,
            phone=f"023-5320{number:04d}",
            is_private=plan.is_private,
            has_boarders=plan.has_boarders,
            charges_fee=not plan.is_private,
            opened_on=date(2021, 9, 1),
            by=SYSTEM,
            at=BEGAN,
        )
        schools.begin_term(school, term, **telephones(number), by=SYSTEM, at=BEGAN)
        seasons_of(school, plan, term, BEGAN)
        asked = partial(serving.state_shortages, school, term, at=BEGAN)
        staffed = people_of(school, plan, crowd, before_outsiders=asked)
        file_everybody(staffed, term, crowd, police=self.district["police"])
        serving.sign_up(staffed, term, BEGAN)
        one = story.SchoolStory(staffed, pupils_of(staffed, pupils, crowd))
        story.care_list(one, crowd.rng)
        surveys.ask(staffed, number, term, BEGAN)
        table = consultation.with_table(staffed, one.families, number, term, BEGAN + timedelta(days=4))
        if number == 0:
            permits.ask_in_august(staffed, table, officer)
        story.publish_table(one, table)
        shelf.furnish(staffed, number, pupils, term)
        by = staffed.by
        file_with_the_district(
            school, term, manager=by["asp_manager"], principal=by["principal"], officer=officer,
            accepted_at=story.ACCEPTED,
        )  # fmt: skip
        story.open_school(one, term)
        story.line_up(one, crowd)
        self.step(f"{school.name} 建校、登记学生、公布项目表")
        return one
