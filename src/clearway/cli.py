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
    return made


def main(arguments: Sequence[str] | None = None, prog: str = "clearway") -> int:
    """Run the command. 0 is success, 2 is wrong usage."""
    made = parser(prog)
    made.parse_args(sys.argv[1:] if arguments is None else arguments)
    made.print_help()
    return 0
