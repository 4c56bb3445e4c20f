"""What `--fix` does to broken projects: the cause is gone, a second time changes nothing, the settings still load."""

import hashlib
import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.corpus import CORPUS, Examined, examine
from tests.doctor.forks import Forks

# One case or more for each kind of fix, of each web server; all others of the corpus are of these kinds too.
SAFE = (
    *("apache-closed-directory", "caddy-closed-file", "nginx-closed-directory-try-files"),
    *("caddy-proxy-takes-all", "caddy-wrong-directory"),
    *("case-in-css", "case-in-template", "case-in-written-url", "case-with-manifest"),
    *(
        "collect-before-new-file",
        "collect-never-ran",
        "finders-dirs-string",
        "link-directory",
        "link-to-old-environment",
    ),
    *("manifest-collected-plain", "manifest-half-written", "manifest-hashed-name", "manifest-without-files"),
    *("nginx-alias-traversed", "nginx-host-lost-in-location", "nginx-regex-steals-css", "nginx-root-instead-of-alias"),
    *("settings-host-with-scheme", "settings-url-without-end", "uploads-directory-decimal"),
)
UNSAFE = (
    *("finders-project-static", "settings-proxy-header-dashes", "settings-redirect-on-fly"),
    *("settings-relative-static-root", "settings-script-name-absolute", "settings-url-with-dots"),
    *("stale-gzip", "stale-older-date", "uploads-permissions-none", "uploads-umask"),
)

HEALTHY = ("apache-plain", "caddy-plain", "clearway-releases", "clearway-rolled-back", "nginx-beside-a-blog")


@pytest.mark.parametrize("name", SAFE)
def test_what_is_safe_is_cured(name: str, place: Path, forks: Forks) -> None:
    cured(name, "safe", "--fix", place / "site", forks)


@pytest.mark.parametrize("name", UNSAFE)
def test_what_is_not_is_cured_when_that_is_asked_for(name: str, place: Path, forks: Forks) -> None:
    cured(name, "unsafe", "--unsafe-fixes", place / "site", forks)


@pytest.mark.parametrize("name", UNSAFE[:3])
def test_what_is_not_safe_is_left_where_only_that_is_asked_for(name: str, place: Path, forks: Forks) -> None:
    root = place / "site"
    found = examine(CORPUS / "broken" / f"{name}.toml", root, forks)
    before = state(root)
    (told,) = [each for each in mended("--fix", found, root, forks)["fixes"] if each["id"] == found.findings[0]["id"]]
    assert (told["status"], "--unsafe-fixes" in told["reason"]) == ("skipped", True)
    assert state(root) == before


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_project_is_left_alone(name: str, place: Path, forks: Forks) -> None:
    root = place / "site"
    found = examine(CORPUS / "healthy" / f"{name}.toml", root, forks)
    before = state(root)
    assert mended("--unsafe-fixes", found, root, forks)["fixes"] == []
    assert state(root) == before


def cured(name: str, safety: str, option: str, root: Path, forks: Forks) -> None:
    found = examine(CORPUS / "broken" / f"{name}.toml", root, forks)
    first = found.findings[0]
    assert first["fix"]["safety"] == safety
    fixes = mended(option, found, root, forks)["fixes"]
    told = next(each for each in fixes if each["id"] == first["id"])
    assert told["status"] == "applied", told["reason"]
    installed(told["commands"])
    before = state(root)
    again = mended(option, found, root, forks)
    assert [each for each in again["fixes"] if each["status"] != "skipped"] == []
    assert (first["id"], first["message"]) not in {(each["id"], each["message"]) for each in again["findings"]}
    assert state(root) == before
    assert forks.run(["manage.py", "diffsettings"], root, found.case.get("environ", {})).code == 0


def mended(option: str, found: Examined, root: Path, forks: Forks) -> dict[str, Any]:
    words = ["clearway", "doctor", option, "--format", "json", *found.case.get("arguments", ())]
    done = forks.run(words, root, found.case.get("environ", {}))
    assert done.out, done.err
    report: dict[str, Any] = json.loads(done.out)
    return report


def installed(commands: list[str]) -> None:
    """As whoever reads them does it."""
    for words in map(shlex.split, commands):
        if words[0] == "cp":
            shutil.copyfile(words[1], words[2])


def state(root: Path) -> dict[str, tuple[int, str]]:
    """Mode and content of every file."""
    files = [path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {str(path): (path.stat().st_mode, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files}
