"""What `MediaStorage` does beyond Django's own storage, whose tests it passes in test_django_files.py."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db.migrations.writer import MigrationWriter
from django.test import override_settings

from clearway.media import MediaStorage, drafts, mismatched

only_posix = pytest.mark.skipif(os.name != "posix", reason="only on systems with modes")


@pytest.fixture(params=["unnamed", "hidden"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MediaStorage:
    """On a system that writes without a name, and on one that cannot."""
    if request.param == "hidden":
        monkeypatch.setattr(drafts, "_UNNAMED", None)
    elif drafts._UNNAMED is None:
        pytest.skip("only on Linux")
    return MediaStorage(tmp_path / "media", "/media/")


def entries(storage: MediaStorage) -> set[str]:
    """Everything that lies there, hidden or not."""
    root = Path(storage.location)
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir()}


def mode(path: str | Path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


_open: list[TemporaryUploadedFile] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """What a request does at its end."""
    yield
    while _open:
        _open.pop().close()


def uploaded(name: str, content: bytes) -> TemporaryUploadedFile:
    """As an upload of more than FILE_UPLOAD_MAX_MEMORY_SIZE comes: in a file of mode 0600."""
    file = TemporaryUploadedFile(name, "image/png", len(content), None)
    _open.append(file)
    file.write(content)
    file.flush()
    file.seek(0)
    return file


# --- whole or not there


class Failing(File):
    """Some content, then an error."""

    def __init__(self, error: Exception, look: Any = None) -> None:
        super().__init__(None, "x.txt")
        self._error, self._look = error, look

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        if self._look:
            self._look()
        raise self._error


def test_while_a_file_is_written_nobody_can_ask_for_it(storage: MediaStorage) -> None:
    seen: list[set[str]] = []
    with pytest.raises(OSError, match="full"):
        storage.save("a/x.txt", Failing(OSError(errno.ENOSPC, "full"), lambda: seen.append(entries(storage))))
    assert all(name.rpartition("/")[2].startswith(".clearway-") for name in seen[0])
    assert entries(storage) == set()


def test_a_process_that_is_killed_leaves_nothing_that_is_served(tmp_path: Path) -> None:
    program = """
import os, signal, sys
from django.conf import settings
settings.configure()
from django.core.files.base import File
from clearway.media import MediaStorage
class Killing(File):
    def chunks(self, chunk_size=None):
        yield b"half"
        os.kill(os.getpid(), signal.SIGKILL)
MediaStorage(sys.argv[1]).save("a/x.txt", Killing(None, "x.txt"))
"""
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert all(path.name.startswith(".clearway-") for path in tmp_path.rglob("*") if path.is_file())


@only_posix
def test_what_a_crash_left_is_removed_a_day_later(storage: MediaStorage) -> None:
    storage.save("x.txt", ContentFile(b"x"))
    root = Path(storage.location)
    for name, age in ((".clearway-0.tmp", 100_000), (".clearway-1.tmp", 60), (".clearway-2.txt", 100_000)):
        (root / name).write_bytes(b"half")
        os.utime(root / name, (time.time() - age,) * 2)
    (root / ".clearway-3.tmp").mkdir()
    os.utime(root / ".clearway-3.tmp", (0, 0))
    drafts._sweep.cache_clear()
    storage.save("y.txt", ContentFile(b"y"))
    assert sorted(os.listdir(root)) == [".clearway-1.tmp", ".clearway-2.txt", "x.txt", "y.txt"]


def test_whoever_comes_later_gets_another_name(storage: MediaStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert storage.save("x.txt", ContentFile(b"first")) == "x.txt"
    asked: list[str] = []

    def not_yet(name: str) -> bool:
        """As for whoever asked a moment before."""
        asked.append(name)
        return len(asked) > 1 and os.path.lexists(storage.path(name))

    monkeypatch.setattr(storage, "exists", not_yet)
    name = storage.save("x.txt", ContentFile(b"second"))
    assert asked[:2] == ["x.txt", "x.txt"]
    assert [Path(storage.path(each)).read_bytes() for each in ("x.txt", name)] == [b"first", b"second"]


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP])
def test_without_hard_links_nothing_is_replaced_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(code, "no links here")

    monkeypatch.setattr(drafts, "_UNNAMED", None)
    monkeypatch.setattr(os, "link", refuse)
    storage = MediaStorage(tmp_path)
    names = [storage.save("x.txt", ContentFile(text)) for text in (b"1", b"2")]
    monkeypatch.undo()
    assert names[0] == "x.txt"
    assert [Path(storage.path(name)).read_bytes() for name in names] == [b"1", b"2"]
    assert entries(storage) == set(names)


def test_a_file_is_replaced_in_one_step_where_that_is_wanted(storage: MediaStorage) -> None:
    wanted = MediaStorage(storage.location, allow_overwrite=True)
    assert [wanted.save("x.txt", content) for content in (ContentFile(b"1"), uploaded("x", b"22"))] == ["x.txt"] * 2
    assert Path(storage.path("x.txt")).read_bytes() == b"22"
    assert entries(storage) == {"x.txt"}


def test_a_subclass_that_has_no_other_name_is_told(tmp_path: Path) -> None:
    class Stubborn(MediaStorage):
        def get_available_name(self, name: str, max_length: int | None = None) -> str:
            return name

    Stubborn(tmp_path).save("x.txt", ContentFile(b"1"))
    with pytest.raises(FileExistsError, match="gives no other name"):
        Stubborn(tmp_path).save("x.txt", ContentFile(b"2"))


def test_a_file_in_the_place_of_a_directory_is_said(storage: MediaStorage) -> None:
    storage.save("a", ContentFile(b"x"))
    for name in ("a/b.txt", "a/b/c.txt"):
        with pytest.raises(FileExistsError, match="is not a directory"):
            storage.save(name, ContentFile(b"y"))
    assert entries(storage) == {"a"}


# --- modes


@only_posix
@pytest.mark.parametrize("umask", [0o000, 0o027, 0o077])
@pytest.mark.parametrize(("file", "directory"), [(None, None), (0o640, 0o750), (0o600, 0o2770)])
def test_modes_depend_on_neither_umask_nor_size(
    storage: MediaStorage, umask: int, file: int | None, directory: int | None
) -> None:
    settings = {"FILE_UPLOAD_PERMISSIONS": file, "FILE_UPLOAD_DIRECTORY_PERMISSIONS": directory}
    before = os.umask(umask)
    try:
        with override_settings(**settings):
            small = storage.save("a/b/small.png", ContentFile(b"\x89PNG\r\n\x1a\n"))
            large = storage.save("c/d/large.png", uploaded("large.png", b"\x89PNG\r\n\x1a\n" + b"x" * 3_000_000))
    finally:
        os.umask(before)
    assert {mode(storage.path(name)) for name in (small, large)} == {0o644 if file is None else file}
    above = [storage.path(name) for name in ("", "a", "a/b", "c", "c/d")]
    assert {mode(path) for path in above} == {0o755 if directory is None else directory}


@only_posix
def test_a_large_upload_is_moved_and_not_copied(storage: MediaStorage) -> None:
    Path(storage.location).mkdir()
    with override_settings(FILE_UPLOAD_TEMP_DIR=storage.location):
        upload = uploaded("x.png", b"\x89PNG\r\n\x1a\n")
    before = os.stat(upload.temporary_file_path()).st_ino
    assert os.stat(storage.path(storage.save("x.png", upload))).st_ino == before
    assert entries(storage) == {"x.png"}


@only_posix
def test_an_upload_on_another_file_system_is_copied(storage: MediaStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    upload, link = uploaded("x.png", b"\x89PNG\r\n\x1a\n"), os.link

    def refuse(source: str, target: str, **options: Any) -> None:
        if source == upload.temporary_file_path():
            raise OSError(errno.EXDEV, "another file system")
        link(source, target, **options)

    monkeypatch.setattr(os, "link", refuse)
    name = storage.save("x.png", upload)
    monkeypatch.undo()
    assert (Path(storage.path(name)).read_bytes(), mode(storage.path(name))) == (b"\x89PNG\r\n\x1a\n", 0o644)
    assert not os.path.exists(upload.temporary_file_path())


# --- names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a/shell.php.jpg", "a/shell_php.jpg"),
        ("a\\b.txt", "a/b.txt"),
        ("CON/nul.txt", "_CON/_nul.txt"),
        (".git/config", "_.git/config"),
        ("a\u202e/x\x1b.txt", "a/x.txt"),
        ("x\n.txt", "x.txt"),
        ("cafe\u0301.txt", "café.txt"),
    ],
)
def test_whoever_gives_a_name_it_is_kept_safe(storage: MediaStorage, name: str, kept: str) -> None:
    assert storage.save(name, ContentFile(b"")) == kept
    assert entries(storage) == {kept}


@pytest.mark.parametrize(
    "name",
    [
        "../x.txt",
        "a/../../x.txt",
        "/etc/x.txt",
        "..\\x.txt",
        "a/..",
        "..",
        ".",
        "",
        "a/",
        "/",
        "a\\..\\..\\x",
        "\\\\h\\x",
    ],
)
def test_no_name_leads_out_of_the_directory(storage: MediaStorage, name: str) -> None:
    with pytest.raises(SuspiciousFileOperation):
        storage.save(name, ContentFile(b"x"))
    with pytest.raises(SuspiciousFileOperation):
        storage._save(name, ContentFile(b"x"))
    assert not os.path.exists(storage.location)


@pytest.mark.parametrize("name", ["../x.txt", "a/../../x.txt"])
def test_a_subclass_cannot_lead_out_either(tmp_path: Path, name: str) -> None:
    class Careless(MediaStorage):
        def get_available_name(self, given: str, max_length: int | None = None) -> str:
            return name

    with pytest.raises(SuspiciousFileOperation):
        Careless(tmp_path / "media").save("x.txt", ContentFile(b"x"))


def test_a_name_is_cut_in_octets_also_where_it_is_taken(storage: MediaStorage) -> None:
    names = [storage.save(f"{'é' * 300}.txt", ContentFile(b"x")) for _ in range(3)]
    assert len(set(names)) == 3
    assert all(len(name.encode()) <= 255 and name.endswith(".txt") for name in names)


def test_a_name_has_room_in_its_column(storage: MediaStorage) -> None:
    keyed = MediaStorage(storage.location, names="opaque", fan_out=2)
    for each in (storage, keyed):
        names = [each.save(f"a/{'n' * 300}.txt", ContentFile(b"x"), max_length=100) for _ in range(2)]
        assert len(set(names)) == 2
        assert all(len(name) <= 100 and name.endswith(".txt") for name in names)
    with pytest.raises(SuspiciousFileOperation):
        keyed.save("photo.txt", ContentFile(b"x"), max_length=30)


# --- keys


def test_an_opaque_place_keeps_the_original_name(tmp_path: Path) -> None:
    storage = MediaStorage(tmp_path, names="opaque", fan_out=2)
    places = [storage.save("2026/Résumé.pdf", ContentFile(b"%PDF-")) for _ in range(2)]
    assert len(set(places)) == 2
    for place in places:
        year, one, two, rest, name = place.split("/")
        assert (year, len(one), len(two), len(rest), name) == ("2026", 2, 2, 28, "Résumé.pdf")
        assert Path(storage.path(place)).read_bytes() == b"%PDF-"


def test_the_same_content_is_kept_once_under_its_digest(tmp_path: Path) -> None:
    storage = MediaStorage(tmp_path, names="content")
    first = storage.save("a.txt", ContentFile(b"x"))
    assert first == "2d711642b726b04401627ca9fbac32f5/a.txt"
    inode = os.stat(storage.path(first)).st_ino
    assert storage.save("a.txt", uploaded("a.txt", b"x")) == first
    assert os.stat(storage.path(first)).st_ino == inode
    assert storage.save("b.txt", ContentFile(b"x")) == first.replace("a.txt", "b.txt")
    assert storage.save("a.txt", ContentFile(b"y")) != first


def test_another_content_under_a_digest_is_not_taken_for_it(tmp_path: Path) -> None:
    storage = MediaStorage(tmp_path, names="content")
    place = storage.save(f"{'d' * 200}/{'a' * 100}.txt", ContentFile(b"x"))
    Path(storage.path(place)).write_bytes(b"damaged")
    again = storage.save(f"{'d' * 200}/{'a' * 100}.txt", ContentFile(b"x"))
    assert again != place
    assert os.path.dirname(again) == os.path.dirname(place)
    assert Path(storage.path(again)).read_bytes() == b"x"


@pytest.mark.parametrize(
    "options",
    [{"names": "uuid"}, {"fan_out": 1}, {"names": "opaque", "fan_out": 5}, {"names": "opaque", "fan_out": True}],
)
def test_wrong_options_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(ImproperlyConfigured):
        MediaStorage(tmp_path, **options)


def test_a_migration_can_name_it(tmp_path: Path) -> None:
    text, imports = MigrationWriter.serialize(MediaStorage(location="/m", names="opaque", fan_out=1))
    assert text == "clearway.media.MediaStorage(fan_out=1, location='/m', names='opaque')"
    assert imports == {"import clearway.media"}


# --- content


def test_a_content_that_its_name_hides_is_told(storage: MediaStorage, caplog: pytest.LogCaptureFixture) -> None:
    told: list[dict[str, Any]] = []

    def receive(sender: type, **said: Any) -> None:
        told.append(said)

    mismatched.connect(receive)
    try:
        storage.save("a/x.png", ContentFile(b"<script>"))
        storage.save("y.png", uploaded("y.png", b"GIF89a"))
        storage.save("z.png", ContentFile(b"\x89PNG\r\n\x1a\n"))
        storage.save("text.txt", ContentFile("text"))
    finally:
        mismatched.disconnect(receive)
    kept = [(each["name"], each["named"], each["found"]) for each in told]
    assert kept == [("a/x.png", "image/png", "text/html"), ("y.png", "image/png", "image/gif")]
    assert [record.getMessage() for record in caplog.records] == [
        "a/x.png is named as image/png, and its content is text/html",
        "y.png is named as image/png, and its content is image/gif",
    ]


def test_a_receiver_that_raises_keeps_it_out(storage: MediaStorage) -> None:
    def refuse(sender: type, **said: Any) -> None:
        raise ValueError("no")

    mismatched.connect(refuse)
    try:
        with pytest.raises(ValueError, match="no"):
            storage.save("x.png", ContentFile(b"<script>"))
    finally:
        mismatched.disconnect(refuse)
    assert entries(storage) == set()
