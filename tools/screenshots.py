"""The pictures of the documentation: the doctor's text with and without colour, its page, and the demo shop.

`python -m tools.screenshots` from the root of the repository, in an environment with Clearway and Playwright; it needs
Chromium. With Pillow the PNGs get a palette, which makes them a third as large.
"""

import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from clearway.fronts.rendering.sheet import breakable
from clearway.fronts.rendering.svg import COLOURS
from tools.screenshots_shop import photograph_shop

REPOSITORY = Path(__file__).resolve().parents[1]
CORPUS = REPOSITORY / "tests" / "corpus"
PICTURES = REPOSITORY / "docs" / "pictures"
CASE = "nginx-alias-404-cached"
SHOWN = "/srv/shop"  # what the project's directory is called in the pictures; it is made with a name as long
WORDS = ("doctor", "--nginx", "nginx.conf")
CLEARWAY = (sys.executable, "-c", "from clearway.cli import main; raise SystemExit(main())")

WIDTH, LEADING, EDGE = 8, 18, 16  # of a character, a row and the margin, in pixels
CLASSES = {"1": "bold", "2": "quiet", "31": "wrong", "32": "right", "33": "unknown"}
STYLE = (
    COLOURS
    + """
rect{fill:var(--paper)}text{fill:var(--ink);white-space:pre;
font:13.3px "DejaVu Sans Mono",ui-monospace,Menlo,Consolas,monospace}.bold{font-weight:700}.quiet{fill:var(--quiet)}
.wrong{fill:var(--wrong);font-weight:700}.right{fill:var(--right)}.unknown{fill:var(--unknown);font-weight:700}
"""
)
SCREENS: Mapping[str, tuple[ViewportSize, int]] = {
    "doctor-desktop": ({"width": 860, "height": 1900}, 1),
    "doctor-phone": ({"width": 360, "height": 760}, 2),
}


def main() -> int:
    """Write all pictures anew."""
    with project() as root:
        for name, colour in (("doctor-colour", "--force-color"), ("doctor-plain", "--no-color")):
            text = f"$ clearway {' '.join(WORDS)}\n\n{doctor(root, colour)}"
            (PICTURES / f"{name}.svg").write_text(terminal(text), encoding="utf-8")
        page = doctor(root, "--format", "html")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in SCREENS:
            photograph(browser, page, name)
        for picture in photograph_shop(browser, PICTURES):
            shrink(picture, 200)
        browser.close()
    for picture in sorted([*PICTURES.glob("doctor-*"), *PICTURES.glob("shop-*")]):
        print(f"{picture.name}: {picture.stat().st_size:,} octets")
    return 0


@contextmanager
def project() -> Iterator[Path]:
    """The broken project of the corpus, where the server's worker can reach it."""
    root = Path(tempfile.gettempdir(), secrets.token_hex(2))
    try:
        shutil.copytree(CORPUS / "base", root, ignore=shutil.ignore_patterns("__pycache__"))
        case = tomllib.loads((CORPUS / "broken" / f"{CASE}.toml").read_text("utf-8").replace("{root}", str(root)))
        for name, text in case["files"].items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=root, check=True)
        yield root
    finally:
        shutil.rmtree(root)


def doctor(root: Path, *options: str) -> str:
    """What the command prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    done = subprocess.run(
        [*CLEARWAY, *WORDS, *options], cwd=root, env=kept, capture_output=True, text=True, check=False
    )
    if done.returncode != 1 or done.stderr:
        raise SystemExit(f"the doctor ended with {done.returncode}: {done.stderr}")
    return done.stdout.replace(str(root), SHOWN).replace(breakable(str(root)), breakable(SHOWN))


def terminal(text: str) -> str:
    """A terminal of 80 columns as a picture whose text stays text."""
    rows = text.rstrip("\n").split("\n")
    width, height = 80 * WIDTH + 2 * EDGE, len(rows) * LEADING + 2 * EDGE
    lines = [
        f'<text x="{EDGE}" y="{EDGE + LEADING * place + 13}">{"".join(spans(row))}</text>'
        for place, row in enumerate(rows)
        if row
    ]
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="clearway doctor in a terminal">'
    return "\n".join([head, f"<style>{STYLE}</style>", f'<rect width="{width}" height="{height}"/>', *lines, "</svg>"])


def spans(row: str) -> Iterator[str]:
    """The parts of a row, each in its colour."""
    kind = ""
    for part in re.split(r"(\x1b\[\d+m)", row):
        if code := re.fullmatch(r"\x1b\[(\d+)m", part):
            kind = CLASSES.get(code[1], "")
        elif part:
            yield f'<tspan class="{kind}">{escape(part)}</tspan>' if kind else escape(part)


def photograph(browser: Browser, page: str, name: str) -> None:
    """A picture of the page as a screen shows it."""
    viewport, scale = SCREENS[name]
    with browser.new_context(viewport=viewport, device_scale_factor=scale) as context:
        shown = context.new_page()
        shown.set_content(page)
        shown.screenshot(path=PICTURES / f"{name}.png")
    shrink(PICTURES / f"{name}.png")


def shrink(picture: Path, colours: int = 48) -> None:
    """With a palette, where Pillow is there."""
    try:
        from PIL import Image
    except ImportError:
        return
    with Image.open(picture) as image:
        image.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(picture, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
