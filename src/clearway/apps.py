"""The Django application."""

from django.apps import AppConfig
from django.core import checks


class ClearwayConfig(AppConfig):
    """Registers the system checks and nothing else."""

    name = "clearway"
    verbose_name = "Clearway"

    def ready(self) -> None:
        from .checks import CHECKS

        for check in CHECKS:
            checks.register(check, "clearway", checks.Tags.staticfiles)
