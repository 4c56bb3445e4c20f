"""CW614: a described body that Django does not read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.checks.fronts.asked import asked
from tests.doctor.checks.fronts.fronted import http, nginx
from tests.doctor.fake_facts import Fake, found

from clearway.fronts.described import Described
from clearway.fronts.road import Outcome, Road
from clearway.fronts.trace import Trace

USUAL = {"DATA_UPLOAD_MAX_MEMORY_SIZE": 2_621_440}
FORM = "application/x-www-form-urlencoded"


def site(octets: int | None, media: str, settings: dict[str, Any] | None = None) -> Fake:
    fields = [("content-type", media)] if media else []
    return Fake(settings=settings or USUAL, described=Described.of("PUT", fields, octets, []))


@pytest.mark.parametrize(("media", "level"), [(FORM, "error"), ("application/json; charset=utf-8", "warning")])
def test_it_fires(media: str, level: str) -> None:
    [finding] = found("CW614", site(3_000_000, media))
    assert (finding.cause, finding.level) == ("body-size", level)


@pytest.mark.parametrize(
    ("octets", "media", "settings"),
    [
        (2_621_440, FORM, USUAL),
        (3_000_000, "multipart/form-data; boundary=x", USUAL),
        (3_000_000, "", USUAL),
        (None, FORM, USUAL),
        (3_000_000, FORM, {"DATA_UPLOAD_MAX_MEMORY_SIZE": None}),
        (3_000_000, FORM, {"DATA_UPLOAD_MAX_MEMORY_SIZE": 5_000_000}),
    ],
)
def test_it_is_silent(octets: int | None, media: str, settings: dict[str, Any]) -> None:
    assert found("CW614", site(octets, media, settings)) == []


def test_the_front_that_refuses_it_is_told_by_another_check(tmp_path: Path) -> None:
    facts = asked(
        tmp_path, http(nginx()), "POST", "/upload/", f"Content-Type: {FORM}", octets=3_000_000, settings=USUAL
    )
    refused = Trace("http://shop.example/upload/", Road((), Outcome("nginx", 413)))
    roads = tuple(replace(each, trace=refused) if each.is_described else each for each in facts.given["roads"])
    assert found("CW614", Fake(**facts.given | {"roads": roads})) == []
