"""The pictures of the demo shop: its gallery, a refused upload, and the links of an invoice."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

SHOP = Path(__file__).resolve().parents[1] / "examples" / "shop"
PASSWORD = "steep-it-slowly"
PREPARE = """
import sys, django
sys.path.insert(0, "")
django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
call_command("migrate", verbosity=0)
User.objects.create_user("demo", password=sys.argv[1])
call_command("first_files", owner="demo")
call_command("collectstatic", interactive=False, verbosity=0)
"""
DISGUISED = b"<!doctype html><script>alert(document.domain)</script>"


@contextmanager
def shop() -> Iterator[str]:
    """Its URL, on gunicorn with the lane."""
    with tempfile.TemporaryDirectory() as var, socket.socket() as probe:
        environ = {**os.environ, "SHOP_VAR": var, "DJANGO_SETTINGS_MODULE": "shop.settings"}
        subprocess.run([sys.executable, "-c", PREPARE, PASSWORD], cwd=SHOP, env=environ, check=True)
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        options = ["--worker-class=clearway.gunicorn.ThreadWorker", "--threads=4", "--log-level=warning"]
        command = [sys.executable, "-m", "gunicorn", *options, "--no-control-socket", f"--bind=127.0.0.1:{port}"]
        process = subprocess.Popen([*command, "shop.wsgi"], cwd=SHOP, env=environ)
        try:
            _wait(f"http://127.0.0.1:{port}/")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the shop did not start")


def photograph_shop(browser: Browser, folder: Path) -> list[Path]:
    """Write its pictures."""
    with shop() as url, browser.new_context(viewport={"width": 1120, "height": 760}) as context:
        page = context.new_page()
        page.goto(f"{url}/gallery/", wait_until="networkidle")
        page.wait_for_function("document.querySelector('video').readyState >= 2")
        _play_until(page, 14)
        taken = [_taken(page, folder / "shop-gallery.png", 1010)]
        page.goto(f"{url}/login/?next=/gallery/share/")
        page.fill("#id_username", "demo")
        page.fill("#id_password", PASSWORD)
        page.click("main .button")
        page.fill("#id_title", "My cat beside the kettle")
        page.set_input_files("#id_file", {"name": "cat.png", "mimeType": "image/png", "buffer": DISGUISED})
        page.click("main .button")
        page.wait_for_selector(".errorlist")
        taken.append(_taken(page, folder / "shop-refused.png", 760))
        page.goto(f"{url}/invoices/")
        page.click("text=Make a link")
        page.wait_for_selector(".link")
        return [*taken, _taken(page, folder / "shop-invoices.png", 620)]


def _play_until(page: Page, second: int) -> None:
    """A film in the middle says more than its first frame."""
    page.evaluate(
        """async second => {
            const film = document.querySelector("video");
            const sought = new Promise(done => film.addEventListener("seeked", done, { once: true }));
            film.currentTime = second;
            await sought;
        }""",
        second,
    )


def _taken(page: Page, path: Path, height: int) -> Path:
    page.screenshot(path=path, clip={"x": 0, "y": 0, "width": 1120, "height": height}, full_page=True)
    return path
