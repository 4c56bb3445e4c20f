"""Whether the user of the application may write to a directory."""

import re
from pathlib import Path

from clearway.fronts.permission import judge
from clearway.fronts.worker import UnknownWorkerError, Worker

from .facts import Tree

_ANYBODY = 0o222


def refusal(tree: Tree, directory: Path) -> str:
    """Why not; empty where it may, or where its user is not known."""
    name, group, where = user(tree)
    if not name:
        mode = directory.stat().st_mode
        return "" if mode & _ANYBODY else f"{directory} has the mode {mode & 0o7777:04o}: nobody may write"
    try:
        verdict = judge(Worker.named(name, group or None), str(directory.absolute()), "wx")
    except UnknownWorkerError:
        return ""
    return f"{verdict.reason} ({where} starts it as {name})" if verdict.allowed is False else ""


def user(tree: Tree) -> tuple[str, str, str]:
    """(user, group, file) of a unit of systemd that starts the application; empty where there is none."""
    for name, text in tree.texts.items():
        if name.endswith(".service") and re.search(r"gunicorn|uvicorn|daphne|uwsgi|granian|hypercorn", text):
            found = {key: re.search(rf"^\s*{key}\s*=\s*(\S+)", text, re.MULTILINE) for key in ("User", "Group")}
            who, group = (found[key][1] if found[key] else "" for key in ("User", "Group"))  # type: ignore[index]
            if who:
                return who, group, name
    return "", "", ""
