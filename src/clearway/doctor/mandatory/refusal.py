"""Lines of audit and kernel logs in which SELinux or AppArmor refused something, and lines of error logs."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from clearway.fronts.road import Location

_AVC = re.compile(r"avc:\s+denied\s+\{\s*(?P<rights>[^}]*?)\s*\}\s+for\s+(?P<rest>.*)")
_APPARMOR = re.compile(r"apparmor=\"DENIED\"\s+(?P<rest>.*)")
_FIELD = re.compile(r"(\w+)=(?:\"([^\"]*)\"|(\S+))")
_ID = re.compile(r"audit\((\d+\.\d+:\d+)\)")
_HEX = re.compile(r"(?:[0-9A-F]{2})+")  # how the kernel writes a name with blanks in it
_DENIED = "13"  # EACCES, which no mode can cause for TCP
_CONNECT = re.compile(r"connect\(\) to (?:\d[\d.]*|\[[\da-f:]+\]):\d+ failed \((?P<error>\d+):")
_ERROR = re.compile(
    r"\"(?P<path>/[^\"]+)\"[^\"]*\(13: Permission denied\)"
    r"|\(13\)Permission denied:.* (?:to|open|access) (?P<other>/\S+)"
)


@dataclass(frozen=True)
class Refusal:
    """`by` is `SELinux`, `AppArmor`, or empty for a line of an error log, which does not say who refused.

    `path` may be a name alone. `subject` is the domain of the process or its profile, `label` that of the file.
    """

    by: str
    program: str
    path: str
    rights: str
    kind: str
    line: str
    location: Location
    subject: str = ""
    label: str = ""

    @property
    def is_of_socket(self) -> bool:
        """Whether a connection was refused, to the application."""
        return self.kind in ("tcp_socket", "unix_stream_socket", "sock_file")


def refusals(lines: Iterable[tuple[str, Location]]) -> Iterator[Refusal]:
    """In the order of the lines; what a permissive domain did is no refusal."""
    known = list(lines)
    paths = _paths(line for line, _ in known)
    for place, (line, where) in enumerate(known):
        if found := _AVC.search(line):
            yield from _of_selinux(line, where, found["rights"], found["rest"], paths)
        elif found := _APPARMOR.search(line):
            given = _fields(found["rest"])
            path = _plain(given.get("name", ""), found["rest"], "name")
            rights, who = given.get("denied_mask", given.get("requested_mask", "")), given.get("comm", "")
            yield Refusal("AppArmor", who, path, rights, "file", line.strip(), where, given.get("profile", ""))
        elif found := _CONNECT.search(line):
            if found["error"] == _DENIED and not any(_connects(each) for each, _ in known[place + 1 :]):
                yield Refusal("SELinux", "nginx", "", "name_connect", "tcp_socket", line.strip(), where)
        elif found := _ERROR.search(line):
            yield Refusal("", "", (found["path"] or found["other"]).rstrip(","), "r", "file", line.strip(), where)


def _connects(line: str) -> bool:
    """Whether a later connection came as far as to the other side."""
    found = _CONNECT.search(line)
    return found is not None and found["error"] != _DENIED


def _of_selinux(line: str, where: Location, rights: str, rest: str, paths: Mapping[str, str]) -> Iterator[Refusal]:
    given = _fields(rest)
    if given.get("permissive") == "1":
        return
    event = _ID.search(line)
    path = _plain(given.get("path", ""), rest, "path") or paths.get(event[1] if event else "", "")
    if not path.startswith("/"):
        path = path or _plain(given.get("name", ""), rest, "name")
    subject, label = (given.get(key, "").split(":")[2:3] for key in ("scontext", "tcontext"))
    yield Refusal(
        "SELinux",
        given.get("comm", ""),
        path,
        rights,
        given.get("tclass", ""),
        line.strip(),
        where,
        "".join(subject),
        "".join(label),
    )


def _paths(lines: Iterable[str]) -> dict[str, str]:
    """Whole paths by the event that they belong to: those of its PATH records."""
    found: dict[str, str] = {}
    for line in lines:
        event = _ID.search(line) if "type=PATH" in line else None
        name = _fields(line).get("name", "")
        if event and name.startswith("/"):
            found[event[1]] = name
    return found


def _fields(text: str) -> dict[str, str]:
    return {name: quoted or bare for name, quoted, bare in _FIELD.findall(text)}


def _plain(value: str, text: str, key: str) -> str:
    """A name that stands without quotes is in hexadecimal."""
    if f'{key}="' in text or not _HEX.fullmatch(value):
        return value
    return bytes.fromhex(value).decode("utf-8", "replace")
