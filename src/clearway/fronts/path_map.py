"""Where a path of a container lies on this machine."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class PathMap:
    """Pairs (path there, path here), both absolute; the longest prefix that ends at a segment's border wins."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, written: Iterable[str]) -> "PathMap":
        """From `/in/container=/on/host` each. Raises ValueError for what is no pair of absolute paths."""
        return cls(tuple(_pair(each) for each in written))

    def here(self, path: str) -> str:
        """On this machine, of a path in the container; one that no pair covers stays."""
        return _moved(path, self.pairs)

    def there(self, path: str) -> str:
        """In the container, of a path on this machine; one that no pair covers stays."""
        return _moved(path, [(here, there) for there, here in self.pairs])


def _pair(written: str) -> tuple[str, str]:
    there, equals, here = written.partition("=")
    if not (equals and there.startswith("/") and here.startswith("/")):
        raise ValueError(f"not /in/container=/on/host: {written!r}")
    return there, here


def _moved(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    fitting = [pair for pair in pairs if _covers(pair[0], path)]
    if not fitting:
        return path
    source, target = max(fitting, key=lambda pair: len(pair[0].rstrip("/")))
    return (target.rstrip("/") + path[len(source.rstrip("/")) :]) or "/"


def _covers(prefix: str, path: str) -> bool:
    bare = prefix.rstrip("/")
    return path == bare or path.startswith(bare + "/")
