"""Configurations that lie elsewhere than the server has them: what they name may be on another machine."""

from pathlib import Path

_IN_PLACE = ("/etc/", "/usr/", "/opt/", "/nix/", "/snap/")


def is_copy(main: str) -> bool:
    """Whether a main file, an absolute path of this machine, lies where servers do not have theirs."""
    return not main.startswith(_IN_PLACE)


def is_elsewhere(main: str, path: str) -> bool:
    """Whether a file that is missing here may be on the machine that the copy is of: it does not belong beside it."""
    return is_copy(main) and not (path.startswith(f"{Path(main).parent}/") and Path(path).parent.is_dir())
