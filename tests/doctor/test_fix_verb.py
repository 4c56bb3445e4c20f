"""`clearway doctor --fix` from the command line: what it asks, says, does and leaves, in processes of their own."""

import hashlib
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.corpus import BASE
from tests.doctor.forks import Done, Forks

WHITENOISE = 'MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")\n'
PAGE = "{% load static %}\n<img src=\"{% static 'catalogue/css/Site.css' %}\">\n"
COMMAND = [sys.executable, "-c", "from clearway.cli import main; raise SystemExit(main())", "doctor"]


@pytest.fixture
def shop(tmp_path: Path, forks: Forks) -> Path:
    """A project with one name in wrong letters, that is collected."""
    root = tmp_path / "shop"
    shutil.copytree(BASE, root, ignore=shutil.ignore_patterns("__pycache__"))
    with (root / "shop" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write(WHITENOISE)
    page(root).write_text(PAGE)
    assert forks.run(["manage.py", "collectstatic", "--noinput", "-v0"], root).code == 0
    return root


def page(root: Path) -> Path:
    return root / "catalogue" / "templates" / "catalogue" / "extra.html"


def doctor(forks: Forks, root: Path, *words: str) -> Done:
    return forks.run(["clearway", "doctor", *words], root)


def fixes(done: Done) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.out)["fixes"]
    return found


def state(root: Path) -> dict[str, tuple[int, int, str]]:
    """Mode, time and content of every file."""
    files = [path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {
        str(path): (path.stat().st_mode, path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in files
    }


def test_without_fix_nothing_is_changed_and_nothing_is_said_of_it(shop: Path, forks: Forks) -> None:
    before = state(shop)
    done = doctor(forks, shop, "--format", "json")
    assert "fixes" not in json.loads(done.out)
    assert state(shop) == before


@pytest.mark.parametrize("words", [["--diff"], ["--fix", "--diff"], ["--unsafe-fixes", "--dry-run"], ["--fix", "-n"]])
def test_the_diff_alone_changes_nothing(shop: Path, forks: Forks, words: list[str]) -> None:
    before = state(shop)
    done = doctor(forks, shop, *words)
    assert "+<img src=\"{% static 'catalogue/css/site.css' %}\">" in done.out
    assert (done.code, done.out.splitlines()[-1]) == (1, "nothing was changed")
    assert state(shop) == before
    (shown,) = fixes(doctor(forks, shop, *words, "--format", "json"))
    assert (shown["id"], shown["status"], shown["files"]) == ("CW236", "shown", [str(page(shop))])


def test_it_is_shown_done_and_looked_at_again(shop: Path, forks: Forks) -> None:
    done = doctor(forks, shop, "--fix")
    assert done.code == 0
    assert page(shop).read_text() == PAGE.replace("Site", "site")
    shown, ended, last = (done.out.index(each) for each in ("+<img", "done      CW236", "clearway: nothing is wrong"))
    assert shown < ended < last
    assert max(map(len, done.out.splitlines())) <= 80


def test_a_second_time_changes_nothing_and_says_so(shop: Path, forks: Forks) -> None:
    doctor(forks, shop, "--fix")
    before = state(shop)
    done = doctor(forks, shop, "--fix")
    assert done.out.startswith("nothing was changed: nothing is left that could be mended by itself\n")
    assert (done.code, state(shop)) == (0, before)
    assert fixes(doctor(forks, shop, "--fix", "--format", "json")) == []


def test_json_has_what_became_of_each_and_nothing_else_is_on_stdout(shop: Path, forks: Forks) -> None:
    done = doctor(forks, shop, "--fix", "--format", "json")
    assert json.loads(done.out)["schema"] == 1
    assert json.loads(done.out)["findings"] == []
    backup = f"{page(shop)}.clearway-backup"
    ended = {"reason": "", "files": [str(page(shop))], "backups": [backup], "commands": []}
    assert fixes(done) == [{"id": "CW236", "status": "applied", **ended}]
    assert Path(backup).read_text() == PAGE
    assert "+<img" in done.err


@pytest.mark.parametrize("kind", ["sarif", "github"])
def test_other_formats_are_those_of_the_second_look(shop: Path, forks: Forks, kind: str) -> None:
    done = doctor(forks, shop, "--fix", "--format", kind)
    assert done.code == 0
    assert "CW236" not in done.out or kind == "sarif"
    assert kind != "sarif" or json.loads(done.out)["runs"][0]["results"] == []


def test_what_is_hidden_by_a_cause_is_mended_in_its_turn(shop: Path, forks: Forks) -> None:
    settings = shop / "shop" / "settings.py"
    settings.write_text(settings.read_text() + 'STATIC_URL = "/static"\n')
    shutil.rmtree(shop / "staticfiles")
    done = doctor(forks, shop, "--fix", "--format", "json")
    ended = [(each["id"], each["status"]) for each in fixes(done)]
    assert ended[0] == ("CW112", "applied")
    assert ("CW230", "applied") in ended
    assert json.loads(done.out)["findings"] == []


def test_a_project_without_static_root_gets_one_and_its_files(shop: Path, forks: Forks) -> None:
    settings = shop / "shop" / "settings.py"
    old = settings.read_text()
    settings.write_text(old.replace('STATIC_ROOT = BASE_DIR / "staticfiles"\n', ""))
    shutil.rmtree(shop / "staticfiles")
    done = doctor(forks, shop, "--fix", "--format", "json")
    first = fixes(done)[0]
    assert (first["id"], first["status"]) == ("CW104", "applied"), first["reason"]
    assert settings.read_text().count('\nSTATIC_ROOT = BASE_DIR / "staticfiles"\n') == 1
    assert (shop / "staticfiles" / "catalogue" / "css" / "site.css").is_file()
    assert json.loads(done.out)["findings"] == []


def test_the_exit_code_is_that_of_the_second_look(shop: Path, forks: Forks) -> None:
    (shop / "catalogue" / "static" / "catalogue" / ".env").write_text("SECRET_KEY = 'x'\n")
    (shop / "staticfiles" / "settings.py").write_text("SECRET_KEY = 'x'\n")
    done = doctor(forks, shop, "--fix", "--format", "json")
    assert done.code == 1
    assert {each["status"] for each in fixes(done)} == {"applied", "skipped"}
    assert [each["id"] for each in json.loads(done.out)["findings"]] != []


def test_a_project_that_prints_does_not_disturb(shop: Path, forks: Forks) -> None:
    settings = shop / "shop" / "settings.py"
    settings.write_text(settings.read_text() + 'import sys\nprint("loaded", file=sys.stderr)\n')
    assert fixes(doctor(forks, shop, "--fix", "--format", "json"))[0]["status"] == "applied"


def test_manage_py_does_the_same(shop: Path, forks: Forks) -> None:
    settings = shop / "shop" / "settings.py"
    settings.write_text(settings.read_text() + 'INSTALLED_APPS.insert(0, "clearway")\n')
    done = forks.run(["manage.py", "clearway", "doctor", "--fix", "--only", "CW236"], shop)
    assert "done      CW236" in done.out, done.err
    assert page(shop).read_text() == PAGE.replace("Site", "site")


# --- at a terminal


@pytest.mark.parametrize(
    ("typed", "words", "is_changed"),
    [("y\n", [], True), ("yes\n", [], True), ("\n", [], False), ("n\n", [], False), ("", ["--no-input"], True)],
)
def test_at_a_terminal_it_asks(shop: Path, typed: str, words: list[str], is_changed: bool) -> None:
    ours, theirs = pty.openpty()
    try:
        os.write(ours, typed.encode())
        done = subprocess.run(
            [*COMMAND, "--fix", *words], cwd=shop, stdin=theirs, capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert ("Apply 1 change? [y/N]" in done.stderr) is not bool(words)
    assert (page(shop).read_text() != PAGE) is is_changed
    assert ("nothing was changed" in done.stdout) is not is_changed
    assert done.returncode == (0 if is_changed else 1)


# --- interrupted


KILLED = """
import os, signal, sys
from clearway.cli import main

left = int(sys.argv.pop(1))
root = os.getcwd()

def count(event, given):
    global left
    changes = event in ("os.rename", "os.link", "os.remove", "os.chmod") or (event == "open" and given[2] & os.O_CREAT)
    if changes and str(given[0]).startswith(root):
        left -= 1
        if left < 0:
            signal.raise_signal(getattr(signal, os.environ["BY"]))

signal.signal(signal.SIGINT, signal.default_int_handler)  # who started the tests may ignore it
sys.addaudithook(count)
raise SystemExit(main())
"""


@pytest.mark.parametrize("by", ["SIGKILL", "SIGINT"])
def test_whoever_stops_it_finds_every_file_whole(shop: Path, by: str) -> None:
    """Before each change of the disk; a run that is not stopped ends the job."""
    right = PAGE.replace("Site", "site")
    for moment in range(20):
        words = [sys.executable, "-c", KILLED, str(moment), "doctor", "--fix", "--only", "CW236"]
        done = subprocess.run(
            words, cwd=shop, env={**os.environ, "BY": by}, capture_output=True, timeout=60, check=False
        )
        assert page(shop).read_text() in (PAGE, right)
        for kept in page(shop).parent.glob("*.clearway-backup*"):
            assert kept.read_text() == PAGE
        if done.returncode not in (-signal.SIGKILL, 130):
            break
        if page(shop).read_text() == right:
            page(shop).write_text(PAGE)
    assert moment > 4
    assert page(shop).read_text() == right
