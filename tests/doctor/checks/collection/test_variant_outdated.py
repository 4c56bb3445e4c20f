"""CW232: encoded files that are not what the plain file beside them is."""

from pathlib import Path
from typing import Any

import pytest
from tests.doctor.fake_facts import Fake, collected, found, settings_of

from clearway.build.encode import ENCODERS
from clearway.doctor.checks.collection import variant_outdated
from clearway.doctor.registry import check_of
from clearway.doctor.run import run

OLD, NEW = b"let api = 1\n" * 40, b"let api = 2\n" * 40
SUFFIXES = [("gzip", ".gz"), ("br", ".br"), ("zstd", ".zst"), ("zstd", ".zstd")]


def facts(root: Path, files: dict[str, bytes], **settings: Any) -> Fake:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    kept = collected(root, {name: len(data) for name, data in files.items()})
    return Fake(settings=settings_of(**settings), collected=kept)


@pytest.mark.parametrize(("coding", "suffix"), SUFFIXES)
def test_old_content_is_found(tmp_path: Path, coding: str, suffix: str) -> None:
    (finding,) = found("CW232", facts(tmp_path, {"a.js": NEW, f"a.js{suffix}": ENCODERS[coding](OLD, 1)}))
    assert finding.message == "1 compressed copy does not match the plain file"
    assert finding.evidence == (f"{tmp_path}/a.js{suffix} decodes to something else than a.js beside it",)
    assert finding.fix.commands == (f"rm {tmp_path}/a.js{suffix}",)
    assert finding.breaks == {"static:a.js"}


@pytest.mark.parametrize(("coding", "suffix"), SUFFIXES)
@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: b"plain text", lambda data: b""])
def test_damage_is_found(tmp_path: Path, coding: str, suffix: str, damage: Any) -> None:
    files = {"a.js": NEW, f"a.js{suffix}": damage(ENCODERS[coding](NEW, 1))}
    assert len(found("CW232", facts(tmp_path, files))) == 1


def test_a_longer_and_a_shorter_text_are_found(tmp_path: Path) -> None:
    for place, text in enumerate((NEW + b"more", NEW[:-5])):
        assert found("CW232", facts(tmp_path / str(place), {"a.js": NEW, "a.js.br": ENCODERS["br"](text, 1)}))


def test_a_name_with_spaces_is_quoted_in_the_command(tmp_path: Path) -> None:
    (finding,) = found("CW232", facts(tmp_path, {"two words.js": NEW, "two words.js.gz": ENCODERS["gzip"](OLD, 1)}))
    assert finding.fix.commands == (f"rm '{tmp_path}/two words.js.gz'",)


@pytest.mark.parametrize(("coding", "suffix"), SUFFIXES)
def test_the_same_content_is_fine(tmp_path: Path, coding: str, suffix: str) -> None:
    assert found("CW232", facts(tmp_path, {"a.js": NEW, f"a.js{suffix}": ENCODERS[coding](NEW, 1)})) == []


def test_a_gzip_file_of_several_members_is_fine(tmp_path: Path) -> None:
    members = ENCODERS["gzip"](NEW[:100], 1) + ENCODERS["gzip"](NEW[100:], 1)
    assert found("CW232", facts(tmp_path, {"a.js": NEW, "a.js.gz": members})) == []


@pytest.mark.parametrize("plain", ["backup.tar", "photo.png", "font.woff2", "a.zip"])
def test_a_download_of_its_own_is_no_variant(tmp_path: Path, plain: str) -> None:
    assert found("CW232", facts(tmp_path, {plain: NEW, f"{plain}.gz": ENCODERS["gzip"](OLD, 1)})) == []


def test_an_encoded_file_alone_is_no_variant(tmp_path: Path) -> None:
    assert found("CW232", facts(tmp_path, {"a.js.gz": ENCODERS["gzip"](OLD, 1), "b.js": NEW})) == []


def test_development_sends_no_encoded_files(tmp_path: Path) -> None:
    assert found("CW232", facts(tmp_path, {"a.js": NEW, "a.js.gz": b""}, DEBUG=True)) == []


@pytest.mark.parametrize("bound", ["_MOST", "LARGEST"])
def test_what_is_too_much_to_decode_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(variant_outdated, bound, 100)
    files = {"a.js": b"1", "a.js.gz": ENCODERS["gzip"](b"2", 1), "b.js": NEW, "b.js.gz": NEW}
    report = run([check_of("CW232")], facts(tmp_path, files))
    assert [each.finding.message for each in report.told] == ["1 compressed copy does not match the plain file"]
    assert report.checks[0].reason == "1 of 2 encoded files are too much to decode here"
