"""Uploads and the real ClamAV, with one signature of its own."""

import io
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import override_settings

from clearway.media import MediaStorage, UploadRefused, scan_held
from clearway.media.scanning import Clamd, ScanError

pytestmark = pytest.mark.system

CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
# in two pieces, so that this file is no test file for scanners
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"


def start(folder: Path) -> subprocess.Popen[bytes]:
    assert CLAMD
    configuration = folder / "clamd.conf"
    configuration.write_text(
        f"Foreground yes\nDatabaseDirectory {folder / 'signatures'}\nLocalSocket {folder / 'socket'}\n"
        f"TemporaryDirectory {folder}\nStreamMaxLength 1M\n",
        encoding="ascii",
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([CLAMD, "-c", configuration], stdout=log, stderr=subprocess.STDOUT)
    for _ in range(600):
        try:
            Clamd(str(folder / "socket"))(io.BytesIO(b""))
        except ScanError:
            assert process.poll() is None, (folder / "log").read_text(errors="replace")
            time.sleep(0.05)
        else:
            return process
    raise AssertionError((folder / "log").read_text(errors="replace"))


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The path of its socket."""
    if CLAMD is None:
        pytest.skip("needs clamd")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "signatures").mkdir()
    (folder / "signatures" / "own.ndb").write_text(f"Clearway.Test:0:*:{EICAR.hex()}\n", encoding="ascii")
    process = start(folder)
    try:
        yield str(folder / "socket")
    finally:
        process.terminate()
        process.wait(20)


def test_it_finds_what_it_knows_at_any_place(daemon: str) -> None:
    scanner = Clamd(daemon)
    for content in (EICAR, bytes(200_000) + EICAR):
        assert str(scanner(io.BytesIO(content))).startswith("Clearway.Test")
    for content in (b"", b"fine", bytes(900_000)):
        assert scanner(io.BytesIO(content)) is None


def test_it_says_when_a_file_is_too_large_for_it(daemon: str) -> None:
    with pytest.raises(ScanError, match=r"StreamMaxLength|clamd"):
        Clamd(daemon)(io.BytesIO(bytes(20_000_000)))


def test_a_file_is_held_until_it_is_there(daemon: str, tmp_path: Path) -> None:
    storage = MediaStorage(tmp_path / "media")
    scanner = {"BACKEND": "clearway.media.scanning.Clamd", "OPTIONS": {"socket": str(tmp_path / "nobody")}}
    with override_settings(CLEARWAY={"media": {"scanner": scanner}}):
        for name, content in (("a.bin", b"fine"), ("b.bin", EICAR)):
            storage.save(name, ContentFile(content))
        assert not list((tmp_path / "media").glob("*.bin"))
    with override_settings(CLEARWAY={"media": {"scanner": {**scanner, "OPTIONS": {"socket": daemon}}}}):
        assert {found.name: found.scan.clean for found in scan_held(storage)} == {"a.bin": True, "b.bin": False}
        with pytest.raises(UploadRefused, match=r"infected: Clearway\.Test"):
            storage.save("c.bin", ContentFile(EICAR))
    assert [path.name for path in (tmp_path / "media").glob("*.bin")] == ["a.bin"]
