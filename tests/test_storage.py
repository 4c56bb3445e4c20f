"""`ReleaseStorage` under Django's own commands and template tags."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, Self

import pytest
from django.contrib.staticfiles.management.commands.collectstatic import Command as DjangosCommand
from django.contrib.staticfiles.storage import HashedFilesMixin, staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.template import Context, Template
from django.test import override_settings
from tests.build.trees import complaints, contents, identities
from tests.other_users import NOBODY, seen_by

from clearway.catalog.errors import UnknownReleaseError
from clearway.management.commands.collectstatic import Command as ClearwaysCommand
from clearway.storage import ReleaseStorage

FAST = {"gzip": 1, "br": 1, "zstd": 1}
BACKEND = {"BACKEND": "clearway.storage.ReleaseStorage"}
FILES: dict[str, bytes] = {
    "css/site.css": b'@import "base.css";h1{background:url(../img/x.png)}',
    "css/base.css": b"a{} " * 100,
    "img/x.png": b"picture",
    "img/a b#c.png": b"odd name",
    "js/app.js": b"let a = 1;",
}


class Site:
    """A project: its sources, its STATIC_ROOT, and Django's command to collect them."""

    def __init__(self, folder: Path, command: type[BaseCommand] = DjangosCommand) -> None:
        self.command = command
        self.sources, self.root = folder / "sources", folder / "static"
        self.write(FILES)

    def write(self, files: dict[str, bytes]) -> None:
        for name, data in files.items():
            path = self.sources / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            os.utime(path, ns=(1, 1))  # what was changed is decided by content

    def collect(self, **options: Any) -> str:
        out = StringIO()
        call_command(self.command(), interactive=False, stdout=out, **options)
        return out.getvalue()

    def manifest(self) -> dict[str, str]:
        paths: dict[str, str] = json.loads((self.root / "staticfiles.json").read_bytes())["paths"]
        return paths


@pytest.fixture(params=[DjangosCommand, ClearwaysCommand], ids=["django", "clearway"])
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    made = Site(tmp_path, request.param)
    with override_settings(
        STATIC_ROOT=str(made.root),
        STATICFILES_DIRS=[str(made.sources)],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES={"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": BACKEND},
        CLEARWAY={"levels": FAST},
    ):
        yield made


@pytest.fixture
def no_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """As outside of Django's test runner."""
    monkeypatch.delattr("django.core.mail.outbox", raising=False)


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in Django's test runner."""
    monkeypatch.setattr("django.core.mail.outbox", [], raising=False)


# --- the command


def test_collectstatic_makes_a_release(site: Site) -> None:
    assert "5 static files copied" in site.collect()
    assert complaints(site.root) == []
    assert site.manifest().keys() == FILES.keys()
    assert {name: (site.root / name).read_bytes() for name in FILES} == FILES


def test_the_manifest_is_djangos(site: Site) -> None:
    site.collect()
    manifest = json.loads((site.root / "staticfiles.json").read_bytes())
    assert manifest.keys() == {"paths", "version", "hash"}
    assert manifest["version"] == "1.1"
    assert manifest["hash"] == ReleaseStorage().manifest_hash
    assert manifest["paths"] == ReleaseStorage().hashed_files
    with override_settings(STORAGES={"staticfiles": {"BACKEND": STOCK}}):
        assert staticfiles_storage.url("js/app.js") == f"/static/{site.manifest()['js/app.js']}"


STOCK = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"


def test_names_are_those_of_djangos_own_storage_where_nothing_is_rewritten(site: Site, tmp_path: Path) -> None:
    site.collect()
    with override_settings(STATIC_ROOT=str(tmp_path / "stock"), STORAGES={"staticfiles": {"BACKEND": STOCK}}):
        (site.sources / "img/a b#c.png").unlink()  # which Django cannot name
        call_command("collectstatic", interactive=False, verbosity=0)
        stock = json.loads((tmp_path / "stock/staticfiles.json").read_bytes())["paths"]
    assert {name: site.manifest()[name] for name in stock if name != "css/site.css"} == {
        name: hashed for name, hashed in stock.items() if name != "css/site.css"
    }


def test_a_second_run_touches_nothing(site: Site) -> None:
    site.collect()
    before = identities(site.root)
    output = site.collect()
    assert "0 static files copied" in output
    assert identities(site.root) == before


def test_a_change_with_an_old_time_is_not_missed(site: Site) -> None:
    site.collect()
    site.write({"js/app.js": b"let a = 2;"})
    site.collect()
    assert (site.root / "js/app.js").read_bytes() == b"let a = 2;"
    assert (site.root / site.manifest()["js/app.js"]).read_bytes() == b"let a = 2;"
    assert complaints(site.root) == []


def test_a_dry_run_writes_nothing_and_finds_what_is_missing(site: Site) -> None:
    site.collect(dry_run=True)
    assert not site.root.exists()
    site.write({"css/base.css": b"a{b:url(gone.png)}"})
    with pytest.raises(CommandError, match=r"no static file css/gone\.png"):
        site.collect(dry_run=True)
    assert not site.root.exists()


def test_all_missing_references_stop_the_build_in_one_message(site: Site) -> None:
    site.collect()
    before = contents(site.root)
    site.write({"css/base.css": b"a{b:url(gone.png)}", "css/site.css": b"a{b:url(../img/X.png)}"})
    errors = StringIO()
    with pytest.raises(CommandError) as caught:
        site.collect(stderr=errors)
    assert "css/base.css:1: 'gone.png'\n    there is no static file css/gone.png" in str(caught.value)
    assert "css/site.css:1: '../img/X.png'" in str(caught.value)
    assert "did you mean img/x.png?" in str(caught.value)
    assert "Post-processing 'css/base.css, css/site.css' failed!" in errors.getvalue()
    assert (site.root / "staticfiles.json").read_bytes() == before["staticfiles.json"]
    assert complaints(site.root) == []


def test_a_missing_source_map_can_be_a_warning(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.write({"js/app.js": b"let a;\n//# sourceMappingURL=app.js.map"})
    errors = StringIO()
    with override_settings(CLEARWAY={"levels": FAST, "problems": {"*.map": "warn"}}):
        site.collect(stderr=errors)
    told = caplog.text + errors.getvalue()
    assert told.count("warning CW202 missing-source-map\n  js/app.js:2: 'app.js.map'\n") == 1
    assert site.manifest()["js/app.js"]


def test_links_stay_links_and_published_files_are_files_of_their_own(site: Site) -> None:
    site.collect(link=True)
    assert (site.root / "js/app.js").is_symlink()
    for name in site.manifest().values():
        assert not (site.root / name).is_symlink()
        assert (site.root / name).stat().st_nlink == 1
    before = identities(site.root)
    site.collect(link=True)
    assert identities(site.root) == before
    site.collect()
    assert not (site.root / "js/app.js").is_symlink()
    assert complaints(site.root) == []


def test_ignored_files_are_not_published(site: Site) -> None:
    site.collect(ignore_patterns=["*.js"])
    assert site.manifest().keys() == FILES.keys() - {"js/app.js"}


def test_without_post_processing_nothing_of_the_release_changes(site: Site) -> None:
    site.collect()
    before = contents(site.root)
    site.write({"new.txt": b"new"})
    site.collect(post_process=False)
    after = contents(site.root)
    assert after.keys() - before.keys() == {"new.txt"}
    assert {name: after[name] for name in before} == before


def test_foreign_files_are_left_alone(site: Site) -> None:
    site.collect()
    (site.root / "CACHE").mkdir()
    (site.root / "CACHE/out.css").write_bytes(b"a{}")
    before = identities(site.root / "CACHE")
    site.write({"js/app.js": b"let a = 2;"})
    site.collect()
    assert identities(site.root / "CACHE") == before
    assert "CACHE/out.css" not in site.manifest()


def test_sources_cannot_take_the_place_of_records_and_manifest(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.collect()
    site.write({"staticfiles.json": b"{}", ".clearway/current": b"0" * 16})
    site.collect(use_default_ignore_patterns=False)
    assert site.manifest().keys() == FILES.keys()
    assert complaints(site.root) == []
    assert caplog.text.count("is not published: the name is reserved") in (0, 2)  # the command tells, or the log


def test_a_source_under_a_published_name_gets_no_second_copy(site: Site) -> None:
    site.collect()
    published = site.manifest()["js/app.js"]
    before = set(contents(site.root))
    site.write({published: b"something else"})
    site.collect()
    assert (site.root / published).read_bytes() == FILES["js/app.js"]
    assert len({name for name in contents(site.root).keys() - before if name.startswith("js/")}) == 1
    assert complaints(site.root) == []


def test_unhashed_originals_can_be_left_out(site: Site) -> None:
    with override_settings(CLEARWAY={"levels": FAST, "unhashed": False}):
        for _ in range(2):
            site.collect()
            assert [name for name in FILES if (site.root / name).exists()] == []
            assert complaints(site.root) == []


def test_records_can_lie_elsewhere(site: Site, tmp_path: Path) -> None:
    with override_settings(CLEARWAY={"levels": FAST, "records": str(tmp_path / "records")}):
        site.collect()
        site.collect(clear=True)
        assert not (site.root / ".clearway").exists()
        assert (tmp_path / "records/current").exists()


def test_the_manifest_can_lie_elsewhere(site: Site, tmp_path: Path) -> None:
    elsewhere = FileSystemStorage(location=tmp_path / "private")
    options = {"OPTIONS": {"manifest_storage": elsewhere}}
    with override_settings(STORAGES={"staticfiles": BACKEND | options}):
        site.collect()
        assert not (site.root / "staticfiles.json").exists()
        assert (tmp_path / "private/staticfiles.json").exists()
        assert staticfiles_storage.url("js/app.js") != "/static/js/app.js"


# --- --clear


def test_clear_keeps_what_a_retained_release_lists(site: Site) -> None:
    site.collect()
    first = site.manifest()
    (site.root / "foreign.txt").write_bytes(b"foreign")
    (site.root / "js/.clearway-0123.tmp").write_bytes(b"left by a build that was killed")
    site.write({"js/app.js": b"let a = 2;"})
    output = site.collect(clear=True, verbosity=2)
    assert "Deleting 'foreign.txt'" in output
    assert ".clearway/" not in output
    assert not (site.root / "foreign.txt").exists()
    assert not (site.root / "js/.clearway-0123.tmp").exists()
    assert all((site.root / name).exists() for name in (*first.values(), *site.manifest().values(), *FILES))
    assert site.manifest()["js/app.js"] != first["js/app.js"]
    assert complaints(site.root) == []


@pytest.mark.parametrize("options", [{"clear": True}, {}, {"clear": True, "link": True}])
def test_a_reader_finds_every_name_of_the_current_manifest_at_all_times(site: Site, options: dict[str, bool]) -> None:
    site.collect()
    with Reader(site.root) as reader:
        for number in range(4):
            site.write({"js/app.js": b"let a = %d;" % number, "img/x.png": b"%d" % number})
            site.collect(**options)
    assert reader.missed == []
    assert reader.rounds > 4


class Reader(threading.Thread):
    """Reads the manifest and everything it lists, again and again."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root, self.missed, self.rounds, self._done = root, list[str](), 0, threading.Event()

    def run(self) -> None:
        while not self._done.is_set():
            try:
                paths = json.loads((self.root / "staticfiles.json").read_bytes())["paths"]
                self.missed += [name for name in paths.values() if not (self.root / name).is_file()]
            except (OSError, ValueError) as error:
                self.missed.append(repr(error))
            self.rounds += 1

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()


def test_clear_of_a_tree_without_a_release_deletes_everything(site: Site) -> None:
    site.root.mkdir()
    (site.root / "foreign.txt").write_bytes(b"foreign")
    (site.root / "staticfiles.json").write_bytes(b'{"paths": {}, "version": "1.1"}')
    storage = ReleaseStorage()
    for name in ("foreign.txt", "staticfiles.json"):
        storage.delete(name)
    assert list(site.root.iterdir()) == []
    with pytest.raises(ValueError, match="name must be given"):
        storage.delete("")


# --- names and URLs


@pytest.mark.parametrize("force", [False, True])
def test_urls_are_encoded_and_keep_query_and_fragment(site: Site, force: bool) -> None:
    site.collect()
    names = site.manifest()
    odd = names["img/a b#c.png"].replace(" ", "%20").replace("#", "%23")
    table = {
        "js/app.js": names["js/app.js"],
        "js/app.js?v=1#x": names["js/app.js"] + "?v=1#x",
        "js/app.js?#iefix": names["js/app.js"] + "?#iefix",
        "img/a b#c.png": odd,
        "img/a%20b%23c.png": odd,
        "img/": "img/",
    }
    for _ in range(2):
        assert {name: staticfiles_storage.url(name, force=force) for name in table} == {
            name: "/static/" + url for name, url in table.items()
        }
    assert staticfiles_storage.stored_name("js/app.js?v=1") == names["js/app.js"] + "?v=1"


def test_the_template_tag(site: Site) -> None:
    site.collect()
    template = Template("{% load static %}{% static 'js/app.js' %}")
    assert template.render(Context()) == "/static/" + site.manifest()["js/app.js"]


def test_under_debug_names_are_unhashed_unless_forced(site: Site) -> None:
    site.collect()
    with override_settings(DEBUG=True):
        assert staticfiles_storage.url("js/app.js?v=1") == "/static/js/app.js?v=1"
        assert staticfiles_storage.url("img/a b.png") == "/static/img/a%20b.png"
        assert staticfiles_storage.url("js/app.js", force=True) == "/static/" + site.manifest()["js/app.js"]


def test_without_a_record_production_says_what_to_do(site: Site, no_outbox: None) -> None:
    with pytest.raises(ValueError, match=r"Missing staticfiles manifest entry for 'a\.css'; run collectstatic"):
        staticfiles_storage.url("a.css")


def test_without_a_record_tests_get_the_unhashed_name(site: Site, outbox: None) -> None:
    assert staticfiles_storage.url("a.css") == "/static/a.css"


def test_with_a_record_a_missing_name_is_an_error_everywhere(site: Site, outbox: None) -> None:
    site.collect()
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        staticfiles_storage.url("a.css")


def test_a_forgiving_manifest_hashes_the_collected_file(site: Site) -> None:
    site.collect()
    storage = ReleaseStorage()
    storage.manifest_strict = False
    (site.root / "js" / "late.txt").write_bytes(b"late")
    assert storage.url("js/late.txt") == "/static/js/late.f2c67381db28.txt"


@pytest.mark.parametrize("strict", [True, False])
def test_a_file_that_came_after_the_build_keeps_its_name_where_it_is_served(site: Site, strict: bool) -> None:
    site.collect()
    storage = ReleaseStorage()
    storage.manifest_strict = strict
    for name in ("late.txt", "jsi18n/de/a b.js", "CACHE/css/x.css", "js/made/x.js"):
        (site.root / name).parent.mkdir(parents=True, exist_ok=True)
        (site.root / name).write_bytes(b"late")
    assert storage.url("late.txt?v=1") == "/static/late.txt?v=1"
    assert storage.url("jsi18n/de/a b.js") == "/static/jsi18n/de/a%20b.js"
    assert storage.url("CACHE/css/x.css") == "/static/CACHE/css/x.css"
    with override_settings(CLEARWAY={"live": ["js/made/"]}):
        assert storage.url("js/made/x.js") == "/static/js/made/x.js"
    (site.root / "jsi18n/de/a b.js").unlink()
    with pytest.raises(ValueError, match=r"Missing staticfiles manifest entry|could not be found"):
        storage.url("jsi18n/de/a b.js")


@pytest.mark.parametrize(
    "name", ["none.txt", "js/late.txt", "jsi18n", "jsi18n/.hidden", "../secret", "/etc/hostname", "jsi18n/../late.txt"]
)
def test_what_is_not_served_has_no_url(site: Site, name: str) -> None:
    site.collect()
    (site.root.parent / "secret").write_bytes(b"secret")
    for made in ("js/late.txt", "jsi18n/.hidden"):
        (site.root / made).parent.mkdir(exist_ok=True)
        (site.root / made).write_bytes(b"late")
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        ReleaseStorage().url(name)


def test_without_a_static_root_names_are_unhashed(outbox: None) -> None:
    with override_settings(STATIC_ROOT=None):
        assert ReleaseStorage().url("a.css") == "/static/a.css"


@pytest.mark.parametrize("data", [b"", b'{"paths": {"js', b"[]", b'{"version": "9"}', b"\xff\xfe"])
def test_a_damaged_manifest_is_healed(site: Site, data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    site.collect()
    before = site.manifest()
    (site.root / "staticfiles.json").write_bytes(data)
    with caplog.at_level(logging.WARNING):
        assert ReleaseStorage().url("js/app.js") == "/static/" + before["js/app.js"]
    assert "run collectstatic" in caplog.text
    with override_settings(STORAGES={"staticfiles": BACKEND}):
        site.collect()
    assert site.manifest() == before


def test_a_name_of_a_retained_release_resolves_and_the_loaded_one_wins(site: Site) -> None:
    site.collect()
    first = site.manifest()
    (site.sources / "js/app.js").unlink()
    site.write({"img/x.png": b"another"})
    site.collect()
    storage = ReleaseStorage()
    assert "js/app.js" not in storage.hashed_files
    assert storage.url("js/app.js") == "/static/" + first["js/app.js"]
    assert storage.url("img/x.png") == "/static/" + site.manifest()["img/x.png"]


def test_a_worker_of_the_old_release_finds_names_of_the_next_one(site: Site) -> None:
    site.collect()
    worker = ReleaseStorage()
    site.write({"new.txt": b"new"})
    site.collect()
    assert worker.url("new.txt") == "/static/" + site.manifest()["new.txt"]


def test_a_process_can_be_pinned_to_a_release(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.collect()
    first, id_ = site.manifest(), (site.root / ".clearway/current").read_text().strip()
    site.write({"js/app.js": b"let a = 2;"})
    site.collect()
    monkeypatch.setenv("CLEARWAY_RELEASE", id_)
    assert ReleaseStorage().url("js/app.js") == "/static/" + first["js/app.js"]
    monkeypatch.setenv("CLEARWAY_RELEASE", "0" * 16)
    with pytest.raises(UnknownReleaseError, match="CLEARWAY_RELEASE"):
        ReleaseStorage()


# --- what others expect of a storage


def test_it_is_what_others_ask_for(site: Site) -> None:
    storage = ReleaseStorage()
    assert isinstance(storage, HashedFilesMixin)
    assert isinstance(storage, FileSystemStorage)
    for name in ("manifest_name", "manifest_strict", "patterns", "keep_intermediate_files", "max_post_process_passes"):
        assert hasattr(storage, name)


class DeployNames(ReleaseStorage):
    def file_hash(self, name: str, content: Any = None) -> str:
        return "deploy12345"


class PlainNames(ReleaseStorage):
    def file_hash(self, name: str, content: Any = None) -> None:  # type: ignore[override]
        return None


@pytest.mark.parametrize(("storage", "name"), [(DeployNames, "js/app.deploy12345.js"), (PlainNames, "js/app.js")])
def test_a_subclass_can_name_files(site: Site, storage: type[ReleaseStorage], name: str) -> None:
    backend = {"BACKEND": f"{__name__}.{storage.__name__}"}
    with override_settings(STORAGES={"staticfiles": backend}):
        for text in (b"let a = 1;", b"let a = 2;"):
            site.write({"js/app.js": text})
            (site.root / "js/app.js").unlink(missing_ok=True)
            site.collect()
            assert site.manifest()["js/app.js"] == name
            assert (site.root / name).read_bytes() == text


def test_saving_takes_text_and_bytes_and_gives_new_names_to_new_files(site: Site) -> None:
    storage = ReleaseStorage()
    assert storage.save("a.txt", ContentFile("text")) == "a.txt"
    assert storage.save("b/c.txt", ContentFile(b"bytes")) == "b/c.txt"
    assert storage.save("a.txt", ContentFile(b"other")) != "a.txt"
    assert (site.root / "a.txt").read_bytes() == b"text"


def test_options_of_djangos_class(site: Site, tmp_path: Path) -> None:
    storage = ReleaseStorage(
        location=str(tmp_path / "other"),
        base_url="/files/",
        file_permissions_mode=0o600,
        directory_permissions_mode=0o711,
    )
    storage.save("a/b.txt", ContentFile(b""))
    assert (tmp_path / "other/a/b.txt").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "other").stat().st_mode & 0o777 == 0o711
    assert (tmp_path / "other/a").stat().st_mode & 0o777 == 0o711
    with override_settings(DEBUG=True):
        assert storage.url("a/b.txt") == "/files/a/b.txt"


# --- the real admin


def test_the_admin_is_collected_and_every_reference_resolves(tmp_path: Path) -> None:
    finder = "django.contrib.staticfiles.finders.AppDirectoriesFinder"
    with override_settings(
        STATIC_ROOT=str(tmp_path),
        STATICFILES_FINDERS=[finder],
        STORAGES={"staticfiles": BACKEND},
        CLEARWAY={"levels": FAST},
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert complaints(tmp_path) == []
    record = json.loads(next((tmp_path / ".clearway/releases").iterdir()).read_bytes())
    assert record["assets"]["admin/css/base.css"]["source"] == "django.contrib.admin"
    hashed = {row["name"] for row in record["assets"].values()}
    sheets = {name: urls((tmp_path / name).read_text()) for name in hashed if name.endswith(".css")}
    targets = [os.path.normpath(os.path.join(os.path.dirname(name), url)) for name in sheets for url in sheets[name]]
    assert len(targets) > 20
    assert [target for target in targets if target not in hashed] == []


def urls(css: str) -> list[str]:
    """What tinycss2 sees in a style sheet, without what is not a file."""
    import tinycss2

    def walk(tokens: Any) -> Iterator[str]:
        for token in tokens:
            if token.type == "url":
                yield token.value
            elif token.type == "at-rule" and token.lower_at_keyword == "import":
                yield from (each.value for each in token.prelude if each.type in ("string", "url"))
            for part in ("prelude", "content", "arguments"):
                yield from walk(getattr(token, part, None) or ())

    found = set(walk(tinycss2.parse_stylesheet(css)))
    return [url.partition("#")[0].partition("?")[0] for url in found if not url.startswith(("data:", "#"))]


# --- another user


@pytest.mark.system
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root to become another user")
def test_what_root_collects_under_a_strict_umask_another_user_can_read(site: Site, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        site.collect()
    finally:
        os.umask(before)
    for folder in (tmp_path, *tmp_path.parents[:-1]):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)

    def read() -> str:
        found = {path: sha256(path.read_bytes()) for path in site.root.rglob("*") if path.is_file()}
        assert len(found) > 15
        return "\n".join(complaints(site.root))

    assert seen_by(NOBODY, read) == ""


@pytest.mark.system
def test_killed_by_the_kernel_at_random_moments(site: Site, tmp_path: Path) -> None:
    """A first build, killed ever later: what is current is whole each time, and the last run finishes."""
    script = tmp_path / "collect.py"
    script.write_text(SCRIPT.format(sources=str(site.sources), root=str(site.root)))
    site.write({f"many/{number}.txt": b"%d " % number * 200 for number in range(60)})
    for delay in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.DEVNULL) as process:
            try:
                process.wait(delay)
            except subprocess.TimeoutExpired:
                process.kill()
        assert complaints(site.root) == []
    subprocess.run([sys.executable, str(script)], check=True, stdout=subprocess.DEVNULL)
    assert complaints(site.root) == []
    assert len(site.manifest()) == 65


SCRIPT = """
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["clearway", "django.contrib.staticfiles"],
    SECRET_KEY="tests",
    STATIC_URL="/static/",
    STATIC_ROOT={root!r},
    STATICFILES_DIRS=[{sources!r}],
    STORAGES={{"staticfiles": {{"BACKEND": "clearway.storage.ReleaseStorage"}}}},
)
django.setup()
from django.core.management import call_command
call_command("collectstatic", interactive=False)
"""
