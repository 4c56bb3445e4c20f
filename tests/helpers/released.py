"""STATIC_ROOTs with release records, written by hand: no storage, no collectstatic."""

import base64
import gzip
import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import brotli

from clearway.catalog import index, layout
from clearway.catalog.asset import Asset, Variant
from clearway.catalog.history import History
from clearway.catalog.release import Release
from clearway.http.media_types import is_compressible, media_type
from clearway.http.negotiation import SUFFIXES

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ENCODE = {"gzip": lambda data: gzip.compress(data, 9, mtime=0), "br": brotli.compress, "zstd": zstd.compress}
CREATED = 1_700_000_000  # Tue, 14 Nov 2023 22:13:20 GMT


def hashed(name: str, data: bytes) -> str:
    """The published name."""
    stem, dot, suffix = name.rpartition(".")
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()[:12]
    return f"{stem}.{digest}{dot}{suffix}"


def write(root: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def publish(
    root: Path,
    files: Mapping[str, bytes],
    *,
    static_url: str = "/static/",
    codings: Iterable[str] = tuple(SUFFIXES),
    records: Path | None = None,
    now: int = CREATED,
) -> Release:
    """Make `files` (by logical name) the current release of `root`; earlier ones stay retained."""
    records = records or root / layout.FOLDER
    assets = {name: _asset(root, name, data, codings) for name, data in files.items()}
    release = Release(static_url, "0" * 64, assets)
    history_path = records / layout.HISTORY
    history = History.from_bytes(history_path.read_bytes()) if history_path.exists() else History()
    earlier = (records / layout.CURRENT).read_text().strip() if (records / layout.CURRENT).exists() else None
    history = history.switched(release.id, earlier, now)
    others = [
        Release.from_bytes((records / layout.record(id_)).read_bytes()) for id_ in history.newest_first(release.id)[1:]
    ]
    origins = history.origins([release, *others])
    write(
        records,
        {
            layout.record(release.id): release.to_bytes(),
            layout.HISTORY: history.to_bytes(),
            layout.index(release.id): index.encode(release, others, origins),
            layout.CURRENT: release.id.encode() + b"\n",
        },
    )
    return release


def _asset(root: Path, name: str, data: bytes, codings: Iterable[str]) -> Asset:
    type_ = media_type(name)
    encoded = {coding: ENCODE[coding](data) for coding in codings} if is_compressible(type_) else {}
    published = hashed(name, data)
    write(root, {published: data} | {published + SUFFIXES[coding]: body for coding, body in encoded.items()})
    return Asset(
        name=published,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        sha384=base64.b64encode(hashlib.sha384(data).digest()).decode(),
        type=type_,
        variants={c: Variant(len(body), hashlib.sha256(body).hexdigest()) for c, body in encoded.items()},
    )


def age(path: Path, seconds: int) -> None:
    """Move a file's modification time into the past."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - seconds * 1_000_000_000))
