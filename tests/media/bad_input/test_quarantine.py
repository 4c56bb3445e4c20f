"""Bad names to the quarantine, and to a storage that has one: nothing leads into it, out of it or past it."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.test import override_settings
from tests.bad_input.site import CANARY
from tests.helpers.roads import ROADS
from tests.media.bad_input.kept import MINE, kept
from tests.media.bad_input.names import GROUPS, OURS, every_name, shown
from tests.media.bad_input.surroundings import Surroundings, make_surroundings

from clearway.media import MediaStorage
from clearway.media.quarantine import FOLDER, Quarantine

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without waiting for the disk."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def here(tmp_path: Path) -> Surroundings:
    """A tree with a file that is held."""
    made = make_surroundings(tmp_path)
    (made.root / "held.txt").write_bytes(CANARY)
    Quarantine(made.root).hold("held.txt", "a test")
    return made


def test_a_storage_with_files_that_are_held_answers_for_every_name(here: Surroundings) -> None:
    storage = MediaStorage(here.root, "/media/")
    for name in every_name():
        try:
            found = storage.exists(name)
        except SuspiciousFileOperation:
            continue
        assert found == (os.path.lexists(os.path.join(here.root, name)) if "\0" not in name else False), shown(name)


def test_an_upload_never_comes_into_the_quarantine(here: Surroundings) -> None:
    storage, before = MediaStorage(here.root, "/media/"), here.inside()
    places = [place for name in (*OURS, *GROUPS["hidden"]()) if (place := kept(storage, name))]
    assert not any(part.casefold().startswith(".clearway") for place in places for part in place.split("/"))
    assert kept(storage, "held.txt") != "held.txt", "a name that is held is taken"
    assert {name: told for name, told in here.inside().items() if name.startswith(FOLDER)} == {
        name: told for name, told in before.items() if name.startswith(FOLDER)
    }


def test_what_is_held_is_not_served_under_any_name(here: Surroundings) -> None:
    with override_settings(MEDIA_ROOT=here.root, MEDIA_URL="/media/", CLEARWAY={"media": {"serve": True}}):
        ask = ROADS["WSGI"]()
        nothing = ask("/media/none.txt").comparable
        for name in (
            "held.txt",
            f"{FOLDER}/files/held.txt",
            f"%2e{FOLDER[1:]}/files/held.txt",
            f"{FOLDER.upper()}/files/held.txt",
        ):
            assert ask(f"/media/{name}").comparable == nothing, name


def calls(quarantine: Quarantine) -> tuple[Callable[[str], Any], ...]:
    return (
        lambda name: name in quarantine,
        quarantine.held,
        quarantine.open,
        lambda name: quarantine.hold(name, "x"),
        quarantine.restore,
        quarantine.discard,
    )


def test_no_bad_name_moves_what_lies_around(here: Surroundings) -> None:
    around, before = here.around(), here.inside()
    for call in calls(Quarantine(here.root)):
        for name in (
            *GROUPS["climbing"](),
            *GROUPS["elsewhere"](),
            *GROUPS["hidden"](),
            *GROUPS["invisible"](),
            "n" * 300,
            "a/" * 3000,
        ):
            try:
                given = call(name)
            except (OSError, ValueError):
                continue
            assert not given, shown(name)
    assert here.around() == around
    assert before.items() <= here.inside().items()


@pytest.mark.parametrize(
    "name", ["../../canary.txt", "/etc/passwd", f"{FOLDER}/notes/x.json", "", "x\0", "a/../../x", 5, None, ["x"], {}]
)
def test_a_note_that_lies_leads_nowhere(here: Surroundings, name: Any) -> None:
    quarantine, around = Quarantine(here.root), here.around()
    notes = here.root / FOLDER / "notes"
    lying = {"schema": 1, "name": name, "reason": "x", "held": 1, "sha256": "x"}
    for path in (*notes.iterdir(), notes / "other.json"):
        path.write_text(json.dumps(lying))
    assert [note.name for note in quarantine] == ["held.txt"]
    quarantine.heal()
    for note in quarantine:
        quarantine.restore(note.name)
    assert (here.root / "held.txt").read_bytes() == CANARY
    assert here.around() == around


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "5", '"x"', "[" * 100_000, '{"schema": 1}', '{"held": "x"}', "\x00" * 100, "9" * 10_000],
)
def test_a_note_that_is_broken_is_no_error(here: Surroundings, text: str) -> None:
    quarantine = Quarantine(here.root)
    for path in list((here.root / FOLDER / "notes").iterdir()):
        path.write_text(text)
    assert [(note.name, note.reason) for note in quarantine] == [("held.txt", "unknown")]
    quarantine.heal()
    assert MediaStorage(here.root).exists("held.txt")


def test_a_quarantine_that_leads_elsewhere_takes_nothing(here: Surroundings) -> None:
    (here.root / FOLDER).rename(here.home / "elsewhere")
    (here.root / FOLDER).symlink_to(here.home / "elsewhere", target_is_directory=True)
    (here.root / "mine.txt").write_bytes(MINE)
    around = here.around()
    with pytest.raises(OSError):
        Quarantine(here.root).hold("mine.txt", "x")
    assert here.around() == around
    assert (here.root / "mine.txt").read_bytes() == MINE
    MediaStorage(here.root).save("another.txt", ContentFile(MINE))
