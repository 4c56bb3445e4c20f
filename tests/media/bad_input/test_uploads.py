"""Every bad upload to real servers: refused, or kept below the root under a harmless name; nothing is left behind."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from tests.bad_input.judge import SECRETS, exchange, parse
from tests.bad_input.servers import Running, started
from tests.media.bad_input.bodies import GROUPS, Upload, form, part, send
from tests.media.bad_input.judge import cries
from tests.media.bad_input.kept import harms
from tests.media.bad_input.names import shown
from tests.media.bad_input.servers import SERVERS, SETTINGS
from tests.media.bad_input.site import make_site, media_of
from tests.media.bad_input.surroundings import entries

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

# the server, and what the uploads pass: Django's own handlers; the gate; a scanner that cannot be asked
KINDS = {
    "gunicorn": ("gunicorn", ""),
    "gunicorn, the gate": ("gunicorn", "limits"),
    "uvicorn, the gate": ("uvicorn", "limits"),
    "uvicorn, held": ("uvicorn", "held"),
}
HELD = re.compile(r"\.clearway-quarantine/(?:files/|notes/[0-9a-f]{64}\.json\Z)?|\.clearway-quarantine")
TAKEN, REFUSED = 200, frozenset({400, 411, 413, 414, 431, 501})


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture(scope="module", params=KINDS)
def taking(request: pytest.FixtureRequest, home: Path) -> Iterator[Running]:
    name, gate = KINDS[request.param]
    site = make_site(home / request.param.replace(" ", "-"))
    with started(request.param, SERVERS[name], site, SETTINGS, GATE=gate) as server:
        yield server


def complaints(server: Running, upload: Upload) -> Iterator[str]:
    try:
        raw = send(server.port, upload)
    except TimeoutError:
        yield f"{upload}: no end"
        return
    answer = parse(raw)
    if any(secret in raw for secret in SECRETS):
        yield f"{upload}: a secret came out"
    if answer is None and raw:
        yield f"{upload}: no answer: {raw[:80]!r}"
    if answer and answer.status not in REFUSED | {TAKEN}:
        yield f"{upload}: {answer.status}"
    if answer and answer.status == TAKEN:
        places = json.loads(answer.body)
        yield from (f"{upload}: {wrong}" for place in places[:2] for wrong in unserved(server, place))


def unserved(server: Running, place: str) -> Iterator[str]:
    """What is wrong with the answer to who asks for a file that was kept."""
    due = b"404" if "held" in server.name else b"200"
    line = f"GET /media/{quote(place)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    raw = exchange(server.port, line.encode())
    if raw[9:12] != due:
        yield f"{shown(place)} is answered with {raw[:60]!r}"


@pytest.mark.parametrize("group", GROUPS)
def test_bad_uploads_are_refused_or_kept_harmlessly(taking: Running, group: str) -> None:
    home, root, workers = taking.site.home, media_of(taking.site.home), taking.workers()
    around, before = dict(entries(home, root)), dict(entries(root, None))
    assert [problem for upload in GROUPS[group]() for problem in complaints(taking, upload)] == []
    after = dict(entries(root, None))
    log = taking.log.relative_to(home).as_posix()
    now = dict(entries(home, root)) | {log: around[log]}
    assert now == around, "something was written outside, or left in the directory of uploads that come"
    assert before.items() <= after.items(), "a file of another user was touched"
    made = {HELD.sub("", name) for name in after.keys() - before.keys()} - {""}
    assert [wrong for name in made for wrong in harms("", name)] == []
    assert not any("/" in name for name in made), "an upload made a directory"
    assert taking.workers() == workers, "a worker died"
    assert cries(taking.log) == []


def test_a_good_upload_is_kept(taking: Running) -> None:
    raw = send(taking.port, Upload("good", form(part(b'form-data; name="file"; filename="good.txt"', b"all of it"))))
    answer = parse(raw)
    assert answer is not None
    assert answer.status == TAKEN
    folder = ".clearway-quarantine/files" if "held" in taking.name else "."
    assert (media_of(taking.site.home) / folder / "good.txt").read_bytes() == b"all of it"
