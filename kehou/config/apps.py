"""The wiring as a Django app, so that its checks and commands are found."""

import logging

import structlog
from django.apps import AppConfig
from django.conf import settings


class ConfigConfig(AppConfig):
    """Wiring only: settings, urls, checks, the demonstration's command."""

    name = "kehou.config"
    label = "config"

    def ready(self) -> None:
        """Register the checks, name the mask rule of the district, write structured lines from the set level on."""
        from kehou.chapters.basis.queries import parameters_on
        from kehou.config import checks  # noqa: F401
        from kehou.lib import clock, masking

        masking.follow(lambda: parameters_on(clock.today()).privacy.mask_rules)

        level = logging.getLevelNamesMapping()[settings.LOGGING["root"]["level"]]
        structlog.configure(
            wrapper_class=structlog.make_filtering_bound_logger(level),
            processors=[
                structlog.contextvars.merge_contextvars,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.dev.ConsoleRenderer() if settings.DEMONSTRATION else structlog.processors.JSONRenderer(),
            ],
        )
