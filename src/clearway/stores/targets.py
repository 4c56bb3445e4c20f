"""Where a release is published to: a bucket by its URL, or a directory by its path."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from clearway.catalog import layout

from .built_directory import manifest_writer
from .directory import Modes
from .errors import StoreError
from .object_store import SCHEMES, bucket_store
from .places import Places
from .records import Records
from .shared_directory import SharedDirectory
from .snapshot import Snapshot, Unremembered
from .transport import Transport


def open_target(text: str, options: Mapping[str, str], modes: Modes | None = None) -> Transport:
    """The transport to `s3://bucket/prefix`, `gs://…`, `az://…` or a directory. Raises `StoreError`."""
    scheme, separator, rest = text.partition("://")
    if not separator:
        return SharedDirectory(Path(text), modes)
    if "@" in rest.partition("/")[0]:
        raise StoreError(f"{scheme}://…: a target has no user name and no password; the environment has credentials")
    if "?" in text or "#" in text:
        raise StoreError(f"{text}: the address of a target is a bucket and a prefix; ? and # are not part of it")
    if scheme not in SCHEMES:
        known = ", ".join(f"{each}://" for each in SCHEMES)
        raise StoreError(f"{text}: releases are published to {known} or a directory; an endpoint is an option")
    return bucket_store(text, options)


@dataclass(frozen=True, kw_only=True)
class TargetPlaces(Places):
    """The releases of a target as they were when they were first looked at; writing raises `ChangedError` later."""

    own: Snapshot
    manifest: Snapshot

    def look(self) -> None:
        self.manifest.head(layout.MANIFEST)

    def fence(self) -> None:
        """The same names in other bytes: a run that was overtaken, and found them right, finds them changed."""
        with suppress(FileNotFoundError):
            data = self.manifest.read(layout.MANIFEST)
            self.manifest.swap(layout.MANIFEST, data.rstrip() if data.endswith(b"\n") else data + b"\n")

    def limit(self, present: Collection[str]) -> None:
        """Of its own files, ask from now on for no others than `present`, the names in a listing."""
        self.own.limit(present)
        self.manifest.limit(present)


def snapshot_places(transport: Transport) -> TargetPlaces:
    """The releases of a target as they are now."""
    own, manifest = Snapshot(transport, layout.FOLDER), Snapshot(transport)
    return TargetPlaces(Unremembered(transport), Records(own), manifest_writer(manifest), own=own, manifest=manifest)
