"""Where a release is published to: a bucket by its URL, or a directory by its path."""

from collections.abc import Collection, Mapping
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
    scheme, separator, _ = text.partition("://")
    if not separator:
        return SharedDirectory(Path(text), modes)
    if scheme not in SCHEMES:
        known = ", ".join(f"{each}://" for each in SCHEMES)
        raise StoreError(f"{text}: releases are published to {known} or a directory; an endpoint is an option")
    return bucket_store(text, options)


def snapshot_places(transport: Transport, present: Collection[str] | None = None) -> Places:
    """The releases of a target as they are now; writing raises `ChangedError` when they are so no more.

    `present` are the names of its own files in a listing, where there is one.
    """
    records = Records(Snapshot(transport, layout.FOLDER, present))
    return Places(Unremembered(transport), records, manifest_writer(Snapshot(transport, present=present)))
