"""Everything that `clearway init` would do in a project."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from clearway.editing.edit import Edit
from clearway.editing.names import short

from .applications import edit_application
from .apps import APP, STATICFILES
from .apps import NAME as APPS
from .lists import PEERS as PEER
from .mentions import first_mention
from .middleware import NAME as MIDDLEWARE
from .middleware import OURS
from .modules import Modules
from .packages import PEERS, edit_packages
from .places import in_class, last_place
from .refusal import Refusal
from .settings import edit_settings
from .source import Source, spliced
from .storages import ENTRY
from .storages import NAME as STORAGES
from .urls import edit_urls
from .values import BUCKET, Values

_APPLICATIONS = ("wsgi.py", "asgi.py", "*/wsgi.py", "*/asgi.py")
_LINES = {
    APPS: f'"{APP}",  # above {STATICFILES}',
    MIDDLEWARE: f'"{OURS}",  # below SecurityMiddleware',
    STORAGES: ENTRY,
}


@dataclass(frozen=True)
class Place:
    """`folder` has manage.py, or is what the settings are imported from; `above` is the repository around it."""

    folder: Path
    above: Path

    @property
    def folders(self) -> list[Path]:
        """From the inner to the outer."""
        found = [self.folder, *self.folder.parents]
        return found[: found.index(self.above) + 1]


@dataclass(frozen=True)
class Plan:
    """`wanted` is what settings are to be afterwards."""

    edits: Sequence[Edit]
    refusals: Sequence[Refusal]
    notes: Sequence[str]
    wanted: Mapping[str, Any] = field(default_factory=dict)

    def also(self, edits: Sequence[Edit], refusals: Sequence[Refusal], notes: Sequence[str]) -> "Plan":
        """The same and more."""
        return replace(
            self,
            edits=[*self.edits, *edits],
            refusals=[*self.refusals, *refusals],
            notes=[*self.notes, *notes],
        )


def plan(modules: Modules, values: Values, place: Place, version: str, *, to_leave_bucket: bool) -> Plan:
    """The edits of all files. Raises `EditError` where one cannot be read."""
    if values.kind == BUCKET and not to_leave_bucket:
        return Plan([], [_in_bucket(modules, values)], [])
    wanted, refusals = edit_settings(modules, values)
    texts = dict(modules.texts())
    for source, left in _applications(place.folder):
        texts[source.path] = source.text.encode(source.encoding)
        refusals += left
    if OURS in wanted[MIDDLEWARE]:
        texts |= _urls(place.folder, values)
    used = dict(_used(place.above, texts))
    folder = next((each for each in place.folders if edit_packages(each, used, version).is_any), place.folder)
    packages = edit_packages(folder, used, version)
    texts |= packages.texts
    edits = [each for each in (Edit.of(path, after) for path, after in texts.items()) if not each.is_empty]
    notes = [*(packages.notes if edits else ()), *(f"{by} still names {name}" for name, by in used.items())]
    return Plan(edits, [*refusals, *packages.refusals], notes, wanted)


def plan_of_classes(modules: Modules) -> Plan | None:
    """For settings that are classes, and so cannot be run without who chooses one; None where they are not."""
    first = in_class(modules, APPS)
    if first is None:
        return None
    refusals = [(in_class(modules, name) or first).refusal(name, (line,)) for name, line in _LINES.items()]
    return Plan([], refusals, [])


def _applications(folder: Path) -> Iterator[tuple[Source, list[Refusal]]]:
    """Those that name a peer, as they are to be, and what is left of them."""
    for path in (path for pattern in _APPLICATIONS for path in sorted(folder.glob(pattern))):
        if path.is_file() and "-packages" not in str(path) and re.search(PEER.encode(), path.read_bytes()):
            source = Source.read(path)
            splices, left = edit_application(source)
            yield Source(path, spliced(source.text, splices), encoding=source.encoding), left


def _urls(folder: Path, values: Values) -> dict[Path, bytes]:
    path = folder.joinpath(*values.urls.split(".")).with_suffix(".py")
    if not values.urls or not path.is_file():
        return {}
    source = edit_urls(Source.read(path))
    return {path: source.text.encode(source.encoding)}


def _used(folder: Path, texts: Mapping[Path, bytes]) -> Iterator[tuple[str, str]]:
    for name in PEERS:
        found = first_mention(folder, name, texts)
        if found is not None:
            yield name, f"{short(found[0])}:{found[1]}"


def _in_bucket(modules: Modules, values: Values) -> Refusal:
    reason = f"static files are in a bucket, by {values.backend}, and stay there unless you say --static-from-bucket"
    return Refusal(STORAGES, *last_place(modules, STORAGES), reason)
