"""The demo shop in Chromium, on real servers, in production mode."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from tests.system import browser as chrome
from tests.system import servers
from tests.system.browser import Visitor
from tests.system.servers import Server

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

SHOP = Path(__file__).parents[2] / "examples" / "shop"
HASHED = re.compile(r"/static/.+\.[0-9a-f]{12}\.\w+")
TRANSPARENT = "rgba(0, 0, 0, 0)"
PASSWORD = "steep-it-slowly"
SERVERS = {"gunicorn": servers.gunicorn("shop.wsgi"), "uvicorn": servers.uvicorn("shop.asgi:application")}


def manage(environ: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=SHOP, env=environ, capture_output=True, check=False, timeout=100)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a shop that is migrated, has a member of staff, and is collected."""
    var = tmp_path_factory.mktemp("shop")
    environ = {name: value for name, value in os.environ.items() if name != "SHOP_DEBUG"}
    environ |= {"SHOP_VAR": str(var), "CLEARWAY_CACHE": str(var / "cache")}
    environ |= {"DJANGO_SETTINGS_MODULE": "shop.settings"}
    manage(environ, "migrate", "--verbosity=0")
    staff = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    manage(environ | staff, "createsuperuser", "--noinput", "--username=staff", "--email=staff@localhost")
    manage(environ, "collectstatic", "--noinput")
    return environ


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chrome.chromium() as running:
        yield running


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, browser: Browser, shop: dict[str, str]) -> Iterator[Server]:
    log = Path(shop["SHOP_VAR"]) / f"{request.param}.log"
    with servers.running(SERVERS[request.param], cwd=SHOP, environ=shop, log=log) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, server: Server) -> Iterator[Visitor]:
    with chrome.visitor(browser, server.url) as someone:
        yield someone


def log_in(visitor: Visitor) -> Page:
    page = visitor.open("/admin/")
    page.fill("#id_username", "staff")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("#user-tools")
    page.wait_for_load_state("networkidle")
    return page


def see_everything(visitor: Visitor) -> list[Page]:
    shop, product = visitor.open("/"), visitor.open("/tea/matcha/")
    shop.wait_for_selector("[data-filter] button")
    product.wait_for_selector(".brew output")
    return [shop, product, visitor.open("/admin/login/"), log_in(visitor)]


def see_everything_again(visitor: Visitor) -> None:
    visitor.open("/").wait_for_selector("[data-filter] button")
    visitor.open("/tea/matcha/").wait_for_selector(".brew output")
    # Somebody who is logged in would be sent on by the login page.
    visitor.context.clear_cookies()
    visitor.open("/admin/login/")
    log_in(visitor)


def static_requests(server: Server) -> list[str]:
    """The static addresses in the server's log, once a marker shows that the log has caught up."""
    marker = f"/?marker={time.monotonic_ns()}"
    urllib.request.urlopen(server.url + marker, timeout=10).close()
    deadline = time.monotonic() + 10
    while marker not in (targets := [each.target for each in server.requests()]):
        assert time.monotonic() < deadline, "the server's log does not show the marker"
        time.sleep(0.05)
    return [target for target in targets if target.startswith("/static/")]


def test_the_front_page_is_styled_and_its_modules_run(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.wait_for_selector("[data-filter] button")
    chrome.picture(page, "front")
    assert chrome.style(page, ".cards", "display") == "grid"
    assert chrome.style(page, ".site-header", "backgroundColor") == "rgb(255, 253, 248)"
    assert "paper" in chrome.style(page, "body", "backgroundImage")
    assert "star" in chrome.style(page, ".ratings-star", "backgroundImage")
    assert chrome.loaded_fonts(page) == {"Kettle Display", "Kettle Figures"}
    page.click("[data-filter] [data-kind=black]")
    assert page.locator(".card:visible h3").all_inner_texts() == ["Assam", "Earl Grey"]
    assert visitor.complaints == []


def test_the_front_page_fits_a_phone(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.set_viewport_size({"width": 390, "height": 844})
    chrome.picture(page, "front-phone")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert visitor.complaints == []


def test_the_product_page_is_styled_and_its_modules_run(visitor: Visitor) -> None:
    page = visitor.open("/tea/matcha/")
    assert page.inner_text(".brew output") == "2 cups: 4 g"
    page.click("[data-buy]")
    page.click("[popovertarget]")
    chrome.picture(page, "product")
    assert chrome.style(page, ".product", "display") == "grid"
    assert page.inner_text("[data-basket-count]") == "1"
    assert page.inner_text("[data-basket-total]") == "€ 24.00"
    assert page.inner_text(".ratings-value") == "4.9"
    assert chrome.loaded_fonts(page) == {"Kettle Display", "Kettle Figures"}
    assert visitor.complaints == []


def test_the_pictures_of_the_shop_are_drawn(visitor: Visitor) -> None:
    script = "pictures => pictures.map(picture => picture.complete && picture.naturalWidth > 0)"
    drawn = visitor.open("/").eval_on_selector_all("main img", script)
    assert len(drawn) == 9
    assert all(drawn)


def test_the_admin_is_styled_before_and_after_the_login(visitor: Visitor) -> None:
    login = visitor.open("/admin/login/")
    chrome.picture(login, "admin-login")
    assert chrome.style(login, "#header", "backgroundColor") != TRANSPARENT
    index = log_in(visitor)
    chrome.picture(index, "admin-index")
    assert chrome.style(index, ".module caption", "backgroundColor") != TRANSPARENT
    assert chrome.style(index, "#header", "display") == "flex"
    assert visitor.complaints == []


def test_an_upload_is_stored_and_the_page_shows_it(visitor: Visitor, shop: dict[str, str]) -> None:
    log_in(visitor)
    form = visitor.open("/admin/catalogue/product/1/change/")
    paper = SHOP / "catalogue/static/catalogue/img/paper.png"
    form.set_input_files("#id_photo", paper)
    form.click("[name=_save]")
    form.wait_for_selector(".messagelist .success")
    stored = form.inner_text("tr:has(a[href$='/1/change/']) .field-photo")
    assert (Path(shop["SHOP_VAR"]) / "media" / stored).read_bytes() == paper.read_bytes()
    page = visitor.open("/tea/sencha/")
    assert page.get_attribute(".product > img", "src") == f"/media/{stored}"
    assert page.evaluate("document.querySelector('.product > img').naturalWidth") > 0
    assert visitor.complaints == []


def test_every_static_address_is_hashed_and_immutable(visitor: Visitor) -> None:
    pages = see_everything(visitor)
    links = set().union(*map(chrome.static_links, pages))
    answers = {urlsplit(each.url).path: each.headers["cache-control"] for each in visitor.static_responses()}
    assert [path for path in sorted(links | set(answers)) if not HASHED.fullmatch(path)] == []
    assert {value for value in answers.values() if "immutable" not in value} == set()
    assert {Path(path).suffix for path in answers} >= {".css", ".js", ".svg", ".png", ".woff2"}
    assert visitor.complaints == []


def test_a_second_visit_asks_the_server_for_no_static_file(visitor: Visitor, server: Server) -> None:
    see_everything(visitor)
    first = static_requests(server)
    assert first
    see_everything_again(visitor)
    assert static_requests(server)[len(first) :] == []
    assert visitor.complaints == []
