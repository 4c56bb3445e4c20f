"""The system checks: each one fires where it must and is silent where it must."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.checks import CheckMessage, run_checks
from django.test import override_settings

from clearway.checks import CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = "clearway.middleware.ClearwayMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
STATICFILES = "django.contrib.staticfiles"
RELEASE = {"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}}
DJANGOS = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
HERE = str(Path(__file__).parent)

# id, settings, words of the message
FIRES: list[tuple[str, dict[str, Any], str]] = [
    ("clearway.E101", {"CLEARWAY": {"max_ago": 5}}, "max_age"),
    ("clearway.E101", {"CLEARWAY": {"retain": 0}}, "retain"),
    ("clearway.E101", {"CLEARWAY": []}, "dict"),
    ("clearway.E101", {"CLEARWAY": {"root": 5}}, "root"),
    ("clearway.W102", {"CLEARWAY": {"publish": {}}}, "publish"),
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
    ("clearway.E107", {"STATIC_ROOT": "/srv/static", "MEDIA_ROOT": "/srv/static/media"}, "/srv/static/media"),
    ("clearway.E107", {"STATIC_ROOT": "/srv/static", "MEDIA_ROOT": "/srv/static"}, "/srv/static"),
    ("clearway.E107", {"STATIC_ROOT": "/srv/media/static", "MEDIA_ROOT": "/srv/media"}, "neither"),
]

SILENT: list[tuple[str, dict[str, Any]]] = [
    ("clearway.E101", {"CLEARWAY": {"max_age": 5, "publish": {}}}),
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
    ("clearway.E107", {"STATIC_ROOT": "/srv/static", "MEDIA_ROOT": "/srv/media"}),
    ("clearway.E107", {"STATIC_ROOT": "/srv/static", "MEDIA_ROOT": "/srv/static-media"}),
    ("clearway.E107", {"STATIC_ROOT": None, "MEDIA_ROOT": "/srv/media"}),
    ("clearway.E107", {"STATIC_ROOT": "/srv/static", "MEDIA_ROOT": ""}),
]


def found(id_: str, given: dict[str, Any]) -> list[CheckMessage]:
    return [message for message in only(lambda: run_checks(tags=["clearway"]), given) if message.id == id_]


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


def test_every_check_has_rows_in_both_tables() -> None:
    ids = {id_ for id_, *_ in FIRES}
    assert ids == {id_ for id_, _ in SILENT}
    assert len(ids) == len(CHECKS)


def test_every_message_has_an_id_of_one_check() -> None:
    """The number in a check's docstring is the number of each of its messages."""
    for id_, given, _ in FIRES:
        fired = [(check, message) for check in CHECKS for message in only(check, given)]
        assert id_ in [message.id for _, message in fired]
        for check, message in fired:
            assert (message.id or "")[-3:] == (check.__doc__ or "")[2:5]


def test_each_check_names_its_number() -> None:
    numbers = [check.__doc__.partition(":")[0] for check in CHECKS if check.__doc__]
    assert numbers == [f"CW{number}" for number in range(101, 101 + len(CHECKS))]


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
