"""Below a script name nothing costs a thread that is decidable in memory."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.released import publish

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
