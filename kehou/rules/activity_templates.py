"""The district's library of activities: what a template must say before schools may begin from it (2.3-d, 2.3-e)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from typing import Any

from kehou.rules.forty import Template
from kehou.rules.lint.content import read
from kehou.rules.lint.content import refusals as refusals_of_words
from kehou.rules.verdicts import Refusal, refuse

AIMS = ("兴趣", "特长", "视野", "实践")
# Fields that stand as lists in what is kept.
_LISTS = {one.name for one in fields(Template) if str(one.type).startswith("tuple")}


def refusals_of_template(one: Template, *, others: Collection[str]) -> list[Refusal | None]:
    """Return why a template cannot stand. `others`: the names of those that stand beside it.

    Its words are read by the lint as a school's would be: whoever begins from it is not to be refused for them.
    """
    blank = [label for label, value in _needed(one) if not value]
    return [
        refuse("R-CONT-06", "template_incomplete", missing="、".join(blank)) if blank else None,
        refuse("R-CONT-06", "name_twice", name=one.name) if one.name in others else None,
        None if any(word in one.aim for word in AIMS) else refuse("R-CONT-03", "aim_without_the_words"),
        refuse("R-CONT-06", "template_minimum", minimum=one.minimum, most=one.capacity)
        if one.minimum > one.capacity
        else None,
        *(no for _, no in refusals_of_words(read(one.name, one.aim, one.grades))),
    ]


def _needed(one: Template) -> tuple[tuple[str, Any], ...]:
    return (
        ("名称", one.name), ("五育", one.domains), ("年级", one.grades), ("星期", one.weekdays), ("目标", one.aim),
        ("课时", one.class_hours), ("人数上限", one.capacity), ("最少开班人数", one.minimum), ("器材", one.kit),
    )  # fmt: skip


def plain_template(one: Template) -> dict[str, Any]:
    """Return a template as plain JSON, without its number."""
    kept = asdict(one)
    kept.pop("number")
    return {key: list(value) if isinstance(value, tuple) else value for key, value in kept.items()}


def template_of(number: int, kept: Mapping[str, Any]) -> Template:
    """Return the template that was kept as plain JSON."""
    content: dict[str, Any] = {key: tuple(value) if key in _LISTS else value for key, value in kept.items()}
    return Template(number=number, **content)


def stage_of(grades: Collection[int]) -> str:
    """Return the stage whose grades they are mostly: primary to grade 6."""
    return "primary" if sum(grade <= 6 for grade in grades) * 2 >= len(grades) else "junior"
