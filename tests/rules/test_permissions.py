"""Who may do what: the matrix of domain/06 section 3.14, as far as the pages of the spine reach."""

from __future__ import annotations

import pytest

from kehou.rules.permissions import ROLES, Permission

P = Permission
DESKS = {"guardian", "teacher", "school", "district"}
NAMED = """guardian homeroom_teacher teacher asp_manager principal cashier gatekeeper duty_leader quality_checker
parents_committee aid_officer basic_education supervision inspector finance price hr police security_admin system_admin
audit_admin"""


def holders(*permissions):
    return {name for name, role in ROLES.items() if role.permissions & set(permissions)}


@pytest.mark.clause("1-a")
def test_every_role_of_the_policy_exists_with_a_chinese_title_and_a_desk():
    assert set(NAMED.split()) <= set(ROLES)
    assert all(role.desk in DESKS and not role.title.isascii() for role in ROLES.values())
    assert len({role.title for role in ROLES.values()}) == len(ROLES)


def test_every_permission_is_held_by_somebody_and_has_a_title():
    assert {permission for role in ROLES.values() for permission in role.permissions} == set(Permission)
    assert len({permission.title_zh for permission in Permission}) == len(Permission)


# action of the matrix → its permissions → who alone holds them
MATRIX = [
    ("choose, change, exit", [P.CHILD_CHOOSE, P.CHILD_SIGN], {"guardian"}),
    ("enter a choice from paper", [P.PAPER_ENTER], {"asp_manager"}),
    ("class review", [P.CLASS_REVIEW], {"homeroom_teacher"}),
    ("aid categories", [P.CARE_SEE, P.CARE_EDIT], {"cashier", "aid_officer"}),
    ("keep the aid list", [P.CARE_EDIT], {"aid_officer"}),
    ("roll call", [P.ROLL_CALL], {"teacher", "homeroom_teacher", "duty_leader"}),
    ("bills and payments", [P.BILL_RUN, P.PAYMENT_RECORD], {"cashier"}),
    ("approve a refund", [P.REFUND_APPROVE], {"principal", "finance"}),
    ("approve the tariff", [P.TARIFF_APPROVE], {"price_head"}),
    ("propose the tariff", [P.TARIFF_PROPOSE], {"price", "price_head"}),
    ("sign the filing", [P.FILING_SIGN], {"principal"}),
    ("decide the filing", [P.FILING_DECIDE], {"basic_education", "basic_education_head"}),
    ("release a wording, approve a trip", [P.PERMIT_DECIDE], {"basic_education", "basic_education_head"}),
    ("seal agreements", [P.AGREEMENT_SEAL], {"principal"}),
    ("publish the table", [P.TABLE_PUBLISH], {"principal"}),
    ("read and verify the journal", [P.JOURNAL_READ], {"audit_admin"}),
    ("keep accounts", [P.ACCOUNTS_EDIT], {"security_admin"}),
    ("unmask an ID number", [P.ID_UNMASK], {"asp_manager"}),
]


@pytest.mark.clause("1-a", "3.1-c")
@pytest.mark.parametrize(("permissions", "who"), [pytest.param(*rest, id=name) for name, *rest in MATRIX])
def test_the_matrix_holds(permissions, who):
    assert holders(*permissions) == who


def test_nobody_of_the_district_may_change_what_belongs_to_a_school():
    school = {
        P.TABLE_EDIT,
        P.TABLE_PUBLISH,
        P.ROOMS_EDIT,
        P.SESSION_CHANGE,
        P.DRAW_RUN,
        P.BILL_RUN,
        P.ROLL_CALL,
        P.RELEASE,
    }
    assert not [name for name in holders(*school) if ROLES[name].desk == "district"]


@pytest.mark.clause("3.1-g")
def test_the_police_see_times_and_counts_and_answer_entry_checks_only():
    assert ROLES["police"].permissions == {P.WAVES_SEE, P.CHECK_ANSWER}


def test_the_parents_committee_has_no_hand_in_money():
    assert not ROLES["parents_committee"].permissions & {
        P.BILL_SEE, P.BILL_RUN, P.PAYMENT_RECORD, P.REFUND_APPROVE, P.EXPENSE_RECORD, P.CARE_SEE, P.ROSTER_SEE,
    }  # fmt: skip


def test_the_three_administrators_are_apart_and_see_no_child():
    three = [ROLES[name].permissions for name in ("security_admin", "system_admin", "audit_admin")]
    assert not (three[0] & three[1] or three[1] & three[2] or three[0] & three[2])
    about_children = {P.ROSTER_SEE, P.CARE_SEE, P.ID_UNMASK, P.GROUP_SEE, P.BILL_SEE, P.REGISTRATION_SEE, P.SCHOOL_SEE}
    assert not any(held & about_children for held in three)


@pytest.mark.clause("2.1-k")
def test_no_teacher_sees_aid_categories_or_bills():
    for name, role in ROLES.items():
        if role.desk == "teacher":
            assert not role.permissions & {P.CARE_SEE, P.CARE_EDIT, P.BILL_SEE, P.REGISTRATION_SEE}, name


def test_who_proposes_a_price_does_not_alone_hold_the_approval():
    assert P.TARIFF_APPROVE not in ROLES["price"].permissions
    assert not holders(P.TARIFF_APPROVE) & holders(P.FILING_DECIDE)
