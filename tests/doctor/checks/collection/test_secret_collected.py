"""CW240: private files among the static files."""

from pathlib import Path

import pytest
from tests.doctor.fake_facts import Fake, collected, found, settings_of

from clearway.doctor.checks.collection import secret_collected
from clearway.doctor.facts import Sources
from clearway.doctor.finding import Level
from clearway.doctor.registry import check_of
from clearway.doctor.report import Status
from clearway.doctor.run import run

KEY = "-----BEGIN " + "RSA PRIVATE KEY-----\n"
DATABASE = "SQLite format 3\0 … CREATE TABLE django_migrations"
PRIVATE = [
    (".env", "A=1"),
    (".env.production", "A=1"),
    ("conf/prod.env", "A=1"),
    (".htpasswd", "anna:x"),
    ("id_ed25519", KEY),
    ("tls/site.key", KEY),
    ("db.sqlite3", DATABASE),
    ("shop/settings.py", 'DEBUG = False\nSECRET_KEY = "x"\n'),
    ("config/production.py", "DATABASES = {}\n"),
    (".git/HEAD", "ref: refs/heads/main\n"),
    ("backup.sql", "INSERT INTO auth_user VALUES (1);\n"),
]
HARMLESS = [
    (".env.example", "A="),
    ("env.js", "window.env = {}"),
    ("empty.env", ""),
    ("ca.pem", "-----BEGIN CERTIFICATE-----\n"),
    ("tutorial.key", "what a key is"),
    ("world.sqlite3", "SQLite format 3\0 … CREATE TABLE countries"),
    ("brython/hello.py", "print('hello')\n"),
    ("lesson.sql", "SELECT 1;\n"),
    ("gitignore/HEAD", "ref"),
]


def written(root: Path, name: str, text: str) -> dict[str, str]:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return {name: str(path)}


@pytest.mark.parametrize(("name", "text"), PRIVATE)
def test_what_was_collected_is_public(tmp_path: Path, name: str, text: str) -> None:
    written(tmp_path, name, text)
    (finding,) = found("CW240", Fake(settings=settings_of(), collected=collected(tmp_path, [name])))
    assert finding.level == Level.ERROR
    assert "lies in STATIC_ROOT" in finding.message
    assert str(tmp_path) in finding.evidence[0]


@pytest.mark.parametrize(("name", "text"), PRIVATE)
def test_what_would_be_collected_is_warned_of(tmp_path: Path, name: str, text: str) -> None:
    sources = Sources(written(tmp_path, name, text), [str(tmp_path)])
    (finding,) = found("CW240", Fake(settings=settings_of(), sources=sources))
    assert finding.level == Level.WARNING
    assert "would be collected" in finding.message


def test_a_repository_is_one_finding_with_one_row(tmp_path: Path) -> None:
    for name in (".git/HEAD", ".git/config", ".git/objects/aa/bb"):
        written(tmp_path, name, "x")
    kept = collected(tmp_path, [".git/HEAD", ".git/config", ".git/objects/aa/bb"])
    (finding,) = found("CW240", Fake(settings=settings_of(), collected=kept))
    assert finding.evidence == (f"{tmp_path}/.git is the history of the project",)


@pytest.mark.parametrize(("name", "text"), HARMLESS)
def test_what_only_looks_private_is_fine(tmp_path: Path, name: str, text: str) -> None:
    files = written(tmp_path, name, text)
    given = Fake(settings=settings_of(), collected=collected(tmp_path, [name]), sources=Sources(files, []))
    assert found("CW240", given) == []


def test_files_of_packages_are_their_authors_business(tmp_path: Path) -> None:
    files = written(tmp_path / "lib" / "site-packages", "x/static/settings.py", "SECRET_KEY = 1\n")
    assert found("CW240", Fake(settings=settings_of(), sources=Sources(files, []))) == []


@pytest.mark.parametrize("setting", ["WHITENOISE_ROOT", "SERVESTATIC_ROOT"])
def test_what_is_answered_at_the_root_of_the_site_is_public(tmp_path: Path, setting: str) -> None:
    written(tmp_path, "shop/settings.py", "SECRET_KEY = 1\n")
    (finding,) = found("CW240", Fake(settings=settings_of(**{setting: str(tmp_path)})))
    assert finding.message == f"shop/settings.py lies in {setting}, where everything is public"


def test_roots_of_clearway_are_looked_at_too(tmp_path: Path) -> None:
    written(tmp_path, "db.sqlite3", DATABASE)
    assert len(found("CW240", Fake(settings=settings_of(CLEARWAY={"root": [tmp_path]})))) == 1


def test_a_root_with_files_of_the_site_is_fine(tmp_path: Path) -> None:
    written(tmp_path, "robots.txt", "User-agent: *")
    settings = settings_of(WHITENOISE_ROOT=tmp_path, CLEARWAY={"root": [tmp_path / "none"]})
    assert found("CW240", Fake(settings=settings)) == []


def test_clearway_answers_with_no_name_that_begins_with_a_dot(tmp_path: Path) -> None:
    written(tmp_path, ".env", "A=1")
    written(tmp_path, ".git/HEAD", "ref")
    assert found("CW240", Fake(settings=settings_of(CLEARWAY={"root": [tmp_path]}))) == []
    assert len(found("CW240", Fake(settings=settings_of(WHITENOISE_ROOT=tmp_path)))) == 1


def test_a_directory_of_too_many_files_is_no_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_collected, "_MOST", 2)
    for name in ("a.txt", "b.txt", "c/d.txt"):
        written(tmp_path, name, "")
    report = run([check_of("CW240")], Fake(settings=settings_of(WHITENOISE_ROOT=str(tmp_path))))
    (checked,) = report.checks
    assert (checked.status, checked.reason) == (
        Status.SKIPPED,
        "only the first 2 files of WHITENOISE_ROOT were looked at",
    )
