"""`--retain` and `--retain-days`: how long releases are kept, where the command line says it; what `prune` takes."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable


def add_retention(parser: ArgumentParser) -> None:
    """The two arguments; None where they are not given."""
    parser.add_argument("--retain", type=_at_least(1), metavar="N", help="how many releases are kept (5)")
    parser.add_argument("--retain-days", type=_at_least(0), metavar="DAYS", help="for how long retired ones are (30)")


def add_pruning(parser: ArgumentParser) -> None:
    """What `prune` takes beside them."""
    parser.add_argument(
        "--keep", action="append", default=[], metavar="ID", help="a release that stays; may be repeated"
    )
    parser.add_argument(
        "--grace",
        type=_at_least(0, 876_000),
        metavar="HOURS",
        help="with --target, for how long objects stay when their last release left the history (24)",
    )


def retention(options: Namespace, retain: int, days: int) -> tuple[int, int]:
    """What the command line says goes before what is configured: a number of releases, and days."""
    given = getattr(options, "retain", None), getattr(options, "retain_days", None)
    return retain if given[0] is None else given[0], days if given[1] is None else given[1]


def as_typed(options: Namespace) -> str:
    """The arguments once more, as a command is continued with them; empty where none is given."""
    given = {"--retain": options.retain, "--retain-days": options.retain_days}
    return "".join(f" {name} {value}" for name, value in given.items() if value is not None)


def _at_least(lowest: int, highest: int = 10**9) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not lowest <= int(text) <= highest:
            raise ArgumentTypeError(f"{text!r} is not a whole number from {lowest} to {highest:,}")
        return int(text)

    return number
