"""The command `clearway`, also `manage.py clearway`."""

import argparse
import sys
from collections.abc import Sequence

from . import __version__


def parser(prog: str) -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = argparse.ArgumentParser(
        prog=prog,
        description="Clearway serves a Django project's static and media files in production.",
        epilog="Settings, commands and how-to pages: the documentation of Clearway.",
    )
    made.add_argument("--version", action="version", version=f"clearway {__version__}")
    add_base_options(made)
    return made


def add_base_options(parser: argparse.ArgumentParser) -> None:
    """The options that every command of Django takes, with Django's meaning."""
    group = parser.add_argument_group("as in every command of Django")
    group.add_argument("--settings", metavar="MODULE", help="the settings module")
    group.add_argument("--pythonpath", metavar="DIRECTORY", help="a directory to add to the Python path")
    group.add_argument("-v", "--verbosity", type=int, choices=range(4), default=1, metavar="0-3")
    group.add_argument("--traceback", action="store_true", help="show where an error comes from")
    group.add_argument("--no-color", action="store_true")
    group.add_argument("--force-color", action="store_true")
    group.add_argument("--skip-checks", action="store_true")


def main(arguments: Sequence[str] | None = None, prog: str = "clearway") -> int:
    """Run the command. 0 is success, 2 is wrong usage."""
    made = parser(prog)
    made.parse_args(sys.argv[1:] if arguments is None else arguments)
    made.print_help()
    return 0
