"""The site that the serving soak runs on: a small Django project, sources by release, and what may be answered."""

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from zlib import crc32

PROJECT = {
    "soak_settings": """
import os
from pathlib import Path
HOME = Path(__file__).parent
SECRET_KEY, ALLOWED_HOSTS, ROOT_URLCONF = "soak", ["*"], "soak_pages"
INSTALLED_APPS = ["clearway", "django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
if os.environ.get("SOAK_ROAD") == "middleware":
    MIDDLEWARE = ["clearway.middleware.ClearwayMiddleware", *MIDDLEWARE]
STORAGES = {"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}}
STATIC_URL, STATIC_ROOT, STATICFILES_DIRS = "/static/", HOME / "out", [HOME / "src"]
CLEARWAY = {"root": HOME / "plain", "cache": HOME / "cache", "levels": "fast", "retain": 6, "retain_days": 0}
""",
    "soak_pages": """
import json, os
from django.http import JsonResponse
from django.templatetags.static import static
from django.urls import path
NAMES = json.loads(os.environ["SOAK_NAMES"])
urlpatterns = [path("page", lambda request: JsonResponse([static(name) for name in NAMES], safe=False))]
""",
    "soak_wsgi": """
import os
from django.core.wsgi import get_wsgi_application
from clearway.wsgi import Clearway
application = get_wsgi_application()
if os.environ["SOAK_ROAD"] == "wrapper":
    application = Clearway(application)
""",
    "soak_asgi": """
import os
from django.core.asgi import get_asgi_application
from clearway.asgi import Clearway
application = get_asgi_application()
if os.environ["SOAK_ROAD"] == "wrapper":
    application = Clearway(application)
""",
}
EDITED_EVERY = 4  # releases; a quarter of the files is new in each
PILE, PILED = 90, 200_000  # files that never change, to fill what a process keeps of small files
KNOWN_AFTER = 0.5  # seconds after a build that a busy process may need to look for newer releases
LIVE_AFTER = 1.5  # seconds: directories that did not seem to change are listed again once a second

Refer = Callable[[str], str]  # logical name → the same or the published one


# --- sources


def logical_names(release: int) -> list[str]:
    """What a release consists of; one name is in no other."""
    small = [f"{folder}/{n}{suffix}" for n in range(12) for folder, suffix in SMALL.items()]
    pile = [f"pile/{n}.bin" for n in range(PILE)]
    return [*small, *pile, "js/library.js", "big/film.bin", "big/book.txt", f"only/{release}.txt"]


SMALL = {"css": ".css", "js": ".js", "img": ".png", "data": ".json"}


def edition(name: str, release: int) -> int:
    """Which of its contents a file has in a release."""
    return 0 if name.startswith("pile/") else (release + crc32(name.encode()) % EDITED_EVERY) // EDITED_EVERY


def source(name: str, release: int) -> bytes:
    return _content(name, edition(name, release), lambda other: other)


def _content(name: str, number: int, refer: Refer) -> bytes:
    folder, _, rest = name.partition("/")
    body = filling(name, number)
    if folder == "css":
        image = refer(f"img/{rest.removesuffix('.css')}.png")
        return f'h1{{background:url("../{image}")}}\n/*'.encode() + body + b"*/"
    if folder == "js" and rest != "library.js":
        return f'import "./{refer("js/library.js").removeprefix("js/")}";\n//'.encode() + body
    return body


@lru_cache(12)
def filling(name: str, number: int) -> bytes:
    """Octets that depend on the name and the number only: words, or noise in binary files."""
    chance = random.Random(f"{name} {number}")
    folder = name.partition("/")[0]
    size = SIZES.get(folder) or chance.randrange(2_000, 40_000)
    if name.endswith((".png", ".bin")):
        return chance.randbytes(size)
    words = [chance.randbytes(3).hex() for _ in range(2000)]
    return " ".join(chance.choices(words, k=size // 7)).encode()


SIZES = {"pile": PILED, "big": 2_500_000, "huge": 9_000_000}


def write_sources(folder: Path, release: int) -> None:
    wanted = logical_names(release)
    for path in [each for each in folder.rglob("*") if each.is_file()]:
        if path.relative_to(folder).as_posix() not in wanted:
            path.unlink()
    for name in wanted:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if release == 1 or not path.exists() or edition(name, release) != edition(name, release - 1):
            path.write_bytes(source(name, release))


# --- what may be answered


@dataclass
class Ledger:
    """Every content that was ever published, and since when each name must be known to every process."""

    digests: dict[str, str] = field(default_factory=dict)  # SHA-256 by published name
    versions: dict[str, set[str]] = field(default_factory=dict)  # SHA-256s by logical name
    promised: dict[str, float] = field(default_factory=dict)  # monotonic seconds, by published name
    films: dict[str, int] = field(default_factory=dict)  # edition by published name

    def released(self, release: int, root: Path) -> Iterator[str]:
        """Take up a release that was collected; complaints about what its build made of the sources."""
        published = json.loads((root / "staticfiles.json").read_bytes())["paths"]
        wanted = logical_names(release)
        yield from (f"{name} was not published" for name in wanted if name not in published)
        for name in wanted:
            yield from self._take_up(name, release, published)
        self.films[published["big/film.bin"]] = edition("big/film.bin", release)
        self.promise(published.values())

    def _take_up(self, name: str, release: int, published: dict[str, str]) -> Iterator[str]:
        content = _content(name, edition(name, release), published.__getitem__)
        path, digest = PurePosixPath(name), hashlib.sha256(content).hexdigest()
        hashed = hashlib.md5(content, usedforsecurity=False).hexdigest()[:12]
        if published[name] != str(path.with_name(f"{path.stem}.{hashed}{path.suffix}")):
            yield f"release {release} publishes {name} as {published[name]}, not with {hashed}"
        if self.digests.setdefault(published[name], digest) != digest:
            yield f"{published[name]} stands for a second content"
        self.versions.setdefault(name, set()).add(digest)

    def promise(self, names: Iterable[str], after: float = KNOWN_AFTER) -> None:
        since = time.monotonic() + after
        for name in names:
            self.promised.setdefault(name, since)

    def withdraw(self, names: Iterable[str]) -> None:
        for name in names:
            self.promised.pop(name, None)

    def is_promised(self, name: str) -> bool:
        return self.promised.get(name, float("inf")) <= time.monotonic()


@dataclass
class Version:
    """A content that a replaced file had: its number, how much of it was there, until when (monotonic seconds)."""

    number: int
    length: int
    until: float = float("inf")


@dataclass
class Replaced:
    """A file at the site's root whose content changes while it is served."""

    name: str
    by_digest: dict[str, Version] = field(default_factory=dict)
    recent: list[Version] = field(default_factory=list)

    def becomes(self, number: int, length: int | None = None) -> bytes:
        """The next content, noted before it is written; all of it or its first octets."""
        content = filling(self.name, number)[:length]
        version = Version(number, len(content))
        digest = hashlib.sha256(content).hexdigest()
        if known := self.by_digest.get(digest):  # as the empty file
            known.until = float("inf")
            version = known
        self.by_digest[digest] = version
        self.recent = [*(each for each in self.recent if each is not version), version][-8:]
        return content

    def only_the_last(self) -> None:
        """From now on the disk holds nothing but the last content."""
        for each in self.recent[:-1]:
            each.until = min(each.until, time.monotonic())
