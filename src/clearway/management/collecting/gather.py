"""What the finders give: the first source of each name, and those that stand behind it."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.staticfiles.finders import get_finders

from clearway.build.guard import Conflict
from clearway.build.sources import Shelves, Source

Place = tuple[Any, str]
"""A source storage, and the path in it."""


@dataclass
class Gathered:
    """Sources by logical name, in the order of the finders; `places` is what `post_process` takes."""

    places: dict[str, Place] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def gather(ignored: Iterable[str], found: Callable[[int], None] = lambda count: None) -> Gathered:
    """Ask every finder; `found` is told how many sources there are by now."""
    gathered, shelves, patterns = Gathered(), Shelves(), list(ignored)
    for finder in get_finders():
        for path, storage in finder.list(patterns):
            prefix = getattr(storage, "prefix", None)
            name = os.path.join(prefix, path) if prefix else path  # noqa: PTH118  # as Django's command
            _add(gathered, shelves.source(name, storage, path), name, (storage, path))
            found(len(gathered.sources))
    return gathered


def _add(gathered: Gathered, source: Source, name: str, place: Place) -> None:
    winner = gathered.sources.get(source.name)
    if winner is None:
        gathered.sources[source.name] = source
        gathered.places[name] = place
    elif not (winner.path and winner.path == source.path):
        gathered.conflicts.append(Conflict(winner, source, _reason(winner, source)))


def _reason(winner: Source, loser: Source) -> str:
    if winner.app and loser.app:
        return "it stands higher in INSTALLED_APPS"
    return "STATICFILES_DIRS come before apps" if loser.app else "it stands first in STATICFILES_DIRS"
