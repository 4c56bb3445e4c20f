"""`manage.py clearsharelinks`: remove the rows of links that ended."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clearway.media.sharing.models import ShareLink


class Command(BaseCommand):
    """Links that still work are never touched."""

    help = "Removes share links that expired, were revoked or were used up."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="how long ago they ended, at least (30)")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        count, _ = ShareLink.objects.ended_before(timezone.now() - timedelta(days=max(days, 0))).delete()
        self.stdout.write(f"{count} share {'link' if count == 1 else 'links'} removed.")
