"""Every bad request to web servers with their written configuration, for public files and for private ones."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from tests.bad_input.judge import parse
from tests.bad_input.servers import started
from tests.bad_input.site import CANARY, CSS
from tests.media.bad_input.fronts import Front, complaints
from tests.media.bad_input.judge import cries, told
from tests.media.bad_input.requests import groups
from tests.media.bad_input.servers import SERVERS as BEHIND
from tests.media.bad_input.servers import SETTINGS
from tests.media.bad_input.site import make_site, media_of, private_of
from tests.system import real_apache
from tests.system.fronts import SERVERS, opened
from tests.system.servers import free_port

from clearway.fronts.site import Place, Private, Site

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

ROADS = {"nginx": "x-accel", "apache": "x-sendfile", "caddy": "x-sendfile"}
PUBLIC, PRIVATE = groups(b"/media/"), groups(b"/private/alice/")
INTERNAL = "/private-files/"


@pytest.fixture(scope="module", params=SERVERS)
def front(request: pytest.FixtureRequest) -> Iterator[Front]:
    server, road = SERVERS[request.param], ROADS[request.param]
    if road == "x-sendfile" and server.name == "apache" and not real_apache.SENDFILE.exists():
        pytest.skip("needs mod_xsendfile")
    with ExitStack() as stack:
        home = stack.enter_context(opened())
        site, own = make_site(home / "tree"), stack.enter_context(opened())
        for each in (home / "tree").rglob("*"):
            with suppress(OSError):
                if each.is_dir() and not each.is_symlink() and each.stat().st_mode & 0o700:
                    each.chmod(0o755)
                elif server.name == "caddy" and each.is_symlink():  # it follows them all, as the documentation says
                    each.unlink()
        behind = stack.enter_context(started("gunicorn", BEHIND["gunicorn"], site, SETTINGS, ROAD=road))
        root = str(private_of(site.home))
        described = Site(
            "bad", "", ("*",), None, Place("/media/", str(media_of(site.home))), upstream=f"127.0.0.1:{behind.port}",
            private=Private(root, root, road, INTERNAL),
        )  # fmt: skip
        port = free_port()
        main = server.placed(own, "\n".join(server.written(described)), port)
        assert server.complaints(main) == ""
        with server.running(main, port):
            yield Front(server.name, port, site, behind, own / "error.log")


@pytest.mark.parametrize("group", PUBLIC)
def test_bad_requests_for_public_files_give_nothing_away(front: Front, group: str) -> None:
    assert list(complaints(front, PUBLIC[group](), b"")) == []
    good = parse(front.get("/media/a.css"))
    assert good is not None
    assert (good.status, good.body) == (200, CSS)
    assert cries(front.behind.log) == []


@pytest.mark.parametrize("group", PRIVATE)
def test_bad_requests_for_private_files_give_nothing_away(front: Front, group: str) -> None:
    assert list(complaints(front, PRIVATE[group](), b"alice")) == []
    good = parse(front.get("/private/alice/a.css", "Cookie: user=alice"))
    assert good is not None
    assert (good.status, good.body) == (200, CSS)
    assert b"no-store" in good.fields[b"cache-control"]
    assert cries(front.behind.log) == []


def test_the_file_of_another_user_is_not_there(front: Front) -> None:
    nothing = told(front.get("/private/alice/none.css", "Cookie: user=alice"))
    for name in ("a.css", "d/b.css", "d", "fifo.css", "locked.css", "link.txt", "hard.css"):
        assert told(front.get(f"/private/alice/{name}", "Cookie: user=bob")) == nothing, name
    for way in (
        "bob/",
        "alice/../bob/",
        "alice/%2e%2e/bob/",
        "alice/..%2fbob/",
        "alice/%252e%252e/bob/",
        "alice//../bob/",
        "./bob/",
    ):
        raw = front.get(f"/private/{way}canary.txt", "Cookie: user=alice")
        assert CANARY not in raw, way
        assert raw[9:12] in (b"404", b"400"), (way, raw[:100])


def test_nobody_reaches_the_location_of_private_files(front: Front) -> None:
    for prefix in (
        INTERNAL,
        "//private-files/",
        "/./private-files/",
        "/media/../private-files/",
        "/private-files//",
        "/Private-Files/",
        "/private-files%2f",
        "/%70rivate-files/",
    ):
        for name in (
            "alice/a.css",
            "bob/canary.txt",
            "canary.txt",
            "../canary.txt",
            "%2e%2e/canary.txt",
            "..%2fcanary.txt",
            "bob/../canary.txt",
        ):
            for line in (
                "X: y",
                "X-Accel-Redirect: /private-files/bob/canary.txt",
                "X-Accel-Internal: /private-files/",
            ):
                raw = front.get(prefix + name, line)
                assert CANARY not in raw, (prefix, name)
                assert CSS not in raw, (prefix, name)
                assert raw[9:12] in (b"404", b"400", b"403"), (prefix, name, raw[:100])
