"""The catalog: from URL path to what is answered there."""

from collections.abc import Iterable
from dataclasses import dataclass

from clearway.http.resource import Missing, Passed

from .layer import Known, Layer, OnDisk

Looked = Known | Missing | Passed | None


@dataclass(frozen=True)
class Mount:
    """Layers below a URL prefix that begins and ends with a slash; the first that knows a name answers.

    `miss` is what a name stands for that none of them knows; None leaves it to the application.
    """

    prefix: str
    layers: tuple[Layer, ...]
    miss: Missing | Passed | None = None

    def find(self, path: str) -> Known | None:
        name = path[len(self.prefix) :]
        return next((found for layer in self.layers if (found := layer.find(name)) is not None), None)

    def find_in_memory(self, path: str) -> Known | OnDisk | None:
        name = path[len(self.prefix) :]
        for layer in self.layers:
            if (found := layer.find_in_memory(name)) is not None:
                return found
        return None

    def reread(self, path: str) -> Known | None:
        name = path[len(self.prefix) :]
        knowing = (layer for layer in self.layers if layer.find(name) is not None)
        return next((found for layer in knowing if (found := layer.reread(name)) is not None), None)


class Catalog:
    """Mounts, the one added last first. Paths below `foreign` prefixes are never answered as a miss."""

    def __init__(self, mounts: Iterable[Mount] = (), foreign: Iterable[str] = ()) -> None:
        self._mounts: tuple[Mount, ...] = ()
        self._foreign = tuple(foreign)
        for mount in mounts:
            self.add(mount)

    @property
    def mounts(self) -> tuple[Mount, ...]:
        return self._mounts

    def add(self, mount: Mount) -> None:
        """Mount on top of what is there."""
        self._mounts = (mount, *self._mounts)

    def find(self, path: str) -> Looked:
        """What a URL path (decoded, below the script name) stands for; may read the disk."""
        miss = None
        for mount in self._mounts:
            if path.startswith(mount.prefix):
                if (found := mount.find(path)) is not None:
                    return found
                miss = miss or mount.miss
        return self._missed(path, miss)

    def find_in_memory(self, path: str) -> Looked | OnDisk:
        """The same without reading the disk, or `UNREAD` when that takes it."""
        miss = None
        for mount in self._mounts:
            if path.startswith(mount.prefix):
                if (found := mount.find_in_memory(path)) is not None:
                    return found
                miss = miss or mount.miss
        return self._missed(path, miss)

    def reread(self, path: str) -> Looked:
        """What a URL path stands for now, after its file was found changed or gone."""
        mounts = [mount for mount in self._mounts if path.startswith(mount.prefix)]
        found = next((known for mount in mounts if (known := mount.reread(path)) is not None), None)
        return found or self._missed(path, next((mount.miss for mount in mounts if mount.miss), None))

    def _missed(self, path: str, miss: Missing | Passed | None) -> Missing | Passed | None:
        return None if miss and self._foreign and path.startswith(self._foreign) else miss
