"""CW615: private files below a directory that the application serves."""

from typing import Any

import pytest
from tests.doctor.deployments import CLEARWAY, WHITENOISE
from tests.doctor.fake_facts import NOBODY, Fake, found

from clearway.doctor.facts import PrivateRoot, Process

SERVED = {"CLEARWAY": {"media": {"serve": True}}}


def site(path: str, settings: dict[str, Any] | None = None, process: Process = NOBODY) -> Fake:
    roots = [PrivateRoot(path, None, f"SENDFILE_ROOT = {path!r}")]
    return Fake(settings=settings or {}, process=process, private_roots=roots)


@pytest.mark.parametrize(
    ("path", "settings", "process", "said"),
    [
        ("/srv/shop/staticfiles/private", {}, NOBODY, "STATIC_ROOT"),
        ("/srv/shop/staticfiles", {}, WHITENOISE, "STATIC_ROOT"),
        ("/srv/shop/media/protected", SERVED, CLEARWAY, "MEDIA_ROOT"),
        ("/srv/shop/media", SERVED, CLEARWAY, "MEDIA_ROOT"),
        ("/srv/shop/staticfiles/../media/x", SERVED, CLEARWAY, "MEDIA_ROOT"),
    ],
)
def test_it_fires(path: str, settings: dict[str, Any], process: Process, said: str) -> None:
    [finding] = found("CW615", site(path, settings, process))
    assert finding.message == f"private files lie in {said}"
    assert path in finding.evidence[0]


@pytest.mark.parametrize(
    ("path", "settings", "process"),
    [
        ("/srv/shop/private", SERVED, CLEARWAY),
        ("/srv/shop/media-private", SERVED, CLEARWAY),
        ("/srv/shop/media/protected", {}, CLEARWAY),  # who serves it is not known
        ("/srv/shop/media/protected", {"CLEARWAY": {"media": {"serve": False}}}, CLEARWAY),
        ("/srv/shop/media/protected", SERVED, NOBODY),
        ("/srv/shop/media/.private", SERVED, CLEARWAY),
        ("/srv/shop", SERVED, CLEARWAY),
        ("/srv/shop/private", {"STATIC_ROOT": None, "MEDIA_ROOT": ""}, NOBODY),
    ],
)
def test_it_is_silent(path: str, settings: dict[str, Any], process: Process) -> None:
    assert found("CW615", site(path, settings, process)) == []


def test_each_directory_is_told() -> None:
    roots = [PrivateRoot(f"/srv/shop/staticfiles/{name}", None, name) for name in "ab"]
    facts = Fake(settings={}, process=NOBODY, private_roots=roots)
    assert [each.evidence[0] for each in found("CW615", facts)] == ["a", "b"]
