"""What may be done in an afternoon: `from kehou.chapters.attendance import actions as attendance`."""

from kehou.chapters.attendance.actions.alarms import raise_alarms
from kehou.chapters.attendance.actions.departures import close_day, release, take_back_release
from kehou.chapters.attendance.actions.gate import let_in, let_out
from kehou.chapters.attendance.actions.homework import declare_homework, report_homework, withdraw_homework_report
from kehou.chapters.attendance.actions.leave import file_leave, prove_leave, withdraw_leave
from kehou.chapters.attendance.actions.roll import (
    ask_correction,
    close_register,
    decide_correction,
    digest_of,
    finish_roll,
    mark,
)
from kehou.chapters.attendance.actions.watch import look_for_missing
from kehou.chapters.attendance.actions.waves import Going, release_wave

__all__ = [
    "Going",
    "ask_correction",
    "close_day",
    "close_register",
    "decide_correction",
    "declare_homework",
    "digest_of",
    "file_leave",
    "finish_roll",
    "let_in",
    "let_out",
    "look_for_missing",
    "mark",
    "prove_leave",
    "raise_alarms",
    "release",
    "release_wave",
    "report_homework",
    "take_back_release",
    "withdraw_homework_report",
    "withdraw_leave",
]  # fmt: skip
