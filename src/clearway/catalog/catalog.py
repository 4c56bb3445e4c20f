"""The catalog: from URL path to what is answered there."""

from collections.abc import Iterable
from dataclasses import dataclass

from clearway.http.resource import Missing, Passed

from .layer import UNREAD, Known, Layer, OnDisk

Looked = Known | Missing | Passed | None


@dataclass(frozen=True)
class Mount:
    """Layers below a URL prefix that begins and ends with a slash; the first that knows a name answers.

    `miss` is what a name stands for that none of them knows; None leaves it to the application.
    """

    prefix: str
    layers: tuple[Layer, ...]
    miss: Missing | Passed | None = None

    def missing(self, site: str) -> Missing | Passed | None:
        """What a miss is for an application whose pages lie below `site`: the whole site is never owned."""
        return self.miss if len(self.prefix) > len(site) else None

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
    """Mounts, the one added last first. What is missing below `foreign` prefixes is the application's.

    A path is looked up as it is below the script name, then with the script name before it: a prefix may hold it
    or not.
    """

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

    def find(self, path: str, script: str = "") -> Looked:
        """What a URL path (decoded, below the script name) stands for; may read the disk."""
        found = self._find(path, "/")
        if found is None and script:
            found = self._find(script + path, script + "/")
        return found if found is None else self._unless_foreign(found, path, script)

    def find_in_memory(self, path: str, script: str = "") -> Looked | OnDisk:
        """The same without reading the disk, or `UNREAD` when that takes it."""
        found = self._find_in_memory(path, "/")
        if found is None and script:
            found = self._find_in_memory(script + path, script + "/")
        return found if found is None or found is UNREAD else self._unless_foreign(found, path, script)

    def reread(self, path: str, script: str = "") -> Looked:
        """What a URL path stands for now, after its file was found changed or gone."""
        found = self._reread(path, "/")
        if found is None and script:
            found = self._reread(script + path, script + "/")
        return found if found is None else self._unless_foreign(found, path, script)

    def _find(self, path: str, site: str) -> Looked:
        miss = None
        for mount in self._mounts:
            if path.startswith(mount.prefix):
                if (found := mount.find(path)) is not None:
                    return found
                miss = miss or mount.missing(site)
        return miss

    def _find_in_memory(self, path: str, site: str) -> Looked | OnDisk:
        miss = None
        for mount in self._mounts:
            if path.startswith(mount.prefix):
                if (found := mount.find_in_memory(path)) is not None:
                    return found
                miss = miss or mount.missing(site)
        return miss

    def _reread(self, path: str, site: str) -> Looked:
        mounts = [mount for mount in self._mounts if path.startswith(mount.prefix)]
        found = next((known for mount in mounts if (known := mount.reread(path)) is not None), None)
        return found or next((miss for mount in mounts if (miss := mount.missing(site))), None)

    def _unless_foreign(self, found: Known | Missing | Passed, path: str, script: str) -> Looked:
        """A miss below a foreign prefix is the application's; ours too where our prefix is the inner one."""
        if not self._foreign or isinstance(found, Known):
            return found
        for whole in (path, script + path):
            for foreign in self._foreign:
                if whole.startswith(foreign):
                    return Passed() if self._owns_inside(foreign, whole) else None
        return found

    def _owns_inside(self, foreign: str, path: str) -> bool:
        return any(
            mount.miss and len(mount.prefix) > len(foreign) and path.startswith(mount.prefix) for mount in self._mounts
        )
