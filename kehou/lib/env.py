"""The typed environment: absence is loud."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool) -> bool:
    """Return True or False. :raises ImproperlyConfigured: for any other word"""
    value = os.environ.get(name, str(default))
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f"{name}={value}: write True or False")
    return value == "True"


def text(name: str, default: str | None = None) -> str:
    """Return a text. :raises ImproperlyConfigured: if it is missing and has no default"""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. For a demonstration set DEMONSTRATION=True.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Return a list separated by commas, without empty parts."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def number(name: str, default: int) -> int:
    """Return a whole number. :raises ImproperlyConfigured: if it is none"""
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value}: write a whole number") from None


def database(name: str, default: Path) -> dict[str, Any]:
    """Return the DATABASES entry of an address like `postgres://user:word@host:5432/kehou` or `sqlite:///file`.

    SQLite runs in WAL with IMMEDIATE transactions: a transaction that reads first and writes later would otherwise die
    with "database is locked" (measured in design/stack.md section 6). PostgreSQL keeps its connections.
    """
    address = os.environ.get(name)
    parts = urlsplit(address or f"sqlite:///{default}")
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] if parts.path.startswith("//") else parts.path,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                    "PRAGMA wal_autocheckpoint=10000; PRAGMA cache_size=-65536;"
                ),
            },
            "TEST": {"NAME": os.environ.get("TEST_DATABASE_FILE")},
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": dict(parse_qsl(parts.query)).get("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(f"{name}: an address begins with sqlite:// or postgres://, not {parts.scheme}://")
