"""Nobody answers uploads."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, WHITENOISE, site
from tests.doctor.fake_facts import NOBODY, found

from clearway.doctor.facts import HandOff, Process
from clearway.fronts.road import Location

HELPER = replace(WHITENOISE, media_helper=Location("/srv/shop/shop/urls.py", 9))
CLEARWAY = Process("clearway", (), "clearway.middleware.ClearwayMiddleware")
SERVED = {"CLEARWAY": {"media": {"serve": True}}}
FIELDS = {"file_fields": ("shop.Cover.image",)}
NGINX = {"nginx.conf": "server {\n  location /media/ { alias /srv/media/; }\n}\n"}


@pytest.mark.parametrize(
    ("given", "evidence"),
    [
        ({"process": HELPER}, "/srv/shop/shop/urls.py:9 calls static() for MEDIA_URL"),
        ({"process": WHITENOISE, **FIELDS}, "shop.Cover.image takes uploads"),
        ({"process": NOBODY, **FIELDS}, "shop.Cover.image takes uploads"),
        ({"process": CLEARWAY, **FIELDS}, "shop.Cover.image takes uploads"),
        ({"process": CLEARWAY, "settings": {"CLEARWAY": {"media": {"serve": False}}}, **FIELDS}, "takes uploads"),
        ({"process": WHITENOISE, "settings": SERVED, **FIELDS}, "shop.Cover.image takes uploads"),
    ],
)
def test_it_fires(given: dict[str, Any], evidence: str) -> None:
    [finding] = found("CW302", site(**given))
    assert evidence in finding.evidence[0]


def test_a_file_that_was_uploaded_is_a_sign(tmp_path: Path) -> None:
    (tmp_path / "covers").mkdir()
    (tmp_path / "covers" / "one.jpg").write_text("x")
    [finding] = found("CW302", site(settings={"MEDIA_ROOT": str(tmp_path)}))
    assert finding.evidence[0] == f"{tmp_path / 'covers' / 'one.jpg'} is an upload"


@pytest.mark.parametrize(
    ("files", "settings", "given"),
    [
        ({}, {}, {}),
        ({}, {"DEBUG": True}, FIELDS),
        ({}, {"MEDIA_ROOT": ""}, FIELDS),
        ({}, {"MEDIA_URL": ""}, FIELDS),
        ({}, {"MEDIA_URL": "https://media.example/"}, FIELDS),
        ({}, {}, FIELDS | {"media_storage": BUCKET}),
        ({}, {}, FIELDS | {"process": replace(WHITENOISE, media_view="shop.views.private")}),
        ({}, {}, FIELDS | {"handed_off": (HandOff("/private/", None),)}),
        ({}, SERVED, FIELDS | {"process": CLEARWAY}),
        (NGINX, {}, FIELDS),
        ({"Procfile": "web: gunicorn shop.wsgi"}, {}, FIELDS),  # the disk is the cause there
    ],
)
def test_it_is_silent(files: dict[str, str], settings: dict[str, Any], given: dict[str, Any]) -> None:
    assert found("CW302", site(files, settings, **given)) == []
