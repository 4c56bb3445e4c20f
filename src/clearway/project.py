"""Django's settings as one frozen Project: what the commands, the checks and the serving side read."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from .catalog import layout
from .conf import Conf, conf


@dataclass(frozen=True)
class Project:
    """Where a project's files are and below which URL paths they are served.

    Prefixes are URL paths below the script name, with a slash at each end; None when the setting is empty.
    """

    static_prefix: str
    static_root: str | None
    media_prefix: str | None
    media_root: str | None
    debug: bool
    conf: Conf
    script: str = "/"

    @classmethod
    def from_settings(cls) -> "Project":
        """Read Django's settings. Raises `ImproperlyConfigured`."""
        script = _between_slashes(settings.FORCE_SCRIPT_NAME or "")
        media_prefix = _prefix(_as_written("MEDIA_URL"), script)
        return cls(
            static_prefix=conf().inherited.static_prefix or _prefix(_as_written("STATIC_URL"), script),
            static_root=_directory(settings.STATIC_ROOT),
            media_prefix=None if media_prefix == "/" else media_prefix,
            media_root=_directory(settings.MEDIA_ROOT),
            debug=settings.DEBUG,
            conf=conf(),
            script=script,
        )

    @property
    def records(self) -> str:
        """The folder of release records."""
        return os.fspath(self.conf.records_folder or Path(self.static_root or "", layout.FOLDER))

    @property
    def has_records_only(self) -> bool:
        """Whether `CLEARWAY["records"]` says that the files are elsewhere, and none are in STATIC_ROOT."""
        return bool(self.conf.records) and not (self.static_root and _has_entries(self.static_root))


def _has_entries(directory: str) -> bool:
    try:
        with os.scandir(directory) as entries:
            return next(entries, None) is not None
    except FileNotFoundError:
        return False
    except OSError:  # what it has is for others to find out
        return True


def _directory(value: str | os.PathLike[str] | None) -> str | None:
    return os.fspath(Path(value).absolute()) if value else None


def _as_written(name: str) -> str:
    """A URL out of the settings file.

    Django puts the script name of the moment before a relative one and keeps it: whoever asks before the first request
    would fix it for all of them.
    """
    return getattr(settings._wrapped, name) or ""


def _prefix(url: str, script: str) -> str:
    """The path of a URL below the script name; a URL on another host is served here for a CDN to fetch."""
    path = unquote(urlsplit(url).path)
    return _between_slashes(path[len(script) :] if script != "/" and path.startswith(script) else path)


def _between_slashes(path: str) -> str:
    inner = path.strip("/")
    return f"/{inner}/" if inner else "/"
