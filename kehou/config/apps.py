"""The wiring as a Django app, so that its checks and commands are found."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Wiring only: settings, urls, checks, the demonstration's command."""

    name = "kehou.config"
    label = "config"

    def ready(self) -> None:
        """Register the system checks."""
        from kehou.config import checks  # noqa: F401
