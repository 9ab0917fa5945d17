"""What the clock on the wall of the district says: instants are stored in another zone than people read them in."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def on_the_wall(at: datetime) -> datetime:
    """Return the same aware instant in the time of the district."""
    return at.astimezone(BEIJING)


def hour_in_words(at: datetime) -> str:
    """Return an instant as sentences and letters print it: 9月5日 18:00."""
    here = on_the_wall(at)
    return f"{here.month}月{here.day}日 {here:%H:%M}"
