"""What this machine enforces, read from files below given roots; it changes nothing and asks no program."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clearway.fronts.road import Location

from .profile import Include, allows, rules_of
from .refusal import Refusal, refusals

_LARGEST, _COUNTED = 1 << 20, 1 << 24  # octets: of the end of a log; up to which its lines are counted
_LOGS = ("audit/audit.log", "kern.log", "syslog", "messages", "dmesg")


@dataclass(frozen=True)
class Roots:
    """Where the files of the system are: of tests, somewhere else."""

    proc: Path = Path("/proc")
    selinux: Path = Path("/sys/fs/selinux")
    apparmor: Path = Path("/etc/apparmor.d")
    logs: Path = Path("/var/log")


@dataclass(frozen=True)
class Enforced:
    """`enforcing` is SELinux; `domain` and `profile` are of the worker, empty where they are not known.

    `booleans` are the switches of SELinux's policy that are on; `rules` those of the worker's profile.
    """

    enforcing: bool = False
    domain: str = ""
    profile: str = ""
    rules: str | None = None
    booleans: frozenset[str] = frozenset()
    refused: Sequence[Refusal] = ()
    label_of: Callable[[str], str] = field(default=lambda _: "", compare=False)
    include: Include = field(default=lambda _: "", compare=False)

    @property
    def is_there(self) -> bool:
        """Whether anything beside the modes decides here, or did."""
        return self.enforcing or bool(self.profile) or bool(self.refused)

    def hides(self, path: str) -> bool:
        """Whether the worker's profile lets a path not be read."""
        return bool(self.profile) and self.rules is not None and not allows(self.rules, path, self.include)


def enforced(roots: Roots, pid: int | None, label_of: Callable[[str], str]) -> Enforced:
    """Of this machine, for a worker whose number is known or not."""
    context = (
        _first_of(*(roots.proc / str(pid) / name for name in ("attr/apparmor/current", "attr/current"))) if pid else ""
    )
    name = context.removesuffix("(enforce)").strip() if context.endswith("(enforce)") else ""
    return Enforced(
        enforcing=_read(roots.selinux / "enforce") == "1",
        domain=context.split(":")[2] if context.count(":") >= 2 else "",
        profile=name,
        rules=_rules(roots.apparmor, name) if name else None,
        booleans=frozenset(_on(roots.selinux / "booleans")),
        refused=tuple(refusals(_lines(roots.logs))),
        label_of=label_of,
        include=lambda wanted: _included(roots.apparmor, wanted),
    )


def _rules(folder: Path, name: str) -> str | None:
    """Of the file in which a profile of this name is."""
    files = sorted(each for each in folder.glob("*") if each.is_file()) if folder.is_dir() else []
    for each in files:
        found = rules_of(_read(each), name)
        if found is not None:
            return found
    return None


def _included(folder: Path, wanted: str) -> str:
    place = folder / wanted
    if place.is_dir():
        return "\n".join(_read(each) for each in sorted(place.iterdir()) if each.is_file())
    return _read(place)


def _on(folder: Path) -> Iterator[str]:
    for each in sorted(folder.iterdir()) if folder.is_dir() else ():
        if _read(each).startswith("1"):
            yield each.name


def _lines(folder: Path) -> Iterator[tuple[str, Location]]:
    for name in _LOGS:
        yield from lines_of(folder / name, re.compile(r"denied|DENIED|type=PATH"))


def lines_of(file: Path, about: re.Pattern[str]) -> Iterator[tuple[str, Location]]:
    """Lines of the end of a log that are about something, with their numbers; of one that may not be read, none."""
    try:
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            skipped = max(0, size - _LARGEST)
            before = opened.read(skipped).count(b"\n") if skipped < _COUNTED else opened.seek(skipped) * 0
            text = opened.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return
    for number, line in enumerate(text.splitlines(), before + 1):
        if about.search(line):
            yield line, Location(str(file), number)


def _first_of(*files: Path) -> str:
    return next((text for each in files if (text := _read(each))), "")


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip("\n\0 ")
    except OSError:
        return ""
