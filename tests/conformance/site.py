"""The little tree that every target serves, and the means to undo its codings."""

from __future__ import annotations

import gzip
import hashlib
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

DECODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "x-gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}
ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, 9, mtime=0),
    ".br": brotli.compress,
    ".zst": zstd.compress,
}
# Old enough that Last-Modified is a strong validator for If-Range (RFC 9110 §8.8.2.2).
AGE = 7 * 24 * 3600
SECRET = b"not for serving\n"


def style_sheet() -> bytes:
    """About 20 KB that compress well."""
    rules = (f".shelf-{n} {{ margin: {n}px; color: #{n * 5003:06x}; padding: 0 {n % 7}em }}\n" for n in range(400))
    return "".join(rules).encode()


def plain_files() -> dict[str, bytes]:
    archive = b"a.tar".ljust(512, b"\0") + bytes(10_240)
    files = {
        "site.css": style_sheet(),
        "plain.bin": b"0123456789",
        "one.bin": b"1",
        "empty.txt": b"",
        "module.mjs": b"export const shelf = 1;\n",
        "icon.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n',
        "code.wasm": b"\0asm\1\0\0\0",
        "data.json": b'{"shelf": 1}\n',
        "font.woff2": b"wOF2" + bytes(range(200)),
        "a.tar": archive,
        "a.tar.gz": ENCODERS[".gz"](archive),
        "bundle.tar.gz": ENCODERS[".gz"](archive * 2),
    }
    return files | {hashed_name("site.css", files["site.css"]): files["site.css"]}


def hashed_name(name: str, data: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.md5(data, usedforsecurity=False).hexdigest()[:12]}{dot}{suffix}"


@dataclass(frozen=True)
class Site:
    """`www/static` is served as it is; `source` is what collectstatic is given."""

    home: Path
    files: Mapping[str, bytes]

    @property
    def www(self) -> Path:
        return self.home / "www"

    @property
    def root(self) -> Path:
        return self.www / "static"

    @property
    def source(self) -> Path:
        return self.home / "source"

    @property
    def hashed(self) -> str:
        return hashed_name("site.css", self.files["site.css"])


def make_site(home: Path) -> Site:
    plain = plain_files()
    site = Site(home, plain | {"site.css" + end: encode(plain["site.css"]) for end, encode in ENCODERS.items()})
    when = time.time() - AGE
    for name, data in site.files.items():
        write(site.root / name, data, when)
    for name in plain.keys() - {site.hashed}:
        write(site.source / name, plain[name], when)
    write(site.www / "secret.txt", SECRET, when)
    write(site.home / "secret.txt", SECRET, when)
    return site


def write(path: Path, data: bytes, when: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (when, when))
