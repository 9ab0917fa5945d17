"""What has changed between two versions of a part, field by field: last term and this, accepted and amended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kehou.rules.filing.pack import Content

NOTHING = "—"
LONG, AROUND = 160, 24  # of longer words the place where they part is shown: a whole policy document is no difference


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: where it stands, what it said, what it says. `kind` is added, removed or changed."""

    field: str
    before: str
    after: str
    kind: str = "changed"


def differences(before: Content | None, after: Content | None) -> tuple[Difference, ...]:
    """Return the fields in which two versions of a part differ, in the order of the later one; none for equal ones."""
    old, new = before or {}, after or {}
    return (
        *_pairs(old.get("facts", ()), new.get("facts", ())),
        *_sections(old.get("sections", ()), new.get("sections", ())),
        *_tables(old.get("tables", ()), new.get("tables", ())),
    )


def _pairs(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> Iterator[Difference]:
    old, new = ({pair[0]: pair[1] for pair in pairs} for pairs in (before, after))
    yield from _differing(old, new, "")


def _sections(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    old, new = ({one["title"]: "\n".join(one["words"]) for one in many} for many in (before, after))
    yield from _differing(old, new, "")


def _differing(old: Mapping[str, str], new: Mapping[str, str], place: str) -> Iterator[Difference]:
    for name in [*new, *(name for name in old if name not in new)]:
        was, now = old.get(name), new.get(name)
        if was != now:
            kind = "added" if was is None else "removed" if now is None else "changed"
            yield Difference(f"{place}{name}", *_excerpts(was or NOTHING, now or NOTHING), kind)


def _excerpts(was: str, now: str) -> tuple[str, str]:
    """Return both as they are, or from shortly before the first sign in which they differ."""
    same = next(
        (at for at, pair in enumerate(zip(was, now, strict=False)) if pair[0] != pair[1]), min(len(was), len(now))
    )
    start = max(0, same - AROUND)
    return _cut(was, start), _cut(now, start)


def _cut(words: str, start: int) -> str:
    if len(words) <= LONG:
        return words
    return f"{'…' if start else ''}{words[start : start + LONG]}{'…' if len(words) > start + LONG else ''}"


def _tables(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    old, new = ({one["title"]: one for one in many} for many in (before, after))
    for title in [*new, *(title for title in old if title not in new)]:
        yield from _rows(title, old.get(title), new.get(title))


def _rows(title: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[Difference]:
    old, new = _by_key(before), _by_key(after)
    for key in [*new, *(key for key in old if key not in new)]:
        was, now, place = old.get(key), new.get(key), f"{title} · {key}"
        if was is None:
            yield Difference(place, NOTHING, _said(now or {}), "added")
        elif now is None:
            yield Difference(place, _said(was), NOTHING, "removed")
        else:
            yield from _differing(was, now, f"{place} · ")


def _by_key(table: Mapping[str, Any] | None) -> dict[str, dict[str, str]]:
    """Return the rows by what names them, each as column → words; a name that comes twice is numbered."""
    found: dict[str, dict[str, str]] = {}
    if table is None:
        return found
    for row in table["rows"]:
        name = key = " ".join(str(cell) for cell in row[: table["keys"]])
        number = 2
        while key in found:
            key, number = f"{name}（{number}）", number + 1
        found[key] = dict(zip(table["columns"][table["keys"] :], map(str, row[table["keys"] :]), strict=False))
    return found


def _said(row: Mapping[str, str]) -> str:
    return "；".join(f"{column}：{words}" for column, words in row.items() if words) or "有"
