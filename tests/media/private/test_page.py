"""The settings and the code of the page about private files do what it says; its steps are done in tests/system."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import override_settings
from tests.media.private.site import site
from tests.system.documents import blocks

from clearway.media.private import accessed

BLOCKS = blocks("docs/howto/private-files.md", "python")


def read(text: str, home: Path) -> dict[str, Any]:
    names: dict[str, Any] = {
        "BASE_DIR": home,
        "STORAGES": {"private": {"BACKEND": "clearway.media.private.PrivateStorage"}},
    }
    exec(text, names)
    return names


def test_each_storage_has_a_directory_of_its_own_below_the_root(home: Path) -> None:
    (text,) = [each for each in BLOCKS if '"films"]' in each]
    with site(home), override_settings(STORAGES=read(text, home)["STORAGES"]):
        places = [storages[alias].location for alias in ("private", "films")]  # type: ignore[attr-defined]
    assert places == [str(home / "private" / name) for name in ("invoices", "films")]


def test_the_permissions_of_the_page_make_views(home: Path) -> None:
    (text,) = [each for each in BLOCKS if "in_group" in each]
    with site(home):
        assert callable(read(text, home)["paid"])


@pytest.mark.parametrize("text", [each for each in BLOCKS if "accessed.connect" in each])
def test_the_receiver_of_the_page_is_connected(home: Path, text: str) -> None:
    before = list(accessed.receivers)
    names = read(text, home)
    assert accessed.disconnect(names["note"])
    assert accessed.receivers == before
