"""What the Procfile, the units of systemd and the files of platforms run."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from clearway.doctor.facts import Tree
from clearway.fronts.road import Location

from .command import Command, Phase
from .documents import documents

_FILES = (
    r"(?:fly|railway|nixpacks)\.toml",
    r"(?:render|app)\.ya?ml",
    r"\.do/.*\.ya?ml",
    r"railway\.json",
    r"heroku\.yml",
)
_HOOKS = ("bin/post_compile", "bin/pre_compile", "hooks/post_compile")
_KEYS = {
    **dict.fromkeys(("buildCommand", "build_command", "cmds"), Phase.BUILD),
    **dict.fromkeys(("preDeployCommand", "release_command"), Phase.RELEASE),
    **dict.fromkeys(("startCommand", "run_command", "cmd", "entrypoint"), Phase.START),
}
_BELOW = {"processes": Phase.START, "release": Phase.RELEASE, "run": Phase.START}  # by the key of the whole mapping


def commands(tree: Tree) -> Iterator[Command]:
    """Of all of them; scripts that they start are not yet followed."""
    yield from _of_procfile(tree)
    yield from _of_units(tree)
    for name, document in documents(tree, *_FILES):
        yield from _of_values(tree, name, document.value, "")
    yield from _of_beanstalk(tree)
    for name in tree.texts:
        if name.startswith(".platform/hooks/") or name in _HOOKS:
            lines = ((at, line) for at, line in tree.lines(name) if not line.lstrip().startswith("#"))
            yield from (Command(line, Phase.BUILD, tree.location(name, at)) for at, line in lines)


def _of_procfile(tree: Tree) -> Iterator[Command]:
    for number, line in tree.lines("Procfile") if "Procfile" in tree.texts else ():
        kind, colon, text = line.partition(":")
        if colon and not line.startswith("#"):
            phase = Phase.RELEASE if kind.strip() == "release" else Phase.START
            yield Command(text.strip(), phase, tree.location("Procfile", number))


def _of_units(tree: Tree) -> Iterator[Command]:
    for name in tree.texts:
        for number, line in tree.lines(name) if name.endswith(".service") else ():
            if found := re.match(r"\s*Exec(?:Start|StartPre)\s*=\s*(.+)", line):
                yield Command(found[1], Phase.START, tree.location(name, number))


def _of_beanstalk(tree: Tree) -> Iterator[Command]:
    for name, document in documents(tree, r"\.ebextensions/.*\.config"):
        found = document.get("container_commands")
        for entry in found.values() if isinstance(found, dict) else ():
            if isinstance(entry, dict) and entry.get("command"):
                yield Command(str(entry["command"]), Phase.BUILD, _written(tree, name, str(entry["command"])))


def _of_values(tree: Tree, name: str, value: Any, above: str) -> Iterator[Command]:
    """Strings and lists of strings below the keys of commands, wherever those stand."""
    entries = value.items() if isinstance(value, Mapping) else [(above, each) for each in value or () if _holds(each)]
    for key, each in entries:
        phase = _KEYS.get(key) or _BELOW.get(above)
        texts = [text for text in (each if isinstance(each, list) else [each]) if isinstance(text, str)]
        if phase:
            yield from (Command(text, phase, _written(tree, name, text)) for text in texts)
        if _holds(each):
            yield from _of_values(tree, name, each, key)


def _holds(value: Any) -> bool:
    return isinstance(value, Mapping | list)


def _written(tree: Tree, name: str, text: str) -> Location:
    first = text.strip().splitlines()[0] if text.strip() else ""
    line = next((number for number, line in tree.lines(name) if first and first[:60] in line), 1)
    return tree.location(name, line)
