"""Django's settings as one frozen Project: what the commands, the checks and the serving side read."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import get_script_prefix

from .catalog import layout
from .conf import Conf, conf


@dataclass(frozen=True)
class Project:
    """Where a project's files are and below which URL paths they are served.

    Prefixes are URL paths below the script name, with a slash at each end; None when the setting is empty.
    """

    static_url: str
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
        static_prefix = _prefix(settings.STATIC_URL or "/")
        media_prefix = _prefix(settings.MEDIA_URL or "/")
        return cls(
            static_url=settings.STATIC_URL or "",
            static_prefix=static_prefix,
            static_root=_directory(settings.STATIC_ROOT),
            media_prefix=None if media_prefix == "/" else media_prefix,
            media_root=_directory(settings.MEDIA_ROOT),
            debug=settings.DEBUG,
            conf=conf(),
            script=_script() if settings.FORCE_SCRIPT_NAME else "/",
        )

    @property
    def records(self) -> str:
        """The folder of release records."""
        return os.fspath(self.conf.records or Path(self.static_root or "", layout.FOLDER))


def _script() -> str:
    """The script name between slashes; only the setting is known before the first request."""
    inner = (settings.FORCE_SCRIPT_NAME or get_script_prefix()).strip("/")
    return f"/{inner}/" if inner else "/"


def _directory(value: str | os.PathLike[str] | None) -> str | None:
    return os.fspath(Path(value).absolute()) if value else None


def _prefix(url: str) -> str:
    """The path of a URL below the script name; a URL on another host is served here for a CDN to fetch."""
    path = unquote(urlsplit(url).path)
    script = _script()
    if script != "/" and path.startswith(script):
        path = path[len(script) :]
    inner = path.strip("/")
    return f"/{inner}/" if inner else "/"
