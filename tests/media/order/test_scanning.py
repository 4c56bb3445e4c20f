"""`clearway media scan`: what is held until a scanner has seen it."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import override_settings
from tests.media.order.conftest import files, media

from clearway.cli import main

__all__ = ["media"]


class Scanner:
    down = True

    def __call__(self, file: Any) -> str | None:
        if self.down:
            raise OSError("nobody there")
        return "A.Virus" if b"bad" in file.read() else None


def scan(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    code = main(["media", "scan", "--format", "json"])
    return code, {each["name"]: each["problem"] for each in json.loads(capsys.readouterr().out)["files"]}


def test_clean_files_are_served_and_the_others_stay(media: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scanner = Scanner()
    with override_settings(CLEARWAY={"media": {"scanner": scanner}}):
        for name in ("good.bin", "bad.bin"):
            storages["default"].save(name, ContentFile(name.encode()))
        assert scan(capsys) == (1, {"good.bin": "nobody there", "bad.bin": "nobody there"})
        scanner.down = False
        assert scan(capsys) == (1, {"good.bin": "", "bad.bin": "infected: A.Virus"})
        assert scan(capsys) == (0, {})
        assert main(["media", "scan"]) == 0
    assert files(media) == {"good.bin"}
    assert "nothing to do" in capsys.readouterr().out
