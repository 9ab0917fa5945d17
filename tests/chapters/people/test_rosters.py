"""A roster is taken whole or not at all; a second one updates and never doubles; who left is proposed."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from kehou.chapters.journal.models import Entry
from kehou.chapters.people import actions as people
from kehou.chapters.people.actions.rosters import content_of, drop_forgotten
from kehou.chapters.people.models import Account, CareRecord, Guardianship, Pupil, RosterImport
from kehou.chapters.schools.models import Homeroom, School
from kehou.lib import jobs
from kehou.lib.jobs import work_off
from kehou.rules.verdicts import Refused
from tests.rules.roster.sheets import HEADER, PHONE, number, pupil
from tests.world import World, make_pupil, moment

pytestmark = pytest.mark.django_db


def file_of(*rows: list, header: tuple = HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode("gbk")


@pytest.fixture
def by(world: World):
    return world.riverside.by("asp_manager")


@pytest.fixture
def take(world: World, by):
    """Return a function that keeps a roster of these rows and takes it."""

    def taking(*rows: list, header: tuple = HEADER, school: School | None = None) -> people.Taken:
        school = school or world.riverside.school
        kept = people.keep_roster(
            school, file_name="名册.csv", content=file_of(*rows, header=header), by=by, at=moment()
        )
        return people.take_roster(kept, people.read_for(school, content_of(kept), at=moment()), by=by, at=moment())

    return taking


def new_school(kind: str = "primary") -> School:
    return School.objects.create(code="2150990099", name="新办小学（演示）", kind=kind, town="双桂街道")


# --- the dry run --------------------------------------------------------------------------------------------------------


def test_reading_dry_writes_nothing_but_the_report(world, by):
    before = Pupil.objects.count(), Account.objects.count(), Homeroom.objects.count()
    kept = people.keep_roster(
        world.riverside.school, file_name="名册.csv", content=file_of(pupil(1), pupil(3, phone="1")), by=by, at=moment()
    )
    assert (Pupil.objects.count(), Account.objects.count(), Homeroom.objects.count()) == before
    assert (kept.report["accepted"], kept.report["refused"], kept.report["new"], kept.state) == (1, 1, 1, "read")
    assert kept.report["problems"][0]["row"] == 3
    assert number() not in json.dumps(kept.report)


def test_the_file_is_kept_encrypted_and_deleted_when_it_is_done_with(world, by, django_capture_on_commit_callbacks):
    content = file_of(pupil(1))
    kept = people.keep_roster(world.riverside.school, file_name="a.csv", content=content, by=by, at=moment())
    with kept.file.open("rb") as file:
        assert number().encode() not in file.read()
    assert content_of(kept) == content
    storage, name = kept.file.storage, kept.file.name
    with django_capture_on_commit_callbacks(execute=True):
        people.drop_roster(kept, by=by, at=moment())
    assert not storage.exists(name)
    with pytest.raises(Refused, match="roster_settled"):
        people.drop_roster(kept, by=by, at=moment())


def test_classes_that_the_school_has_not_are_refused_where_it_has_classes_and_proposed_where_it_has_none(world, by):
    rows = [pupil(1), pupil(3, **{"class": "三（9）班"}), pupil(5, **{"class": "七（1）班"})]
    here = people.read_for(world.riverside.school, file_of(*rows), at=moment())
    assert [one.code for one in here.problems] == ["class_unknown", "class_unknown"]
    school = new_school()
    there = people.read_for(school, file_of(*rows), at=moment())
    assert [one.code for one in there.problems] == ["grade_not_here"]
    assert people.plan_roster(school, there, on=date(2026, 9, 1)).homerooms == [(3, 2), (3, 9)]


# --- taking -------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.1-a")
def test_pupils_homerooms_and_guardians_come_from_one_file(take):
    school = new_school()
    taken = take(
        pupil(1), pupil(2, name="李二", phone="19900000186"), pupil(3, name="王小", phone=PHONE), school=school
    )
    assert (taken.new, taken.homerooms) == (3, 1)
    child = Pupil.objects.get(school=school, name="王一诺")
    assert (child.id_number, child.sex, child.born_on, child.state) == (number(), "1", date(2017, 10, 12), "in_school")
    assert (child.homeroom.grade, child.homeroom.number, child.homeroom.school_year) == (3, 2, 2026)
    guardian = Account.objects.get(phone=PHONE)
    assert {one.pupil.name for one in guardian.guardianships.all()} == {"王一诺", "王小"}, "two children, one account"
    assert not guardian.has_usable_password()
    assert child.contacts.get().phone == PHONE
    assert Entry.objects.filter(verb="people.roster_taken").count() == 1
    assert Entry.objects.filter(verb="people.pupil_registered").count() == 3


def test_a_second_import_of_the_same_file_changes_nothing(take):
    rows = [pupil(1), pupil(2, name="李二"), pupil(4, name="王一诺")]
    take(*rows)
    counts = Pupil.objects.count(), Account.objects.count(), Guardianship.objects.count()
    again = take(*rows)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    assert (Pupil.objects.count(), Account.objects.count(), Guardianship.objects.count()) == counts


def test_a_second_import_updates_what_has_changed(take):
    take(pupil(1), pupil(3, name="李儿"))
    again = take(pupil(1, **{"class": "三（1）班"}), pupil(3, name="李二", phone="19900000199"))
    assert (again.new, again.changed) == (0, 2)
    moved = Pupil.objects.get(name="王一诺")
    assert moved.homeroom.number == 1
    renamed = Pupil.objects.get(name="李二")
    assert renamed.id_number == number(sequence=3) and not Pupil.objects.filter(name="李儿").exists()
    main = renamed.guardianships.get(is_main=True)
    assert main.account.phone == "19900000199"
    assert again.former == [(renamed.pk, Account.objects.get(phone=PHONE).pk)], "the old number is named, not cut off"
    what = Entry.objects.get(verb="people.pupil_corrected", about_id=str(moved.pk)).facts["what"]
    assert what == ["班级"]


def test_two_children_with_one_number_stay_two_through_a_second_import(take):
    rows = [pupil(1), pupil(1, name="李二")]
    assert take(*rows).new == 2
    assert take(*rows).unchanged == 2


def test_a_child_entered_on_paper_without_a_number_is_completed_and_not_doubled(world, take):
    child = make_pupil(world.riverside, "王一诺", grade=3, number=2)
    Pupil.objects.filter(pk=child.pk).update(born_on=date(2017, 10, 12))
    taken = take(pupil(1))
    assert (taken.new, taken.changed) == (0, 1)
    child.refresh_from_db()
    assert child.id_number == number() and child.sex == "1"


def test_who_is_no_longer_in_the_file_is_proposed_and_not_touched(world, take):
    gone = make_pupil(world.riverside, "赵走", grade=3, number=2)
    refused = make_pupil(world.riverside, "钱错", grade=3, number=2)
    other_class = make_pupil(world.riverside, "孙远", grade=3, number=1)
    taken = take(pupil(1), pupil(3, name="钱错", phone="1"))
    assert taken.left == [gone.pk]
    assert set(Pupil.objects.filter(pk__in=(gone.pk, refused.pk, other_class.pk)).values_list("state", flat=True)) == {
        "in_school"
    }


def test_a_new_school_year_moves_everybody_up_and_proposes_who_has_finished(world, take):
    school = new_school()
    old = {grade: Homeroom.objects.create(school=school, school_year=2025, grade=grade, number=2) for grade in (2, 6)}
    common = {"school": school, "sex": "1", "born_on": date(2017, 10, 12)}
    here = Pupil.objects.create(**common, homeroom=old[2], name="王一诺")
    finished = Pupil.objects.create(**common, homeroom=old[6], name="周毕")
    taken = take(pupil(1), pupil(3, name="新来", **{"class": "一（2）班"}), school=school)
    here.refresh_from_db()
    assert (here.homeroom.school_year, here.homeroom.grade) == (2026, 3)
    assert taken.left == [finished.pk]


def test_a_child_in_school_elsewhere_is_refused_and_one_let_go_comes_with_its_history(world, take, by):
    take(pupil(1))
    child = Pupil.objects.get(name="王一诺")
    school = new_school()
    report = people.read_for(school, file_of(pupil(1)), at=moment())
    people.plan_roster(school, report, on=moment().date())
    assert [one.code for one in report.problems] == ["on_other_register"] and not report.pupils
    people.mark_left(child, on=moment().date(), by=by, at=moment())
    assert take(pupil(1), school=school).changed == 1
    child.refresh_from_db()
    assert (child.school_id, child.state, child.left_on) == (school.pk, "in_school", None)
    assert child.guardianships.count() == 1


def test_it_is_whole_or_not_at_all(world, by, monkeypatch):
    school = new_school()
    kept = people.keep_roster(school, file_name="a.csv", content=file_of(pupil(1), pupil(3)), by=by, at=moment())
    report = people.read_for(school, content_of(kept), at=moment())
    monkeypatch.setattr("kehou.chapters.people.actions.rosters._care", lambda *_, **__: 1 / 0)
    before = Account.objects.count()
    with pytest.raises(ZeroDivisionError):
        people.take_roster(kept, report, by=by, at=moment())
    assert not school.pupils.exists() and not school.homerooms.exists() and Account.objects.count() == before
    assert RosterImport.objects.get(pk=kept.pk).state == "read"


def test_a_roster_is_taken_once(world, by):
    kept = people.keep_roster(world.riverside.school, file_name="a.csv", content=file_of(pupil(1)), by=by, at=moment())
    report = people.read_for(world.riverside.school, content_of(kept), at=moment())
    people.take_roster(kept, report, by=by, at=moment())
    with pytest.raises(Refused, match="roster_settled"):
        people.take_roster(kept, report, by=by, at=moment())


def test_a_roster_without_an_accepted_row_is_not_taken(world, by):
    kept = people.keep_roster(
        world.riverside.school, file_name="a.csv", content=file_of(pupil(phone="1")), by=by, at=moment()
    )
    assert not kept.file
    with pytest.raises(Refused, match="roster_without_pupils"):
        people.ask_to_take(kept, by=by, at=moment())


def test_the_worker_takes_it_and_asking_twice_is_asking_once(world, by):
    kept = people.keep_roster(world.riverside.school, file_name="a.csv", content=file_of(pupil(1)), by=by, at=moment())
    first = people.ask_to_take(kept, by=by, at=moment())
    assert people.ask_to_take(kept, by=by, at=moment()).pk == first.pk
    work_off()
    first.refresh_from_db()
    assert (first.state, first.result["new"]) == (jobs.JobReport.DONE, 1)
    assert Pupil.objects.filter(name="王一诺").count() == 1


def test_what_was_read_and_never_taken_is_given_up_after_a_month(world, by, at_moment):
    school = world.riverside.school
    old = people.keep_roster(
        school, file_name="a.csv", content=file_of(pupil(1)), by=by, at=moment(on=date(2026, 10, 1))
    )
    new = people.keep_roster(school, file_name="b.csv", content=file_of(pupil(1)), by=by, at=moment())
    at_moment(moment())
    jobs.ask(drop_forgotten, key="forgotten", title="清理", by=by, at=moment())
    work_off()
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, bool(old.file), new.state, bool(new.file)) == ("dropped", False, "read", True)


def test_left_behind_and_migrant_children_of_the_register_are_noted_once(take):
    header = (*HEADER, "是否留守儿童", "随迁子女")
    rows = [
        [*pupil(1), "双亲留守儿童", "否"],
        [*pupil(3, name="李二"), "非留守儿童", "是"],
        [*pupil(5, name="赵三"), "否", "0"],
    ]
    take(*rows, header=header)
    take(*rows, header=header)
    found = set(CareRecord.objects.values_list("pupil__name", "category", "source"))
    assert found == {("王一诺", "left_behind", "学籍名册"), ("李二", "migrant_child", "学籍名册")}
    assert CareRecord.objects.count() == 2
    assert not Entry.objects.filter(verb="people.care_recorded", facts__has_key="category").exists()


def test_statements_do_not_grow_with_the_rows(take, django_assert_max_num_queries):
    school = new_school()
    take(pupil(1), school=school)
    with django_assert_max_num_queries(70):
        take(
            *(
                pupil(at, name="王" + "一二三四五六七八九"[at % 9] * (1 + at // 9), phone=str(19900001000 + at))
                for at in range(1, 91)
            ),
            school=school,
        )


# --- the command --------------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "名册.csv"
    path.write_bytes(file_of(pupil(1), pupil(3, phone="1")))
    return path


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("roster", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_reads_dry(world, path, at_moment):
    at_moment(moment())
    told = json.loads(run(str(path), "--school", world.riverside.school.code, "--dry-run", "--json"))
    assert told["accepted"] == 1 and told["pupils"] == [["王一诺", number(), 3, 2, PHONE]]
    assert set(told["problems"][0]) == {"sheet", "row", "column", "code", "message"}
    assert not Pupil.objects.filter(name="王一诺").exists() and not RosterImport.objects.exists()


def test_the_command_takes_and_takes_again(world, path, at_moment):
    at_moment(moment())
    assert "新增 1 人" in run(str(path), "--school", world.riverside.school.code)
    assert "新增 0 人，更新 0 人，不变 1 人" in run(str(path), "--school", world.riverside.school.code)
    assert Pupil.objects.filter(name="王一诺").count() == 1


def test_the_command_takes_nothing_when_it_is_asked_for_the_whole(world, path, at_moment):
    at_moment(moment())
    with pytest.raises(CommandError, match="1行有问题"):
        run(str(path), "--school", world.riverside.school.code, "--whole")
    assert not Pupil.objects.filter(name="王一诺").exists()


def test_the_command_can_be_tried_before_the_school_is_on_the_list(path, at_moment):
    at_moment(moment())
    assert json.loads(run(str(path), "--school", "9999999999", "--dry-run", "--json").splitlines()[-1])["accepted"] == 1
    with pytest.raises(CommandError, match="没有标识码"):
        run(str(path), "--school", "9999999999")
    with pytest.raises(CommandError, match="没有这个文件"):
        run("nowhere.xlsx", "--school", "9999999999", "--dry-run")


@pytest.mark.parametrize("name", ["01-xueji-export.xlsx", "02-teacher-export-gbk.csv", "03-one-sheet-a-class.xlsx"])
def test_the_real_files_are_taken_and_taken_again(shared_data, name, at_moment):
    at_moment(moment(on=date(2026, 9, 1)))
    file = shared_data / "rosters" / name
    expected = json.loads((file.with_suffix(".expected.json")).read_text("utf-8"))
    school = new_school("nine_year")
    told = json.loads(run(str(file), "--school", school.code, "--json"))
    assert told["pupils"] == expected["pupils"] and school.pupils.count() == expected["accepted"]
    run(str(file), "--school", school.code)
    assert school.pupils.count() == expected["accepted"]
