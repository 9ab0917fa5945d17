"""The small JSON API."""
