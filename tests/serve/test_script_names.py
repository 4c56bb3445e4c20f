"""Below a script name nothing costs a thread that is decidable in memory."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from tests.helpers.released import publish, write
from tests.helpers.roads import ROADS

from clearway.catalog.catalog import Catalog, Mount
from clearway.catalog.layout import FOLDER
from clearway.catalog.static_root import StaticRoot
from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Missing, Passed
from clearway.serve import service
from clearway.serve.service import Request, Service

RULES = HeaderRules()


@pytest.mark.parametrize("prefix", ["/static/", "/app/static/"])
@pytest.mark.parametrize(
    ("path", "answer"),
    [("/static/none.css", 404), ("/static/media/x.png", None), ("/page", None), ("/", None), ("", None)],
)
def test_a_miss_below_a_script_name_stays_in_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefix: str, path: str, answer: int | None
) -> None:
    publish(tmp_path, {"site.css": b"a{}"})
    layers = StaticRoot(str(tmp_path), prefix, RULES, str(tmp_path / FOLDER)).layers()[:1]  # no looks at the disk
    served = Service(Catalog([Mount(prefix, layers, Missing(RULES.shared))], ["/static/media/"]))

    async def in_thread(*_: Any) -> None:
        raise AssertionError("a thread for nothing")

    monkeypatch.setattr(service, "in_thread", in_thread)
    found = asyncio.run(served.aserve(Request("GET", path, {}, script_name="/app")))
    assert not isinstance(found, Passed)
    assert (found[0].status if found else None) == answer


# Django's WSGIRequest takes an empty path for `/`; its ASGIRequest has no path then, which is that of no file.
@pytest.mark.parametrize(
    ("road", "body"),
    [
        *((road, b"the index") for road in ROADS if "WSGI" in road),
        *((road, b"not found") for road in ROADS if "ASGI" in road),
    ],
)
def test_the_script_name_itself_is_what_django_takes_it_for(tmp_path: Path, road: str, body: bytes) -> None:
    write(tmp_path, {"root/index.html": b"the index", "static/site.css": b"a{}"})
    own = {"root": tmp_path / "root", "index_file": True}
    with override_settings(STATIC_ROOT=tmp_path / "static", STATIC_URL="static/", CLEARWAY=own):
        asked = ROADS[road]()
        assert asked("/", "GET", {}, script_name="/app").body == b"the index"
        assert body in asked("", "GET", {}, script_name="/app").body.lower()
