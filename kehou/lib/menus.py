"""A desk's menu: data that its templates print, filtered by what the reader may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: title, the name of its URL, the permission its page needs, an icon of the sprite.

    `also` names pages that belong under this entry although their addresses do not begin with its own.
    """

    title: str
    url_name: str
    permission: Any
    icon: str = ""
    also: tuple[str, ...] = ()


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

    The entry with the longest address that the present path begins with, its own or one of `also`, is marked as here.
    """
    menu = []
    for group in groups:
        entries = [entry for entry in group.entries if entry.permission in permissions]
        built = [(entry, href) for entry in entries if (href := _address(entry.url_name, kwargs))]
        if built:
            menu.append((group.title, built))
    near = {href: _nearness(entry, here, kwargs) for _, entries in menu for entry, href in entries}
    nearest = max(near, key=lambda href: near[href], default="")
    return [
        (title, [Link(entry.title, href, entry.icon, href == nearest and near[href] > 0) for entry, href in entries])
        for title, entries in menu
    ]


def _nearness(entry: Entry, here: str, kwargs: dict[str, Any]) -> int:
    """Return how much of the present path the entry's longest fitting address covers, 0 where none fits."""
    addresses = (_address(name, kwargs) for name in (entry.url_name, *entry.also))
    return max((len(one) for one in addresses if one and here.startswith(one)), default=0)


def _address(url_name: str, kwargs: dict[str, Any]) -> str:
    """Return where an entry leads, or nothing while its page is not built."""
    return _reversed(
        url_name, tuple(sorted(kwargs.items())), get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF
    )


@lru_cache(maxsize=20_000)
def _reversed(url_name: str, kwargs: tuple[tuple[str, Any], ...], prefix: str, urlconf: str) -> str:
    """Ask for an address once a place: a desk's menu has fifty, and every page shows it."""
    try:
        return reverse(url_name, kwargs=dict(kwargs), urlconf=urlconf)
    except NoReverseMatch:
        return ""
