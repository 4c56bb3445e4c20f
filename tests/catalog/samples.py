"""Trees to plant, releases to deploy, and strategies for names and records."""

import gzip
import os
from collections.abc import Mapping, Sequence
from hashlib import md5, sha256
from pathlib import Path

from hypothesis import strategies as st

from clearway.catalog import index, layout
from clearway.catalog.asset import Asset, Variant
from clearway.catalog.history import Entry, History
from clearway.catalog.release import Release
from clearway.catalog.static_root import StaticRoot
from clearway.http.header_rules import HeaderRules
from clearway.http.media_types import is_compressible, media_type
from clearway.http.resource import Resource

URL = "/static/"


def plant(root: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write files; a text is a symbolic link to it."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.symlink_to(content)
        else:
            path.write_bytes(content)
    return root


def digest_tag(content: bytes) -> str:
    return f'"{sha256(content).hexdigest()[:32]}"'


def tag_of(found: object) -> str:
    """The entity tag of the identity representation."""
    assert isinstance(found, Resource)
    return found.identity.tag


def headers_of(found: object) -> dict[str, str]:
    assert isinstance(found, Resource)
    return dict(found.identity.whole.headers)


# --- releases on disk


def hashed(name: str, data: bytes) -> str:
    stem, extension = os.path.splitext(name)
    return f"{stem}.{md5(data, usedforsecurity=False).hexdigest()[:12]}{extension}"


def variant(data: bytes) -> Variant:
    return Variant(len(data), sha256(data).hexdigest())


def asset(name: str, data: bytes) -> Asset:
    type_ = media_type(name)
    variants = {"gzip": variant(gzip.compress(data, mtime=0))} if is_compressible(type_) else {}
    return Asset(hashed(name, data), len(data), sha256(data).hexdigest(), "", type_, variants=variants)


def release(sources: Mapping[str, bytes], fingerprint: str = "f") -> Release:
    return Release(URL, fingerprint, {name: asset(name, data) for name, data in sources.items()})


def publish(root: Path, sources: Mapping[str, bytes]) -> Release:
    """Write the files of a release: hashed, unhashed and compressed."""
    made = release(sources)
    for name, data in sources.items():
        published = made.assets[name]
        plant(root, {name: data, published.name: data})
        if published.variants:
            plant(root, {f"{published.name}.gz": gzip.compress(data, mtime=0)})
    return made


def deploy(root: Path, *builds: Mapping[str, bytes]) -> list[Release]:
    """A STATIC_ROOT with these builds, made one hour after the other from 1000 on; the last is current."""
    made = [publish(root, sources) for sources in builds]
    record(root / layout.FOLDER, made)
    return made


def record(records: Path, made: Sequence[Release]) -> None:
    """Write the records, the history, an index for each release and the pointer."""
    history = History({each.id: Entry(1000 + 3600 * hour) for hour, each in enumerate(made)})
    origins = history.origins(made)
    for each in made:
        others = [other for other in reversed(made) if other is not each]
        plant(records, {layout.record(each.id): each.to_bytes()})
        plant(records, {layout.index(each.id): index.encode(each, others, origins)})
    plant(records, {layout.HISTORY: history.to_bytes(), layout.CURRENT: f"{made[-1].id}\n".encode()})


def static_root(root: Path, pin: str | None = None, live: tuple[str, ...] = ("CACHE/",)) -> StaticRoot:
    return StaticRoot(os.fspath(root), URL, HeaderRules(), os.fspath(root / layout.FOLDER), pin, live)


# --- strategies

# as a file system may give them: any text, and octets that are none
NAME_CHARACTERS = st.characters(codec="utf-8", exclude_characters="/\0") | st.integers(0xDC80, 0xDCFF).map(chr)
PARTS = st.text(NAME_CHARACTERS, min_size=1, max_size=12).filter(lambda part: part not in {".", ".."})
NAMES = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
SIZES = st.integers(0, 2**63 - 1)
VARIANTS = st.dictionaries(st.sampled_from(("gzip", "br", "zstd")), st.builds(Variant, SIZES, DIGESTS))
ASSETS = st.builds(
    Asset,
    NAMES.map("hashed/{}".format),
    SIZES,
    DIGESTS,
    st.text(max_size=4),
    st.sampled_from(("text/css", "image/png", "application/octet-stream")),
    st.text(max_size=8),
    st.lists(NAMES, max_size=3).map(tuple),
    VARIANTS,
    st.dictionaries(DIGESTS, st.builds(Variant, SIZES, DIGESTS), max_size=2),
    st.none() | st.builds(Variant, SIZES, DIGESTS),
)
RELEASES = st.builds(
    Release, st.sampled_from((URL, "https://cdn.example/")), DIGESTS, st.dictionaries(NAMES, ASSETS, max_size=6)
)
SECONDS = st.integers(0, 4_000_000_000)
ENTRIES = st.builds(Entry, SECONDS, st.none() | SECONDS, st.none() | DIGESTS, st.none() | DIGESTS)
HISTORIES = st.builds(History, st.dictionaries(DIGESTS, ENTRIES, max_size=5))
