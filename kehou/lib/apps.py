"""Small Django helpers named by the thing, as an app because jobs and the demonstration's clock are stored."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    """Clock, jobs, papers, sheets."""

    name = "kehou.lib"
    label = "lib"

    def ready(self) -> None:
        """Let forms speak the house's Chinese."""
        from kehou.lib.forms import speak_plainly

        speak_plainly()
