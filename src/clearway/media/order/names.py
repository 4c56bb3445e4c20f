"""Very many names in little memory: eight octets each, once all of them are there."""

from array import array
from bisect import bisect_left


class Names:
    """Which names were added. Two names in 10^19 are taken for one; a file is then left alone.

    While the names are sorted it takes 40 octets more for each.
    """

    def __init__(self) -> None:
        self._keys = array("q")
        self._sorted = True

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, name: str) -> None:
        """Remember a name."""
        self._keys.append(hash(name))
        self._sorted = False

    def __contains__(self, name: str) -> bool:
        if not self._sorted:
            self._keys = array("q", sorted(self._keys))
            self._sorted = True
        key = hash(name)
        at = bisect_left(self._keys, key)
        return at < len(self._keys) and self._keys[at] == key
