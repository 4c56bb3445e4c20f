"""One file, one policy: what is answered in process, by each real server before it, and by an object in a bucket."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import override_settings
from tests.helpers.roads import ROADS, Road
from tests.system.fronts import SERVERS, opened
from tests.system.raw import Connection
from tests.system.real_nginx import application
from tests.system.servers import free_port

from clearway.fronts.site import Place, Site
from clearway.http.media_types import BY_EXTENSION
from clearway.media.guarded import object_metadata
from clearway.policy.media import MediaPolicy

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

# The table is all extensions that Clearway knows, and these.
NAMES = (
    "no-extension",
    "unknown.xyzzy",
    "PHOTO.PNG",
    "photo.png.xyzzy",
    "page.html.xyzzy",
    "photo.html.png",
    "photo.png.html",
    "drawing.svg.png",
    "page.html.en",
    "page.en.html",
    "photo.utf-8.png",
    "archive.tar.gz",
    "photo.png.gz",
    "page.html.gz",
    "page.html.br",
    "photo.png.Z",
    "shell.php.jpg",
    "shell.php",
    "shell.cgi",
    "crossdomain.xml",
    "security.txt",
    "dot.at.end.",
    "a b;c.png",
    "quote'\".html",
    "100%.png",
    "café.svg",
    "日本.pdf",
    "table.special",
    "picture.special2",
    "tab\there.png",
    "map.shtml",
    "index.html",
    "type.var",
)
TYPES = {".special": "text/x-special", ".special2": "image/x-special+xml"}
POLICIES = {
    "usual": ({}, MediaPolicy()),
    "chosen": (
        {"inline": ["application/pdf", "image/svg+xml"], "max_age": 60, "resource_policy": "same-site"},
        MediaPolicy(("application/pdf", "image/svg+xml"), 60, "same-site"),
    ),
}
FIELDS = (
    "content-type",
    "cache-control",
    "content-security-policy",
    "cross-origin-resource-policy",
    "x-content-type-options",
    "content-encoding",
)


def names() -> list[str]:
    return [*NAMES, *(f"file{extension}" for extension in BY_EXTENSION)]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with opened() as folder:
        (folder / "media").mkdir(mode=0o755)
        octets = random.Random(2)
        for name in names():
            (folder / "media" / name).write_bytes(octets.randbytes(20))
        yield folder


@pytest.fixture(scope="module", params=POLICIES)
def policy(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def in_process(home: Path, policy: str) -> Iterator[Road]:
    told = {"media": {"serve": True, **POLICIES[policy][0]}, "mimetypes": TYPES}
    with override_settings(MEDIA_ROOT=home / "media", MEDIA_URL="/media/", CLEARWAY=told):
        yield ROADS["WSGI"]()


@pytest.fixture(scope="module", params=SERVERS)
def front(request: pytest.FixtureRequest, home: Path, policy: str) -> Iterator[int]:
    server, port = SERVERS[request.param], free_port()
    with opened() as own, application() as behind:
        site = Site("media", "", ("*",), None, Place("/media/", str(home / "media")), upstream=f"127.0.0.1:{behind}")
        lines = server.written(replace(site, types=TYPES, policy=POLICIES[policy][1]))
        main = server.placed(own, "\n".join(lines), port)
        assert server.complaints(main) == ""
        with server.running(main, port):
            yield port


def seen(fields: dict[str, str]) -> dict[str, Any]:
    shown = {name: fields.get(name) for name in FIELDS}
    return {**shown, "kind": fields["content-disposition"].partition(";")[0]}


def test_a_front_answers_as_clearway_in_process(front: int, in_process: Road) -> None:
    different = {}
    for name in names():
        target = f"/media/{quote(name)}"
        with Connection(front) as line:
            got = line.ask(target)
        due = in_process(target)
        theirs, ours = seen(got.fields), seen(dict(due.fields))
        if (got.status, got.body) != (200, due.body) or theirs != ours:
            different[name] = [
                got.status,
                *((each, theirs[each], ours[each]) for each in ours if theirs[each] != ours[each]),
            ]
        assert "filename" not in got.fields["content-disposition"]  # the browser takes the last part of the URL
    assert different == {}


def test_an_object_in_a_bucket_says_what_it_can_of_it(in_process: Road) -> None:
    for name in names():
        ours = dict(in_process(f"/media/{quote(name)}").fields)
        stored = object_metadata(name)
        assert stored["Content-Disposition"] == ours["content-disposition"]
        assert stored["Cache-Control"] == ours["cache-control"]
        assert stored["Content-Type"] == ours["content-type"]
