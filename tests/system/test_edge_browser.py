"""A page of the first release in Chromium, while three more are deployed to the bucket behind a cache."""

from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response
from tests.system import browser
from tests.system.edge_lab import PREFIX, lab
from tests.system.edges import Edge
from tests.system.round_robin import Front, front
from tests.system.servers import gunicorn, running
from tests.system.sites.at_the_edge import Project, project

pytestmark = pytest.mark.system
DISPLAY, FIGURES = "kettle-display.woff2", "kettle-figures.woff2"
LATE = {"lazy", "word", "own", "behind"}  # what a page loads when somebody clicks


def test_pages_of_the_first_release_work_after_three_more_deploys(tmp_path: Path) -> None:
    """A tab before each cache, and a new one in the end."""
    (tmp_path / "site").mkdir()
    with ExitStack() as stack:
        made, balancer = stack.enter_context(lab(tmp_path / "root")), stack.enter_context(front())
        site = project(tmp_path / "site", made.target, made.store.environ())
        chromium, edges = stack.enter_context(browser.chromium()), list(made.edges.values())
        visitors = [stack.enter_context(browser.visitor(chromium, balancer.url)) for _ in edges]
        site.deploy("one", 100, DISPLAY)
        serve(stack, site, balancer)
        tabs = [each.open(page_of(edge)) for each, edge in zip(visitors, edges, strict=True)]
        early = {stem(response) for each in visitors for response in each.static_responses()}
        assert not LATE & early
        for word, width in (("two", 200), ("three", 300), ("four", 400)):
            site.deploy(word, width, FIGURES)
        serve(stack, site, balancer)
        for each, tab, edge in zip(visitors, tabs, edges, strict=True):
            assert seen(tab) == ("one", "one", "100px", "100px", {"Own"})
            assert {stem(response) for response in each.static_responses()} == early | LATE
            assert seen(each.open(page_of(edge))) == ("four", "four", "400px", "400px", {"Own"})
            check(each.static_responses(), edge)
            assert each.complaints == []


def serve(stack: ExitStack, site: Project, balancer: Front) -> None:
    """A new server of the release of the moment; the ones before get no more requests."""
    command = gunicorn("pages:application", "--keep-alive=0")
    log = site.home / f"log{len(list(site.home.glob('log*')))}"
    server = stack.enter_context(running(command, cwd=site.home, environ=site.environ, log=log))
    balancer.ports = [server.port]


def page_of(edge: Edge) -> str:
    return f"/127.0.0.1:{edge.port}/"


def stem(response: Response) -> str:
    return urlsplit(response.url).path.removeprefix(PREFIX).partition(".")[0]


def seen(page: Page) -> tuple[object, ...]:
    """What shows from which release each file of a page is, those that are loaded late as well."""
    with page.expect_response(lambda response: stem(response) == "behind"):  # that nothing in the page waits for
        page.click("button")
    page.wait_for_selector("body.shown")
    styles = browser.style(page, "body", "marginLeft"), browser.style(page, "output", "width")
    return page.get_attribute("body", "id"), page.inner_text("output"), *styles, browser.loaded_fonts(page)


def check(responses: list[Response], edge: Edge) -> None:
    """Every file came from the cache, and a text in a coding that Chromium asked for."""
    for each in responses:
        fields = each.headers
        assert urlsplit(each.url).port == edge.port
        assert (each.status, fields["access-control-allow-origin"]) == (200, "*")
        assert fields["x-cache"] in {"HIT", "MISS"}
        assert "immutable" in fields["cache-control"]
        if urlsplit(each.url).path.endswith("lazy.js"):
            assert fields["content-encoding"] == "br"
