"""The site that every server serves, what it is asked, and what the answers have to be."""

import hashlib
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.helpers.released import publish, write
from tests.helpers.replies import Reply
from tests.helpers.wsgi import wsgi
from tests.system.raw import Answer

from clearway.wsgi import Clearway

APPLICATIONS = Path(__file__).parent / "sites"
CSS = b"body { color: teal }\n" * 1100  # 23 KB
LARGE = random.Random(4).randbytes(30 << 20)
DIGEST = hashlib.sha256(LARGE).hexdigest()
ADDED_BY_SERVERS = {"connection", "date", "keep-alive", "server", "upgrade"}


@dataclass(frozen=True)
class Site:
    """The files that every server serves; `expected` answers as it should, in this process."""

    home: Path
    css: str
    large: str
    expected: Callable[..., Reply]

    def path(self, target: str) -> str:
        """The path of a row of ASKED."""
        return {"css": self.css, "large": self.large}.get(target, target)


@contextmanager
def built() -> Iterator[Site]:
    """Where also the other user that Apache's processes run as may read."""
    with tempfile.TemporaryDirectory(prefix="clearway-") as folder:
        home = Path(folder)
        write(home, {"plain/large.bin": LARGE, "www/robots.txt": b"robots"})
        for path in APPLICATIONS.glob("*.py"):
            shutil.copy(path, home)
        assets = publish(home / "released", {"site.css": CSS, "large.bin": LARGE}, codings=["gzip", "br"]).assets
        for path in (home, *home.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        clearway = Clearway(root=home / "released", prefix="static")
        clearway.add_files(home / "www")
        css, large = (f"/static/{assets[name].name}" for name in ("site.css", "large.bin"))
        yield Site(home, css, large, lambda *asked: wsgi(clearway, *asked))


# target (`css` and `large` are the hashed files), method, fields
ASKED: list[tuple[str, str, dict[str, str]]] = [
    ("css", "GET", {}),
    ("css", "GET", {"Accept-Encoding": "br, gzip"}),
    ("css", "GET", {"Accept-Encoding": "gzip"}),
    ("css", "HEAD", {"Accept-Encoding": "br"}),
    ("css", "GET", {"If-None-Match": "*"}),
    ("css", "GET", {"If-Modified-Since": "Tue, 14 Nov 2023 22:13:20 GMT"}),
    ("css", "GET", {"If-Match": '"another"'}),
    ("css", "GET", {"Range": "bytes=5-9"}),
    ("css", "GET", {"Range": "bytes=5-9", "If-Range": '"another"'}),
    ("css", "GET", {"Range": "bytes=999999-"}),
    ("css", "HEAD", {"Range": "bytes=5-9"}),
    ("css", "OPTIONS", {}),
    ("css", "DELETE", {}),
    ("large", "HEAD", {}),
    ("large", "GET", {"Range": "bytes=1000-1999"}),
    ("large", "GET", {"Range": "bytes=-300000"}),
    ("large", "GET", {"If-None-Match": "*"}),
    ("/static/none.css", "GET", {}),
    ("/static/none.css", "HEAD", {}),
    ("/robots.txt", "GET", {}),
    ("/robots.txt", "GET", {"If-None-Match": "*"}),
]


def differences(got: Answer, expected: Reply) -> list[Any]:
    """Fields that were added, lost or changed on the way, and whatever else is not as it should be."""
    fields = {item for item in got.fields.items() if item[0] not in ADDED_BY_SERVERS}
    found: list[Any] = sorted(fields ^ set(expected.fields))
    if (got.status, got.length) != (expected.status, len(expected.body)):
        found.append((got.status, got.length))
    return found + ([] if got.sha256 == hashlib.sha256(expected.body).hexdigest() else ["other octets"])
