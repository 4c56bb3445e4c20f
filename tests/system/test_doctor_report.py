"""The pages of `doctor` and `trace` in Chromium: a phone, the dark, a keyboard, paper, no JavaScript, an enemy."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.doctor.corpus import CORPUS, examine
from tests.doctor.forks import Forks
from tests.doctor.reports import HEALTHY, everything, finding
from tests.system.browser import chromium

from clearway.doctor.finding import Fix
from clearway.doctor.registry import all_checks
from clearway.doctor.rendering.html import html
from clearway.doctor.report import Checked, Report, Status, Told
from clearway.doctor.station import Place, State, Station
from clearway.fronts.rendering.html import html as road
from clearway.fronts.road import Location, Outcome, Road, Step
from clearway.fronts.trace import Trace

pytestmark = pytest.mark.system

EVIL = '"><script>document.title="run"</script><img src="//evil.example/x" onerror="alert(1)"><b style="color:red">'
LONG = "/srv/" + "a-directory-with-a-long-name/" * 12 + "x" * 300
CASE = CORPUS / "broken" / "nginx-alias-404-cached.toml"
STATIONS = [Station(place, f"the {place}", (LONG,), state) for place, state in zip(Place, State, strict=True)]

# The lowest contrast of text with what lies behind it (WCAG 2.2, 1.4.3), and that text.
CONTRAST = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number)
  const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
  const behind = element => {
    for (; element; element = element.parentElement) {
      const found = numbers(getComputedStyle(element).backgroundColor)
      if (found.length < 4 || found[3] === 1) return found
      if (found[3] !== 0) throw new Error("half transparent")
    }
    throw new Error("no background")
  }
  let worst = [Infinity, ""]
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node; node = walker.nextNode();) {
    if (!node.data.trim() || !node.parentElement.getClientRects().length) continue
    const [a, b] = [numbers(getComputedStyle(node.parentElement).color), behind(node.parentElement)].map(light)
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (ratio < worst[0]) worst = [ratio, node.data]
  }
  return worst
}"""
UNFOLD = "() => document.querySelectorAll('details').forEach(each => each.open = true)"
SPILT = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CLIPPED = """() => [...document.querySelectorAll('body *')].filter(each => each.getClientRects().length &&
  each.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(each => each.outerHTML)"""


def enemy() -> Report:
    """Every text is markup, and very long."""
    fix = Fix(EVIL, diff=f"--- a\n+++ b\n-{EVIL}\n+{LONG}\n", commands=(EVIL, LONG))
    found = finding(
        "CW507", EVIL, message=EVIL + LONG, evidence=(EVIL, LONG), location=Location(EVIL, 3), effect=EVIL, fix=fix
    )
    ended = [Checked("CW230", Status.SKIPPED, EVIL + LONG), Checked("CW231", Status.CRASHED, EVIL + LONG)]
    return Report([Told(found, ("CW507",)), Told(found, follows=True)], ended, [EVIL, LONG], EVIL + LONG)


def pages(here: Path) -> dict[str, str]:
    """Documents by name; `real` is what the command prints."""
    steps = (Step("server", LONG, Location(LONG, 1)), Step("", EVIL, ok=False), Step("file", EVIL))
    return {
        "real": real(),
        "everything": html(everything(here), STATIONS),
        "enemy": html(enemy(), [Station(Place.FRONT, EVIL, (EVIL, LONG), State.WRONG, (0,))]),
        "healthy": html(HEALTHY, STATIONS[:1]),
        "every finding": html(Report([Told(finding(each.rule.id, each.rule.name)) for each in all_checks()], ()), []),
        "trace": road([Trace(LONG, Road(steps, Outcome("nginx", 404))), Trace(EVIL, Road((), Outcome("nginx", 200)))]),
    }


def real() -> str:
    """Of a project of the corpus."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        forks = Forks(Path(made))
        try:
            done = examine(CASE, Path(made, "site"), forks)
            words = ["clearway", "doctor", "--format", "html", *done.case["arguments"]]
            return forks.run(words, Path(made, "site")).out
        finally:
            forks.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All documents as files."""
    made = tmp_path_factory.mktemp("reports")
    for name, text in pages(made).items():
        (made / f"{name}.html").write_text(text, encoding="utf-8")
    return made


NAMES = ("real", "everything", "enemy", "healthy", "every finding", "trace")


@contextmanager
def opened(browser: Browser, file: Path, **context: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what it asked for or complained about beyond itself."""
    settings = {"viewport": {"width": 1000, "height": 800}} | context
    with browser.new_context(**settings) as made:
        page = made.new_page()
        noted: list[str] = []
        page.on("console", lambda message: noted.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: noted.append(f"error: {error}"))
        page.on("dialog", lambda dialog: noted.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: noted.append(request.url) if request.url != file.as_uri() else None)
        page.goto(file.as_uri(), wait_until="networkidle")
        yield page, noted


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_and_nothing_is_asked_for(browser: Browser, folder: Path, name: str) -> None:
    with opened(browser, folder / f"{name}.html") as (page, noted):
        assert [each for each in noted if each != "data:,"] == []
        assert page.title() != "run"
        assert page.locator("script, img, iframe, [style], [onerror]").count() == 0


@pytest.mark.parametrize("width", [360, 1000])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_has_to_be_scrolled_sideways(browser: Browser, folder: Path, name: str, width: int) -> None:
    with opened(browser, folder / f"{name}.html", viewport={"width": width, "height": 700}) as (page, _):
        page.evaluate(UNFOLD)
        assert page.evaluate(SPILT) == 0
        assert page.evaluate(CLIPPED) == []


@pytest.mark.parametrize("media", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"media": "print"}], ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_text_stands_out(browser: Browser, folder: Path, name: str, media: dict[str, Any]) -> None:
    with opened(browser, folder / f"{name}.html") as (page, _):
        page.emulate_media(**media)
        page.evaluate(UNFOLD)
        ratio, text = page.evaluate(CONTRAST)
        assert ratio >= 4.5, f"{ratio:.2f}: {text}"


def test_the_measure_sees_text_that_does_not_stand_out(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "grey.html"
    file.write_text('<body style="background:#fff;color:#777"><p>grey</p>')
    with opened(browser, file) as (page, _):
        ratio, text = page.evaluate(CONTRAST)
        assert (round(ratio, 2), text) == (4.48, "grey")


def test_light_and_dark_are_two(browser: Browser, folder: Path) -> None:
    found = set()
    for scheme in ("light", "dark"):
        with opened(browser, folder / "real.html", color_scheme=scheme) as (page, _):
            found.add(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
    assert len(found) == 2


def test_everything_can_be_read_without_javascript(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "real.html", java_script_enabled=False) as (page, _):
        assert page.get_by_role("heading", level=1).inner_text().startswith("Static files do not work: a slash is")
        assert page.get_by_text("404 from nginx").is_visible()
        folded = page.get_by_text("an answer that a file is not there", exact=False).first
        assert not folded.is_visible()
        page.locator("summary").first.click()
        page.locator("details details summary").first.click()
        assert page.locator("details details p").first.is_visible()


def test_the_keyboard_reaches_what_is_folded_and_shows_where_it_is(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "real.html") as (page, _):
        for _step in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("() => document.activeElement.tagName") == "SUMMARY":
                break
        style = page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, "
            "parseFloat(s.outlineWidth)] }"
        )
        assert style[0] == "solid" and style[1] >= 2
        page.keyboard.press("Enter")
        assert page.locator("details[open]").count() == 1


def test_a_station_leads_to_its_cause(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "real.html") as (page, _):
        page.get_by_role("link", name="cause 1").click()
        assert page.evaluate("() => document.querySelector(':target').className") == "finding error"


def test_on_paper_everything_is_unfolded(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "real.html") as (page, _):
        seen = "() => [...document.querySelectorAll('details > :not(summary)')].filter(each => !each.checkVisibility())"
        assert page.evaluate(f"() => ({seen})().length") > 0
        page.emulate_media(media="print")
        assert page.evaluate(f"() => ({seen})().length") == 0


def test_one_click_selects_a_command(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "everything.html") as (page, _):
        page.locator("pre.command").first.click()
        assert page.evaluate("() => getSelection().toString()") == "nginx -s reload"
