"""What `clearway init` takes from the command line."""

import argparse

from .init.deploy import WRITERS


def add_init_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `clearway init`."""
    parser.add_argument("-n", "--diff", "--dry-run", action="store_true", help="show what it would do, and do nothing")
    parser.add_argument("-y", "--yes", "--no-input", "--noinput", action="store_true", help="do not ask before")
    parser.add_argument(
        "--static-from-bucket", action="store_true", help="also where static files are in a bucket; media stay there"
    )
    parser.add_argument(
        "--deploy",
        type=_writers,
        default=(),
        metavar="NAME[,NAME]",
        help=f"also the files of a deployment: {', '.join(WRITERS)}",
    )


def _writers(written: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in written.split(",")))
    unknown = [name for name in names if name not in WRITERS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(WRITERS)}")
    return names
