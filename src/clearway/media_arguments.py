"""What `clearway media` and its actions take from the command line."""

import argparse
import re
from collections.abc import Callable

_AGE = re.compile(r"([0-9]{1,6})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_ACTIONS = (
    ("quarantine", "set the orphans aside, where nobody is served them", True),
    ("held", "list what is set aside", False),
    ("restore", "put back what was set aside", False),
    ("discard", "delete files that were set aside, by name", True),
    ("purge", "delete the orphans that were set aside long ago", True),
    ("scan", "scan what is held until a scanner has seen it, and serve what is clean", False),
    ("modes", "give files and directories the modes of their storage", True),
    ("move", "copy all files to another storage, and compare them", True),
)
AddAction = Callable[[str, str], argparse.ArgumentParser]


def add_media_arguments(parser: argparse.ArgumentParser, add_action: AddAction) -> None:
    """The arguments of the report. `add_action` makes the parser of an action by its name and what it does."""
    _add_choice(parser, None)
    _add_age(parser, "files that are newer are no orphans (1d)", None)
    parser.add_argument("--contents", action="store_true", help="compare contents with names in buckets, too")
    for name, text, changes in _ACTIONS:
        made = add_action(name, text)
        _add_choice(made, argparse.SUPPRESS)
        if changes:
            made.add_argument("--apply", action="store_true", help="do it; otherwise it is shown and nothing is done")
        if name in _OWN:
            _OWN[name](made)


def _add_choice(parser: argparse.ArgumentParser, default: object) -> None:
    """`default` is `argparse.SUPPRESS` below the verb, so that it does not undo what stands before the action."""
    parser.add_argument("--storage", metavar="ALIAS", default=default, help="only this one of the storages")
    parser.add_argument(
        "--leave", metavar="GLOB", action="append", default=default, help="names that are no orphans, such as 'CACHE/*'"
    )


def _add_age(parser: argparse.ArgumentParser, text: str, default: object = argparse.SUPPRESS) -> None:
    parser.add_argument("--older-than", type=age, metavar="AGE", default=default, help=text)


def _add_restore(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("names", nargs="*", metavar="NAME", default=[], help="as `clearway media held` has it")
    which.add_argument("--all", action="store_true", help="all that is an orphan")


def _add_discard(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="+", metavar="NAME", help="as `clearway media held` has it")


def _add_move(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="ALIAS", help="of STORAGES: where to")
    parser.add_argument("--from", dest="source", metavar="ALIAS", default="default", help="where from (default)")
    parser.add_argument("--jobs", type=_number, metavar="N", default=8, help="copies at once (8)")
    parser.add_argument("--journal", metavar="FILE", help="what was compared already (FROM-to-ALIAS.jsonl, here)")


_OWN: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "quarantine": lambda parser: _add_age(parser, "only what is older (1d)"),
    "purge": lambda parser: _add_age(parser, "only what was set aside longer ago (30d)"),
    "restore": _add_restore,
    "discard": _add_discard,
    "move": _add_move,
}


def age(written: str) -> float:
    """Seconds of `30d`, `12h` and the like. Raises `argparse.ArgumentTypeError`."""
    found = _AGE.fullmatch(written)
    if written == "0":
        return 0.0
    if not found:
        raise argparse.ArgumentTypeError(f"{written!r} is no age: 30d, 12h, 45m, 10s or 2w")
    return float(int(found[1]) * _SECONDS[found[2]])


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit()) or not 1 <= int(written) <= 256:
        raise argparse.ArgumentTypeError(f"{written!r} is not a whole number from 1 to 256")
    return int(written)
