"""`clearway build`: a release of a directory, without settings."""

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.core.management import call_command
from django.test import override_settings
from tests.build.trees import complaints, contents, identities
from tests.helpers.released import write

from clearway.build.cache import Cache
from clearway.cli import main
from clearway.stores.directory import Directory
from clearway.stores.lock import exclusive

FILES = {
    "css/site.css": b'@import "base.css"; h1{background:url(/static/img/logo.svg?v=2#top)}' + b" " * 400,
    "css/base.css": b"a{color:teal}" * 40,
    "img/logo.svg": b"<svg/>" * 60,
    "js/app.js": b'import "./lib.js";' + b"let a = 1;" * 40,
    "js/lib.js": b"export const b = 2;" * 40,
    "font.woff2": bytes(range(256)) * 4,
}
REPOSITORY = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is typed: `static` has sources."""
    write(tmp_path / "static", FILES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def build(*words: str, source: str = "static", out: str = "public") -> int:
    return main(["build", source, "--out", out, "--levels", "fast", *words])


def found(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return data


# --- a release


def test_a_directory_becomes_a_release(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build() == 0
    out, errors = capsys.readouterr()
    assert "is current in public: 6 new." in out
    assert errors == ""
    names = json.loads((folder / "public/staticfiles.json").read_bytes())["paths"]
    assert sorted(names) == sorted(FILES)
    css = (folder / "public" / names["css/site.css"]).read_bytes()
    logo, base = names["img/logo.svg"], Path(names["css/base.css"]).name
    assert css.startswith(f'@import "{base}"; h1{{background:url(/static/{logo}?v=2#top)}}'.encode())
    assert (folder / "public/css/site.css").read_bytes() == FILES["css/site.css"]
    assert brotli.decompress((folder / f"public/{names['css/site.css']}.br").read_bytes()) == css
    assert complaints(folder / "public") == []
    assert contents(folder / "static") == FILES


def test_the_same_as_collectstatic_makes(folder: Path) -> None:
    write(folder / "static", {"vendor/a~": b"left out", ".env": b"left out", "CVS/Root": b"left out", "x/.y/z": b"out"})
    options: dict[str, Any] = {
        "STATIC_ROOT": folder / "collected",
        "STATICFILES_DIRS": [folder / "static"],
        "INSTALLED_APPS": ["clearway", "django.contrib.staticfiles"],
        "STORAGES": {"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}},
        "DEBUG": False,
        "CLEARWAY": {"levels": "fast", "encodings": ["br", "gzip"], "skip": ["js/*"]},
    }
    with override_settings(**options):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert build("--encodings", "br,gzip", "--skip", "js/*") == 0
    collected, built = contents(folder / "collected"), contents(folder / "public")
    collected.pop(".clearway/history.json"), built.pop(".clearway/history.json")
    assert built == collected


@pytest.mark.parametrize("unhashed", [[], ["--no-unhashed"]])
def test_nothing_to_change_writes_nothing(
    folder: Path, unhashed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    build(*unhashed)
    before = identities(folder / "public")
    capsys.readouterr()
    assert build(*unhashed) == 0
    assert "6 unchanged" in capsys.readouterr().out
    assert identities(folder / "public") == before


def test_a_change_keeps_the_files_of_the_release_before(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    before = {name: data for name, data in contents(folder / "public").items() if name.startswith("css/")}
    write(folder / "static", {"css/base.css": b"b{}" * 60})
    capsys.readouterr()
    assert build("--format", "json") == 0
    data = found(capsys)
    assert data["changes"] == {"new": [], "changed": ["css/base.css", "css/site.css"], "removed": []}
    plain = {"css/base.css", "css/site.css"}
    after = contents(folder / "public")
    assert {name: data for name, data in after.items() if name in before and name not in plain} == {
        name: data for name, data in before.items() if name not in plain
    }
    assert complaints(folder / "public") == []


def test_a_damaged_file_is_healed(folder: Path) -> None:
    build()
    whole = contents(folder / "public")
    for name in whole:
        if not name.startswith(".clearway/"):
            (folder / "public" / name).write_bytes(b"damaged")
    assert build() == 0
    assert contents(folder / "public") == whole


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("/assets/", "/assets/"),
        ("assets", "/assets/"),
        ("/", "/"),
        ("https://cdn.example/s", "https://cdn.example/s/"),
        ("//cdn.example/s/", "//cdn.example/s/"),
    ],
)
def test_references_begin_with_the_url(given: str, url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = "/" if url == "/" else f"/{url.rstrip('/').rpartition('/')[2]}/"
    (folder / "static/css/site.css").write_text(f"a{{b:url({path}img/logo.svg)}}")
    assert build("--url", given) == 0
    record = json.loads(next((folder / "public/.clearway/releases").iterdir()).read_bytes())
    assert record["static_url"] == url
    assert record["assets"]["css/site.css"]["references"] == ["img/logo.svg"]


# --- the plan and what is wrong


def test_a_dry_run_is_the_plan(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build("--dry-run", "--format=json") == 0
    plan = found(capsys)
    assert not (folder / "public").exists()
    assert build("--format=json") == 0
    done = found(capsys)
    assert (plan["schema"], plan["dry_run"], done["dry_run"]) == (1, True, False)
    assert all(plan[key] == done[key] for key in ("release", "changes", "problems", "warnings", "guard"))
    assert done["size"]["files"] == len(FILES)


def test_all_problems_are_told_with_file_and_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    before = identities(folder / "public")
    capsys.readouterr()
    write(
        folder / "static", {"css/bad.css": b"a{}\nb{c:url(../img/logo.sgv)}", "js/x.js": b"1;\n//# sourceMappingURL=m"}
    )
    for words in ([], ["--dry-run"]):
        assert build(*words) == 1
        out, errors = capsys.readouterr()
        assert "css/bad.css:2: '../img/logo.sgv'" in out
        assert "did you mean img/logo.svg?" in out
        assert "js/x.js:2: 'm'" in out
        assert "--problems CW202=ignore" in " ".join(out.split())
        assert "CLEARWAY[" not in out
        assert "2 problems stop the build; no release was made." in out
        assert errors == ""
    assert build("--format=json") == 1
    data = found(capsys)
    assert (data["ok"], data["release"]) == (False, None)
    assert [(each["id"], each["file"], each["line"]) for each in data["problems"]] == [
        ("CW201", "css/bad.css", 2),
        ("CW202", "js/x.js", 2),
    ]
    assert identities(folder / "public") == before


def test_rules_change_what_a_problem_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "static", {"css/bad.css": b"b{c:url(none.png)}", "js/x.js": b"1;\n//# sourceMappingURL=m"})
    assert build("--problems", "CW201:css/*=warn", "--problems", "CW202=ignore") == 0
    out = capsys.readouterr().out
    assert out.index("warning CW201") < out.index("is current")
    assert "CW202" not in out


def test_the_guard_looks_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "static", {"prod.env": b"KEY=1", "a.scss": b"a{}"})
    assert build() == 1
    out = capsys.readouterr().out
    assert "CW211" in out
    assert "CW215" in out
    assert build("--ignore", "*.env", "-i", "*.scss") == 0


def test_third_party_code_may_lack_its_source_maps(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "static", {"node_modules/p/x.js": b"1;\n//# sourceMappingURL=m"})
    assert build() == 0
    assert "warning CW202" in capsys.readouterr().out


def test_the_output_of_a_bundler_is_passed_through(folder: Path) -> None:
    row = {"src/main.js": {"file": "assets/main-CtDQJC9S.js", "src": "src/main.js", "isEntry": True}}
    bundle = {".vite/manifest.json": json.dumps(row).encode(), "assets/main-CtDQJC9S.js": b"let a;" * 60}
    write(folder / "static/app", bundle)
    assert build() == 0
    made = contents(folder / "public/app")
    assert {name: made[name] for name in bundle} == bundle
    assert "assets/main-CtDQJC9S.js.br" in made


def test_minified_on_request(folder: Path) -> None:
    write(folder / "static", {"css/base.css": b"a  {  color : teal ; }\n" * 40})
    assert build("--minify") == 0
    names = json.loads((folder / "public/staticfiles.json").read_bytes())["paths"]
    assert b"  " not in (folder / "public" / names["css/base.css"]).read_bytes()


# --- the directories


@pytest.mark.parametrize(
    ("source", "out", "says"),
    [
        ("nowhere", "public", "nowhere is not there"),
        ("static/font.woff2", "public", "is a file; give a directory of sources"),
        ("static", "static/font.woff2", "is a file; give --out a directory"),
        ("static", "static/font.woff2/x", "stopped: Not a directory"),
        ("static", "static", "clearway compress static"),
        ("static", "./static/../static/", "clearway compress"),
        ("static", ".", "static lies inside of ."),
        ("empty", "public", "there is no file in empty"),
    ],
)
def test_what_cannot_be_built(
    source: str, out: str, says: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "empty").mkdir()
    before = contents(folder)
    assert build(source=source, out=out) == 2
    shown, errors = capsys.readouterr()
    assert shown == ""
    assert says in errors
    assert "Traceback" not in errors
    assert contents(folder) == before


def test_a_built_directory_is_no_source(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    before = contents(folder)
    assert build(source="public", out="static") == 2
    assert "public is what a build has made" in capsys.readouterr().err
    assert contents(folder) == before


def test_an_out_below_the_sources_is_no_source_of_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["--no-default-ignore"]):
        assert build(*words, out="static/public") == 0
        assert build(*words, out="static/public") == 0
        assert "6 unchanged" in capsys.readouterr().out
        assert {name for name in contents(folder / "static") if not name.startswith("public/")} == set(FILES)


def test_files_of_somebody_stay(folder: Path) -> None:
    theirs = {"index.html": b"theirs", "css/other.css": b"theirs", "font.woff2": FILES["font.woff2"]}
    write(folder / "public", theirs)
    assert build() == 0
    assert {name: data for name, data in contents(folder / "public").items() if name in theirs} == theirs


@pytest.mark.parametrize("name", ["css/site.css", "staticfiles.json"])
def test_files_of_somebody_are_not_written_over(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "public", {name: b"theirs"})
    for words in ([], ["-n"]):
        assert build(*words) == 2
        assert f"under names that would be written:\n  {name}\n" in capsys.readouterr().err
        assert contents(folder / "public") == {name: b"theirs"}


def test_a_directory_of_another_storage_is_taken_over(folder: Path) -> None:
    name = "css/base.0123456789ab.css"
    manifest = {"paths": {"css/base.css": name}, "version": "1.1"}
    write(folder / "public", {"css/base.css": b"old", name: b"old", "staticfiles.json": json.dumps(manifest).encode()})
    assert build() == 0
    assert (folder / "public/css/base.css").read_bytes() == FILES["css/base.css"]
    assert (folder / "public" / name).read_bytes() == b"old"
    assert len(list((folder / "public/.clearway/releases").iterdir())) == 2


def test_a_directory_that_cannot_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    current = (folder / "public/.clearway/current").read_bytes()
    write(folder / "static", {"css/base.css": b"b{}" * 60})
    capsys.readouterr()

    def full(*words: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert build() == 2
    assert "the build into public stopped: No space left on device" in capsys.readouterr().err
    assert (folder / "public/.clearway/current").read_bytes() == current
    assert complaints(folder / "public") == []
    assert build() == 0
    assert complaints(folder / "public") == []


def test_one_build_at_a_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    write(folder / "static", {"css/base.css": b"b{}" * 60})
    before = identities(folder / "public")
    with exclusive(Directory(folder / "public/.clearway")):
        assert build() == 2
    assert "another run" in capsys.readouterr().err
    assert identities(folder / "public") == before


# --- the command line


@pytest.mark.parametrize(
    "words",
    [
        ["--encodings", "deflate"],
        ["--levels", "best"],
        ["--levels", "br=99"],
        ["--levels", "br=fast"],
        ["--problems", "CW202"],
        ["--problems", "CW202=loud"],
        ["--problems", "CW999=warn"],
        ["--url", "ftp://x/"],
        ["--url", ""],
        ["--url", "/static/?a"],
    ],
)
def test_wrong_arguments_are_usage_errors(words: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        build(*words)
    assert raised.value.code == 2
    assert f"argument {words[0]}: " in capsys.readouterr().err
    assert not (folder / "public").exists()


def test_verbosity(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build("-v0") == 0
    assert capsys.readouterr() == ("", "")
    assert build("-v2") == 0
    assert "gzip" in capsys.readouterr().out
    assert main(["compress", "static", "-v0"]) == 0
    assert capsys.readouterr() == ("", "")


def test_progress_on_a_terminal_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert build() == 0
    out, errors = capsys.readouterr()
    assert "Building the release: 6 files …" in errors
    assert errors.rpartition("\r")[2] == ""
    assert "…" not in out


def test_interrupted(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(self: Cache, key: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Cache, "get", interrupt)
    assert build() == 130
    assert capsys.readouterr() == ("", "clearway: interrupted; what was current still is\n")


@pytest.mark.skipif(os.name != "posix", reason="only on systems with SIGPIPE")
def test_a_reader_that_has_seen_enough(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code = "import sys; from clearway.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "build", "static", "--out", "public", "-n"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


SCRIPT = """
import sys
from clearway.cli import main
code = main(sys.argv[1:])
from django.conf import settings
assert not settings.configured
sys.exit(code)
"""


@pytest.mark.parametrize("settings", [None, "broken.settings"])
def test_no_settings_are_read(settings: str | None, folder: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environ |= {"DJANGO_SETTINGS_MODULE": settings} if settings else {}
    (folder / "manage.py").write_text('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broken.settings")')
    for words in (
        ["build", "static", "--out", "public", "--minify"],
        ["releases", "--root", "public"],
        ["verify", "--root=public"],
        ["prune", "--root=public"],
        ["compress", "static"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, *words], env=environ, capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, ""), words


# --- releases of a directory


def test_releases_of_a_directory(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    plain = (folder / "public/css/base.css").read_bytes()
    write(folder / "static", {"css/base.css": b"b{}" * 60})
    build()
    capsys.readouterr()
    assert main(["releases", "--root", "public", "--retain", "1", "--retain-days", "0"]) == 0
    assert "`clearway prune --root public` removes it" in capsys.readouterr().out
    assert main(["verify", "--root", "public"]) == 0
    assert main(["rollback", "--root", "public"]) == 0
    assert (folder / "public/css/base.css").read_bytes() == plain
    assert main(["verify", "--root", "public"]) == 0
    assert main(["bridge", str(folder / "public"), "--root", "public", "-n"]) == 0
    assert main(["prune", "--root", "public", "--retain=1", "--retain-days=0"]) == 0
    assert "prune 1 release" in capsys.readouterr().out
    assert complaints(folder / "public") == []
    next((folder / "public/css").glob("base.*.css")).write_bytes(b"damaged")
    assert main(["verify", "--root", "public"]) == 1
    assert "clearway build, run from" in capsys.readouterr().out


def test_old_releases_are_mentioned(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = time.time()
    for number in range(7):
        monkeypatch.setattr("clearway.directory_build.time", lambda number=number: now - (7 - number) * 40 * 86_400)
        write(folder / "static", {"css/base.css": b"b{}" * (60 + number)})
        assert build() == 0
    assert "past retention; to remove what only old releases list: clearway prune --root public\n" in (
        capsys.readouterr().out
    )
    monkeypatch.setattr("clearway.directory_build.time", lambda: now)
    assert build("--retain", "2", "--retain-days", "90") == 0
    told = "4 releases are past retention; to remove what only old releases list: "
    assert f"{told}clearway prune --root public --retain 2 --retain-days 90\n" in capsys.readouterr().out
    for enough in (("--retain", "7"), ("--retain-days", "999")):
        assert build(*enough) == 0
        assert "past retention" not in capsys.readouterr().out


@pytest.mark.parametrize("verb", [["releases"], ["rollback"], ["prune"], ["verify"], ["bridge", "static"]])
def test_a_directory_without_releases(verb: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*verb, "--root", "static"]) == 2
    assert "clearway build DIR --out static" in capsys.readouterr().err
    assert contents(folder / "static") == FILES
