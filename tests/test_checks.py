"""The system checks: each one fires where it must and is silent where it must."""

import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.checks import CheckMessage, run_checks
from django.core.files.storage import Storage
from django.test import override_settings
from tests.helpers.released import publish

from clearway.checks import CHECKS
from clearway.rule_checks import ANYWHERE, PRODUCTION, messages

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = "clearway.middleware.ClearwayMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
STATICFILES = "django.contrib.staticfiles"
RELEASE = {"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}}
DJANGOS = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
HERE = str(Path(__file__).parent)


@pytest.fixture(autouse=True)
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record in the working directory."""
    publish(tmp_path, {"a.css": b""}, static_url="https://cdn.shop.example/static/", records=tmp_path / "records")
    monkeypatch.chdir(tmp_path)


# id, settings, words of the message
FIRES: list[tuple[str, dict[str, Any], str]] = [
    ("clearway.E101", {"CLEARWAY": {"max_ago": 5}}, "max_age"),
    ("clearway.E101", {"CLEARWAY": {"retain": 0}}, "retain"),
    ("clearway.E101", {"CLEARWAY": []}, "dict"),
    ("clearway.E101", {"CLEARWAY": {"root": 5}}, "root"),
    ("clearway.W102", {"CLEARWAY": {"deltas": {}}}, "deltas"),
    ("clearway.W103", {"MIDDLEWARE": [COMMON, OURS]}, COMMON),
    ("clearway.W103", {"MIDDLEWARE": [SECURITY, COMMON, OURS]}, COMMON),
    ("clearway.E104", {"STORAGES": RELEASE, "STATIC_ROOT": None}, "STATIC_ROOT"),
    ("clearway.E104", {"STORAGES": RELEASE, "STATIC_ROOT": ""}, "STATIC_ROOT"),
    ("clearway.W105", {"INSTALLED_APPS": [STATICFILES, "clearway"]}, "runserver"),
    ("clearway.W105", {"INSTALLED_APPS": [STATICFILES, "clearway.apps.ClearwayConfig"]}, "runserver"),
    (
        "clearway.W105",
        {"INSTALLED_APPS": ["django.contrib.staticfiles.apps.StaticFilesConfig", "clearway"]},
        "runserver",
    ),
    ("clearway.W106", {"CLEARWAY": {"root": "/no/such/directory"}}, "/no/such/directory"),
    ("clearway.W106", {"CLEARWAY": {"root": [HERE, __file__]}}, __file__),
    ("clearway.W126", {"CLEARWAY": {"records": "records"}}, "https://cdn.shop.example/static/"),
    ("clearway.W126", {"CLEARWAY": {"records": "records"}, "STATIC_URL": "https://cdn.shop.example/"}, "STATIC_URL is"),
    ("clearway.E107", {"STATIC_ROOT": "/srv/static", "MEDIA_ROOT": "/srv/static/media"}, "/srv/static/media"),
    ("clearway.E107", {"STATIC_ROOT": "/srv/static", "MEDIA_ROOT": "/srv/static"}, "/srv/static"),
    ("clearway.E113", {"STATIC_URL": "cdn.shop.example/static/"}, "https://cdn.shop.example/static/"),
    ("clearway.E113", {"MEDIA_URL": "../media/"}, "/media/"),
    ("clearway.W616", {"CLEARWAY": {"media": {"max_files": 101}}}, "DATA_UPLOAD_MAX_NUMBER_FILES = 101"),
]

SILENT: list[tuple[str, dict[str, Any]]] = [
    ("clearway.E101", {"CLEARWAY": {"max_age": 5, "deltas": {}}}),
    ("clearway.W102", {"CLEARWAY": {"max_age": 5}}),
    ("clearway.W102", {"CLEARWAY": []}),
    ("clearway.W103", {"MIDDLEWARE": [SECURITY, OURS, COMMON]}),
    ("clearway.W103", {"MIDDLEWARE": [OURS, SECURITY]}),
    ("clearway.W103", {"MIDDLEWARE": [COMMON, SECURITY]}),
    ("clearway.W103", {"MIDDLEWARE": []}),
    ("clearway.E104", {"STORAGES": RELEASE, "STATIC_ROOT": "/srv/static"}),
    ("clearway.E104", {"STORAGES": DJANGOS, "STATIC_ROOT": None}),
    ("clearway.E104", {"STORAGES": {}, "STATIC_ROOT": None}),
    ("clearway.W105", {"INSTALLED_APPS": ["clearway", STATICFILES]}),
    ("clearway.W105", {"INSTALLED_APPS": ["clearway"]}),
    ("clearway.W105", {"INSTALLED_APPS": [STATICFILES]}),
    ("clearway.W106", {"CLEARWAY": {"root": [HERE]}}),
    ("clearway.W106", {"CLEARWAY": {"root": 5}}),
    ("clearway.W106", {}),
    ("clearway.W126", {"CLEARWAY": {"records": "records"}, "STATIC_URL": "https://cdn.shop.example/static/"}),
    ("clearway.W126", {"CLEARWAY": {"records": "no-such-folder"}}),
    ("clearway.W126", {"CLEARWAY": {"records": "s3://bucket/live"}}),
    ("clearway.W126", {"CLEARWAY": {"records": 5}}),
    ("clearway.W126", {}),
    ("clearway.E104", {"STORAGES": RELEASE, "STATIC_ROOT": None, "CLEARWAY": {"records": "records"}}),
    ("clearway.E104", {"STORAGES": RELEASE, "STATIC_ROOT": None, "CLEARWAY": {"records": "s3://bucket/live"}}),
    ("clearway.E107", {"STATIC_ROOT": "/srv/static", "MEDIA_ROOT": "/srv/media"}),
    ("clearway.E107", {"STATIC_ROOT": "/srv/static", "MEDIA_ROOT": "/srv/static-media"}),
    ("clearway.E107", {"STATIC_ROOT": "/srv/data/static", "MEDIA_ROOT": "/srv/data"}),
    ("clearway.E107", {"STATIC_ROOT": None, "MEDIA_ROOT": "/srv/media"}),
    ("clearway.E113", {"STATIC_URL": "static/"}),
    ("clearway.W616", {"CLEARWAY": {"media": {"max_files": 100}}}),
    ("clearway.W616", {"CLEARWAY": {"media": {"max_files": 101}}, "DATA_UPLOAD_MAX_NUMBER_FILES": None}),
    ("clearway.E113", {"STATIC_URL": "https://cdn.shop.example/static/", "MEDIA_URL": ""}),
    ("clearway.E107", {"STATIC_ROOT": "/srv/static", "MEDIA_ROOT": ""}),
]


FIRES_IN_PRODUCTION: list[tuple[str, dict[str, Any], str]] = [
    ("clearway.E104", {"STATIC_ROOT": None}, "collectstatic"),
    ("clearway.E117", {"STATICFILES_STORAGE": "whitenoise.storage.CompressedManifestStaticFilesStorage"}, "STORAGES"),
    ("clearway.E118", {"DEFAULT_FILE_STORAGE": "storages.backends.s3.S3Storage"}, "storages.backends.s3.S3Storage"),
    ("clearway.E120", {"ALLOWED_HOSTS": ["https://shop.example"]}, "'shop.example'"),
    ("clearway.W121", {"SECURE_PROXY_SSL_HEADER": ("X-Forwarded-Proto", "https")}, "HTTP_X_FORWARDED_PROTO"),
]
SILENT_IN_PRODUCTION: list[tuple[str, dict[str, Any]]] = [
    ("clearway.E104", {"STORAGES": RELEASE, "STATIC_ROOT": None, "CLEARWAY": {"records": "s3://bucket/live"}}),
    ("clearway.E104", {"STATIC_ROOT": "/srv/static"}),
    ("clearway.E104", {"STATIC_ROOT": None, "DEBUG": True}),
    ("clearway.E104", {"STATIC_ROOT": None, "STORAGES": {"staticfiles": {"BACKEND": f"{__name__}.Bucket"}}}),
    ("clearway.E117", {"STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage"}),
    ("clearway.E117", {"STATICFILES_STORAGE": "x.Storage", "STORAGES": DJANGOS}),
    ("clearway.E117", {"STATICFILES_STORAGE": "x.Storage", "STORAGES": {"staticfiles": {"BACKEND": "no.such.Class"}}}),
    ("clearway.E118", {"DEFAULT_FILE_STORAGE": "django.core.files.storage.FileSystemStorage"}),
    ("clearway.E118", {"DEFAULT_FILE_STORAGE": "x.Storage", "DEBUG": True}),
    ("clearway.E120", {"ALLOWED_HOSTS": ["shop.example", ".shop.example", "*", "[::1]"]}),
    ("clearway.E120", {"ALLOWED_HOSTS": ["https://shop.example"], "DEBUG": True}),
    ("clearway.W121", {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}),
    ("clearway.W121", {"SECURE_PROXY_SSL_HEADER": None}),
]


class Bucket(Storage):
    """Keeps files elsewhere."""


def found(id_: str, given: dict[str, Any], *, deploy: bool = False) -> list[CheckMessage]:
    said = only(lambda: run_checks(tags=["clearway"], include_deployment_checks=deploy), given)
    return [message for message in said if message.id == id_]


def only(check: "Callable[[], list[CheckMessage]]", given: dict[str, Any]) -> list[CheckMessage]:
    """What a check says under these settings."""
    # INSTALLED_APPS is read as text; to load the apps in every order is not what is tested
    apps = given.get("INSTALLED_APPS", settings.INSTALLED_APPS)
    rest = {key: value for key, value in given.items() if key != "INSTALLED_APPS"}
    with override_settings(**rest), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "INSTALLED_APPS", apps)
        return check()


@pytest.mark.parametrize(("id_", "given", "words"), FIRES)
def test_it_fires(id_: str, given: dict[str, Any], words: str) -> None:
    [message] = found(id_, given)
    assert words in f"{message.msg} {message.hint}"
    assert (message.level >= 40) == id_.startswith("clearway.E")


@pytest.mark.parametrize(("id_", "given"), SILENT)
def test_it_is_silent(id_: str, given: dict[str, Any]) -> None:
    assert found(id_, given) == []


@pytest.mark.parametrize(("id_", "given", "words"), FIRES_IN_PRODUCTION)
def test_it_fires_with_deploy_alone(id_: str, given: dict[str, Any], words: str) -> None:
    [message] = found(id_, given, deploy=True)
    assert words in f"{message.msg} {message.hint}"
    assert found(id_, given) == []


@pytest.mark.parametrize(("id_", "given"), SILENT_IN_PRODUCTION)
def test_it_is_silent_with_deploy(id_: str, given: dict[str, Any]) -> None:
    assert found(id_, given, deploy=True) == []


def test_a_rule_that_cannot_judge_says_nothing() -> None:
    assert only(lambda: messages((*ANYWHERE, *PRODUCTION)), {"STATIC_ROOT": 5, "MEDIA_ROOT": "/srv"}) == []


def test_what_one_check_says_no_other_repeats() -> None:
    assert len(found("clearway.E104", {"STORAGES": RELEASE, "STATIC_ROOT": None}, deploy=True)) == 1


def test_every_number_has_rows_in_both_tables() -> None:
    """The number in a check's docstring is that of its messages; that of a rule is the rule's."""
    rules = {module: import_module(f"clearway.doctor.checks.{module}").RULE.id for module in (*ANYWHERE, *PRODUCTION)}
    own = {check.__doc__[2:5] for check in CHECKS if check.__doc__ and check.__doc__.startswith("CW")}
    for modules, tables in (
        (own | {rules[each][2:] for each in ANYWHERE}, (FIRES, SILENT)),
        ({rules[each][2:] for each in PRODUCTION}, (FIRES_IN_PRODUCTION, SILENT_IN_PRODUCTION)),
    ):
        for table in tables:
            assert {row[0][-3:] for row in table} == modules


def test_every_message_has_the_number_of_its_check() -> None:
    own = [check for check in CHECKS if (check.__doc__ or "").startswith("CW")]
    for id_, given, _ in FIRES:
        fired = [(check, message) for check in own for message in only(check, given)]
        assert all((message.id or "")[-3:] == (check.__doc__ or "")[2:5] for check, message in fired), id_


@pytest.mark.parametrize("module", [*ANYWHERE, *PRODUCTION])
def test_a_rule_among_the_checks_needs_the_settings_alone(module: str) -> None:
    rule = import_module(f"clearway.doctor.checks.{module}").RULE
    assert {*rule.facts, *rule.optional} <= {"settings", "static_storage", "media_storage"}


def test_the_reference_lists_every_check() -> None:
    """Each with the number that its rule has, and `--deploy` for those that ask for it."""
    page = (Path(__file__).parents[1] / "docs" / "reference" / "checks.md").read_text("utf-8")
    rows = dict(re.findall(r"^[|] `clearway[.][EWI](\d+)` [|] (.*) [|]$", page, re.MULTILINE))
    numbers = {row[0][-3:] for row in (*FIRES, *FIRES_IN_PRODUCTION)} | {"108", "109"}
    assert set(rows) == numbers
    deploy = {row[0][-3:] for row in FIRES_IN_PRODUCTION} - {row[0][-3:] for row in FIRES}
    assert {number for number, text in rows.items() if "`check --deploy` only" in text} == deploy | {"108"}


def test_a_healthy_project_yields_nothing(tmp_path: Path) -> None:
    with override_settings(
        STATIC_ROOT=tmp_path / "static",
        MEDIA_ROOT=tmp_path / "media",
        STORAGES=RELEASE,
        CLEARWAY={"root": tmp_path, "max_age": 300},
        MIDDLEWARE=[SECURITY, OURS, COMMON],
    ):
        assert run_checks(tags=["clearway"]) == []


@pytest.mark.parametrize("tag", ["clearway", "staticfiles"])
def test_they_run_under_both_tags(tag: str) -> None:
    with override_settings(CLEARWAY={"nonsense": 1}):
        assert "clearway.E101" in [message.id for message in run_checks(tags=[tag])]
