"""`collectstatic` of Clearway: flags, output, progress, JSON, and whom it leaves the work to."""

import importlib
import json
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import django
import pytest
from django.contrib.staticfiles.management.commands.collectstatic import Command as DjangosCommand
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings
from tests.build.trees import complaints, contents, identities

from clearway.management.collecting import progress
from clearway.management.commands import collectstatic
from clearway.management.commands.collectstatic import Command
from clearway.stores.directory import Directory
from clearway.stores.records import Records

BUNDLE = Path(__file__).parents[1] / "build/bundles/vite"
FAST = {"gzip": 1, "br": 1, "zstd": 1}
FILES = {"css/site.css": b"a{b:url(../x.png)}", "x.png": b"picture", "js/app.js": b"let a = 1;"}
BACKEND = "clearway.storage.ReleaseStorage"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class Site:
    """A project with one static directory."""

    def __init__(self, folder: Path) -> None:
        self.sources, self.root = folder / "sources", folder / "static"
        self.write(FILES)

    def write(self, files: dict[str, bytes]) -> None:
        for name, data in files.items():
            path = self.sources / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def run(self, *arguments: str, **options: Any) -> tuple[str, str]:
        out, errors = StringIO(), options.pop("stderr", StringIO())
        call_command(Command(), *arguments, interactive=False, stdout=out, stderr=errors, **options)
        return out.getvalue(), errors.getvalue()

    def json(self, *arguments: str, **options: Any) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.run("--format=json", *arguments, **options)[0])
        return data


@contextmanager
def project(folder: Path, **settings: Any) -> Iterator[Site]:
    site = Site(folder)
    defaults: dict[str, Any] = {
        "STATIC_ROOT": str(site.root),
        "STATICFILES_DIRS": [str(site.sources)],
        "STATICFILES_FINDERS": ["django.contrib.staticfiles.finders.FileSystemFinder"],
        "STORAGES": {"staticfiles": {"BACKEND": BACKEND}},
        "CLEARWAY": {"levels": FAST},
    }
    with override_settings(**{**defaults, **settings}):
        yield site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with project(tmp_path) as made:
        yield made


# --- output


def test_it_says_what_django_says_and_which_release_is_current(site: Site) -> None:
    out, errors = site.run()
    lines = out.strip().splitlines()
    assert lines[0] == f"3 static files copied to '{site.root}', 3 post-processed."
    assert lines[1] == f"Release {Records(Directory(site.root / '.clearway')).current()} is current: 3 new."
    assert errors == ""
    assert site.run()[0].startswith(f"\n0 static files copied to '{site.root}', 3 unmodified, 1 post-processed.\n")


def test_it_is_silent_when_told_so(site: Site) -> None:
    assert site.run(verbosity=0) == ("", "")


def test_its_lists_are_djangos(site: Site) -> None:
    command = Command()
    options = vars(command.create_parser("manage.py", "collectstatic").parse_args([])) | {"verbosity": 0}
    command.set_options(**options)
    collected = command.collect()
    keys = {"modified", "unmodified", "post_processed"} | (
        {"skipped", "deleted"} if django.VERSION >= (6, 0) else set()
    )
    assert collected.keys() == keys
    assert sorted(collected["modified"]) == sorted(FILES)


def test_progress_is_for_terminals(site: Site) -> None:
    terminal = Terminal()
    site.run(stderr=terminal)
    shown = terminal.getvalue()
    assert "Reading 3 static files …" in shown
    assert shown.endswith("\r") and "\n" not in shown
    silent = Terminal()
    site.run(stderr=silent, verbosity=0)
    assert silent.getvalue() == ""


def test_encoding_shows_how_far_it_is(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_INTERVAL", 0)
    terminal = Terminal()
    site.run(stderr=terminal)
    shares = [int(share) for share in re.findall(r"Encoding: (\d+)%", terminal.getvalue())]
    assert shares == sorted(shares)
    assert shares[-1] == 100 and 0 < shares[0] < 100


def test_json_is_all_of_stdout(site: Site) -> None:
    data = site.json(verbosity=3)
    assert data["schema"] == 1 and data["ok"] is True
    assert data["release"] == Records(Directory(site.root / ".clearway")).current()
    assert data["counts"]["files"] == data["counts"]["modified"] == data["counts"]["new"] == 3
    assert data["problems"] == data["warnings"] == data["guard"] == []
    assert data["size"]["files"] == 3


def test_json_has_the_problems_of_a_run_that_fails(site: Site) -> None:
    site.write({"css/site.css": b"a{b:url(gone.png)}", ".env": b"", "a.scss": b""})
    out = StringIO()
    with pytest.raises(CommandError, match="2 problems stop the build") as caught:
        call_command(
            Command(), "--format=json", "--no-default-ignore", interactive=False, stdout=out, stderr=StringIO()
        )
    assert caught.value.returncode == 1
    data = json.loads(out.getvalue())
    assert data["ok"] is False and data["release"] is None
    assert [(each["id"], each["file"], each["line"]) for each in data["problems"]] == [("CW201", "css/site.css", 1)]
    assert [(each["id"], each["level"]) for each in data["guard"]] == [("CW211", "error"), ("CW215", "warning")]
    assert not site.root.exists()


def test_problems_are_told_before_anything_is_written(site: Site) -> None:
    site.run()
    before = identities(site.root)
    site.write({"css/site.css": b"a{b:url(gone.png)}", "new.txt": b"new"})
    errors = StringIO()
    with pytest.raises(CommandError, match=r"there is no static file css/gone\.png"):
        site.run("--clear", stderr=errors)
    assert errors.getvalue() == "Post-processing 'css/site.css' failed!\n\n"
    assert identities(site.root) == before


def test_warnings_are_on_stderr_and_can_be_ignored(site: Site) -> None:
    site.write({"a.scss": b""})
    assert site.run()[1].startswith("warning CW215 uncompiled-source\n  a.scss\n")
    with override_settings(CLEARWAY={"levels": FAST, "problems": {"CW215": "ignore"}}):
        assert site.run()[1] == ""


def test_conflicts_are_told(site: Site, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(site.sources, other)
    with override_settings(STATICFILES_DIRS=[str(site.sources), str(other)]):
        assert "CW218" not in site.run()[1]
        assert "the contents are the same" in site.run(verbosity=2)[1]
        (other / "x.png").write_bytes(b"another")
        errors = " ".join(site.run()[1].split())
        assert f"{site.sources} wins over {other} (it stands first in STATICFILES_DIRS); the contents differ" in errors


# --- --dry-run


def test_a_dry_run_tells_the_plan_and_writes_nothing(site: Site) -> None:
    site.run()
    before = identities(site.root)
    site.write({"js/app.js": b"let a = 2;", "new.txt": b"new"})
    (site.sources / "x.png").unlink()
    site.write({"css/site.css": b"a{}"})
    out = site.run("--dry-run", verbosity=2)[0]
    assert "Dry run: nothing was written.\n" in out
    assert "would be made: 1 new, 2 changed, 1 removed." in out
    assert "  new     new.txt as new.22af645d1859.txt" in out
    assert "  removed x.png" in out
    assert identities(site.root) == before
    promised = site.json("--dry-run")["release"]
    assert promised == site.json()["release"]


# --- the originals


def test_content_decides_what_is_copied(site: Site) -> None:
    site.run()
    before = identities(site.root)
    for name in FILES:
        os.utime(site.sources / name)
    assert site.json()["counts"]["modified"] == 0
    assert identities(site.root) == before
    site.write({"js/app.js": b"let b = 1;"})  # of the same size, and older than its copy
    os.utime(site.sources / "js/app.js", ns=(1, 1))
    assert site.json()["counts"]["modified"] == 1
    assert (site.root / "js/app.js").read_bytes() == b"let b = 1;"


def test_without_post_processing_content_decides_too(site: Site) -> None:
    site.run("--no-post-process")
    assert contents(site.root) == FILES
    site.write({"js/app.js": b"let b = 1;"})
    assert site.json("--no-post-process")["counts"]["modified"] == 1
    assert (site.root / "js/app.js").read_bytes() == b"let b = 1;"


def test_links_and_their_folders_under_a_strict_umask(site: Site) -> None:
    before = os.umask(0o077)
    try:
        site.run("--link")
    finally:
        os.umask(before)
    assert os.readlink(site.root / "js/app.js") == str(site.sources / "js/app.js")
    assert stat.S_IMODE((site.root / "js").stat().st_mode) == 0o755
    assert complaints(site.root) == []
    assert not [
        path for path in site.root.rglob("*") if path.is_symlink() and path.name not in ("site.css", "x.png", "app.js")
    ]
    kept = identities(site.root)
    assert "3 unmodified" in site.run("--link")[0]
    assert identities(site.root) == kept


def test_without_unhashed_originals_nothing_is_copied_first(tmp_path: Path) -> None:
    with project(tmp_path, CLEARWAY={"levels": FAST, "unhashed": False}) as site:
        assert "3 static files copied" in site.run()[0]
        assert not (site.root / "js/app.js").exists()
        assert "0 static files copied" in site.run()[0]


# --- --clear


def test_clear_removes_what_nobody_lists_and_says_what_it_kept(site: Site) -> None:
    site.run()
    (site.root / "old").mkdir()
    (site.root / "old/left.css").write_bytes(b"")
    (site.root / "broken").symlink_to("nowhere")
    site.write({"js/app.js": b"let a = 2;"})
    out = site.run("--clear", "--dry-run")[0]
    assert "--clear would delete 2 files that no retained release lists" in out
    assert (site.root / "old/left.css").exists()
    site.run()
    out = site.run("--clear")[0]
    assert "--clear deleted 2 files that no retained release lists; 1 file of earlier releases stay" in out
    assert not (site.root / "old/left.css").exists() and not os.path.lexists(site.root / "broken")
    assert complaints(site.root) == []
    assert {name: (site.root / name).exists() for name in FILES} == dict.fromkeys(FILES, True)


def test_releases_past_retention_are_one_line(tmp_path: Path) -> None:
    with project(tmp_path, CLEARWAY={"levels": FAST, "retain": 1, "retain_days": 0}) as site:
        site.run()
        site.write({"js/app.js": b"let a = 2;"})
        assert "1 release is past retention" in site.run()[0]


# --- bundles


@pytest.mark.parametrize("command", [DjangosCommand, Command])
@pytest.mark.parametrize("options", [{}, {"link": True}])
def test_a_bundle_of_vite(tmp_path: Path, command: type[DjangosCommand], options: dict[str, bool]) -> None:
    with project(tmp_path, STATICFILES_DIRS=[("app", str(BUNDLE))]) as site:
        for _ in range(2):
            call_command(command(), interactive=False, verbosity=0, **options)
        names = json.loads((site.root / "staticfiles.json").read_bytes())["paths"]
        assert names["app/assets/main-CtDQJC9S.js"] == "app/assets/main-CtDQJC9S.js"
        assert not (site.root / "app/assets/main-CtDQJC9S.js").is_symlink()
        assert (site.root / "app/assets/main-CtDQJC9S.js.br").exists()
        assert (site.root / "app/.vite/manifest.json").exists()
        assert complaints(site.root) == []
        call_command(command(), interactive=False, verbosity=0, clear=True, **options)
        assert (site.root / "app/.vite/manifest.json").exists()


def test_a_bundle_that_changes_under_its_name_is_refused(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(BUNDLE, bundle)
    with project(tmp_path, STATICFILES_DIRS=[str(bundle)]) as site:
        site.run()
        (bundle / "assets/main-CtDQJC9S.js.map").write_bytes(b"{}")
        site.run()
        before = identities(site.root)
        (bundle / "assets/main-CtDQJC9S.js").write_bytes(b"other")
        with pytest.raises(CommandError, match="CW221 bundle-changed-under-its-name"):
            site.run()
        assert identities(site.root) == before


# --- whose work it is


@contextmanager
def installed(*apps: str) -> Iterator[type[DjangosCommand]]:
    """Our command as a process with these apps sees it."""
    with override_settings(INSTALLED_APPS=apps):
        kept = sys.modules.pop(collectstatic.__name__)
        try:
            yield importlib.import_module(collectstatic.__name__).Command
        finally:
            sys.modules[collectstatic.__name__] = kept


def test_a_command_below_that_collects_in_its_own_way_does(site: Site) -> None:
    with installed("clearway", "tests.helpers.collectlike", "django.contrib.staticfiles") as command:
        out = StringIO()
        call_command(command(), interactive=False, stdout=out)
    assert "1 static file copied" in out.getvalue()
    assert complaints(site.root) == []


@pytest.mark.parametrize(
    "backend",
    [
        "django.contrib.staticfiles.storage.StaticFilesStorage",
        "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    ],
)
def test_with_another_storage_it_is_djangos_command(tmp_path: Path, backend: str) -> None:
    with project(tmp_path, STORAGES={"staticfiles": {"BACKEND": backend}}) as site:
        assert "3 static files copied" in site.run()[0]
        assert not (site.root / ".clearway").exists()
