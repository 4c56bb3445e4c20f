"""Releases that Clearway did not build: assets made from published files and the names that a manifest gives them."""

import base64
import hashlib
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import Protocol

from clearway.catalog.asset import Asset, Variant
from clearway.catalog.names import is_canonical, is_hidden
from clearway.http.media_types import is_compressible, media_type
from clearway.http.negotiation import SUFFIXES

from .decode import decoded

FINGERPRINT = "adopted"  # of a release that no settings of ours made
_HASHED = re.compile(r"\.([0-9a-f]{12})(?:\.|\Z)")


class Readable(Protocol):
    """A transport as far as files are read from it."""

    def read(self, name: str) -> bytes:
        """The whole file. Raises `OSError` when it cannot be read, `FileNotFoundError` when there is none."""


def content(data: bytes) -> Variant:
    """Size and digest."""
    return Variant(len(data), hashlib.sha256(data).hexdigest())


def is_whole(store: Readable, name: str, wanted: Variant) -> bool:
    """Whether a file can be read and has the size and digest that a record gives it."""
    try:
        return content(store.read(name)) == wanted
    except OSError:
        return False


def foreign_assets(names: Mapping[str, str], store: Readable, *, with_variants: bool = True) -> dict[str, Asset]:
    """Assets by logical name, of the hashed names whose file is there."""
    hashed = {name: published for name, published in names.items() if _is_hashed(name, published)}
    with ThreadPoolExecutor() as pool:
        assets = pool.map(lambda published: _asset(published, store, with_variants), hashed.values())
        return {name: asset for name, asset in zip(hashed, assets, strict=True) if asset}


def belies_its_name(name: str, data: bytes) -> bool:
    """Whether a name carries a hash of Django's form that is not the hash of these bytes."""
    hashes = _HASHED.findall(PurePosixPath(name).name)
    return bool(hashes) and hashlib.md5(data, usedforsecurity=False).hexdigest()[:12] not in hashes


def is_public(name: str) -> bool:
    """Whether a name can be that of a published file."""
    return is_canonical(name) and not any(is_hidden(part, top=False, at_site_root=False) for part in name.split("/"))


def _is_hashed(name: str, published: str) -> bool:
    return name != published and is_public(name) and is_public(published)


def _asset(published: str, store: Readable, with_variants: bool) -> Asset | None:
    try:
        data = store.read(published)
    except OSError:
        return None
    own, type_ = content(data), media_type(published)
    sha384 = base64.b64encode(hashlib.sha384(data).digest()).decode()
    variants = _variants(published, data, store) if with_variants and is_compressible(type_) else {}
    return Asset(published, own.size, own.sha256, sha384, type_, variants=variants)


def _variants(published: str, data: bytes, store: Readable) -> dict[str, Variant]:
    found = {}
    for coding, suffix in SUFFIXES.items():
        try:
            encoded = store.read(published + suffix)
        except OSError:
            continue
        if decoded(coding, encoded) == data:
            found[coding] = content(encoded)
    return found
