"""Private files of the project that a front answers to everybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from clearway.doctor.facts import Facts
from clearway.fronts.directive import Directive

from .grounds import grounds
from .passage import Passage, passages

_NAMES = (".env", ".env.production", ".env.prod", ".git/config", "secrets.json", "local_settings.py")


@dataclass(frozen=True)
class Exposed:
    """A file, its URL, and the line that names its directory."""

    file: str
    url: str
    line: Directive | None


def exposed(facts: Facts) -> Iterator[Exposed]:
    """Each private file that is there and can be fetched, by one URL of it."""
    sample = next((each for each in passages(facts, "static", "media") if each.due), None) or next(
        passages(facts, "page"), None
    )
    if sample is None:
        return
    for path, folder, line in grounds(sample):
        for file in _private(facts):
            name = file.removeprefix(f"{folder}/")
            if name != file and (url := _answered(sample, f"{path}{name}", file)):
                yield Exposed(file, url, line)


def _private(facts: Facts) -> list[str]:
    """Of this machine."""
    names = [str(Path(facts.tree.root, name)) for name in _NAMES]
    databases = facts.settings.get("DATABASES") or {}
    names += [str(each.get("NAME", "")) for each in databases.values() if "sqlite3" in str(each.get("ENGINE"))]
    names += [facts.origin.location.file] if facts.origin.location else []
    return [name for name in dict.fromkeys(names) if name.startswith("/") and Path(name).is_file()]


def _answered(sample: Passage, path: str, file: str) -> str:
    """The URL path, where the file is what answers it."""
    outcome = sample.asking(quote(path)).road.outcome
    return path if outcome.by == sample.front.name and outcome.status == 200 and outcome.file == file else ""
