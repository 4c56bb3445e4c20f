"""The servers under test: how each is started on a free port, and stopped for certain."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conformance.rows.row import Place
from tests.conformance.site import DECODERS, Site
from tests.conformance.wire import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
PREFIX = "/static/"
START_SECONDS = 20.0
STOP_SECONDS = 5.0


class NotStartedError(Exception):
    """The server did not come up; the message is the end of its log."""


def nothing_first(_site: Site, _environ: dict[str, str]) -> None:
    return None


def own_hashed(site: Site) -> str:
    return site.hashed


@dataclass(frozen=True)
class Target:
    """One server: `prepare` runs before it starts, `command` makes its command line for a port."""

    name: str
    ours: bool
    command: Callable[[Site, int], list[str]]
    prepare: Callable[[Site, dict[str, str]], None] = field(default=nothing_first)
    hashed: Callable[[Site], str] = field(default=own_hashed)

    @contextlib.contextmanager
    def running(self, site: Site) -> Iterator[Place]:
        """The place where it answers, for as long as the block lasts."""
        environ = environment(site)
        self.prepare(site, environ)
        port = free_port()
        log = site.home / f"{self.name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                self.command(site, port),
                cwd=REPOSITORY,
                env=environ,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            await_port(process, port, log)
            yield Place(port, PREFIX, site.files, DECODERS, self.hashed(site))
        finally:
            stop(process)


def environment(site: Site) -> dict[str, str]:
    paths = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "src")])
    return os.environ | {
        "CONFORMANCE_HOME": str(site.home),
        "CLEARWAY_CACHE": "off",
        "DJANGO_SETTINGS_MODULE": "tests.conformance.apps.shop_settings",
        "PYTHONPATH": paths,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.05)
    raise NotStartedError(log.read_text(errors="replace")[-2000:])


def stop(process: subprocess.Popen[bytes]) -> None:
    for kind in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, kind)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
            return


def gunicorn(module: str) -> Callable[[Site, int], list[str]]:
    def command(_site: Site, port: int) -> list[str]:
        options = ["--worker-class", "gthread", "--threads", "4", "--bind", f"{HOST}:{port}", "--log-level", "warning"]
        return [sys.executable, "-m", "gunicorn", *options, f"tests.conformance.apps.{module}:application"]

    return command


def uvicorn(module: str) -> Callable[[Site, int], list[str]]:
    def command(_site: Site, port: int) -> list[str]:
        options = ["--host", HOST, "--port", str(port), "--log-level", "warning", "--lifespan", "off"]
        return [sys.executable, "-m", "uvicorn", *options, f"tests.conformance.apps.{module}:application"]

    return command


def nginx(site: Site, port: int) -> list[str]:
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    text = Path(__file__).with_name("nginx.conf").read_text(encoding="utf-8")
    filled = {"@USER@": user, "@HOME@": str(site.home), "@WWW@": str(site.www), "@PORT@": str(port)}
    for mark, value in filled.items():
        text = text.replace(mark, value)
    path = site.home / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    return ["nginx", "-c", str(path), "-p", str(site.home), "-e", "stderr"]


def collect(site: Site, environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0"]
    done = subprocess.run(command, cwd=REPOSITORY, env=environ, capture_output=True, timeout=60, check=False)
    if done.returncode:
        raise NotStartedError(done.stderr.decode(errors="replace")[-2000:])


def collected_hashed(site: Site) -> str:
    manifest = site.home / "collected" / "static" / "staticfiles.json"
    return str(json.loads(manifest.read_bytes())["paths"]["site.css"])


TARGETS = (
    Target("clearway-wsgi", True, gunicorn("clearway_wsgi")),
    Target("clearway-asgi", True, uvicorn("clearway_asgi")),
    Target("clearway-middleware", True, gunicorn("shop_wsgi"), collect, collected_hashed),
    Target("whitenoise", False, gunicorn("whitenoise_wsgi")),
    Target("servestatic", False, uvicorn("servestatic_asgi")),
    Target("nginx", False, nginx),
)
