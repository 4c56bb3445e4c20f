"""Static files that a project's own style sheets, scripts and drawings refer to, for the doctor."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.conf import settings

from clearway.build.references import AT_RUN_TIME, SOURCE_MAP, can_refer, find, line
from clearway.build.urls import Urls
from clearway.doctor.facts import Sources, Use, is_installed
from clearway.fronts.road import Location

_LARGEST = 1 << 18  # octets of one file: what is larger is a bundle, and nobody wrote its references
_MOST = 1 << 22  # octets of all files, those of style sheets first
_NOBODYS = AT_RUN_TIME | {SOURCE_MAP}  # a program may never follow them


def references(sources: Sources, left_out: Callable[[str], None]) -> Sequence[Use]:
    """Each reference that is a static file's, by the logical name that it means; `left_out` is told of a bound."""
    url = str(settings._wrapped.STATIC_URL or "/")
    urls = Urls(url if url.endswith("/") else f"{url}/")
    own = [(name, path) for name, path in sources.files.items() if can_refer(name) and not _is_foreign(path)]
    own.sort(key=lambda each: not each[0].endswith(".css"))
    return tuple(_within(own, urls, left_out))


def _within(own: Sequence[tuple[str, str]], urls: Urls, left_out: Callable[[str], None]) -> Iterator[Use]:
    read = 0
    for name, path in own:
        data = _data(Path(path))
        read += len(data)
        if read > _MOST:
            return left_out(f"references are read in the first {_MOST >> 20} MiB of style sheets and scripts only")
        yield from _in(name, path, data, urls)


def _is_foreign(path: str) -> bool:
    return is_installed(path) or f"{os.sep}node_modules{os.sep}" in path


def _data(file: Path) -> bytes:
    try:
        return file.read_bytes() if file.stat().st_size <= _LARGEST else b""
    except OSError:
        return b""


def _in(name: str, path: str, data: bytes, urls: Urls) -> Iterator[Use]:
    """Each URL where it stands first."""
    seen: set[str] = set()
    for reference in find(name, data):
        if reference.kind in _NOBODYS or reference.url in seen:
            continue
        seen.add(reference.url)
        target = urls.target(reference.url, name)
        if target and not target.startswith(("/", "../")):
            yield Use(target, Location(path, line(data, reference.start)))
