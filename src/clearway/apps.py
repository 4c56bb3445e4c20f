"""The Django application."""

from django.apps import AppConfig
from django.core import checks


class ClearwayConfig(AppConfig):
    """Registers the system checks and nothing else."""

    name = "clearway"
    verbose_name = "Clearway"

    def ready(self) -> None:
        from .checks import CHECKS, DEPLOY_CHECKS, URL_CHECKS

        for check in CHECKS:
            checks.register(check, "clearway", checks.Tags.staticfiles)
        for check in URL_CHECKS:
            checks.register(check, "clearway", checks.Tags.urls)
        for check in DEPLOY_CHECKS:
            checks.register(check, "clearway", checks.Tags.staticfiles, deploy=True)
