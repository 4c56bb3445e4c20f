"""Which of the files that were not collected are missed: collectstatic may have been told to ignore the others."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from posixpath import dirname, splitext

from .facts import Collected, Sources, is_installed

_OF_PAGES = frozenset(
    [
        *(".css", ".js", ".mjs", ".json", ".wasm", ".webmanifest", ".pdf", ".mp3", ".mp4", ".webm"),
        *(".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico"),
        *(".woff", ".woff2", ".ttf", ".otf", ".eot"),
    ]
)


class Missing:
    """Names of sources that are not in STATIC_ROOT; `used` are names that templates and files refer to."""

    def __init__(self, names: Sequence[str], sources: Sources, collected: Collected, used: frozenset[str]) -> None:
        self._names, self._sources, self._collected, self._used = names, sources, collected, used

    def wanted(self) -> list[str]:
        """Those that pages ask for, that belong to an app of which nothing is there, or that cannot be ignored."""
        return [name for name in self._names if name in self._used or self._is_missed(name)]

    def _is_missed(self, name: str) -> bool:
        extension = splitext(name)[1].lower()
        if extension not in _OF_PAGES or extension not in self._extensions:
            return False
        return self._is_of_missing_app(name) or dirname(name) in self._folders or self._is_new(name)

    def _is_of_missing_app(self, name: str) -> bool:
        """Whether it belongs to an app, by the name of its directory below `static`, of which nothing is there."""
        top, slash, _ = name.partition("/")
        if not slash or top in self._tops:
            return False
        path = self._sources.files[name]
        root = Path(path).parents[name.count("/")]
        return is_installed(path) or (root.name == "static" and root.parent.name == top)

    def _is_new(self, name: str) -> bool:
        """Whether it was made after all that was collected."""
        try:
            return Path(self._sources.files[name]).stat().st_mtime > self._last
        except OSError:
            return False

    @cached_property
    def _extensions(self) -> set[str]:
        return {splitext(name)[1].lower() for name in self._collected.sizes}

    @cached_property
    def _folders(self) -> set[str]:
        return {dirname(name) for name in self._collected.sizes}

    @cached_property
    def _tops(self) -> set[str]:
        return {name.partition("/")[0] for name in self._collected.sizes}

    @cached_property
    def _last(self) -> float:
        """When the last file was collected."""
        times = [0.0]
        for name in self._collected.sizes:
            try:
                times.append(self._collected.path(name).stat().st_mtime)
            except OSError:
                continue
        return max(times)
