"""gunicorn behind nginx, as a deploy meets them: the configuration that `clearway front nginx` writes, another user."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.daemons import free_ports
from tests.system import real_nginx
from tests.system.documents import blocks
from tests.system.release_live.shop import Shop
from tests.system.servers import wait_until_listening

WORKERS = {"middleware": "gthread", "lane": "clearway.gunicorn.ThreadWorker"}
PROXIED = """
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass http://shop_application;
        proxy_http_version 1.1;
        proxy_set_header Host $host;
    }}
}}
"""
PAGE, PLACE = "docs/howto/reload.md", "/srv/shop"


@dataclass
class Stage:
    """The shop in production: `port` serves static files from nginx, `proxied` from the application."""

    shop: Shop
    port: int
    proxied: int
    behind: int
    pidfile: Path
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def master(self) -> int:
        return int(self.pidfile.read_text())

    def hang_up(self) -> list[str]:
        """The reload that gunicorn documents."""
        return ["sh", "-c", f"kill -HUP $(cat {self.pidfile})"]

    def beside(self) -> list[str]:
        """The reload that starts the new application beside the old one."""
        return ["sh", str(self.shop.home / "reload.sh"), str(self.pidfile), str(self.log)]


def _documented(shop: Shop) -> Path:
    """What the page about reloading says, in the place of this shop; the configuration."""
    configuration, *_ = blocks(PAGE, "python")
    for name, text in zip(("reload.sh", "switch.sh"), blocks(PAGE, "sh"), strict=True):
        (shop.home / name).write_text(text, encoding="utf-8")
    path = shop.home / "gunicorn.conf.py"
    path.write_text(configuration.replace(PLACE, str(shop.home)), encoding="utf-8")
    return path


def _gunicorn(shop: Shop, worker: str, port: int) -> list[str]:
    options = ["--workers=2", "--threads=4", f"--bind=127.0.0.1:{port}", f"--config={_documented(shop)}"]
    program = str(Path(sys.executable).with_name("gunicorn"))
    return [program, "--no-control-socket", f"--worker-class={WORKERS[worker]}", *options, "shop.wsgi:application"]


@contextmanager
def _application(shop: Shop, worker: str, port: int, log: Path) -> Iterator[Path]:
    """The process may be another one at the end, in the same group; that has to be no other's."""
    pidfile = shop.home / "gunicorn.pid"
    with log.open("ab") as output:
        command = _gunicorn(shop, worker, port)
        process = subprocess.Popen(
            command, cwd=shop.home, env=shop.surroundings(), stdout=output, stderr=output, start_new_session=True
        )
    try:
        wait_until_listening(process, port, log)
        yield pidfile
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + 5
        try:
            os.killpg(process.pid, number)
            while time.monotonic() < deadline:
                process.poll()
                os.killpg(process.pid, 0)
                time.sleep(0.05)
        except ProcessLookupError:
            break
    process.wait(timeout=5)


@contextmanager
def stage(shop: Shop, worker: str) -> Iterator[Stage]:
    """Both servers, until the block ends."""
    port, proxied, behind = free_ports(3)
    own = shop.home / "servers"
    own.mkdir()
    text = shop.current.manage("clearway", "front", "nginx", "--upstream", f"127.0.0.1:{behind}")
    main = real_nginx.placed(own, text + PROXIED.format(port=proxied), port)
    assert real_nginx.complaints(main) == ""
    log = shop.home / "gunicorn.log"
    with _application(shop, worker, behind, log) as pidfile, real_nginx.nginx(main, port):
        yield Stage(shop, port, proxied, behind, pidfile, log)
