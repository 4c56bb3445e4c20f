"""The table of behaviours, put to WhiteNoise, ServeStatic and both wrappers of Clearway."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.helpers import asgi as asgi_calls
from tests.helpers.replies import Reply
from tests.helpers.wsgi import environ, run, says
from tests.peers.behaviours import OPTIONS, PAGE, ROWS, Row, plant

from clearway import asgi, wsgi

Call = Callable[..., Reply]  # (target, method, headers)


def whitenoise(root: Path, **options: Any) -> Call:
    made = pytest.importorskip("whitenoise", reason="needs whitenoise").WhiteNoise(says(PAGE), **options)
    made.add_files(root, prefix="s")
    return lambda target, method="GET", headers=None: run(made, environ(target, method, headers))


def servestatic(root: Path, **options: Any) -> Call:
    made = pytest.importorskip("servestatic", reason="needs servestatic").ServeStatic(says(PAGE), **options)
    made.add_files(root, prefix="s")
    return lambda target, method="GET", headers=None: run(made, environ(target, method, headers))


def clearway_wsgi(root: Path, **options: Any) -> Call:
    made = wsgi.Clearway(says(PAGE), root, "s", **options)
    return lambda target, method="GET", headers=None: run(made, environ(target, method, headers))


def clearway_asgi(root: Path, **options: Any) -> Call:
    made = asgi.Clearway(asgi_calls.says(PAGE), root, "s", **options)
    return lambda target, method="GET", headers=None: asgi_calls.asgi(made, target, method, headers or {})


SERVERS = {
    "whitenoise": whitenoise,
    "servestatic": servestatic,
    "clearway over WSGI": clearway_wsgi,
    "clearway over ASGI": clearway_asgi,
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plant(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module", params=[False, True], ids=["listed", "autorefresh"])
def refreshes(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
def calls(refreshes: bool, root: Path) -> dict[str, Call]:
    """Each server over the same directory, listed once or looked at on every request."""
    return {name: make(root, **OPTIONS, autorefresh=refreshes) for name, make in SERVERS.items()}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.parametrize("server", SERVERS)
def test_a_row_holds(calls: dict[str, Call], refreshes: bool, server: str, row: Row) -> None:
    call, headers = calls[server], dict(row.headers)
    if "{etag}" in "".join(headers.values()):
        tag = call(row.target)["ETag"] or ""
        headers = {name: value.replace("{etag}", tag) for name, value in headers.items()}
    theirs = {"whitenoise": row.theirs, "servestatic": row.servestatic or row.theirs}
    if refreshes and row.refreshed:
        theirs = dict.fromkeys(theirs, row.refreshed)
    assert theirs.get(server, row.ours or row.theirs).differs(call(row.target, row.method, headers)) == []


def test_every_difference_is_argued_and_nothing_else() -> None:
    assert [row.name for row in ROWS if bool(row.ours) != bool(row.because)] == []
    for row in ROWS:
        assert not row.because or row.because.startswith(("RFC ", "docs/")), row.name
        where, _, _ = row.because.partition(":")
        assert not where.startswith("docs/") or Path(__file__).parents[2].joinpath(where).is_file()


def test_a_row_that_does_not_hold_is_seen() -> None:
    reply = Reply(200, (("vary", "Accept-Encoding"),), b"body")
    row = next(row for row in ROWS if row.name == "gzip")
    assert len(row.theirs.differs(reply)) == 3
