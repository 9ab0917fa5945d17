"""What may be done to people: `from kehou.chapters.people import actions as people`."""

from kehou.chapters.people.actions import second_factor, sign_in
from kehou.chapters.people.actions.accounts import (
    end_post,
    give_post,
    give_posts,
    give_start_password,
    make_account,
)
from kehou.chapters.people.actions.appointing import appoint, renew_password, switch_off, switch_on
from kehou.chapters.people.actions.care import end_care, record_care
from kehou.chapters.people.actions.family import (
    answer_consents,
    end_pickup_person,
    name_pickup_person,
    set_contacts,
    verify_contacts,
)
from kehou.chapters.people.actions.households import Household, link_households, make_accounts, set_first_contacts
from kehou.chapters.people.actions.posts import appoint_homeroom_teacher, renew_start_password
from kehou.chapters.people.actions.pupils import (
    add_guardian,
    end_guardianship,
    link_guardian,
    mark_left,
    mark_left_many,
    note_commute,
    register_pupils,
    unmask_id_number,
)
from kehou.chapters.people.actions.roster_plan import RosterPlan, plan_roster
from kehou.chapters.people.actions.rosters import (
    Taken,
    ask_to_take,
    drop_roster,
    job_key,
    keep_roster,
    read_for,
    take_roster,
)

__all__ = [
    "Household",
    "RosterPlan",
    "Taken",
    "add_guardian",
    "answer_consents",
    "appoint",
    "appoint_homeroom_teacher",
    "ask_to_take",
    "drop_roster",
    "end_care",
    "end_guardianship",
    "end_pickup_person",
    "end_post",
    "give_post",
    "give_posts",
    "give_start_password",
    "job_key",
    "keep_roster",
    "link_guardian",
    "link_households",
    "make_account",
    "make_accounts",
    "mark_left",
    "mark_left_many",
    "name_pickup_person",
    "note_commute",
    "plan_roster",
    "read_for",
    "record_care",
    "register_pupils",
    "renew_password",
    "renew_start_password",
    "second_factor",
    "set_contacts",
    "set_first_contacts",
    "sign_in",
    "switch_off",
    "switch_on",
    "take_roster",
    "unmask_id_number",
    "verify_contacts",
]  # fmt: skip
