"""A directory of private files, with dangers in it, and a site around it."""

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.released import write

FILM = random.Random(8).randbytes(700_000)
OUTSIDE = b"SECRET outside"
FILES = {
    "photo.png": b"\x89PNG\r\n\x1a\n" + b"p" * 100,
    "page.html": b"<script>alert(1)</script>",
    "drawing.svg": b"<svg/>",
    "paper.pdf": b"%PDF-",
    "archive.tar.gz": b"\x1f\x8b",
    "deep/er/film.mp4": FILM,
    "empty.txt": b"",
    "R\u00e9sum\u00e9 100%; a?b#c 'd' \"e\".txt": b"x",
    "two%2flevels.txt": b"percent",
    ".env": b"SECRET",
    ".clearway-quarantine/files/x.txt": b"SECRET",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The directory is `private`; its neighbour's name begins alike."""
    write(tmp_path / "private", FILES)
    write(tmp_path, {"private-evil/x.txt": OUTSIDE, "outside.txt": OUTSIDE, "media/m.txt": b"m", "static/s.css": b"s"})
    return tmp_path


WAYS = (
    "WSGI",
    "WSGI, async",
    "WSGI, awaitable",
    "ASGI",
    "ASGI, async",
    "ASGI, object",
    "ASGI, awaitable",
    "pathsend",
    "pathsend, async",
)


@pytest.fixture(params=WAYS)
def ask(request: pytest.FixtureRequest, home: Path) -> Iterator[Any]:
    """In process, with all files allowed."""
    from tests.media.private.site import ALLOWED, WAYS, site  # Django has its settings now

    with site(home):
        ALLOWED.update(FILES)
        yield WAYS[request.param]()


@pytest.fixture
def dangers(home: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only on Linux")
    private = home / "private"
    (private / "link.txt").symlink_to(home / "outside.txt")
    (private / "linked").symlink_to(home / "private-evil")
    (private / "inside.png").symlink_to(private / "photo.png")
    (private / "around").symlink_to(private / "deep")
    os.mkfifo(private / "fifo.png")
    if os.geteuid() == 0:
        os.mknod(private / "device.png", 0o644 | 0o020000, os.makedev(1, 5))
