"""Chromium through Playwright, and a visitor who notes what a page asks for and complains about."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

NAMES = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MILLISECONDS = 20_000


def executable() -> str:
    for name in NAMES:
        if path := shutil.which(name):
            return path
    if os.environ.get("CI") == "true":
        pytest.fail("Chromium is missing")
    pytest.skip("Chromium is missing")


@contextmanager
def chromium() -> Iterator[Browser]:
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """One browser profile: a cache, cookies, and a notebook."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context = context
        self.site = site
        self.responses: list[Response] = []
        self.complaints: list[str] = []
        context.set_default_timeout(MILLISECONDS)

    def open(self, path: str) -> Page:
        """The page in a new tab, once it has nothing left to load."""
        page = self.context.new_page()
        page.on("console", lambda message: self.complaints.append(f"console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        page.on("response", self._note)
        page.goto(self.site + path, wait_until="networkidle")
        return page

    def _note(self, response: Response) -> None:
        self.responses.append(response)
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def static_responses(self) -> list[Response]:
        return [each for each in self.responses if urlsplit(each.url).path.startswith("/static/")]


@contextmanager
def visitor(browser: Browser, site: str) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        yield Visitor(context, site)
    finally:
        context.close()


def style(page: Page, selector: str, name: str) -> str:
    return str(page.eval_on_selector(selector, "(element, name) => getComputedStyle(element)[name]", name))


def loaded_fonts(page: Page) -> set[str]:
    """The families of which at least one face is loaded, once the page has settled."""
    script = "async () => [...await document.fonts.ready].map(face => [face.family, face.status])"
    return {family.strip('"') for family, status in page.evaluate(script) if status == "loaded"}


def static_links(page: Page) -> set[str]:
    """Every static address in the markup, also the icon's, which a headless browser does not fetch."""
    script = "() => [...document.querySelectorAll('[src], [href]')].map(e => e.src || e.href)"
    paths = {urlsplit(link).path for link in page.evaluate(script) if isinstance(link, str)}
    return {path for path in paths if path.startswith("/static/")}


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("CLEARWAY_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")
