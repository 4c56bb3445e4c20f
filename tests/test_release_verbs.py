"""The verbs from the command line: exit codes, formats, streams, and one run at a time."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings
from tests.releases.live_site import serving
from tests.releases.sites import write

from clearway.cli import main
from clearway.stores.directory import Directory
from clearway.stores.lock import exclusive

FILES = {"css/site.css": b"h1{background:url(../logo.svg)}" * 20, "logo.svg": b"<svg/>" * 60}
BACKEND = {"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}}
VERBS = (["releases"], ["rollback"], ["prune"], ["verify"], ["bridge", "old"])


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A STATIC_ROOT with two releases; `assets` beside it is where they come from."""
    options: dict[str, Any] = {
        "STATIC_ROOT": tmp_path / "static",
        "STATICFILES_DIRS": [tmp_path / "assets"],
        "INSTALLED_APPS": ["clearway", "django.contrib.staticfiles"],
        "STORAGES": BACKEND,
        "DEBUG": False,
        "CLEARWAY": {"retain": 1, "retain_days": 0, "levels": {"br": 1, "gzip": 1, "zstd": 1}},
    }
    with override_settings(**options):
        for logo in (FILES["logo.svg"], b"<svg>new</svg>" * 60):
            write(tmp_path / "assets", FILES | {"logo.svg": logo})
            call_command("collectstatic", interactive=False, verbosity=0)
        yield tmp_path / "static"


def run(*words: str) -> int:
    return main(list(words))


def test_text_goes_to_stdout_and_fits(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["releases"], ["rollback", "-n"], ["prune", "-n"], ["rollback"], ["prune"]):
        assert run(*words) == 0
        out, err = capsys.readouterr()
        assert out
        assert not err
        assert "\033" not in out
        assert max(map(len, out.splitlines())) <= 90


def test_json_is_all_there_is(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["releases"], ["rollback", "--dry-run"], ["prune", "--dry-run"], ["verify"]):
        assert run(*words, "--format=json") == 0
        assert json.loads(capsys.readouterr().out)["schema"] == 1


def test_back_and_pruned(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("releases", "--format", "json")
    new, old = (row["id"] for row in json.loads(capsys.readouterr().out)["releases"])
    assert run("rollback") == 0
    assert f"{old} is current" in capsys.readouterr().out
    assert run("prune", "--format=json") == 0
    found = json.loads(capsys.readouterr().out)
    assert ([row["id"] for row in found["releases"]], found["done"]) == ([new], True)
    assert run("verify") == 0
    assert run("rollback") == 2  # nothing is left to go back to
    assert "is the first one" in capsys.readouterr().err


def test_a_difference_is_exit_code_1(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in root.glob("css/site.*.css"):
        path.write_bytes(b"")
    for words in (["verify"], ["verify", "--format=json"], ["rollback"], ["rollback", "--format=json"]):
        assert run(*words) == 1
        assert "css/site." in capsys.readouterr().out


def test_verify_asks_a_site(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(root) as live:
        assert run("verify", "--url", live.url) == 0
        assert "all as recorded" in capsys.readouterr().out
        live.status |= {path.relative_to(root).as_posix(): 500 for path in root.glob("logo.*.svg")}
        assert run("verify", "--url", live.url) == 1
    assert "is answered with 500" in capsys.readouterr().out
    assert run("verify", "--url", live.url) == 2
    assert "does not answer" in capsys.readouterr().err


def test_bridge(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(STATIC_ROOT=tmp_path / "other", STORAGES={**BACKEND}):
        call_command("collectstatic", interactive=False, verbosity=0)
        assert run("bridge", str(root)) == 0
        assert "here already" in capsys.readouterr().out
        assert run("verify") == 0
        capsys.readouterr()
        assert run("bridge", str(tmp_path)) == 2
        assert "has neither" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["rollback"], ["prune"], ["bridge", "."]])
def test_only_one_run_at_a_time(root: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with exclusive(Directory(root / ".clearway")):
        words = [str(root) if word == "." else word for word in words]
        assert run(*words) == 2
        out, err = capsys.readouterr()
        assert not out
        assert "run this again when it is done" in err
        with pytest.raises(CommandError, match="another run"):
            call_command("collectstatic", interactive=False, verbosity=0)
    assert run(*words) in {0, 1}


@pytest.mark.parametrize("words", VERBS)
def test_without_our_storage_or_a_directory(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with override_settings(STATIC_ROOT=tmp_path / "none", STORAGES=BACKEND):
        assert run(*words) == 2
        assert "run collectstatic" in capsys.readouterr().err
    django = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=django):
        assert run(*words) == 2
        assert '"clearway.storage.ReleaseStorage"' in capsys.readouterr().err


def test_colour_only_when_asked_for_without_a_terminal(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("releases", "--force-color")
    assert "\033[1m" in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for name, words, coloured in (("", [], True), ("1", [], False), ("", ["--no-color"], False)):
        monkeypatch.setenv("NO_COLOR", name)
        monkeypatch.setenv("TERM", "xterm")
        run("releases", *words)
        assert ("\033" in capsys.readouterr().out) is coloured


def test_the_console_script_finds_manage_py(root: Path, tmp_path: Path) -> None:
    text = f"STATIC_URL = '/static/'\nSTATIC_ROOT = {str(root)!r}\nSTORAGES = {BACKEND!r}\nSECRET_KEY = 'x'\n"
    (tmp_path / "found_settings.py").write_text(text)
    (tmp_path / "manage.py").write_text('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "found_settings")')
    script = Path(sys.executable).with_name("clearway")
    done = subprocess.run([script, "verify", "-v2"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, f"clearway: settings: found_settings, named by {tmp_path}/manage.py\n")
    assert "all as recorded" in done.stdout
    done = subprocess.run(
        [script, "releases", "--settings=nowhere"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_call_command_says_when_it_was_not_clean(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("clearway", "verify")
    (root / "staticfiles.json").unlink()
    with pytest.raises(CommandError) as raised:
        call_command("clearway", "verify")
    assert raised.value.returncode == 1
