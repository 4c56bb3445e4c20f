"""What `clearway doctor` and `clearway explain` take from the command line."""

import argparse

from .doctor.finding import Level
from .front_arguments import add_front_options


def add_doctor_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `clearway doctor`."""
    add_front_options(parser)
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="only this check, by id or name")
    parser.add_argument("--skip", action="append", default=[], metavar="ID", help="all checks but this one")
    parser.add_argument(
        "--fail-level",
        choices=[level for level in Level if level != Level.NOTE],
        default=Level.WARNING,
        help="the exit code is 1 from this level on (warning)",
    )


def add_explain_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `clearway explain`."""
    parser.add_argument("id", nargs="?", metavar="ID", help="of a finding, or its name (default: list them all)")
