"""What `clearway front` writes, run by each real server before the demo: codings, types, caching, bad requests."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.bad_input.cases import GROUPS
from tests.bad_input.judge import SECRETS, exchange, parse
from tests.bad_input.site import FORGED
from tests.helpers.released import ENCODE
from tests.helpers.wsgi import wsgi
from tests.system.browser import chromium
from tests.system.front_rows import CHOICES, ROWS, UNMARKED, Row, is_own_error
from tests.system.fronts import SERVERS, Front, clearway, endangered, fronted, opened
from tests.system.raw import Connection
from tests.system.servers import free_port

from clearway.fronts.site import Place, RootFiles, Site
from clearway.http.header_rules import FOREVER
from clearway.http.negotiation import SUFFIXES
from clearway.policy.media import CONTENT_POLICY
from clearway.stores.decode import decoded

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]
BUNDLES = tuple(f"dist/{'application-' * 4}{number}" for number in range(300))
PROOFS = tuple(f"{'verification-' * 4}{number}.txt" for number in range(300))
SCRIPT = b"let application;" * 40
COMPARED = (
    "content-type",
    "cache-control",
    "content-encoding",
    "x-content-type-options",
    "access-control-allow-origin",
)


@pytest.fixture(scope="module", params=SERVERS)
def front(request: pytest.FixtureRequest, shop: Path) -> Iterator[Front]:
    with fronted(SERVERS[request.param], shop) as running:
        yield running


# --- codings


@pytest.fixture(scope="module", params=SERVERS)
def bundled(request: pytest.FixtureRequest) -> Iterator[int]:
    """The server before hundreds of directories of a bundler, of files at the root as well."""
    server, port = SERVERS[request.param], free_port()
    with opened() as home:
        for each in (BUNDLES[0], BUNDLES[-1]):
            (home / "static" / each).mkdir(parents=True)
            (home / "static" / each / "app-4f3c1d2a.js").write_bytes(SCRIPT)
            for coding, suffix in SUFFIXES.items():
                (home / "static" / each / f"app-4f3c1d2a.js{suffix}").write_bytes(ENCODE[coding](SCRIPT))
        for each in (PROOFS[0], PROOFS[-1]):
            (home / each).write_bytes(b"proof")
        site = Site(
            hosts=("*",),
            static=Place("/static/", str(home / "static")),
            media=None,
            unchanging=BUNDLES,
            root_files=(RootFiles(str(home), PROOFS, ()),),
        )
        main = server.placed(home, "\n".join(server.written(site)), port)
        assert server.complaints(main) == ""
        with server.running(main, port):
            yield port


@pytest.mark.parametrize("coding", ["", *SUFFIXES])
def test_names_of_a_bundler_are_encoded_and_never_change(bundled: int, coding: str) -> None:
    """nginx reads no word of 4,096 octets."""
    for each in (BUNDLES[0], BUNDLES[-1]):
        with Connection(bundled) as line:
            answer = line.ask(f"/static/{each}/app-4f3c1d2a.js", accept_encoding=coding or "identity")
        assert answer.fields.get("content-encoding", "") == coding
        assert (decoded(coding, answer.body) if coding else answer.body) == SCRIPT
        assert answer.fields["content-type"] == "text/javascript; charset=utf-8"
        assert answer.fields["cache-control"] == FOREVER


def test_hundreds_of_files_at_the_root_are_served(bundled: int) -> None:
    for each in (PROOFS[0], PROOFS[-1]):
        with Connection(bundled) as line:
            assert line.ask(f"/{each}").body == b"proof"


@pytest.mark.parametrize("accepted", [accepted for accepted, _, _ in CHOICES])
def test_the_client_chooses_the_coding(front: Front, accepted: str) -> None:
    _, due, argued = next(choice for choice in CHOICES if choice[0] == accepted)
    coding = str(argued.get(front.name, (due, ""))[0])
    plain, answer = front.ask(front.css), front.ask(front.css, accept_encoding=accepted)
    assert (answer.status, answer.fields.get("content-encoding", "")) == (200, coding)
    assert (decoded(coding.removeprefix("x-"), answer.body) if coding else answer.body) == plain.body
    assert answer.fields["vary"] == "Accept-Encoding"
    assert (answer.fields["etag"] == plain.fields["etag"]) == (not coding)


def test_what_is_argued_away_is_another_answer_with_a_reason() -> None:
    rows = [(row.status, row.argued) for row in ROWS] + [(coding, argued) for _, coding, argued in CHOICES]
    for due, argued in rows:
        assert argued.keys() <= SERVERS.keys()
        assert all(answer != due and reason for answer, reason in argued.values())


def test_every_coding_is_chosen_somewhere() -> None:
    assert {coding for _, coding, _ in CHOICES} == {"", *ENCODE}


def test_without_the_field_nothing_is_encoded(front: Front) -> None:
    assert "content-encoding" not in front.ask(front.css).fields


def test_chromium_gets_brotli(front: Front) -> None:
    with chromium() as browser:
        page = browser.new_page()
        answer = page.goto(f"http://127.0.0.1:{front.port}{front.css}")
        assert answer is not None
        assert (answer.status, answer.headers["content-encoding"]) == (200, "br")


# --- beside the answers in process


def test_every_published_file_is_answered_as_in_process(front: Front) -> None:
    different = []
    for asset in front.release.assets.values():
        target = f"/static/{asset.name}"
        for accepted in ("identity", *asset.variants):
            got = front.ask(target, accept_encoding=accepted)
            due = wsgi(front.clearway, target, "GET", {"Accept-Encoding": accepted})
            fields = [name for name in COMPARED if got.fields.get(name) != dict(due.fields).get(name)]
            if got.status != due.status or got.length != len(due.body) or fields:
                different.append((target, accepted, got.status, fields))
    assert different == []
    assert len(front.release.assets) > 100


def test_unhashed_names_are_kept_briefly(front: Front) -> None:
    answer = front.ask("/static/admin/css/base.css", accept_encoding="br")
    assert (answer.status, answer.fields["cache-control"]) == (200, "max-age=60, public")
    assert "content-encoding" not in answer.fields


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_table_of_conformance(front: Front, row: Row) -> None:
    path = row.target.replace("css", front.css, 1) if row.target.startswith("css") else row.target
    with Connection(front.port) as line:
        fields = row.filled(front.ask(front.css).fields)
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        line.socket.sendall(f"{row.method} {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
        status, sent = line.head()
    got = {name.lower(): value for name, value in sent}
    # Apache adds an empty Allow of its own: several are one list (RFC 9110 §5.3).
    allow = {each.strip() for name, value in sent if name.lower() == "allow" for each in value.split(",")} - {""}
    assert status == row.status_of(front.name)
    in_process = row.filled(dict(wsgi(front.clearway, front.css).fields))
    assert wsgi(front.clearway, path, row.method, in_process).status == row.status
    assert got["x-content-type-options"] == "nosniff"
    assert got["access-control-allow-origin"] == "*"
    assert (got.get("cache-control") == "no-store") == (status >= 400 and (front.name, status) not in UNMARKED)
    assert allow == ({"GET", "HEAD", "OPTIONS"} if status in {204, 405} else set())
    if status in {200, 206, 304}:
        assert "max-age=" in got["cache-control"]
        assert row.target != "css" or got["vary"] == "Accept-Encoding"  # the others have no variants


# --- media


@pytest.mark.parametrize(
    ("name", "kind", "type_"),
    [
        ("photo.png", "inline", "image/png"),
        ("page.html", "attachment", "text/html; charset=utf-8"),
        ("drawing.svg", "attachment", "image/svg+xml"),
        ("sheet.xml", "attachment", "application/xml"),
    ],
)
def test_users_files_are_harmless(front: Front, name: str, kind: str, type_: str) -> None:
    answer = front.ask(f"/media/{name}")
    assert (answer.status, answer.fields["content-disposition"], answer.fields["content-type"]) == (200, kind, type_)
    assert answer.fields["content-security-policy"] == CONTENT_POLICY
    assert answer.fields["x-content-type-options"] == "nosniff"
    assert answer.fields["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("name", [".secret", "", "none.png", "../shop.sqlite3", "..%2fshop.sqlite3"])
def test_what_is_no_upload_is_not_answered(front: Front, name: str) -> None:
    answer = front.ask(f"/media/{name}")
    assert answer.status == 404 or ("X-Application", "yes") in answer.lines


# --- the application


def test_the_application_is_told_of_host_and_scheme(front: Front) -> None:
    told = json.loads(front.ask("/admin/?a=b", host="shop.example").body)
    fields = {name.lower(): value for name, value in told["fields"].items()}
    assert told["path"] == "/admin/?a=b"
    assert (fields["host"], fields["x-forwarded-proto"]) == ("shop.example", "http")
    assert (fields.get("x-forwarded-host", "shop.example"), fields["x-forwarded-for"]) == ("shop.example", "127.0.0.1")


def test_an_upload_passes_that_django_takes(front: Front) -> None:
    body = b"x" * (3 << 20)
    with Connection(front.port) as line:
        assert json.loads(line.ask("/admin/", "POST", body).body)["length"] == len(body)


# --- what the other verbs say of it


def test_the_check_has_nothing_to_say(front: Front) -> None:
    told = clearway(front.home, "clearway", "front", front.name, "--check", str(front.main))
    assert "all that the project needs" in told


def test_the_trace_agrees_with_the_live_server(front: Front) -> None:
    targets = ("admin/css/base.css", ".clearway/current")
    paths = (front.css, *(f"/static/{each}" for each in targets), "/media/page.html", "/media/photo.png")
    urls = [f"http://127.0.0.1:{front.port}{path}" for path in paths]
    words = ["clearway", "trace", f"--{front.name}", str(front.main), "--probe", "--format", "json", *urls]
    for line in clearway(front.home, *words).splitlines():
        road: dict[str, Any] = json.loads(line)
        assert road["steps"][-1]["layer"] == "probe"
        assert "answers the same" in road["steps"][-1]["decision"]
        assert road["outcome"]["by"] == front.name


# --- bad requests


@pytest.fixture(scope="module", params=SERVERS)
def dangerous(request: pytest.FixtureRequest) -> Iterator[tuple[str, int, Any]]:
    with endangered(SERVERS[request.param]) as (port, site):
        yield request.param, port, site


@pytest.mark.parametrize("group", GROUPS)
def test_bad_requests_never_leave_the_directory(dangerous: tuple[str, int, Any], group: str) -> None:
    name, port, site = dangerous
    problems = []
    for case in GROUPS[group]():
        request = case.request(site)
        if name == "caddy" and b"fifo" in request:
            continue  # it waits for whoever writes into a pipe
        answer = parse(raw := exchange(port, request))
        if any(secret in raw.partition(b"\r\n\r\n")[2] for secret in SECRETS if secret not in request):
            problems.append(f"{case}: a secret came out")
        elif answer and answer.status >= 500 and answer.status not in {501, 505}:
            problems += [] if is_own_error(name, case.target) else [f"{case}: {answer.status}"]
        elif answer and FORGED.lower() in answer.fields:
            problems.append(f"{case}: a forged header")
    assert problems == []
