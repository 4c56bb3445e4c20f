"""The settings and the code of the page about users' files do what it says."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import override_settings
from tests.system.documents import blocks

from clearway.conf import Conf
from clearway.media import MediaStorage, mismatched

BLOCKS = blocks("docs/howto/media.md", "python")


def read(text: str, base: Path) -> dict[str, Any]:
    names: dict[str, Any] = {"BASE_DIR": base, "STORAGES": {}}
    exec(text, names)
    return names


def test_the_settings_keep_an_upload(tmp_path: Path) -> None:
    given = read(BLOCKS[0], tmp_path)
    with override_settings(**{name: given[name] for name in ("MEDIA_URL", "MEDIA_ROOT", "STORAGES")}):
        storage = storages["default"]
        assert isinstance(storage, MediaStorage)
        assert storage.url(storage.save("a.txt", ContentFile(b"x"))) == "/media/a.txt"
        assert (tmp_path / "media" / "a.txt").read_bytes() == b"x"


def test_the_receiver_refuses(tmp_path: Path) -> None:
    receivers = mismatched.receivers
    try:
        names = read(BLOCKS[1], tmp_path)
        with pytest.raises(SuspiciousFileOperation, match=r"a\.png is text/html, not image/png"):
            MediaStorage(tmp_path).save("a.png", ContentFile(b"<html>"))
    finally:
        mismatched.disconnect(names["refuse"])
    assert mismatched.receivers == receivers


@pytest.mark.parametrize("text", [text for text in BLOCKS if "CLEARWAY" in text])
def test_the_other_settings_are_read(text: str, tmp_path: Path) -> None:
    assert Conf.of(read(text, tmp_path)["CLEARWAY"], debug=False).media != Conf().media
