"""What `clearway doctor` and `clearway explain` take from the command line."""

import argparse
from collections.abc import Callable
from typing import TypeVar

from .doctor.finding import Level
from .front_arguments import add_front_options
from .fronts.described import field_of, method_of, octets_of
from .fronts.visits import visit_of

T = TypeVar("T")


def add_doctor_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `clearway doctor`."""
    add_front_options(parser)
    _add_request_options(parser)
    parser.add_argument(
        "--url",
        type=_read(_url),
        action="append",
        default=[],
        metavar="URL",
        help="ask this page of the live site, and all it needs",
    )
    parser.add_argument("--start", action="store_true", help="start the application once, in a process of its own")
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="only this check, by id or name")
    parser.add_argument("--skip", action="append", default=[], metavar="ID", help="all checks but this one")
    parser.add_argument(
        "--fail-level",
        choices=[level for level in Level if level != Level.NOTE],
        default=Level.WARNING,
        help="the exit code is 1 from this level on (warning)",
    )
    _add_fix_options(parser)


def _add_fix_options(parser: argparse.ArgumentParser) -> None:
    """What may be changed; without one of these nothing is."""
    group = parser.add_argument_group("mending")
    group.add_argument("--fix", action="store_true", help="do what cannot break what works, after it was shown")
    group.add_argument("--unsafe-fixes", action="store_true", help="the same, and what may change what works")
    group.add_argument("-n", "--diff", "--dry-run", action="store_true", help="show what would be done, and do nothing")
    group.add_argument("--no-input", "--noinput", action="store_true", help="do not ask before")


def add_explain_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `clearway explain`."""
    parser.add_argument("id", nargs="?", metavar="ID", help="of a finding, or its name (default: list them all)")


def _add_request_options(parser: argparse.ArgumentParser) -> None:
    """What describes the failing request; a method other than GET and HEAD is never sent."""
    group = parser.add_argument_group("the request that fails")
    group.add_argument(
        "--header", type=_read(field_of), action="append", default=[], metavar="'NAME: VALUE'", help="one of its fields"
    )
    group.add_argument("--method", type=_read(method_of), metavar="METHOD", help="(GET; POST with a body)")
    group.add_argument("--body-size", type=_read(octets_of), metavar="OCTETS", help="of its body; 20m is 20 megabytes")


def _url(written: str) -> str:
    """A URL, or a path on the project's first host. Raises `ValueError`."""
    visit_of(written)
    return written


def _read(reader: Callable[[str], T]) -> Callable[[str], T]:
    """A reader whose `ValueError` says what is wrong, as argparse shows it."""

    def read(written: str) -> T:
        try:
            return reader(written)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read
