"""What a deployment runs, and when: while it builds, before a release, or where the site then runs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from clearway.doctor.facts import Tree
from clearway.fronts.road import Location

_COLLECTS = re.compile(r"\bcollectstatic\b|\bclearway\s+release\b")
_DEEPEST = 3  # scripts that call scripts


class Phase(StrEnum):
    """What a `release` command writes is lost on most platforms: it runs on a machine of its own."""

    BUILD = "build"
    RELEASE = "release"
    START = "start"


@dataclass(frozen=True)
class Command:
    """A line that is run."""

    text: str
    phase: Phase
    location: Location

    @property
    def collects(self) -> bool:
        """Whether it runs collectstatic, for real."""
        return bool(_COLLECTS.search(self.text)) and "--dry-run" not in self.text


def with_scripts(command: Command, tree: Tree, depth: int = 0) -> Iterator[Command]:
    """The command, and the lines of the project's scripts that it starts."""
    yield command
    for name in _scripts(command.text, tree) if depth < _DEEPEST else ():
        for number, line in _lines(tree, name):
            inner = Command(line, command.phase, tree.location(name, number))
            if inner.location.file != command.location.file:
                yield from with_scripts(inner, tree, depth + 1)
            else:
                yield inner


def _scripts(text: str, tree: Tree) -> Iterator[str]:
    """Files of the project that a command names, by their last part: where an image has them is not known."""
    words = {PurePosixPath(word.strip("\"'[],;")).name for word in text.split() if word[:1] != "-"}
    for name in tree.texts:
        path = PurePosixPath(name)
        is_script = path.suffix == ".sh" or tree.texts[name].startswith("#!") or (not path.suffix and path.parent.name)
        if is_script and path.name in words and path.name != "manage.py":
            yield name
    if found := re.search(r"\bmake\s+([\w-]+)", text):
        yield from (name for name in tree.texts if name == "Makefile" and f"\n{found[1]}:" in "\n" + tree.texts[name])


def _lines(tree: Tree, name: str) -> Iterator[tuple[int, str]]:
    """Without comments; a line that goes on is one."""
    held, first = "", 0
    for number, line in tree.lines(name):
        text = "" if line.lstrip().startswith("#") else line.strip()
        first = first if held else number
        if text.endswith("\\"):
            held += text[:-1] + " "
        elif held + text:
            yield first, held + text
            held = ""
