"""CW241: a long lifetime for names that never change."""

from typing import Any

import pytest
from tests.doctor.fake_facts import LOCAL, MANIFEST, Fake, found, settings_of

from clearway.doctor.facts import Process, Sources, Storage, Use
from clearway.doctor.finding import Level
from clearway.fronts.road import Location

YEAR = 31_536_000
OWN = Sources({"css/site.css": "/srv/shop/assets/css/site.css"}, [])


def facts(answers: str = "whitenoise", sources: Sources = OWN, storage: Storage = LOCAL, **settings: Any) -> Fake:
    process = Process(answers, ())
    return Fake(settings=settings_of(**settings), static_storage=storage, sources=sources, process=process)


@pytest.mark.parametrize(
    ("answers", "settings"),
    [
        ("whitenoise", {"WHITENOISE_MAX_AGE": YEAR}),
        ("servestatic", {"SERVESTATIC_MAX_AGE": YEAR}),
        ("clearway", {"CLEARWAY": {"max_age": YEAR}}),
    ],
)
def test_a_year_is_too_long(answers: str, settings: dict[str, Any]) -> None:
    (finding,) = found("CW241", facts(answers, **settings))
    assert finding.level == Level.WARNING
    assert "365 days" in finding.message
    assert "css/site.css" in finding.evidence


@pytest.mark.parametrize("where", ["STORAGES", "AWS_S3_OBJECT_PARAMETERS"])
def test_objects_of_a_bucket_count(where: str) -> None:
    given = {"CacheControl": f"public, max-age={YEAR}"}
    entry: dict[str, Any] = {"BACKEND": "storages.backends.s3.S3Storage"}
    settings: dict[str, Any] = {"STORAGES": {"staticfiles": entry}}
    if where == "STORAGES":
        entry["OPTIONS"] = {"object_parameters": given}
    else:
        settings[where] = given
    remote = Storage("storages.backends.s3.S3Storage", is_local=False, is_manifest=False)
    assert len(found("CW241", facts("", storage=remote, **settings))) == 1


@pytest.mark.parametrize(
    ("answers", "settings"),
    [
        ("whitenoise", {}),
        ("whitenoise", {"WHITENOISE_MAX_AGE": 60}),
        ("whitenoise", {"WHITENOISE_MAX_AGE": 86_400}),
        ("whitenoise", {"WHITENOISE_MAX_AGE": None}),
        ("whitenoise", {"WHITENOISE_MAX_AGE": True}),
        ("", {"WHITENOISE_MAX_AGE": YEAR}),
        ("servestatic", {"WHITENOISE_MAX_AGE": YEAR}),
        ("clearway", {"WHITENOISE_MAX_AGE": YEAR, "CLEARWAY": {"max_age": 60}}),
        ("whitenoise", {"WHITENOISE_MAX_AGE": YEAR, "DEBUG": True}),
    ],
)
def test_short_lives_and_settings_that_nobody_reads_are_fine(answers: str, settings: dict[str, Any]) -> None:
    assert found("CW241", facts(answers, **settings)) == []


def test_hashed_names_may_live_long() -> None:
    assert found("CW241", facts(storage=MANIFEST, WHITENOISE_MAX_AGE=YEAR)) == []
    bundled = Sources({"assets/index-DKx3aZ9q.js": "/srv/dist/assets/index-DKx3aZ9q.js"}, [])
    assert found("CW241", facts(sources=bundled, WHITENOISE_MAX_AGE=YEAR)) == []


def test_files_of_packages_alone_are_no_reason() -> None:
    admin = Sources({"admin/css/base.css": "/venv/site-packages/django/admin/css/base.css"}, [])
    assert found("CW241", facts(sources=admin, WHITENOISE_MAX_AGE=YEAR)) == []


def test_names_with_a_version_behind_them_may_be_kept() -> None:
    given = facts(WHITENOISE_MAX_AGE=YEAR)
    given.given["templates"] = [Use("css/site.css", Location("page.html", 1), has_query=True)]
    assert found("CW241", given) == []
