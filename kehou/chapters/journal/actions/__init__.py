"""What happened, and letters about it: `from kehou.chapters.journal import actions as journal`."""

from kehou.chapters.journal.actions.delivery import deliver
from kehou.chapters.journal.actions.letters import read_all, read_letter, send, send_each, send_many, send_rows
from kehou.chapters.journal.actions.sealing import seal, seal_now
from kehou.chapters.journal.actions.verifying import verify, verify_now
from kehou.chapters.journal.actions.writing import write, write_many

__all__ = [
    "deliver", "read_all", "read_letter", "seal", "seal_now", "send", "send_each", "send_many", "send_rows", "verify",
    "verify_now", "write", "write_many",
]  # fmt: skip
