"""Who acts: the argument `by` of every action."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as the journal remembers them: by text, at the time of the act.

    `account_id` is None for the system itself; `school_code` is empty for the district, a guardian and the system.
    """

    account_id: int | None
    name: str
    post: str
    school_code: str = ""

    def __str__(self) -> str:
        """Return the form that pages print: 王芳（课后服务管理员）."""
        return f"{self.name}（{self.post}）" if self.post else self.name


SYSTEM = Actor(account_id=None, name="系统", post="自动")
