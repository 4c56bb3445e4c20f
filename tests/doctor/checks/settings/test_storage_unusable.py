"""A storage of static files that cannot be made."""

import pytest
from tests.doctor.fake_facts import LOCAL, Fake, found

from clearway.doctor.facts import Storage


def broken(problem: str) -> Storage:
    return Storage("x.Storage", is_local=False, is_manifest=False, problem=problem)


def test_it_fires() -> None:
    problem = "InvalidStorageError: Could not find config for 'staticfiles' in settings.STORAGES."
    [finding] = found("CW119", Fake(settings={}, static_storage=broken(problem)))
    assert finding.evidence[0] == problem


@pytest.mark.parametrize(
    ("settings", "storage"),
    [
        ({}, LOCAL),
        ({"INSTALLED_APPS": ["catalogue"]}, broken("ImportError: no module")),
        ({}, broken("ImproperlyConfigured: The MEDIA_ROOT and STATIC_ROOT settings must have different values")),
    ],
)
def test_it_is_silent(settings: dict[str, object], storage: Storage) -> None:
    assert found("CW119", Fake(settings=settings, static_storage=storage)) == []
