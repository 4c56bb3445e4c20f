"""Scanners: the protocol of clamd and its faults, and what is held until a scanner has seen it."""

import io
import os
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import override_settings
from tests.media.gate import daemons

from clearway.media import FileHeld, GuardedStorage, MediaStorage, UploadRefused, scan_held, validate_upload
from clearway.media.gate.scanned import NOT_SCANNED
from clearway.media.scanning import Clamd, ScanError

BAD = b"x" * 100_000 + daemons.PART


@pytest.mark.parametrize("unix", [True, False])
@pytest.mark.parametrize("daemon", [daemons.right, daemons.saying(b"stream: OK\0more"), daemons.drop_by_drop])
@pytest.mark.parametrize("content", [b"", b"fine", bytes(300_000)])
def test_a_clean_file_is_clean(tmp_path: Path, unix: bool, daemon: Any, content: bytes) -> None:
    path = str(tmp_path / "s") if unix else None
    with daemons.listening(daemon, path) as port:
        scanner = Clamd(path) if path else Clamd(host="127.0.0.1", port=port)
        assert scanner(io.BytesIO(content)) is None


def test_what_is_found_has_its_name() -> None:
    with daemons.listening(daemons.right) as port:
        scanner = Clamd(host="127.0.0.1", port=port)
        assert scanner(io.BytesIO(BAD)) == "A.Virus"
        assert scanner(io.BytesIO(b"fine")) is None


@pytest.mark.parametrize(
    ("daemon", "message"),
    [
        (daemons.closes, "without an end"),
        (daemons.saying(b"stream: OK"), "without an end"),
        (daemons.saying(b"stream: O"), "without an end"),
        (daemons.saying(b"\0"), "clamd: ''"),
        (daemons.saying(b"OK\0"), "clamd: 'OK'"),
        (daemons.saying(b"stream:  FOUND\0"), "clamd: 'stream:  FOUND'"),
        (daemons.saying(b"UNKNOWN COMMAND\0"), "UNKNOWN COMMAND"),
        (daemons.saying(b"\xff\xfe\0"), "clamd"),
        (daemons.saying(b"x" * 100_000), "without an end"),
        (daemons.saying(b"INSTREAM size limit exceeded. ERROR\0"), "StreamMaxLength"),
        (daemons.stops_reading, "StreamMaxLength|clamd"),
    ],
)
def test_anything_else_is_no_answer(daemon: Callable[..., None], message: str) -> None:
    with daemons.listening(daemon) as port, pytest.raises(ScanError, match=message):
        Clamd(host="127.0.0.1", port=port)(io.BytesIO(bytes(2_000_000)))


def test_a_daemon_that_says_nothing_is_given_up() -> None:
    over = threading.Event()

    def silent(connection: Any) -> None:
        daemons.stream(connection)
        over.wait(20)

    with daemons.listening(silent) as port:
        with pytest.raises(ScanError, match="time"):
            Clamd(host="127.0.0.1", port=port, timeout=0.2)(io.BytesIO(b"x"))
        over.set()


def test_where_no_daemon_is_there_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(ScanError):
        Clamd(str(tmp_path / "none"))(io.BytesIO(b"x"))
    with daemons.listening(daemons.right) as port:
        pass
    with pytest.raises(ScanError):
        Clamd(host="127.0.0.1", port=port)(io.BytesIO(b"x"))


# --- in the place of a daemon


class Scanner:
    """Reaches nothing while `down`; counts."""

    down = False
    scans = 0

    def __call__(self, file: Any) -> str | None:
        self.scans += 1
        if self.down:
            raise ScanError("nobody there")
        return "A.Virus" if daemons.PART in file.read() else None


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    found = Scanner()
    with override_settings(CLEARWAY={"media": {"scanner": found}}):
        yield found


@pytest.fixture
def storage(tmp_path: Path) -> MediaStorage:
    return MediaStorage(tmp_path / "media", "/media/")


def shown(storage: MediaStorage) -> list[str]:
    root = Path(storage.location)
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and not path.relative_to(root).as_posix().startswith(".")
    )


def content(storage: Any, name: str) -> bytes:
    with storage.open(name) as file:
        return bytes(file.read())


def large(content: bytes) -> TemporaryUploadedFile:
    file = TemporaryUploadedFile("a.bin", "x/y", len(content), None)
    file.write(content)
    file.seek(0)
    return file


def test_a_clean_file_is_served_at_once_and_scanned_once(scanner: Scanner, storage: MediaStorage) -> None:
    for file in (SimpleUploadedFile("a.bin", b"fine"), large(b"fine")):
        scanner.scans = 0
        validate_upload(file)
        validate_upload(file)
        name = storage.save("a.bin", file)
        assert (content(storage, name), scanner.scans) == (b"fine", 1)
        file.close()


def test_what_the_code_keeps_is_scanned_too(scanner: Scanner, storage: MediaStorage) -> None:
    assert storage.save("a.bin", ContentFile(b"fine")) == "a.bin"
    with pytest.raises(UploadRefused):
        storage.save("b.bin", ContentFile(BAD))
    assert (scanner.scans, shown(storage)) == (2, ["a.bin"])


def test_an_infected_file_is_an_error_of_the_form_and_never_kept(scanner: Scanner, storage: MediaStorage) -> None:
    for file in (SimpleUploadedFile("a.bin", BAD), large(BAD)):
        with pytest.raises(UploadRefused) as refused:
            validate_upload(file)
        assert refused.value.messages == ["This file is infected: A.Virus."]
        with pytest.raises(SuspiciousFileOperation):
            storage.save("a.bin", file)
        file.close()
    assert shown(storage) == []


def test_without_a_scanner_there_it_is_held(scanner: Scanner, storage: MediaStorage) -> None:
    scanner.down = True
    file = SimpleUploadedFile("a.bin", b"fine")
    validate_upload(file)
    name = storage.save("sub/a.bin", file)
    assert (name, storage.url(name), scanner.scans) == ("sub/a.bin", "/media/sub/a.bin", 1)
    assert storage.exists(name)
    assert shown(storage) == []
    with pytest.raises(FileHeld, match="not scanned"):
        storage.open(name)
    with pytest.raises(FileNotFoundError):
        storage.size(name)
    assert stat.S_IMODE(os.stat(Path(storage.location, ".clearway-quarantine")).st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="only on systems with modes")
def test_a_later_scan_serves_what_is_clean_and_names_what_is_not(scanner: Scanner, storage: MediaStorage) -> None:
    scanner.down = True
    names = [storage.save(f"{name}.bin", ContentFile(data)) for name, data in (("a", b"fine"), ("b", BAD))]
    assert [found.scan.unknown for found in scan_held(storage)] == ["nobody there"] * 2
    scanner.down = False
    assert {found.name: (found.scan.clean, found.scan.name) for found in scan_held(storage)} == {
        "a.bin": (True, ""),
        "b.bin": (False, "A.Virus"),
    }
    assert content(storage, "a.bin") == b"fine"
    assert stat.S_IMODE(os.stat(storage.path("a.bin")).st_mode) == 0o644
    assert shown(storage) == ["a.bin"]
    with pytest.raises(FileHeld, match=r"infected: A\.Virus"):
        storage.open("b.bin")
    assert list(scan_held(storage)) == []
    for name in names:
        storage.delete(name)
        assert not storage.exists(name)


@pytest.mark.parametrize("names", ["kept", "opaque", "content"])
def test_a_name_that_is_held_is_taken(scanner: Scanner, tmp_path: Path, names: str) -> None:
    storage = MediaStorage(tmp_path, names=names)
    scanner.down = True
    first = storage.save("a.bin", ContentFile(b"first"))
    second = storage.save("a.bin", ContentFile(b"second"))
    again = storage.save("a.bin", ContentFile(b"first"))
    scanner.down = False
    third = storage.save("a.bin", ContentFile(b"third"))
    assert (again == first) == (names == "content")
    assert len({first, second, again, third}) == (3 if names == "content" else 4)
    assert all(found.scan.clean for found in scan_held(storage))
    assert content(storage, first) == b"first"
    assert content(storage, second) == b"second"


def test_a_storage_holds_nothing_in_the_place_of_another(scanner: Scanner, storage: MediaStorage) -> None:
    storage.save("a.bin", ContentFile(b"first"))
    scanner.down = True
    held = storage.save("a.bin", ContentFile(b"second"))
    assert held != "a.bin"
    Path(storage.path(held)).write_bytes(b"somebody else's")
    scanner.down = False
    assert ["taken" in found.scan.unknown for found in scan_held(storage)] == [True]
    assert content(storage, "a.bin") == b"first"


def test_a_project_may_refuse_what_cannot_be_scanned(storage: MediaStorage) -> None:
    scanner = Scanner()
    scanner.down = True
    with override_settings(CLEARWAY={"media": {"scanner": scanner, "scanner_unreachable": "refuse"}}):
        with pytest.raises(UploadRefused, match="could not be checked"):
            validate_upload(SimpleUploadedFile("a.bin", b"fine"))
        with pytest.raises(UploadRefused):
            storage.save("a.bin", ContentFile(b"fine"))
    assert shown(storage) == []


def test_a_storage_that_cannot_hold_refuses(scanner: Scanner, tmp_path: Path) -> None:
    guarded = GuardedStorage(FileSystemStorage(tmp_path / "guarded"))
    overwriting = MediaStorage(tmp_path / "overwriting", allow_overwrite=True)
    assert content(guarded, guarded.save("a.bin", ContentFile(b"fine"))) == b"fine"
    assert content(overwriting, overwriting.save("a.bin", ContentFile(b"fine"))) == b"fine"
    scanner.down = True
    for each in (guarded, overwriting):
        with pytest.raises(UploadRefused):
            each.save("a.bin", ContentFile(b"other"))
        assert content(each, "a.bin") == b"fine"


@pytest.mark.parametrize("given", ["path", "class", "options"])
def test_a_scanner_is_named_by_its_path(given: str, storage: MediaStorage) -> None:
    with daemons.listening(daemons.right) as port:
        setting: Any = {
            "path": f"{__name__}.finds_all",
            "class": f"{__name__}.Finder",
            "options": {
                "BACKEND": "clearway.media.scanning.Clamd",
                "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 20},
            },
        }[given]
        with (
            override_settings(CLEARWAY={"media": {"scanner": setting}}),
            pytest.raises(UploadRefused, match="infected"),
        ):
            storage.save("a.bin", ContentFile(BAD))


def finds_all(file: Any) -> str | None:
    return "All"


class Finder:
    def __call__(self, file: Any) -> str | None:
        return "All"


def test_a_file_that_is_killed_while_it_is_held_is_whole_or_not_there(scanner: Scanner, storage: MediaStorage) -> None:
    scanner.down = True
    storage.save("a.bin", ContentFile(bytes(100_000)))
    with storage.quarantine.open("a.bin") as file:
        assert len(file.read()) == 100_000
    assert [(note.name, note.reason) for note in storage.quarantine] == [("a.bin", NOT_SCANNED)]
