"""Permissions of uploads under which others cannot read them."""

from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, MEDIA
from tests.doctor.fake_facts import Fake, found

from clearway.doctor.finding import Level

FILES, DIRECTORIES = "FILE_UPLOAD_PERMISSIONS", "FILE_UPLOAD_DIRECTORY_PERMISSIONS"


@pytest.mark.parametrize(
    ("given", "level", "said"),
    [
        ({FILES: None}, Level.WARNING, "0600"),
        ({FILES: 644}, Level.ERROR, "644 without 0o before it is the mode 1204"),
        ({FILES: 0o600}, Level.ERROR, "0600 is for its owner alone"),
        ({FILES: 0o044}, Level.ERROR, "0044 keeps even its owner out"),
        ({FILES: "0644"}, Level.ERROR, "a mode is a number"),
        ({DIRECTORIES: 755}, Level.ERROR, "755 without 0o before it is the mode 1363"),
        ({DIRECTORIES: 0o700}, Level.ERROR, "0700 is for its owner alone"),
        ({DIRECTORIES: 0o644}, Level.ERROR, "0644 keeps even its owner out"),
    ],
)
def test_it_fires(given: dict[str, Any], level: Level, said: str) -> None:
    [finding] = found("CW610", Fake(settings=given, media_storage=MEDIA))
    assert finding.level == level
    assert said in finding.evidence[1]


@pytest.mark.parametrize(
    ("given", "storage"),
    [
        ({}, MEDIA),
        ({FILES: 0o644, DIRECTORIES: 0o755}, MEDIA),
        ({FILES: 0o640, DIRECTORIES: 0o750}, MEDIA),
        ({FILES: 0o664, DIRECTORIES: 0o2775}, MEDIA),
        ({DIRECTORIES: None}, MEDIA),
        ({FILES: None, "MEDIA_ROOT": ""}, MEDIA),
        ({FILES: None, "DEBUG": True}, MEDIA),
        ({FILES: None}, BUCKET),
    ],
)
def test_it_is_silent(given: dict[str, Any], storage: Any) -> None:
    assert found("CW610", Fake(settings=given, media_storage=storage)) == []
