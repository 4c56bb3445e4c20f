"""The demo shop's uploads in Chromium, on gunicorn with the lane: what is shown, what is refused, what is private."""

import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from tests.helpers.film import film
from tests.system import browser as chrome
from tests.system.browser import Visitor
from tests.system.every_server import gunicorn
from tests.system.raw import Connection
from tests.system.servers import Server, running

pytestmark = [pytest.mark.system, pytest.mark.timeout(150)]

SHOP = Path(__file__).parents[2] / "examples" / "shop"
PASSWORD = "steep-it-slowly"
SECONDS = 30
PREPARE = """
import sys, django
sys.path.insert(0, "")
django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
call_command("migrate", verbosity=0)
for name in ("owner", "stranger"):
    User.objects.create_user(name, password=sys.argv[1])
call_command("first_files", owner="owner")
call_command("collectstatic", interactive=False)
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a shop with two people, whose gallery and invoices have their first files."""
    var = tmp_path_factory.mktemp("shop")
    environ = {name: value for name, value in os.environ.items() if name != "SHOP_DEBUG"}
    environ |= {"SHOP_VAR": str(var), "DJANGO_SETTINGS_MODULE": "shop.settings"}
    command = [sys.executable, "-c", PREPARE, PASSWORD]
    done = subprocess.run(command, cwd=SHOP, env=environ, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    return environ


@pytest.fixture(scope="module")
def server(shop: dict[str, str]) -> Iterator[Server]:
    command = gunicorn("clearway.gunicorn.ThreadWorker", "shop.wsgi", "--threads=4", "--access-logfile=-")(SHOP)
    with running(command, cwd=SHOP, environ=shop, log=Path(shop["SHOP_VAR"]) / "server.log") as it:
        yield it


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chrome.chromium() as it:
        yield it


@pytest.fixture
def visitor(browser: Browser, server: Server) -> Iterator[Visitor]:
    with chrome.visitor(browser, server.url) as someone:
        yield someone


def sign_in(visitor: Visitor, name: str) -> Page:
    page = visitor.open("/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("main .button")
    page.wait_for_selector("text=Your invoices")
    return page


def share(page: Page, name: str, content: bytes) -> None:
    """Fill in the form for a file, and wait for what the shop says."""
    page.goto(page.url.partition("/invoices/")[0].partition("/gallery/")[0] + "/gallery/share/")
    page.fill("#id_title", name)
    page.set_input_files("#id_file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.click("main .button")
    page.wait_for_selector(".errorlist, .notice")


# --- the gallery


def test_the_gallery_shows_a_picture_and_a_film(visitor: Visitor) -> None:
    page = visitor.open("/gallery/")
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    chrome.picture(page, "gallery")
    assert page.evaluate("document.querySelector('.shared img').naturalWidth") == 960
    assert page.evaluate("document.querySelector('video').duration") == 20
    kinds = page.eval_on_selector_all(".shared", "all => all.map(each => each.dataset.kind)")
    assert kinds[:5] == ["picture", "film", "paper", "paper", "paper"], "what others share comes behind"
    assert [each for each in visitor.complaints if ".webm" not in each] == []  # a player lets go when it knows enough


def test_a_visitor_seeks_in_a_film_that_somebody_shared(visitor: Visitor) -> None:
    page = sign_in(visitor, "owner")
    share(page, "pour.webm", film(SECONDS))
    page = visitor.open("/gallery/")
    last = page.locator("video").last.element_handle()
    assert last is not None
    page.wait_for_function("film => film.readyState >= 1", arg=last)
    for second in (SECONDS - 2, 3, SECONDS // 2):
        seek = """async ([film, second]) => {
            const sought = new Promise(done => film.addEventListener("seeked", done, { once: true }));
            film.currentTime = second;
            await sought;
            return [film.currentTime, film.error];
        }"""
        assert page.evaluate(seek, [last, second]) == [second, None]
    parts = [each for each in visitor.responses if each.url.endswith("/pour.webm")]
    assert {each.status for each in parts} == {206}
    assert len({each.headers["content-range"] for each in parts}) > 1


def test_safari_gets_two_octets_first(server: Server) -> None:
    with Connection(server.port) as line:
        part = line.ask("/media/shared/steeping.webm", range="bytes=0-1")
    whole = (SHOP / "gallery" / "first" / "steeping.webm").read_bytes()
    assert (part.status, part.body) == (206, whole[:2])
    assert part.fields["content-range"] == f"bytes 0-1/{len(whole)}"


@pytest.mark.parametrize("name", ["kettle.svg", "my-page.html", "brewing-card.pdf"])
def test_what_could_run_is_downloaded_and_does_not_run(visitor: Visitor, name: str) -> None:
    page = visitor.open("/gallery/")
    title = page.title()
    with page.expect_download() as waiting:
        page.click(f".paper[href$='/{name}']")
    assert waiting.value.suggested_filename == name
    assert Path(waiting.value.path()).read_bytes() == (SHOP / "gallery" / "first" / name).read_bytes()
    assert (page.title(), page.url) == (title, f"{visitor.site}/gallery/")
    assert not [each for each in visitor.complaints if "script" in each]


def test_a_script_in_a_drawing_does_not_run_in_a_frame_either(visitor: Visitor) -> None:
    """Whoever embeds it gets nothing at all: what is a download has no document."""
    page = visitor.open("/gallery/")
    page.evaluate("""() => {
        const frame = Object.assign(document.createElement("iframe"), { src: "/media/shared/kettle.svg" });
        document.body.append(frame);
    }""")
    page.wait_for_timeout(500)
    assert page.evaluate("document.querySelector('iframe').contentDocument?.documentElement.dataset.ran") is None


# --- the form


def png(width: int, height: int) -> bytes:
    """A picture of one colour: a few octets, however large it is unpacked."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\0" * (1 + (width + 7) // 8)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * 64)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("bomb.png", lambda: png(60_000, 60_000), "60000 × 60000 pixels"),
        ("large.mp4", lambda: b"\0\0\0\x18ftypmp42" + bytes(21_000_000), "too large"),
        (
            "cat.png",
            lambda: b"<!doctype html><script>alert(1)</script>",
            "promises image/png, and its content is text/html",
        ),
    ],
)
def test_the_form_says_why_a_file_is_refused(
    visitor: Visitor, shop: dict[str, str], name: str, content: Callable[[], bytes], says: str
) -> None:
    page = sign_in(visitor, "owner")
    share(page, name, content())
    chrome.picture(page, f"refused-{name.partition('.')[0]}")
    assert says in page.inner_text(".errorlist")
    assert not list(Path(shop["SHOP_VAR"], "media").rglob(name))


def test_a_picture_forgets_where_it_was_taken(visitor: Visitor, shop: dict[str, str]) -> None:
    page = sign_in(visitor, "owner")
    sent = (SHOP / "gallery" / "first" / "terraces.jpg").read_bytes()
    share(page, "mine.jpg", sent)
    kept = Path(shop["SHOP_VAR"], "media", "shared", "mine.jpg")
    with Image.open(SHOP / "gallery" / "first" / "terraces.jpg") as before, Image.open(kept) as after:
        assert before.getexif().get_ifd(0x8825)
        assert not any(after.getexif().get_ifd(0x8825).values())
        assert before.tobytes() == after.tobytes()


# --- invoices


def test_an_invoice_is_for_its_owner_and_for_nobody_else(browser: Browser, server: Server, visitor: Visitor) -> None:
    page = sign_in(visitor, "owner")
    chrome.picture(page, "invoices")
    address = page.get_attribute("text=Download", "href")
    with page.expect_download() as waiting:
        page.click("text=Download")
    assert waiting.value.suggested_filename == "invoice-2026-014.pdf"
    with chrome.visitor(browser, server.url) as nobody, chrome.visitor(browser, server.url) as stranger:
        sign_in(stranger, "stranger")
        for someone in (nobody, stranger):
            answers = [someone.context.request.get(server.url + str(path)) for path in (address, f"{address}.none")]
            assert [each.status for each in answers] == [404, 404]
            assert answers[0].text() == answers[1].text()
            assert b"%PDF" not in answers[0].body()


def test_a_link_opens_once_for_a_friend_and_can_be_ended(browser: Browser, server: Server, visitor: Visitor) -> None:
    page = sign_in(visitor, "owner")
    for _ in range(2):
        page.click("text=Make a link")
        page.wait_for_load_state("networkidle")
    first, second = (each.get_attribute("value") for each in page.locator(".link").all())
    chrome.picture(page, "links")
    with chrome.visitor(browser, server.url) as friend:
        shown = friend.context.new_page()
        shown.goto(str(first))
        with shown.expect_download() as waiting:
            shown.click("button")
        assert waiting.value.suggested_filename == "invoice-2026-014.pdf"
    with chrome.visitor(browser, server.url) as other:
        assert other.context.request.get(str(first)).status == 404
        assert other.context.request.get(str(second)).status == 200
        page.reload()
        page.click("text=End it")
        page.wait_for_load_state("networkidle")
        assert other.context.request.get(str(second)).status == 404
