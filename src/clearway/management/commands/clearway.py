"""`manage.py clearway`: the same command as `clearway`."""

import sys
from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clearway import __version__
from clearway.cli import main


class Command(BaseCommand):
    """Hands everything after `manage.py clearway` to the command line of Clearway."""

    help = "Clearway's own commands."
    requires_system_checks: list[str] = []  # noqa: RUF012  # the commands diagnose what the checks complain about

    def run_from_argv(self, argv: list[str]) -> None:
        """Keep Django's parser out of the way: `--version` is Clearway's."""
        sys.exit(main(argv[2:], prog=f"{argv[0]} {argv[1]}"))

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """`--version` is Clearway's for `call_command` too."""
        parser = super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)
        parser.add_argument("--version", action="version", version=f"clearway {__version__}")
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept what `call_command` gives."""
        parser.add_argument("arguments", nargs=REMAINDER)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run from `call_command`, where an exit code becomes an error."""
        if code := main(options["arguments"], prog="manage.py clearway"):
            raise CommandError(f"clearway ended with exit code {code}", returncode=code)
