"""The arguments of `clearway release`."""

from argparse import ArgumentParser, ArgumentTypeError

from .fronts.visits import Resolved


def add_release_arguments(parser: ArgumentParser) -> None:
    """Those beside `--format`; what they name goes before `CLEARWAY["release"]`."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("-n", "--dry-run", action="store_true", help="print the plan and change nothing")
    what.add_argument("--abort", action="store_true", help="roll back a release that was interrupted")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--reload", metavar="COMMAND", help="after which processes run the new release")
    how.add_argument("--no-reload", action="store_true", help="leave that, and what follows on the site, to others")
    parser.add_argument(
        "--url",
        action="append",
        type=_url,
        metavar="URL",
        help="the live site, or each of its servers; may be repeated",
    )
    parser.add_argument(
        "--ready", type=_path, metavar="PATH", help="a status below 400 there says that it is ready (/)"
    )
    parser.add_argument(
        "--timeout",
        type=_seconds,
        metavar="SECONDS",
        help="for the trial, for the reload, and to become ready (60 each)",
    )
    parser.add_argument(
        "--resolve",
        type=_resolved,
        action="append",
        default=[],
        metavar="HOST:PORT:ADDRESS",
        help="connect there, as curl has it",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--target", type=_target, metavar="TARGET", help='publish there too (CLEARWAY["publish"]["target"])'
    )
    where.add_argument("--no-publish", action="store_true", help="publish nowhere")


def _url(written: str) -> str:
    from .release_setting import address

    try:
        return address(written)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def _target(written: str) -> str:
    from django.core.exceptions import ImproperlyConfigured

    from .publish_setting import without_password

    try:
        return without_password(written, "it")
    except ImproperlyConfigured as error:
        raise ArgumentTypeError(str(error)) from None


def _resolved(written: str) -> str:
    try:
        Resolved.parse([written])
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
    return written


def _path(written: str) -> str:
    if not written.startswith("/"):
        raise ArgumentTypeError("a path begins with a slash")
    return written


def _seconds(written: str) -> float:
    try:
        seconds = float(written)
    except ValueError:
        seconds = -1
    if not 0 < seconds < float("inf"):
        raise ArgumentTypeError("seconds, more than 0")
    return seconds
