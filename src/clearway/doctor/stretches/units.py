"""What a systemd unit of the web server, beside manage.py, hides from it (systemd.exec(5))."""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.fronts.road import Location

_PROGRAMS = {"nginx": ("nginx",), "caddy": ("caddy",), "apache": ("apache2", "httpd")}
_YES = frozenset({"yes", "true", "1", "on", "tmpfs"})
_HOMES, _TEMPORARY = ("/home", "/root", "/run/user"), ("/tmp", "/var/tmp")
_LISTS = ("inaccessiblepaths", "temporaryfilesystem")


def hiding(facts: Facts, path: str) -> tuple[str, Location] | None:
    """The line of a unit that hides a path, and where it is; None where no unit does."""
    for name in facts.tree.texts:
        if not _is_of_front(facts, name):
            continue
        for number, line in facts.tree.lines(name):
            if any(path == each or path.startswith(f"{each}/") for each in _hidden(line)):
                return line.strip(), facts.tree.location(name, number)
    return None


def _is_of_front(facts: Facts, name: str) -> bool:
    """Whether a file is a unit, or a drop-in, of the front's service."""
    programs = _PROGRAMS[facts.front.name]
    if ".service" not in name:
        return False
    starts = [line for _, line in facts.tree.lines(name) if line.strip().startswith("ExecStart=")]
    return any(each in name or any(each in line for line in starts) for each in programs)


def _hidden(line: str) -> Iterator[str]:
    key, _, value = (part.strip() for part in line.partition("="))
    if key.lower() == "protecthome" and value.lower() in _YES:
        yield from _HOMES
    elif key.lower() == "privatetmp" and value.lower() in _YES:
        yield from _TEMPORARY
    elif key.lower() in _LISTS:
        yield from (each.lstrip("-+").partition(":")[0].rstrip("/") for each in value.split())
