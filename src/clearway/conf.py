"""The one setting: `CLEARWAY = {…}`, read once into a frozen dataclass and read again when a test changes it."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from clearway.build.cache import user_folder
from clearway.media.setting import Media

from . import peer_settings
from .peer_settings import Inherited
from .publish_setting import Publish
from .releasing.routine import Routine
from .setting_readers import LEVELS, READERS, read

# named by the design, read by a later version: accepted, so that a project can be written ahead, but said aloud
LATER = ("deltas",)


@dataclass(frozen=True)
class Conf:
    """`CLEARWAY`, checked. Raises `ImproperlyConfigured` for unknown keys and wrong values, and says what is right.

    root          directories served at the site's root: a path, or a list of them
    max_age       seconds that names without a hash may be kept; None sends no Cache-Control (60; 0 under DEBUG)
    encodings     content codings to build: any of br, zstd, gzip
    levels        compression level by coding; "fast" for levels that cost a fiftieth and give a tenth more octets
    skip          globs of logical names that are not encoded
    unhashed      whether the unhashed originals stay in STATIC_ROOT, for other servers
    misses        "answer": a missing static file is a 404 of ours; "pass": the application is asked
    live          directories below STATIC_ROOT that are listed again on a miss
    headers       header fields by glob of the URL path: {"*.pdf": {"X-Robots-Tag": "noindex"}}; None removes one
    retain        how many releases are kept
    retain_days   days for which a retired release is kept even when there are more
    problems      severities by id of a problem, glob of names, or both: {"CW202": "ignore", "vendor/*": "warn"}
    records       the folder of release records, when not `STATIC_ROOT/.clearway`; or the URL that has them
    cache         the folder of what builds may use again, when not in the user's cache directory; None for no cache
    minify        whether CSS and JavaScript are minified (the extra `minify`)
    lane_ignores  middleware above Clearway's that changes no static answer, so that a lane need not step aside
    index_file    True for index.html, or a name: the file that stands for its directory
    mimetypes     media types by extension (".x") or file name, before our own table
    media         how users' files are served, and by whom: see `clearway.media.setting`
    publish       where releases are published to, and how: see `clearway.publish_setting`
    release       the steps of a deploy that are the project's own: see `clearway.releasing.routine`

    `inherited` is no key: what settings of WhiteNoise and ServeStatic say beyond these.
    """

    root: tuple[Path, ...] = ()
    max_age: int | None = 60
    encodings: tuple[str, ...] = ("gzip", "br", "zstd")
    levels: Mapping[str, int] = field(default_factory=lambda: LEVELS)
    skip: tuple[str, ...] = ()
    unhashed: bool = True
    misses: str = "answer"
    live: tuple[str, ...] = ("CACHE/",)
    headers: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    retain: int = 5
    retain_days: int = 30
    problems: Mapping[str, str] = field(default_factory=dict)
    records: Path | str | None = None
    cache: Path | None = field(default_factory=lambda: user_folder(os.environ))
    minify: bool = False
    lane_ignores: tuple[str, ...] = ()
    index_file: str | None = None
    mimetypes: Mapping[str, str] = field(default_factory=dict)
    media: Media = field(default_factory=Media)
    publish: Publish = field(default_factory=Publish)
    release: Routine = field(default_factory=Routine)
    inherited: Inherited = field(default_factory=Inherited)

    @property
    def records_folder(self) -> Path | None:
        """Where on this machine the records are, when not below STATIC_ROOT."""
        return self.records if isinstance(self.records, Path) else None

    @property
    def records_url(self) -> str:
        """From where a process reads the names of the current release; empty when that is on this machine."""
        return self.records if isinstance(self.records, str) else ""

    @classmethod
    def of(cls, given: Any, *, debug: bool) -> Self:
        """Read the setting's value."""
        if not isinstance(given, Mapping):
            raise ImproperlyConfigured(f"CLEARWAY must be a dict, not {type(given).__name__}.")
        for key in given:
            if key not in READERS and key not in LATER:
                raise ImproperlyConfigured(_unknown(key, [*READERS, *LATER]))
        values: dict[str, Any] = {"max_age": 0} if debug else {}
        values |= {key: read(READERS[key], given[key], f"CLEARWAY[{key!r}]") for key in given if key in READERS}
        return cls(**values)

    def over(self, inherited: peer_settings.Given, keys: Iterable[str]) -> Self:
        """These settings, with those of a peer where `CLEARWAY` has no such key; `keys` are the keys that it has."""
        values = {key: value for key, value in inherited.keys.items() if key not in keys}
        return replace(self, **values, inherited=inherited.rest)


def conf() -> Conf:
    """The project's settings. Raises `ImproperlyConfigured`."""
    return _conf()


@lru_cache(1)
def _conf() -> Conf:
    given = getattr(settings, "CLEARWAY", {})
    return Conf.of(given, debug=settings.DEBUG).over(peer_settings.given(), given)


def _reset(*, setting: str, **_: Any) -> None:
    if setting in ("CLEARWAY", "DEBUG") or setting.startswith(peer_settings.PREFIXES):
        _conf.cache_clear()


setting_changed.connect(_reset, dispatch_uid="clearway.conf")


def _unknown(key: object, known: list[str]) -> str:
    close = get_close_matches(str(key), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"the keys are {', '.join(sorted(known))}."
    return f"CLEARWAY has no key {key!r}: {hint}"
