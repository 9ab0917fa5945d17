"""What may be done to people: `from kehou.chapters.people import actions as people`."""

from kehou.chapters.people.actions.accounts import end_post, give_post, give_start_password, make_account
from kehou.chapters.people.actions.care import end_care, record_care
from kehou.chapters.people.actions.family import (
    answer_consents,
    end_pickup_person,
    name_pickup_person,
    set_contacts,
    verify_contacts,
)
from kehou.chapters.people.actions.households import Household, link_households, make_accounts, set_first_contacts
from kehou.chapters.people.actions.pupils import (
    end_guardianship,
    link_guardian,
    mark_left,
    register_pupil,
    register_pupils,
    unmask_id_number,
)

__all__ = [
    "Household",
    "answer_consents",
    "end_care",
    "end_guardianship",
    "end_pickup_person",
    "end_post",
    "give_post",
    "give_start_password",
    "link_guardian",
    "link_households",
    "make_account",
    "make_accounts",
    "mark_left",
    "name_pickup_person",
    "record_care",
    "register_pupil",
    "register_pupils",
    "set_contacts",
    "set_first_contacts",
    "unmask_id_number",
    "verify_contacts",
]  # fmt: skip
