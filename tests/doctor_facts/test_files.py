"""The files of a project as the doctor is told of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.management import call_command
from django.test import override_settings
from tests.doctor_facts.bounds import nothing_left_out
from tests.other_users import open_directory, unprivileged
from tests.releases.sites import write

from clearway.doctor.facts import Storage, Unavailable, Use
from clearway.doctor_facts.files import collected, manifest, sources
from clearway.doctor_facts.references import references
from clearway.doctor_facts.settings import storage
from clearway.doctor_facts.storages import made
from clearway.doctor_facts.strays import strays
from clearway.fronts.road import Location

DJANGOS = "django.contrib.staticfiles.storage"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A project with one directory of sources, and nothing collected."""
    (tmp_path / "assets").mkdir()
    given: dict[str, Any] = {
        "BASE_DIR": tmp_path,
        "STATIC_ROOT": tmp_path / "root",
        "MEDIA_ROOT": tmp_path / "media",
        "STATICFILES_DIRS": [tmp_path / "assets"],
        "INSTALLED_APPS": ["django.contrib.staticfiles"],
        "STORAGES": storages_of(f"{DJANGOS}.StaticFilesStorage"),
    }
    with override_settings(**given):
        yield tmp_path


def storages_of(backend: str) -> dict[str, Any]:
    return {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": backend},
    }


class Minifying(StaticFilesStorage):
    def post_process(self, paths: Any, **options: Any) -> Iterator[Any]:
        yield from ()


# --- sources


def test_sources_are_what_collectstatic_would_take(site: Path) -> None:
    write(site / "assets", {"a.css": b"a", ".gitkeep": b"", ".env": b"", "b.css~": b"", "CVS/x": b"", "img/c.png": b""})
    assert sources().files == {"a.css": str(site / "assets/a.css"), "img/c.png": str(site / "assets/img/c.png")}


def test_the_first_of_a_name_wins_and_the_others_are_kept(site: Path) -> None:
    write(site / "assets", {"a.css": b"1"})
    write(site / "more", {"a.css": b"2"})
    with override_settings(STATICFILES_DIRS=[site / "assets", site / "more"]):
        found = sources()
    assert found.files == {"a.css": str(site / "assets/a.css")}
    assert found.others == {"a.css": [str(site / "more/a.css")]}
    assert list(found.directories) == [str(site / "assets"), str(site / "more")]


def test_a_prefix_is_part_of_the_name(site: Path) -> None:
    write(site / "assets", {"a.css": b"1"})
    with override_settings(STATICFILES_DIRS=[("brand", site / "assets")]):
        assert list(sources().files) == ["brand/a.css"]


def test_finders_that_cannot_be_made_are_said(site: Path) -> None:
    with override_settings(STATICFILES_FINDERS=["shop.finders.None"]), pytest.raises(Unavailable, match="the finders"):
        sources()


# --- collected


def kept() -> Any:
    return collected(storage("staticfiles"))


def test_what_lies_in_the_root_but_for_records(site: Path) -> None:
    write(site / "root", {"a.css": b"12", "img/b.png": b"", ".clearway/current": b"x", "x/.clearway/y": b""})
    found = kept()
    assert found.exists
    assert found.sizes == {"a.css": 2, "img/b.png": 0, "x/.clearway/y": 0}


def test_a_root_that_is_not_there_is_empty(site: Path) -> None:
    found = kept()
    assert (found.exists, found.sizes, found.broken_links) == (False, {}, {})


def test_links_to_files_and_directories_are_followed(site: Path) -> None:
    write(site / "root", {"a.css": b"a"})
    write(site / "elsewhere", {"css/b.css": b"bb"})
    (site / "root" / "linked.css").symlink_to(site / "elsewhere" / "css" / "b.css")
    (site / "root" / "linked").symlink_to(site / "elsewhere")
    assert kept().sizes == {"a.css": 1, "linked.css": 2, "linked/css/b.css": 2}


def test_a_circle_of_links_ends(site: Path) -> None:
    write(site / "root", {"a.css": b"a"})
    (site / "root" / "again").symlink_to(site / "root")
    (site / "root" / "itself").symlink_to("itself")
    found = kept()
    assert found.sizes == {"a.css": 1, "itself": -1}
    assert found.broken_links == {"itself": "itself"}


def test_links_that_lead_nowhere_are_named_with_their_targets(site: Path) -> None:
    write(site / "root", {"a.css": b"a"})
    (site / "root" / "b.css").symlink_to("/gone/b.css")
    found = kept()
    assert found.broken_links == {"b.css": "/gone/b.css"}
    assert found.sizes["b.css"] == -1


def test_a_root_that_leads_nowhere_is_named_too(site: Path) -> None:
    (site / "root").symlink_to("/gone")
    found = kept()
    assert (found.exists, found.broken_links) == (False, {"": "/gone"})


def test_a_directory_that_may_not_be_read_is_said() -> None:
    with open_directory() as root, override_settings(STATIC_ROOT=root):
        write(root, {"closed/a.css": b"a"})
        (root / "closed").chmod(0)
        with unprivileged(), pytest.raises(Unavailable, match="may not read"):
            kept()
        (root / "closed").chmod(0o755)


def test_without_a_root_or_a_local_storage_nothing_is_said(site: Path) -> None:
    with pytest.raises(Unavailable, match="not on this machine"):
        collected(Storage("shop.Bucket", is_local=False, is_manifest=False))
    with override_settings(STATIC_ROOT=None), pytest.raises(Unavailable, match="STATIC_ROOT is not set"):
        kept()


@pytest.mark.parametrize(
    ("backend", "altered_by"),
    [
        (f"{DJANGOS}.StaticFilesStorage", ""),
        (f"{DJANGOS}.ManifestStaticFilesStorage", ""),
        ("whitenoise.storage.CompressedManifestStaticFilesStorage", ""),
        ("clearway.storage.ReleaseStorage", ""),
        (f"{__name__}.Minifying", f"{__name__}.Minifying"),
    ],
)
def test_a_storage_with_processing_of_its_own_is_named(site: Path, backend: str, altered_by: str) -> None:
    with override_settings(STORAGES=storages_of(backend)):
        assert kept().altered_by == altered_by


def test_a_rollback_is_seen_and_a_new_release_is_none(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearway.doctor_facts.files.History.from_bytes", lambda data: history(json.loads(data)))
    with override_settings(INSTALLED_APPS=["clearway", "django.contrib.staticfiles"]):
        for current, expected in (("old", True), ("new", False), ("unknown", False)):
            write(
                site / "root" / ".clearway", {"current": f"{current}\n".encode(), "history.json": b'{"old":1,"new":2}'}
            )
            assert kept().rolled_back is expected


def history(created: dict[str, int]) -> Any:
    from clearway.catalog.history import Entry, History

    return History({id_: Entry(at) for id_, at in created.items()})


# --- manifest


def test_the_manifest_that_collectstatic_wrote(site: Path) -> None:
    write(site / "assets", {"a.css": b"a{}"})
    with override_settings(STORAGES=storages_of(f"{DJANGOS}.ManifestStaticFilesStorage")):
        assert manifest(storage("staticfiles")).exists is False
        call_command("collectstatic", interactive=False, verbosity=0)
        found = manifest(storage("staticfiles"))
    assert list(found.names) == ["a.css"]
    assert (found.file, found.strict, found.problem) == (str(site / "root/staticfiles.json"), True, "")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"paths": 1}'])
def test_a_damaged_manifest_is_one_that_is_there(site: Path, data: bytes) -> None:
    write(site / "root", {"staticfiles.json": data})
    with override_settings(STORAGES=storages_of(f"{DJANGOS}.ManifestStaticFilesStorage")):
        kind = storage("staticfiles")
        found = manifest(kind)
        assert made("staticfiles").hashed_files == {}
    assert (kind.is_local, kind.is_manifest, kind.problem) == (True, True, "")
    assert (found.exists, found.names) == (True, {})
    assert found.problem


def test_a_lenient_storage_is_said_to_be_one(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{DJANGOS}.ManifestFilesMixin.manifest_strict", False)
    with override_settings(STORAGES=storages_of(f"{DJANGOS}.ManifestStaticFilesStorage")):
        assert manifest(storage("staticfiles")).strict is False


def test_a_plain_storage_keeps_none(site: Path) -> None:
    with pytest.raises(Unavailable, match="keeps no manifest"):
        manifest(storage("staticfiles"))


# --- references and strays


def named(*names: str) -> list[Use]:
    return [Use(name, Location("page.html", 1)) for name in names]


def referred() -> Sequence[Use]:
    return references(sources(), nothing_left_out)


def lying_about(*names: str) -> Mapping[str, Sequence[str]]:
    return strays(sources(), named(*names), nothing_left_out)


def test_references_are_told_by_the_name_they_mean(site: Path) -> None:
    css = b"@import 'base.css';\na { src: url(../img/a.png?v=2#x) }\nb { src: url(https://x.example/b.png) }"
    script = b'import "./b.js"; import("./maybe.js")\n//# sourceMappingURL=a.map'
    write(site / "assets", {"css/site.css": css, "js/a.js": script})
    found = [(use.name, Path(use.location.file).name, use.location.line) for use in referred()]
    assert found == [("css/base.css", "site.css", 1), ("img/a.png", "site.css", 2), ("js/b.js", "a.js", 1)]


def test_references_of_packages_are_not_read(site: Path) -> None:
    write(site / "assets", {"node_modules/x/a.css": b"a { background: url(none.png) }"})
    assert referred() == ()


def test_a_file_that_is_named_and_known_to_no_finder_is_found(site: Path) -> None:
    write(site, {"static/css/main.css": b"", "other/css/main.css": b"", "assets/known.css": b""})
    found = strays(
        sources(), named("css/main.css", "/css/main.css?v=1", "known.css", "none.css", "css/"), nothing_left_out
    )
    assert found == {"css/main.css": [str(site / "other/css/main.css"), str(site / "static/css/main.css")]}


@pytest.mark.parametrize("place", ["root", "media", "node_modules", ".git", "lib/site-packages", "venv"])
def test_copies_uploads_and_packages_are_no_strays(site: Path, place: str) -> None:
    write(site, {f"{place}/css/main.css": b""} | ({"venv/pyvenv.cfg": b""} if place == "venv" else {}))
    assert lying_about("css/main.css") == {}


def test_what_something_put_into_the_root_is_no_stray(site: Path) -> None:
    write(site, {"static/css/main.css": b"", "root/css/main.css": b""})
    assert lying_about("css/main.css") == {}
