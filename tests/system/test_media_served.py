"""Users' files on real servers: kept by an upload, sent by ranges, seen in Chromium, and nothing beside them."""

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from tests.bad_input.cases import CLIMBS, SLASHES
from tests.bad_input.judge import exchange
from tests.helpers.film import film
from tests.system import browser as chrome
from tests.system.every_server import gunicorn, uvicorn
from tests.system.raw import Connection
from tests.system.served_site import APPLICATIONS
from tests.system.servers import Server, environment_for, running

from clearway.policy.media import CONTENT_POLICY

pytestmark = [pytest.mark.system, pytest.mark.timeout(150)]

SERVERS = {
    "gunicorn gthread": gunicorn("gthread", "uploading:by_wsgi", "--threads=4", "--access-logfile=-"),
    "uvicorn": uvicorn("uploading:by_asgi", "--log-level=info"),
    "gunicorn, lane": gunicorn(
        "clearway.gunicorn.ThreadWorker", "uploading:by_wsgi", "--threads=4", "--access-logfile=-"
    ),
}
LARGE = random.Random(9).randbytes(60_000_000)
SECONDS = 30
SECRET = b"SECRET of the neighbour"


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="clearway-") as name:
        folder = Path(name)
        shutil.copy(APPLICATIONS / "uploading.py", folder)
        for each in ("media", "temporary", "static", "media-evil"):
            (folder / each).mkdir()
        Image.new("RGB", (60, 40), (200, 30, 30)).save(folder / "media" / "photo.png")
        (folder / "media" / "film.webm").write_bytes(film(SECONDS))
        (folder / "media" / "large.mp4").write_bytes(LARGE)
        (folder / "media" / "drawing.svg").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>')
        (folder / "media" / "page.html").write_bytes(b"<script>document.title = 'ran'</script>")
        (folder / "media" / "café 100%.txt").write_bytes(b"name")
        (folder / "media" / "link.txt").symlink_to(folder / "secret.txt")
        (folder / "media" / "linked").symlink_to(folder / "media-evil")
        os.mkfifo(folder / "media" / "fifo.png")
        (folder / "secret.txt").write_bytes(SECRET)
        (folder / "media-evil" / "secret.txt").write_bytes(SECRET)
        yield folder


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, home: Path) -> Iterator[Server]:
    log = home / f"{request.param}.log"
    with running(SERVERS[request.param](home), cwd=home, environ=environment_for(home), log=log) as it:
        yield it


def upload(port: int, name: str, content: bytes, to: str = "") -> str:
    """As a form does it; the name under which it was kept."""
    border = b"----border"
    part = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
    body = b"--%b\r\n%b%b\r\n--%b--\r\n" % (border, part.encode(), content, border)
    with Connection(port) as line:
        fields = {"content_type": f"multipart/form-data; boundary={border.decode()}"}
        answer = line.ask(f"/upload?to={to}", "POST", body, **fields)
    assert answer.status == 200, answer
    return answer.body.decode()


# --- kept


def test_small_and_large_uploads_have_the_same_modes_under_a_closed_umask(server: Server, home: Path) -> None:
    for content in (b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n" + b"x" * 3_000_000):
        name = upload(server.port, "up.png", content, to="of/a/year/")
        path = home / "media" / name
        assert (path.read_bytes(), path.stat().st_mode & 0o777) == (content, 0o644)
        assert [each.stat().st_mode & 0o777 for each in list(path.parents)[:3]] == [0o755] * 3
        with Connection(server.port) as line:
            assert line.ask(f"/media/{name}").length == len(content)
    assert os.listdir(home / "temporary") == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [("shell.php.jpg", "shell_php"), ("../../x.png", "x"), ("CON.png", "_CON"), (".htaccess", "_")],
)
def test_a_name_that_somebody_sent_is_kept_safe(server: Server, home: Path, name: str, kept: str) -> None:
    given = upload(server.port, name, b"\x89PNG\r\n\x1a\n")
    assert given.startswith(kept)
    assert (home / "media" / given).is_file()


def test_many_uploads_of_one_name_are_all_kept(server: Server, home: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        contents = [b"\x89PNG\r\n\x1a\n%d" % number * 1000 for number in range(100)]
        names = list(pool.map(lambda content: upload(server.port, "same.png", content, "many/"), contents))
    assert len(set(names)) == 100
    assert [(home / "media" / name).read_bytes() for name in names] == contents
    shutil.rmtree(home / "media" / "many")


# --- sent


def test_a_player_gets_what_it_asks_for(server: Server, home: Path) -> None:
    content = (home / "media" / "film.webm").read_bytes()
    with Connection(server.port) as line:
        head = line.ask("/media/film.webm", "HEAD")
        assert (head.status, head.fields["accept-ranges"]) == (200, "bytes")
        assert head.fields["content-security-policy"] == CONTENT_POLICY
        for asked, start, end in (("0-1", 0, 2), ("0-", 0, None), (f"{len(content) - 9}-", -9, None), ("-4", -4, None)):
            part = line.ask("/media/film.webm", range=f"bytes={asked}", if_range=head.fields["etag"])
            due = content[start:end]
            assert (part.status, part.length, part.body[: len(due)][:1000]) == (206, len(due), due[:1000])
        assert line.ask("/media/film.webm", if_none_match=head.fields["etag"]).status == 304
        assert line.ask("/media/film.webm", range=f"bytes={len(content)}-").status == 416
        assert line.ask("/media/caf%C3%A9%20100%25.txt").body == b"name"


def test_a_large_file_costs_no_memory(server: Server) -> None:
    with Connection(server.port) as line:
        line.ask("/media/photo.png")
        before = server.memory()
        answer = line.ask("/media/large.mp4")
    assert answer.length == len(LARGE)
    assert server.memory() - before < 5_000_000


def test_slow_downloads_leave_room_for_others(server: Server) -> None:
    slow = [Connection(server.port, small_window=True) for _ in range(3)]
    try:
        for line in slow:
            line.socket.sendall(b"GET /media/large.mp4 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.head()[0] == 200
        with Connection(server.port) as quick:
            assert quick.ask("/media/photo.png").status == 200
    finally:
        for line in slow:
            line.reset()


# --- nothing else


def test_no_bad_request_leaves_the_directory_or_tells_what_is_there(server: Server) -> None:
    with Connection(server.port) as line:
        nothing = line.ask("/media/none.png")
    names = (
        b"link.txt", b"linked/secret.txt", b"linked", b"fifo.png", b"of", b"of/", b"", b".env", b"photo.png/",
        b"photo.png%00", b"photo.png%0a", b"%2e%2e/secret.txt", b"..%2fsecret.txt", b"../media-evil/secret.txt",
        b"-evil/secret.txt", b"%5c%5chost%5cx", b"NUL", b"n" * 300, b"a/" * 3000, b"%ff%fe.png", b"//secret.txt",
        b"film.webm::$DATA",
    )  # fmt: skip
    climbs = (climb + slash for climb in CLIMBS for slash in SLASHES)
    for name in (*names, *(each + b"secret.txt" for each in climbs)):
        raw = exchange(server.port, b"GET /media/%b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % name)
        status = int(raw[9:12] or b"400")
        assert status in {400, 404, 414}, (name, raw[:80])
        assert SECRET not in raw
        if status == 404:
            assert nothing.body in raw.partition(b"\r\n\r\n")[2], (name, raw)


# --- seen


@pytest.fixture(scope="module")
def chromium() -> Iterator[chrome.Browser]:
    with chrome.chromium() as browser:
        yield browser


def test_chromium_shows_a_picture_and_seeks_in_a_film(server: Server, chromium: chrome.Browser) -> None:
    with chrome.visitor(chromium, server.url) as visitor:
        page = visitor.open("/")
        assert page.evaluate("document.images[0].naturalWidth") == 60
        page.wait_for_function("document.querySelector('video').readyState >= 1")
        assert page.evaluate("document.querySelector('video').duration") == SECONDS
        for second in (SECONDS - 2, 3, SECONDS // 2):
            seek = f"""async () => {{
                const film = document.querySelector("video");
                const sought = new Promise(done => film.addEventListener("seeked", done, {{ once: true }}));
                film.currentTime = {second};
                await sought;
                return [film.currentTime, film.error];
            }}"""
            assert page.evaluate(seek) == [second, None]
        parts = [each for each in visitor.responses if each.url.endswith("/film.webm")]
        assert {each.status for each in parts} == {206}
        assert len(parts) > 1


def test_chromium_shows_a_film_and_a_picture_alone(server: Server, chromium: chrome.Browser) -> None:
    with chrome.visitor(chromium, server.url) as visitor:
        page = visitor.context.new_page()
        page.goto(f"{server.url}/media/photo.png")
        assert page.evaluate("document.images[0].naturalWidth") == 60
        page.goto(f"{server.url}/media/film.webm")
        page.wait_for_function("document.querySelector('video').readyState >= 2")


@pytest.mark.parametrize("name", ["page.html", "drawing.svg"])
def test_chromium_downloads_what_could_run(server: Server, chromium: chrome.Browser, name: str) -> None:
    with chrome.visitor(chromium, server.url) as visitor:
        page = visitor.context.new_page()
        page.goto(server.url)
        with page.expect_download() as waiting:
            page.evaluate(f"location.href = '/media/{name}'")
        assert waiting.value.suggested_filename == name
