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
from kehou.chapters.basis.actions.instruments import add_instrument, edit_instrument, instrument_version
from kehou.chapters.basis.actions.parameters import (
    approve_parameter,
    propose_parameter,
    reject_parameter,
    withdraw_parameter,
)
from kehou.chapters.basis.actions.templates import add_template, change_template, retire_template

__all__ = [
    "COLUMNS",
    "DayRow",
    "Notice",
    "add_instrument",
    "add_template",
    "add_term",
    "approve_parameter",
    "change_template",
    "declare_closure",
    "edit_instrument",
    "edit_term",
    "install_calendars",
    "install_defaults",
    "install_instruments",
    "instrument_version",
    "lift_closure",
    "propose_parameter",
    "read_notice",
    "reject_parameter",
    "remove_day",
    "retire_template",
    "set_day",
    "take_notice",
    "withdraw_parameter",
]
