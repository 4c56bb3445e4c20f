"""What publishing a release does, from the first request to the last purge."""

from collections.abc import Sequence
from dataclasses import dataclass

from clearway.stores.capabilities import Capabilities
from clearway.stores.purging.purging import Purged

from .publish import Publication


@dataclass(frozen=True)
class Published:
    """`changed` are the URLs that caches have to forget; `purged` is what one was told, None where none is named.

    `done` is false for a plan, and where something is in the way. `store` is None while nobody asked what it can do.
    """

    publication: Publication
    store: Capabilities | None
    where: str
    changed: Sequence[str] = ()
    purged: Purged | None = None
    done: bool = False

    @property
    def code(self) -> int:
        """The exit code: 1 where something is in the way, or a cache may still have what changed."""
        return int(bool(self.publication.differences or (self.purged and self.purged.left)))
