"""The cache that `CLEARWAY["publish"]["purge"]` names, told what to forget."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import time
from typing import Any, Self

from .publish_setting import Publish
from .releases import publish_text
from .releases.changed import changed_urls, readable
from .releases.errors import ReleaseError
from .releases.rollback import Rollback
from .releases.text import Paint
from .stores.purging.configured import purger_of
from .stores.purging.purger import Purger
from .stores.purging.purging import Purged, purge
from .stores.records import Records


def purger(setting: Publish) -> Purger | None:
    """The cache, with its secret from the environment; None where none is named. Raises `PurgeError`."""
    return purger_of(setting.purge, os.environ) if setting.purge else None


def check(urls: Sequence[str]) -> None:
    """Raises `ReleaseError` for a URL without a host, which no cache knows."""
    for url in urls:
        if "://" not in url:
            raise ReleaseError(
                f"{url} has no host: point STATIC_URL at the CDN, "
                'or set CLEARWAY["publish"]["purge"]["url"] to the address of the site'
            )


def forget(cache: Purger | None, urls: Sequence[str]) -> Purged | None:
    """Make a cache forget; None where there is none, or nothing to forget."""
    return purge(cache, urls, int(time())) if cache and urls else None


@dataclass(frozen=True)
class Rolled:
    """The URLs that a rollback of a target changes, the cache that is told of them, and the command that repeats it."""

    cache: Purger | None
    urls: list[str]
    again: str
    purged: Purged | None = None

    def carried_out(self) -> Self:
        """After the cache was told."""
        return replace(self, purged=forget(self.cache, self.urls))

    def data(self) -> dict[str, Any]:
        """As programs read it, beside the rollback."""
        return {"changed": self.urls, "purged": publish_text.purged_data(self.purged)}

    def text(self, paint: Paint) -> list[str]:
        """As people read it, below the rollback."""
        rows = [f"  changed   {self.urls[0]}", *(f"            {url}" for url in self.urls[1:])] if self.urls else []
        return [*rows, *publish_text.purged(self.purged, self.again, paint)]

    @property
    def code(self) -> int:
        """The exit code: 1 where the cache may still have something."""
        return int(bool(self.purged and self.purged.left))


def rolled(planned: Rollback, records: Records, where: str, setting: Publish, *, is_applied: bool) -> Rolled:
    """What a rollback of the target `where` changes; nothing that is told, without one.

    Raises `PurgeError` and `ReleaseError` before anything is done.
    """
    if not where:
        return Rolled(None, [], "")
    urls = changed_urls(readable(records, planned.previous), planned.target, setting.site)
    cache = purger(setting) if is_applied else None
    if cache:
        check(urls)
    since = f" --since {planned.previous}" if planned.previous else ""
    return Rolled(cache, urls, f"clearway purge --target {where}{since} --apply")
