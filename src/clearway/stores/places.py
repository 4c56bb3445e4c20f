"""Where a project's releases lie: its published files, its records, and Django's manifest."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clearway.catalog import layout

from .directory import Directory
from .records import Records
from .store import Store


@dataclass(frozen=True)
class Places:
    """Published files, records, the function that publishes Django's manifest, and the one that reads it."""

    published: Store
    records: Records
    publish_names: Callable[[Mapping[str, str]], None]
    read_manifest: Callable[[], str | bytes | None] | None = None

    def look(self) -> None:
        """Look at the manifest, where another run may write it meanwhile: what is there now is what is replaced."""

    def fence(self) -> None:
        """Keep a run from replacing the manifest that looked at it before."""

    def names(self) -> dict[str, str] | None:
        """Published names by logical name as the manifest has them; None when it is missing or damaged."""
        try:
            data = self.read_manifest() if self.read_manifest else self.published.read(layout.MANIFEST)
            return manifest_names(data) if data else None
        except (OSError, ValueError):
            return None


@dataclass(frozen=True)
class LocalPlaces(Places):
    """The same in a directory of this machine, where releases are built."""

    published: Directory


def manifest_names(data: str | bytes) -> dict[str, str]:
    """The names in a manifest of Django's form, any version. Raises `ValueError` for anything else."""
    try:
        paths = json.loads(data)["paths"]
        return {str(name): str(published) for name, published in paths.items()}
    except (AttributeError, LookupError, RecursionError, TypeError) as error:
        raise ValueError(f"not a manifest of Django's ({error!r})") from error
