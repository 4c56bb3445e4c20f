"""A move to another storage: everything arrives as it was, nothing is lost or replaced, and a killed run goes on."""

import json
import random
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from tests.helpers.object_server import Application, ObjectServer, Start, refused
from tests.media.order.conftest import files

from clearway.media import GuardedStorage, MediaStorage
from clearway.media.order import relocation
from clearway.media.order.examine import Wanted, examine
from clearway.media.order.relocation import Journey
from clearway.media.quarantine import Quarantine

FILES = {
    "a.txt": b"text",
    "2026/11/Résumé (1).pdf": b"%PDF-1.7",
    "2026/page.html": b"<html>",
    "empty.bin": b"",
    "film.mp4": b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 4000,
    "shell.php.jpg": b"\xff\xd8\xff",
}


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectServer]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = ObjectServer()
    yield server
    server.close()


@pytest.fixture
def source(tmp_path: Path) -> FileSystemStorage:
    for name, content in FILES.items():
        path = tmp_path / "media" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return FileSystemStorage(tmp_path / "media")


def described(server: ObjectServer) -> dict[str, Any]:
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": server.new_bucket().removeprefix("s3://"),
            "location": "uploads",
            "endpoint_url": server.url,
            "access_key": "k",
            "secret_key": "s",
            "region_name": "us-east-1",
            "addressing_style": "path",
        },
    }


@pytest.fixture
def bucket(server: ObjectServer) -> GuardedStorage:
    pytest.importorskip("storages", reason="needs django-storages")
    return GuardedStorage(described(server))


def journey(source: Any, target: Any, tmp_path: Path, **more: Any) -> Journey:
    return Journey(source, target, tmp_path / "journal", **{"jobs": 3, "pauses": (), **more})


def contents(storage: Any) -> dict[str, bytes]:
    found = {}
    for name in FILES:
        if storage.exists(name):
            with storage.open(name, "rb") as file:
                found[name] = file.read()
    return found


def test_a_plan_changes_nothing(source: FileSystemStorage, tmp_path: Path) -> None:
    made = relocation.plan(journey(source, InMemoryStorage(), tmp_path))
    assert sorted((each.name, each.note) for each in made.files) == sorted((name, "copy") for name in FILES)
    assert (made.code, (tmp_path / "journal").exists()) == (1, False)


def test_everything_arrives_in_a_bucket_with_the_policy(
    server: ObjectServer, source: FileSystemStorage, bucket: GuardedStorage, tmp_path: Path
) -> None:
    (tmp_path / "media/hold.txt").write_bytes(b"held")
    Quarantine(tmp_path / "media").hold("hold.txt", "orphan")
    made = relocation.move(journey(source, bucket, tmp_path))
    assert (made.code, {each.note for each in made.files}) == (0, {"copied"})
    assert contents(bucket) == FILES == contents(source)
    assert bucket.listdir("")[1] == ["a.txt", "empty.bin", "film.mp4", "shell.php.jpg"]
    url = f"s3://{bucket._inner.bucket_name}"
    html = server.headers(url, "uploads/2026/page.html")
    assert html["content-disposition"] == 'attachment; filename="page.html"'
    assert html["cache-control"] == "private, no-cache"
    assert server.headers(url, "uploads/film.mp4")["content-type"] == "video/mp4"


def test_an_unwrapped_bucket_gets_the_policy_too(
    server: ObjectServer, source: FileSystemStorage, bucket: GuardedStorage, tmp_path: Path
) -> None:
    from django.core.files.storage import storages

    plain = storages.create_storage({**described(server), "BACKEND": "storages.backends.s3.S3Storage"})
    assert relocation.move(journey(source, plain, tmp_path)).code == 0
    fields = server.headers(f"s3://{plain.bucket_name}", "uploads/2026/page.html")
    assert fields["content-disposition"].startswith("attachment")


def test_a_second_run_has_nothing_to_do(
    server: ObjectServer, source: FileSystemStorage, bucket: GuardedStorage, tmp_path: Path
) -> None:
    relocation.move(journey(source, bucket, tmp_path))
    server.asked.clear()
    assert relocation.move(journey(source, bucket, tmp_path)).files == []
    assert relocation.plan(journey(source, bucket, tmp_path)).code == 0
    assert {each.method for each in server.asked} == {"GET"}
    assert all(each.path.count("/") <= 2 for each in server.asked)  # listings, and no object


def test_without_its_journal_what_is_there_is_compared(
    server: ObjectServer, source: FileSystemStorage, bucket: GuardedStorage, tmp_path: Path
) -> None:
    relocation.move(journey(source, bucket, tmp_path))
    (tmp_path / "journal").unlink()
    server.asked.clear()
    made = relocation.move(journey(source, bucket, tmp_path))
    assert {each.note for each in made.files} == {"compared"}
    assert "PUT" not in {each.method for each in server.asked}


@pytest.mark.parametrize("line", ["{", "[]", '{"name": 1}', '{"name": "a.txt", "size": "x"}', "\0", ""])
def test_a_journal_that_was_cut_is_read_as_far_as_it_goes(source: FileSystemStorage, tmp_path: Path, line: str) -> None:
    target = InMemoryStorage()
    relocation.move(journey(source, target, tmp_path))
    with (tmp_path / "journal").open("a") as file:
        file.write(line)
    assert relocation.move(journey(source, target, tmp_path)).files == []


def test_a_file_that_changed_at_the_source_is_a_problem_and_not_replaced(
    source: FileSystemStorage, tmp_path: Path
) -> None:
    target = InMemoryStorage()
    relocation.move(journey(source, target, tmp_path))
    (tmp_path / "media/a.txt").write_bytes(b"newer")
    made = relocation.move(journey(source, target, tmp_path))
    assert [(each.name, each.problem) for each in made.files] == [("a.txt", "another content has this name there")]
    assert made.code == 1
    assert contents(target) == FILES


def test_what_came_meanwhile_is_copied(source: FileSystemStorage, tmp_path: Path) -> None:
    target = InMemoryStorage()
    relocation.move(journey(source, target, tmp_path))
    (tmp_path / "media/new.txt").write_bytes(b"new")
    assert [each.name for each in relocation.move(journey(source, target, tmp_path)).files] == ["new.txt"]


def test_what_is_left_out_is_not_copied(source: FileSystemStorage, tmp_path: Path) -> None:
    target = InMemoryStorage()
    relocation.move(journey(source, target, tmp_path, leave=("2026/*",)))
    assert set(contents(target)) == {name for name in FILES if not name.startswith("2026/")}


@pytest.mark.parametrize("names", ["kept", "opaque"])
def test_a_move_to_a_directory_keeps_each_name(source: FileSystemStorage, tmp_path: Path, names: str) -> None:
    target = MediaStorage(tmp_path / "other", names=names, file_permissions_mode=0o640)
    assert relocation.move(journey(source, target, tmp_path)).code == 0
    assert files(tmp_path / "other") == set(FILES)
    assert contents(target) == FILES
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "other").rglob("*") if path.is_file()} == {0o640}


def test_a_move_back_from_a_bucket(source: FileSystemStorage, bucket: GuardedStorage, tmp_path: Path) -> None:
    relocation.move(journey(source, bucket, tmp_path))
    back = MediaStorage(tmp_path / "back")
    made = relocation.move(Journey(bucket, back, tmp_path / "journal-back", pauses=()))
    assert made.code == 0
    assert contents(back) == FILES


def test_links_are_not_copied_and_hidden_files_are(source: FileSystemStorage, tmp_path: Path) -> None:
    (tmp_path / "media/.hidden").write_bytes(b"hidden")
    (tmp_path / "media/link").symlink_to("a.txt")
    target = InMemoryStorage()
    made = relocation.move(journey(source, target, tmp_path))
    assert [each.reason for each in made.unread] == ["a symbolic link is not copied"]
    assert target.exists(".hidden")
    assert contents(target) == FILES


class Renaming(InMemoryStorage):
    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name.replace(".php", "_php")


def test_a_name_that_the_target_would_change_is_a_problem(source: FileSystemStorage, tmp_path: Path) -> None:
    target = Renaming()
    made = relocation.move(journey(source, target, tmp_path))
    (problem,) = [each for each in made.files if each.problem]
    assert (problem.name, problem.problem) == ("shell.php.jpg", "the storage would keep it as shell_php.jpg")
    assert sorted(target.listdir("")[1]) == ["a.txt", "empty.bin", "film.mp4"]


class Corrupting(InMemoryStorage):
    def _save(self, name: str, content: Any) -> str:
        return str(super()._save(name, ContentFile(b"wrong") if name == "a.txt" else content))


def test_what_arrives_wrong_is_a_problem(source: FileSystemStorage, tmp_path: Path) -> None:
    made = relocation.move(journey(source, Corrupting(), tmp_path))
    assert [(each.name, each.problem) for each in made.files if each.problem] == [
        ("a.txt", "what was read back is not what was copied")
    ]
    assert "a.txt" not in [json.loads(line)["name"] for line in (tmp_path / "journal").read_text().splitlines()]


def test_attempts_are_bounded_and_the_others_go_on(
    server: ObjectServer, source: FileSystemStorage, bucket: GuardedStorage, tmp_path: Path
) -> None:
    def failing(store: Application, environ: dict[str, Any], start: Start) -> Any:
        if environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"].endswith("/a.txt"):
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            return refused(start, "403 Forbidden", "AccessDenied")
        return store(environ, start)

    with server.behaving(failing):
        made = relocation.move(journey(source, bucket, tmp_path, pauses=(0.0, 0.0)))
    (problem,) = [each for each in made.files if each.problem]
    assert (problem.name, "AccessDenied" in problem.problem) == ("a.txt", True)
    assert len(made.files) == len(FILES)
    assert relocation.move(journey(source, bucket, tmp_path)).code == 0
    assert contents(bucket) == FILES


def test_a_target_that_is_not_there_is_said(
    server: ObjectServer, source: FileSystemStorage, bucket: GuardedStorage, tmp_path: Path
) -> None:
    bucket._inner.bucket_name = "no-such-bucket"
    made = relocation.plan(journey(source, bucket, tmp_path))
    assert made.code == 2
    assert "NoSuchBucket" in made.unread[0].reason


_MOVE = """
import sys
from pathlib import Path
from django.conf import settings
import json
settings.configure(STORAGES=json.loads(sys.argv[2]), MEDIA_ROOT=Path(sys.argv[1]) / "media")
import django; django.setup()
from django.core.files.storage import storages
from clearway.media.order.relocation import Journey, move
print("ready", flush=True)
move(Journey(storages["default"], storages["bucket"], Path(sys.argv[1]) / "journal", jobs=3))
"""


@pytest.mark.parametrize("seed", range(2))
def test_a_killed_move_goes_on(server: ObjectServer, tmp_path: Path, seed: int) -> None:
    pytest.importorskip("storages", reason="needs django-storages")
    names = [f"{number % 3}/{number}.bin" for number in range(24)]
    for name in names:
        (tmp_path / "media" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "media" / name).write_bytes(name.encode() * 2000)
    backends = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "bucket": {"BACKEND": "clearway.media.GuardedStorage", "OPTIONS": {"storage": described(server)}},
    }
    words = [sys.executable, "-W", "ignore", "-c", _MOVE, str(tmp_path), json.dumps(backends)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        threading.Event().wait(random.Random(seed).uniform(0, 1))
        process.send_signal(signal.SIGKILL)
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=60)
    bucket = GuardedStorage(backends["bucket"]["OPTIONS"]["storage"])  # type: ignore[index]
    for name in names:
        with bucket.open(name) as file:
            assert file.read() == name.encode() * 2000
    assert files(tmp_path / "media") == set(names)
    assert sum(len(bucket.listdir(str(folder))[1]) for folder in range(3)) == len(names)


def test_a_bucket_of_a_field_is_examined(media: Path, bucket: GuardedStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.media.order.shelf.models import Paper

    from clearway.media.order import changes

    monkeypatch.setattr(Paper._meta.get_field("file"), "storage", bucket)
    for name in ("a/named.txt", "a/orphan.txt"):
        bucket._inner.save(name, ContentFile(b"text"))
    for name in ("a/named.txt", "gone.txt", "../x"):
        Paper(file=name).save()
    found = examine(Wanted(older_than=0))
    assert [each.name for each in found.orphans] == ["a/orphan.txt"]
    assert [each.name for each in found.missing] == ["gone.txt"]
    assert [each.name for each in found.odd] == ["../x"]
    assert found.storages[1] == f"{bucket._inner.bucket_name}/uploads"
    assert changes.set_aside(Wanted(older_than=0), apply=True).code == 0
    assert bucket.listdir("a") == ([], ["named.txt"])
    assert changes.take_back(Wanted(), ["a/orphan.txt"]).code == 0
    assert bucket.listdir("a") == ([], ["named.txt", "orphan.txt"])
