"""What the district may decide about its own rules: `from kehou.chapters.basis import actions as basis`."""

from kehou.chapters.basis.actions.calendar import (
    add_term,
    declare_closure,
    edit_term,
    lift_closure,
    remove_day,
    set_day,
)
from kehou.chapters.basis.actions.holidays import COLUMNS, DayRow, Notice, read_notice, take_notice
from kehou.chapters.basis.actions.install import install_calendars, install_defaults, install_instruments
from kehou.chapters.basis.actions.instruments import add_instrument, edit_instrument
from kehou.chapters.basis.actions.parameters import (
    approve_parameter,
    propose_parameter,
    reject_parameter,
    withdraw_parameter,
)

__all__ = [
    "COLUMNS",
    "DayRow",
    "Notice",
    "add_instrument",
    "add_term",
    "approve_parameter",
    "declare_closure",
    "edit_instrument",
    "edit_term",
    "install_calendars",
    "install_defaults",
    "install_instruments",
    "lift_closure",
    "propose_parameter",
    "read_notice",
    "reject_parameter",
    "remove_day",
    "set_day",
    "take_notice",
    "withdraw_parameter",
]
