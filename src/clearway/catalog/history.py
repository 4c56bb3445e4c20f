"""The history: when each release was made and retired. The only record that changes.

In a store it also decides who may remove objects: whoever does says so here first, and whoever publishes writes here
last, each on condition that nobody did in between.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self

from .errors import RecordError
from .release import Release

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One release's times (whole seconds since 1970), its predecessor and, when asked for, its commit."""

    created: int
    retired: int | None = None
    parent: str | None = None
    commit: str | None = None

    def to_json(self) -> dict[str, Any]:
        data = {"created": _to_text(self.created), "parent": self.parent}
        data["retired"] = None if self.retired is None else _to_text(self.retired)
        return data | ({"commit": self.commit} if self.commit else {})

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        retired = data.get("retired")
        return cls(
            created=_to_seconds(data["created"]),
            retired=None if retired is None else _to_seconds(retired),
            parent=data.get("parent"),
            commit=data.get("commit"),
        )


@dataclass(frozen=True, slots=True)
class History:
    """Entries by release id; a release is retained while it has one.

    `forgotten` are releases that left, with the time (seconds since 1970), whose objects are not removed yet. `sweeps`
    counts how often objects began to be removed, and `sweeper` is the sign of life of who does it now. While `pending`,
    the indexes may say something else yet: whoever was killed in between left it so.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    forgotten: Mapping[str, int] = field(default_factory=dict)
    sweeps: int = 0
    sweeper: Mapping[str, Any] | None = None
    pending: bool = False

    def is_settled(self, current: str) -> bool:
        """Whether all was written that goes with it: no run was killed on its way to or from this release."""
        shown = {id_ for id_, entry in self.entries.items() if entry.retired is None}
        return shown == {current} and not self.pending and not self.sweeper

    def switched(self, current: str, previous: str | None, now: int) -> Self:
        """The history after `current` took over from `previous` at `now`.

        What was becoming current when its run was killed, or lost to another one, is retired as well.
        """
        entries = {
            id_: replace(entry, retired=now) if id_ == previous or entry.retired is None else entry
            for id_, entry in self.entries.items()
            if id_ != current
        }
        known = self.entries.get(current)
        parent = previous if previous != current else None
        entries[current] = replace(known, retired=None) if known else Entry(created=now, parent=parent)
        forgotten = {id_: left for id_, left in self.forgotten.items() if id_ != current}
        return replace(self, entries=entries, forgotten=forgotten)

    def newest_first(self, current: str) -> list[str]:
        """All ids: `current`, then the others by the time they retired, the latest first."""
        others = [id_ for id_ in self.entries if id_ != current]
        others.sort(key=lambda id_: (self.entries[id_].retired or self.entries[id_].created, id_), reverse=True)
        return [current, *others]

    def origins(self, releases: Iterable[Release]) -> dict[str, str]:
        """By published name, the id of the first of these releases that lists it."""
        known = [release for release in releases if release.id in self.entries]
        known.sort(key=lambda release: (self.entries[release.id].created, release.id), reverse=True)
        return {asset.name: release.id for release in known for asset in release.assets.values()}

    def to_bytes(self) -> bytes:
        data: dict[str, Any] = {"releases": {id_: entry.to_json() for id_, entry in self.entries.items()}}
        if self.forgotten:
            data["forgotten"] = {id_: _to_text(left) for id_, left in self.forgotten.items()}
        data |= {"sweeps": self.sweeps} if self.sweeps else {}
        data |= {"sweeper": dict(self.sweeper)} if self.sweeper else {}
        data |= {"pending": True} if self.pending else {}
        return json.dumps({"format": FORMAT, **data}, indent=1, sort_keys=True).encode() + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes, where: str = "history.json") -> Self:
        """Read a history. Raises `RecordError` for anything that is not one."""
        try:
            read = json.loads(data)
            if read["format"] != FORMAT:
                raise ValueError(f"format {read['format']!r}")
            entries = {id_: Entry.from_json(row) for id_, row in read["releases"].items()}
            forgotten = {str(id_): _to_seconds(left) for id_, left in read.get("forgotten", {}).items()}
            sweeper = read.get("sweeper")
            sweeps, pending = int(read.get("sweeps", 0)), bool(read.get("pending"))
            return cls(entries, forgotten, sweeps, dict(sweeper) if sweeper else None, pending)
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise RecordError(f"{where} is not a history of releases ({error!r})") from error


def _to_text(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _to_seconds(text: str) -> int:
    seconds = int(datetime.fromisoformat(text).timestamp())
    if seconds < 0:
        raise ValueError(f"{text} is before 1970")
    return seconds
