"""The command `clearway`, also `manage.py clearway`: arguments, settings, one verb, its result.

Exit codes: 0 clean, 1 findings or differences, 2 could not run. stdout has the result and nothing else.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from . import __version__

_VERBS = "clearway.release_verbs"  # imported late: `--version` and `--help` need no settings
_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32"}


def parser(prog: str) -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = argparse.ArgumentParser(
        prog=prog,
        description="Clearway serves a Django project's static and media files in production.",
        epilog="Settings, commands and how-to pages: the documentation of Clearway.",
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"clearway {__version__}")
    add_base_options(made)
    verbs = made.add_subparsers(metavar="VERB", title="verbs")
    _add_release_verbs(verbs)
    return made


def _add_release_verbs(verbs: Any) -> None:
    _verb(verbs, "releases", "releases", "list the retained releases")
    back = _verb(verbs, "rollback", "roll_back", "make an earlier release current")
    back.add_argument("release", nargs="?", metavar="ID", help="its id, or how it begins (default: the one before)")
    _dry(back)
    _dry(_verb(verbs, "prune", "prune_releases", "remove the releases that are past retention"))
    verify = _verb(verbs, "verify", "verify_releases", "compare the files with the records")
    verify.add_argument("--url", metavar="URL", help="ask this site for the files instead")
    bridge = _verb(verbs, "bridge", "bridge_from", "take over the files that pages of an older deployment need")
    bridge.add_argument("source", metavar="FROM", help="an old STATIC_ROOT, an old image's tree, or a site's address")
    _dry(bridge)


def _verb(verbs: Any, name: str, function: str, text: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}.")
    made.add_argument("--format", choices=("text", "json"), default="text", help="for people, or for programs")
    made.set_defaults(verb=function)
    add_base_options(made, argparse.SUPPRESS)
    return made


def _dry(made: argparse.ArgumentParser) -> None:
    made.add_argument("-n", "--dry-run", action="store_true", help="print the plan and change nothing")


def add_base_options(parser: argparse.ArgumentParser, default: Any = None) -> None:
    """The options that every command of Django takes, with Django's meaning.

    `default` is `argparse.SUPPRESS` below a verb, so that it does not undo what stands before the verb.
    """
    off, normal = (default, default) if default else (False, 1)
    group = parser.add_argument_group("as in every command of Django")
    group.add_argument("--settings", metavar="MODULE", default=default, help="the settings module")
    group.add_argument("--pythonpath", metavar="DIRECTORY", default=default, help="a directory to import from")
    group.add_argument("-v", "--verbosity", type=int, choices=range(4), default=normal, metavar="0-3")
    group.add_argument("--traceback", action="store_true", default=off, help="show where an error comes from")
    group.add_argument("--no-color", action="store_true", default=off)
    group.add_argument("--force-color", action="store_true", default=off)
    group.add_argument("--skip-checks", action="store_true", default=off)


def main(arguments: Sequence[str] | None = None, prog: str = "clearway") -> int:
    """Run the command; the exit code. Raises `SystemExit` for wrong usage."""
    made = parser(prog)
    options = made.parse_args(sys.argv[1:] if arguments is None else arguments)
    if not hasattr(options, "verb"):
        made.print_help()
        return 0
    try:
        return _run(options)
    except Exception as error:
        if options.traceback or not _is_for_the_reader(error):
            raise
        _say(f"error: {error}")
        return 2


def _run(options: argparse.Namespace) -> int:
    _use_settings(options)
    result = getattr(import_module(_VERBS), options.verb)(options)
    if options.format == "json":
        print(json.dumps({"schema": 1, **result.data}, indent=2))
    else:
        coloured = _is_coloured(options)
        lines = result.text(lambda text, style: f"\033[{_CODES[style]}m{text}\033[0m" if coloured else text)
        print("\n".join(lines))
    return int(result.code)


def _use_settings(options: argparse.Namespace) -> None:
    """Choose the settings, unless manage.py or a test chose them already."""
    from django.conf import settings

    from .discovery import choose, use

    if options.pythonpath:
        sys.path.insert(0, options.pythonpath)
    if settings.configured:
        name = os.environ.get("DJANGO_SETTINGS_MODULE", "the running process")
        return _say(f"settings: {name}") if options.verbosity > 1 else None
    choice = choose(options.settings, Path.cwd())
    use(choice)
    if options.verbosity > 1:
        _say(f"settings: {choice.module}, named by {choice.by}")
    return None


def _is_for_the_reader(error: Exception) -> bool:
    """Whether the message of an error says what to do, so that nobody needs the traceback."""
    from django.core.exceptions import ImproperlyConfigured

    from .catalog.errors import RecordError, UnknownReleaseError
    from .discovery import NoSettingsError
    from .releases.errors import ReleaseError
    from .stores.errors import LockedError

    ours = (LockedError, NoSettingsError, RecordError, ReleaseError, UnknownReleaseError)
    return isinstance(error, (*ours, ImproperlyConfigured, ImportError, OSError))


def _is_coloured(options: argparse.Namespace) -> bool:
    if options.no_color or options.force_color:
        return bool(options.force_color and not options.no_color)
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _say(message: str) -> None:
    print(f"clearway: {message}", file=sys.stderr)
