"""A tree with everything in it that must never be served, and a secret behind each wrong turn. For Linux.

srv/app            STATIC_ROOT: a release, beside it `plain/` (walked), `CACHE/` (watched)
srv/app-evil       its sibling by prefix
srv/www            files at the site's root
srv/docs           a directory with index files
srv/live           a directory that is looked at on every request
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.released import publish, write

CANARY = b"the canary sings"
FORGED = b"Forged-By-A-Name"
CSS = b"body { color: teal }\n" * 60
LARGE = bytes(range(256)) * 4096  # 1 MiB
SPARSE = 5 * 1024**3
CHANGING = bytes(range(256)) * 49_152  # 12 MiB: more than a socket's buffers hold
LONG = "l" * 250 + ".css"
OLD, FAR = -86_400, 4_102_444_800  # a day before 1970, the year 2100
ODD_NAMES = (
    "CON", "nul.txt", "aux.tar.gz", "COM1.css", "a b.css", "ü.css", "e\u0301.css", "%2e%2e", "a;b.css", "x.css ",
    "n\newline.css",
)  # fmt: skip
TREES = ("plain", "CACHE")
BESIDE = ("app-evil", "app_private", "www-evil", "docs-evil", "live-evil", "outside")


@dataclass(frozen=True)
class Site:
    """`css` and `large` are the published names of the release."""

    home: Path
    css: str
    large: str

    @property
    def root(self) -> Path:
        return self.home / "srv" / "app"


def make_site(home: Path) -> Site:
    root = home / "srv" / "app"
    assets = publish(root, {"site.css": CSS, "large.bin": LARGE, "d/inner.css": CSS}).assets
    secret = {f"{name}/canary.txt": CANARY for name in BESIDE}
    write(home / "srv", {"canary.txt": CANARY, "site.css": CANARY, "canary.css": CANARY, **secret})
    write(home, {"canary.txt": CANARY})
    write(root, {".env": CANARY, ".git/config": CANARY, "staticfiles.json": b'{"canary": "' + CANARY + b'"}'})
    for tree in TREES:
        plant(root / tree, home / "srv" / "outside")
    plant(home / "srv" / "live", home / "srv" / "outside")
    write(home / "srv" / "www", {"robots.txt": b"robots", ".env": CANARY, ".well-known/x.txt": b"known"})
    write(home / "srv" / "docs", INDEXED)
    return Site(home, assets["site.css"].name, assets["large.bin"].name)


INDEXED: Mapping[str, bytes] = {
    "index.html": b"<p>top",
    "d/index.html": b"<p>d",
    "evil.example/index.html": b"<p>evil",
    "a%0d%0a" + FORGED.decode() + "/index.html": b"<p>percent",
    "a\r\n" + FORGED.decode() + ": 1/index.html": b"<p>newline",
    ".hidden/index.html": CANARY,
}


def plant(tree: Path, outside: Path) -> None:
    """Good files, odd ones, and every kind of entry that is no file of this tree."""
    write(tree, {"a.css": CSS, "a.css.gz": b"gz", "empty.css": b"", "d/b.css": CSS, LONG: CSS, "big.bin": LARGE})
    write(tree, dict.fromkeys(ODD_NAMES, CSS) | {"d/.env": CANARY, ".hidden/x.css": CANARY})
    for name, size in {"sparse.bin": SPARSE, "changing.bin": len(CHANGING)}.items():
        with (tree / name).open("wb") as file:
            file.truncate(size)
    for name, when in {"old.css": OLD, "zero.css": 0, "far.css": FAR}.items():
        write(tree, {name: CSS})
        os.utime(tree / name, (when, when))
    plant_links(tree, outside)
    os.mkfifo(tree / "fifo.css")
    plant_socket(tree / "socket.css")
    write(tree, {"locked.css": CANARY, "lockeddir/x.css": CANARY, "half.css": CSS, "half.css.gz": CANARY})
    for name in ("locked.css", "lockeddir", "half.css.gz"):
        (tree / name).chmod(0)


def plant_links(tree: Path, outside: Path) -> None:
    (tree / "link.txt").symlink_to(outside / "canary.txt")
    (tree / "linked").symlink_to(outside, target_is_directory=True)
    (tree / "climbing").symlink_to("../../outside", target_is_directory=True)
    (tree / "device.css").symlink_to("/dev/zero")
    (tree / "process.css").symlink_to("/proc/self/environ")
    (tree / "loop").symlink_to(".", target_is_directory=True)
    (tree / "self.css").symlink_to("self.css")
    (tree / "dangling.css").symlink_to("nowhere.css")
    (tree / "d/b.css.br").symlink_to(outside / "canary.txt")  # a variant that leads out
    (tree / "within.css").symlink_to("d/b.css")


def plant_socket(path: Path) -> None:
    """A bound socket, by a short name: the address of a socket has 107 octets."""
    here = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"/proc/self/fd/{here}/{path.name}")
    os.close(here)
