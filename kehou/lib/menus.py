"""A desk's menu: data that its templates print, filtered by what the reader may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: title, the name of its URL, the permission its page needs, an icon of the sprite."""

    title: str
    url_name: str
    permission: Any
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one reader sees it."""

    title: str
    href: str
    icon: str
    here: bool


def visible(
    groups: Iterable[Group], *, permissions: frozenset[Any], here: str, **kwargs: Any
) -> list[tuple[str, list[Link]]]:
    """Return (heading, links) of what the reader may open; `kwargs` fill the URLs, `here` is the present path.

    The longest link that the present path begins with is marked as here.
    """
    menu = []
    for group in groups:
        entries = [entry for entry in group.entries if entry.permission in permissions]
        built = [(entry, href) for entry in entries if (href := _address(entry, kwargs))]
        if built:
            menu.append((group.title, built))
    hrefs = [href for _, entries in menu for _, href in entries if here.startswith(href)]
    longest = max(hrefs, key=len, default="")
    return [
        (title, [Link(entry.title, href, entry.icon, href == longest) for entry, href in entries])
        for title, entries in menu
    ]


def _address(entry: Entry, kwargs: dict[str, Any]) -> str:
    """Return where an entry leads, or nothing while its page is not built."""
    try:
        return reverse(entry.url_name, kwargs=kwargs)
    except NoReverseMatch:
        return ""
