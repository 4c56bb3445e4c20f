"""Files that a project names, that lie on its disk, and that no finder knows, for the doctor."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import basename

from django.conf import settings

from clearway.build.sources import project_directory
from clearway.doctor.facts import Sources, Use
from clearway.doctor.names import asked

_PASSED_BY = frozenset({"node_modules", "__pycache__", "site-packages"})
_MOST = 50_000  # entries of directories that are looked at


def strays(sources: Sources, uses: Iterable[Use], left_out: Callable[[str], None]) -> Mapping[str, Sequence[str]]:
    """Paths below the project's directory, STATIC_ROOT and MEDIA_ROOT left out, by the name that was asked for.

    `left_out` is told of a bound.
    """
    names = dict.fromkeys(asked(use.name).lstrip("/") for use in uses)
    unknown = {name for name in names if name and name not in sources.files and not _is_collected(name)}
    by_base: dict[str, list[str]] = {}
    for name in unknown:
        by_base.setdefault(basename(name), []).append(name)
    found: dict[str, list[str]] = {}
    for path in _paths(project_directory(), left_out) if unknown else ():
        for name in by_base.get(os.path.basename(path), ()):  # noqa: PTH119
            if path.replace(os.sep, "/").endswith(f"/{name}"):
                found.setdefault(name, []).append(path)
    return found


def _is_collected(name: str) -> bool:
    """Whether it was put into STATIC_ROOT by something else than collectstatic."""
    return bool(settings.STATIC_ROOT) and Path(settings.STATIC_ROOT, name).is_file()


def _paths(project: Path, left_out: Callable[[str], None]) -> Iterator[str]:
    apart = {os.path.realpath(root) for root in (settings.STATIC_ROOT, settings.MEDIA_ROOT) if root}
    looked_at = 0
    for folder, inner, names in os.walk(project):
        inner[:] = sorted(each for each in inner if _is_looked_into(folder, each, apart))
        looked_at += len(inner) + len(names)
        if looked_at > _MOST:
            return left_out(f"only the first {_MOST:,} files below {project} were looked at")
        yield from (os.path.join(folder, name) for name in sorted(names))  # noqa: PTH118


def _is_looked_into(folder: str, name: str, apart: set[str]) -> bool:
    path = Path(folder, name)
    if name[0] == "." or name in _PASSED_BY or (path / "pyvenv.cfg").is_file():
        return False
    return os.path.realpath(path) not in apart
