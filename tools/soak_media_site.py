"""The site of the media soak: a small Django project, files that say whether they are whole, and what must hold."""

import hashlib
import os
import random
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = {
    "soak_settings.py": """
import os
from pathlib import Path
HOME, DISK = Path(__file__).parent, Path(__file__).parent / "disk"
SECRET_KEY, ALLOWED_HOSTS, ROOT_URLCONF, USE_TZ = "soak", ["*"], "soak_pages", True
INSTALLED_APPS = ["clearway", "soak_app"]
MIDDLEWARE = ["clearway.middleware.ClearwayMiddleware", "soak_pages.ClearAnswer"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {
    "ENGINE": "django.db.backends.sqlite3", "NAME": DISK / "rows.sqlite3",
    "OPTIONS": {"timeout": 60},
}}
MEDIA_URL, MEDIA_ROOT = "/media/", DISK / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE, FILE_UPLOAD_TEMP_DIR = 65_536, os.environ["SOAK_TEMPORARY"]
FILE_UPLOAD_PERMISSIONS = int(os.environ["SOAK_FILE"], 8)
FILE_UPLOAD_DIRECTORY_PERMISSIONS = int(os.environ["SOAK_DIRECTORY"], 8)
FILE_UPLOAD_HANDLERS = os.environ["SOAK_HANDLERS"].split()
STORAGES = {"default": {"BACKEND": "clearway.media.MediaStorage", "OPTIONS": {"names": os.environ["SOAK_NAMES"]}}}
CLEARWAY = {"media": {"serve": True}, "cache": None}
""",
    "soak_app/__init__.py": "",
    "soak_app/models.py": """
from django.db import models
def folder(upload, name):
    return f"in/{upload.key[:2]}/{name}"
class Upload(models.Model):
    key = models.CharField(max_length=40)
    file = models.FileField(upload_to=folder, max_length=200)
""",
    "soak_pages.py": """
import errno
from clearway.media import UploadRefused
from django.db import OperationalError, transaction
from django.http import HttpResponse, JsonResponse
from django.urls import path
from soak_app.models import Upload

def upload(request):
    with transaction.atomic():
        row = Upload(key=request.POST["key"], file=request.FILES["file"])
        row.save()
        if "refused" in request.POST:
            transaction.set_rollback(True)
            return HttpResponse("No.", status=409)
    return JsonResponse({"id": row.pk, "name": row.file.name})

def rows(request):
    after = int(request.GET["after"])
    found = Upload.objects.filter(pk__gt=after).order_by("pk")[:50]
    return JsonResponse([[row.pk, row.key, row.file.url] for row in found], safe=False)

class ClearAnswer:
    "What a project says of a full disk."
    def __init__(self, get_response):
        self.get_response = get_response
    def __call__(self, request):
        return self.get_response(request)
    def process_exception(self, request, error):
        full = isinstance(error, OperationalError) and any(word in str(error) for word in ("full", "I/O", "unable"))
        full |= isinstance(error, UploadRefused) and "disk_full" in [each.code for each in error.error_list]
        if full or getattr(error, "errno", None) == errno.ENOSPC:
            return HttpResponse("The disk is full. Try again later.", status=507)

urlpatterns = [path("upload", upload), path("rows", rows)]
""",
    "soak_wsgi.py": """
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
""",
}
SIGN = b"clearway soak"


@dataclass(frozen=True)
class Round:
    """What the site is set to: the umask of its processes, the modes it wants, names, and where Django spools."""

    umask: int
    file: int
    directory: int
    names: str
    spools_beside: bool  # on the disk of MEDIA_ROOT, so that an upload can be moved there
    handlers: str = "clearway.media.UploadHandler"

    def environ(self, home: Path) -> dict[str, str]:
        modes = {"SOAK_FILE": f"{self.file:o}", "SOAK_DIRECTORY": f"{self.directory:o}", "SOAK_NAMES": self.names}
        paths = os.pathsep.join([str(home), *filter(None, [os.environ.get("PYTHONPATH")])])
        modes["SOAK_HANDLERS"] = self.handlers
        own = {"DJANGO_SETTINGS_MODULE": "soak_settings", "SOAK_TEMPORARY": str(self.temporary(home))}
        return {**os.environ, **own, **modes, "PYTHONPATH": paths}

    def temporary(self, home: Path) -> Path:
        return home / "disk" / "temporary" if self.spools_beside else home / "temporary"


DJANGOS = "django.core.files.uploadhandler."
ROUNDS = (
    Round(
        0o000,
        0o644,
        0o755,
        "kept",
        spools_beside=True,
        handlers=f"{DJANGOS}MemoryFileUploadHandler {DJANGOS}TemporaryFileUploadHandler",
    ),
    Round(0o027, 0o640, 0o750, "opaque", spools_beside=True),
    Round(0o077, 0o644, 0o755, "kept", spools_beside=False),
)


def make_site(home: Path, each: Round) -> None:
    """The project's files and the directories that it takes as given."""
    for name, text in PROJECT.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    for folder in (home / "disk" / "media", each.temporary(home)):
        folder.mkdir(parents=True, exist_ok=True)
    (home / "disk" / "media").chmod(each.directory)


# --- contents


def content(key: str, size: int) -> bytes:
    """`size` octets that only this key has, below a line with the key and their length and digest."""
    body = random.Random(key).randbytes(size)
    return b"%s %s %d %s\n%s" % (SIGN, key.encode(), size, hashlib.sha256(body).hexdigest().encode(), body)


def key_of(data: bytes) -> str | None:
    """Whose content this is; None when it is not all of one."""
    head, _, body = data.partition(b"\n")
    sign, _, rest = head.rpartition(SIGN + b" ")
    words = rest.split(b" ")
    if sign or len(words) != 3:
        return None
    whole = words[1] == b"%d" % len(body) and words[2] == hashlib.sha256(body).hexdigest().encode()
    return words[0].decode() if whole else None


# --- what must hold


@dataclass
class Eye:
    """Looks at the directory and the rows; files that did not change since are not read again."""

    home: Path
    wanted: Round
    keys: dict[str, tuple[tuple[int, int, int], str]] = field(default_factory=dict)  # by path: its state, its key
    rows: dict[int, tuple[str, str]] = field(default_factory=dict)  # key and name by id

    @property
    def media(self) -> Path:
        return self.home / "disk" / "media"

    def look(self) -> list[str]:
        """What is wrong now: rows are read before files, since a row comes after its file."""
        self._read_rows()
        found = [*self._of_files()]
        for id_, (key, name) in self.rows.items():
            seen = self.keys.get(str(self.media / name))
            if seen is None:
                found.append(f"row {id_} points nowhere: {name}")
            elif seen[1] != key:
                found.append(f"row {id_} of {key} has the file of {seen[1]}: {name}")
        return found

    def orphans(self) -> set[str]:
        """Visible files that no row names."""
        names = {name for _, name in self.rows.values()}
        return {name for path in self.keys if (name := os.path.relpath(path, self.media)) not in names}

    def _read_rows(self) -> None:
        query = "select id, key, file from soak_app_upload where id > ?"
        try:
            line = sqlite3.connect(f"file:{self.home}/disk/rows.sqlite3?mode=ro", uri=True, timeout=60)
        except sqlite3.OperationalError:  # of a full disk
            return
        try:
            self.rows |= {row[0]: (row[1], row[2]) for row in line.execute(query, [max(self.rows, default=0)])}
        except sqlite3.OperationalError:
            pass
        finally:
            line.close()

    def _of_files(self) -> Iterator[str]:
        seen = set()
        for path, status in visible(self.media):
            if stat.S_ISDIR(status.st_mode):
                yield from _wrong_mode(path, status, self.wanted.directory)
                continue
            yield from _wrong_mode(path, status, self.wanted.file)
            seen.add(path)
            state = (status.st_ino, status.st_size, status.st_mtime_ns)
            if path not in self.keys or self.keys[path][0] != state:
                yield from self._read(path, state)
        for path in set(self.keys) - seen:
            del self.keys[path]

    def _read(self, path: str, state: tuple[int, int, int]) -> Iterator[str]:
        try:
            data = Path(path).read_bytes()
        except FileNotFoundError:
            return
        key = key_of(data)
        if key is None:
            yield f"{path} is not whole: {len(data)} octets"
        else:
            self.keys[path] = (state, key)


def visible(folder: Path | str) -> Iterator[tuple[str, os.stat_result]]:
    """Everything below a folder that a visitor could ask for."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                try:
                    yield entry.path, entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from visible(entry.path)


def hidden(folder: Path) -> list[Path]:
    """Everything below a folder that nobody can ask for."""
    return sorted(path for path in folder.rglob("*") if path.name.startswith("."))


def folders_of(folder: Path) -> list[Path]:
    """Every directory below it that a visitor could ask for."""
    return [Path(path) for path, status in visible(folder) if stat.S_ISDIR(status.st_mode)]


def _wrong_mode(path: str, status: os.stat_result, wanted: int) -> Iterator[str]:
    mode = stat.S_IMODE(status.st_mode)
    if mode != wanted:
        yield f"{path} has mode {mode:o}, not {wanted:o}"
