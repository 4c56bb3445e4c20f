"""The broken cases with an nginx, run for real: the fault occurs as it was foretold, and the printed patch cures it."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.corpus import Examined, cases, examine
from tests.doctor.forks import Forks
from tests.system import live_nginx
from tests.system.live_nginx import Live
from tests.system.real_nginx import application

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not live_nginx.is_root(), reason="only on a machine where the tests may start workers as root"),
    pytest.mark.skipif(shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin") is None, reason="needs nginx"),
]
FILES = [each for each in cases("broken") if each.stem.startswith("nginx-")]
_ANSWERED = re.compile(r"GET (?:https?://([^/:]+)(?::\d+)?)?(/\S*) → (\d{3})(?: ([a-z]+/[\w.+-]+))?")
_HANDED = re.compile(r"GET (/\S*) → (?:handed to the application|http)")
_WITHOUT = re.compile(r"GET (/\S*) is answered without (.+)")
_POSTED = re.compile(r"POST (/\S*) with ([\d,]+) octets → (\d{3})")
_KEPT = re.compile(r"GET (/\S*) → (?:\d+, )?(cache-control|expires): ([^;]+)")
_TOLD = re.compile(r"the application gets Host: (\S+)")


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    made = Forks(tmp_path_factory.mktemp("forks"))
    yield made
    made.close()


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory that workers of any user can pass."""
    made = Path(tempfile.mkdtemp(prefix="clearway-corpus-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_fault_occurs_as_it_was_foretold(file: Path, home: Path, forks: Forks) -> None:
    done = examine(file, home / "site", forks)
    finding = done.findings[0]
    main = home / "site" / done.case["arguments"][1]  # nothing outside of it is written to
    if "refuses this configuration" in finding["message"]:
        assert live_nginx.complaint(main)
        return
    kept = {each: each.read_bytes() for each in main.parent.rglob("*") if each.is_file()}
    with live(done, main) as server:
        assert confirmed(finding, server, home / "site"), f"nothing to ask: {finding['evidence']}"
    if (target := missed(finding)) and finding["fix"]["diff"]:
        for path, octets in kept.items():
            path.write_bytes(octets)
        cured(done, main, target)


def missed(finding: dict[str, Any]) -> str:
    """The URL of a file that does not arrive; empty for what is wrong with one that does."""
    for line in finding["evidence"]:
        if handed := _HANDED.match(line):
            return handed[1].removesuffix("/")
        if answered := _ANSWERED.match(line):
            is_wrong = answered[3] != "200" or answered[4] == "text/html"
            return answered[2] if is_wrong and not answered[2].endswith("/") else ""
    return ""


def cured(done: Examined, main: Path, target: str) -> None:
    """The patch as it was printed is applied, and the file arrives."""
    text = done.findings[0]["fix"]["diff"] + "\n"
    subprocess.run(["patch", "-p0", "-d", "/"], input=text, text=True, check=True, capture_output=True)
    with live(done, main) as server:
        answer = server.ask(target)
        assert answer.status == 200, f"{target}: {answer.status}\n{text}"
        assert answer.type != "text/html"


def live(done: Examined, main: Path) -> Any:
    """The case's nginx; the application behind it lives as long."""
    from contextlib import contextmanager

    arguments = done.case["arguments"]
    worker = arguments[arguments.index("--worker") + 1] if "--worker" in arguments else ""

    @contextmanager
    def both() -> Iterator[Live]:
        with application(live_nginx.Accelerating) as port:
            ready, ports, is_tls = live_nginx.ready(main, worker, port)
            with live_nginx.running(ready, ports, is_tls=is_tls) as server:
                yield server

    return both()


def confirmed(finding: dict[str, Any], server: Live, site: Path) -> bool:
    """Whether something was asked; what is answered must be what was foretold."""
    asked = False
    for line in finding["evidence"]:
        for pattern, check in _CLAIMS.items():
            if found := pattern.match(line) if pattern is not _TOLD else pattern.search(line):
                check(found, server)
                asked = True
    if more := _BY_CAUSE.get(finding["cause"]):
        more(server, site)
        asked = True
    return asked


# --- claims of the evidence


def _answers(found: re.Match[str], server: Live) -> None:
    host, target, status, media = found.groups()
    answer = server.ask(target, host=host or "shop.example")
    assert str(answer.status) == status, f"{target}: {answer.status}"
    if media:
        assert answer.type == media


def _is_handed_on(found: re.Match[str], server: Live) -> None:
    answer = server.ask(found[1])
    assert answer.status == 502 or "x-application" in answer.fields, f"{found[1]}: {answer}"


def _lacks(found: re.Match[str], server: Live) -> None:
    fields = server.ask(found[1]).fields
    assert not [name for name in found[2].lower().split(", ") if name in fields]


def _refuses(found: re.Match[str], server: Live) -> None:
    octets = int(found[2].replace(",", ""))
    connection = server._connection()
    connection.putrequest("POST", found[1], skip_host=True)
    for name, value in (("Host", "shop.example"), ("Content-Length", str(octets))):
        connection.putheader(name, value)
    connection.endheaders()
    assert str(connection.getresponse().status) == found[3]
    connection.close()


def _may_be_kept(found: re.Match[str], server: Live) -> None:
    assert found[3] in server.ask(found[1]).fields[found[2]]


def _tells(found: re.Match[str], server: Live) -> None:
    body = server.ask("/").body.decode()
    assert f'"Host": "{found[1].partition(":")[0]}' in body or not body.startswith("{"), body


_CLAIMS: dict[re.Pattern[str], Callable[[re.Match[str], Live], None]] = {
    _ANSWERED: _answers,
    _HANDED: _is_handed_on,
    _WITHOUT: _lacks,
    _KEPT: _may_be_kept,
    _POSTED: _refuses,
    _TOLD: _tells,
}


# --- what the evidence has no request for


def _is_told_no_https(server: Live, _: Path) -> None:
    assert '"X-Forwarded-Proto": "https"' not in server.ask("/").body.decode()


def _hosts_are_joined(server: Live, _: Path) -> None:
    assert server.ask("/").status in {200, 400, 502}


def _fails_on_large_bodies(server: Live, site: Path) -> None:
    """nginx gives the directory to its worker at each start as root; the fault is that of a later chown."""
    os.chown(site / "tmp", 0, 0)
    assert server.ask("/", "POST", body=b"x" * 200_000).status == 500


def _keeps_the_old(server: Live, site: Path) -> None:
    target, path = "/static/catalogue/css/site.css", site / "staticfiles/catalogue/css/site.css"
    before = server.ask(target).body
    for _ in range(2):
        server.ask(target)
    path.unlink()
    path.write_bytes(b"new" + before)
    assert server.ask(target).body == before


def _loses_the_file(server: Live, _: Path) -> None:
    answer = server.ask("/hand?/protected/a.pdf")
    assert answer.status in {404, 200}
    assert answer.body[:4] != b"%PDF"


def _is_not_loaded(server: Live, _: Path) -> None:
    assert server.ask("/static/catalogue/css/site.css").status == 404


_BY_CAUSE: dict[str, Callable[[Live, Path], None]] = {
    "proto-header": _is_told_no_https,
    "host-header": _hosts_are_joined,
    "body-temp": _fails_on_large_bodies,
    "stale-file-cache": _keeps_the_old,
    "internal-redirect": _loses_the_file,
    "config-not-loaded": _is_not_loaded,
}
