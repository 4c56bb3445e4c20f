"""Directories of uploads that a umask closes."""

from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, site
from tests.doctor.fake_facts import found


@pytest.mark.parametrize(
    ("name", "text", "mode"),
    [
        ("shop.service", "[Service]\nUMask=0077\n", "0700"),
        ("shop.service", "[Service]\nUMask = 077\n", "0700"),
        ("gunicorn.conf.py", "workers = 2\numask = 0o077\n", "0700"),
        ("entrypoint.sh", "#!/bin/sh\numask 077\n", "0700"),
    ],
)
def test_it_fires(name: str, text: str, mode: str) -> None:
    [finding] = found("CW613", site({name: text}))
    assert finding.location
    assert finding.location.line == 2
    assert mode in finding.evidence[1]


@pytest.mark.parametrize(
    ("text", "settings", "given"),
    [
        ("UMask=0022\n", {}, {}),
        ("UMask=0027\n", {}, {}),
        ("UMask=0002\n", {}, {}),
        ("# UMask=0077\n", {}, {}),
        ("UMask=0077\n", {"FILE_UPLOAD_DIRECTORY_PERMISSIONS": 0o755}, {}),
        ("UMask=0077\n", {"MEDIA_ROOT": ""}, {}),
        ("UMask=0077\n", {"DEBUG": True}, {}),
        ("UMask=0077\n", {}, {"media_storage": BUCKET}),
    ],
)
def test_it_is_silent(text: str, settings: dict[str, Any], given: dict[str, Any]) -> None:
    assert found("CW613", site({"shop.service": text}, settings, **given)) == []
