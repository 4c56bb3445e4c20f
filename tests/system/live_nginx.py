"""A case of the corpus with its nginx running: what the doctor foretold is asked of the live server."""

import http.client
import os
import re
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.certificate import write_certificate
from tests.system.real_nginx import Application, program
from tests.system.servers import STARTUP_SECONDS, free_port, stop, wait_until_listening

_LISTEN = re.compile(r"^(\s*listen\s+)(80|443)\b", re.MULTILINE)
_NOBODY = "65533:65533"
UPSTREAM = "127.0.0.1:8000"


@dataclass(frozen=True)
class Answer:
    """What came back; header fields by lower-case name."""

    status: int
    fields: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def type(self) -> str:
        return self.fields.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Live:
    """A running nginx: the ports that stand for 80 and 443."""

    ports: Mapping[str, int]
    is_tls: bool

    def ask(self, target: str, method: str = "GET", host: str = "shop.example", body: bytes | None = None) -> Answer:
        """One request, by TLS where the configuration has it."""
        connection = self._connection()
        try:
            connection.request(method, target, body, {"Host": host, "Referer": f"http://{host}/"})
            reply = connection.getresponse()
            return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if not self.is_tls:
            return http.client.HTTPConnection("127.0.0.1", self.ports["80"], timeout=20)
        context = ssl._create_unverified_context()
        return http.client.HTTPSConnection("127.0.0.1", self.ports["443"], timeout=20, context=context)


class Accelerating(Application):
    """Answers `/hand?…` with X-Accel-Redirect to what stands behind the question mark."""

    def do_GET(self) -> None:
        if not self.path.startswith("/hand?"):
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("X-Accel-Redirect", self.path.partition("?")[2])
        self.send_header("Content-Length", "0")
        self.end_headers()


def ready(main: Path, worker: str, application: int) -> tuple[Path, Mapping[str, int], bool]:
    """The configuration on free ports, in files of their own beside those of the case."""
    ports = {"80": free_port(), "443": free_port()}
    folder = main.parent
    is_tls = False
    for path in [each for each in folder.rglob("*") if each.is_file() and each.stat().st_size < 1 << 16]:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        if "listen " not in text and "proxy_pass" not in text:
            continue
        is_tls = is_tls or " ssl;" in text
        text = _LISTEN.sub(lambda found: f"{found[1]}127.0.0.1:{ports[found[2]]}", text)
        text = text.replace(UPSTREAM, f"127.0.0.1:{application}")
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    user = "nobody nogroup" if worker == _NOBODY else "root"
    main.write_text(re.sub(r"^user .*;", f"user {user};", main.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    if is_tls:
        write_certificate(folder / "chain.pem", folder / "key.pem")
    return main, ports, is_tls


def complaint(main: Path) -> str:
    """What `nginx -t` says where it refuses; empty where it does not."""
    done = subprocess.run([program(), "-t", "-q", "-c", str(main)], capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


@contextmanager
def running(main: Path, ports: Mapping[str, int], *, is_tls: bool) -> Iterator[Live]:
    """nginx with the configuration, until the block ends."""
    home, log = main.parent, main.with_name("start.log")
    options = f"daemon off; pid {home}/nginx.pid; error_log {home}/error.log;"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program(), "-c", str(main), "-g", options], stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_until_bound(process, home / "nginx.pid", log)
        wait_until_listening(process, ports["443" if is_tls else "80"], log)
        yield Live(ports, is_tls)
    finally:
        stop(process)


def _wait_until_bound(process: "subprocess.Popen[bytes]", pid: Path, log: Path) -> None:
    """nginx writes its number once the ports are its own: another program may have taken one since it was free."""
    for _ in range(STARTUP_SECONDS * 20):
        if pid.exists():
            return
        assert process.poll() is None, log.read_text(errors="replace")
        time.sleep(0.05)
    raise AssertionError(f"nginx did not start: {log.read_text(errors='replace')}")


def is_root() -> bool:
    """Whether workers of any user can be started."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
