"""The nginx of the distribution with a configuration in a directory of its own, and an application behind it."""

import grp
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from tests.system.servers import stop, wait_until_listening

PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
MAIN = """
{user}
daemon off;
pid {home}/nginx.pid;
error_log {home}/error.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off;
    {temporary}
    include {home}/site.conf;
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def program() -> str:
    found = shutil.which("nginx", path=PATH)
    if found is None:
        pytest.skip("needs nginx")
    return found


def written(home: Path, site: str) -> Path:
    """The main file around a site; its workers are nobody where root starts them."""
    user = f"user nobody {grp.getgrgid(65534).gr_name};" if os.geteuid() == 0 else ""
    temporary = " ".join(f"{name}_temp_path {home}/{name};" for name in TEMPORARY)
    (home / "site.conf").write_text(site, encoding="utf-8")
    main = home / "nginx.conf"
    main.write_text(MAIN.format(user=user, home=home, temporary=temporary), encoding="utf-8")
    return main


def listening(text: str, port: int) -> str:
    """A server on a port of this machine."""
    return re.sub(r"listen (?:\[::\]:)?80;", "", text, count=1).replace("listen [::]:80;", f"listen 127.0.0.1:{port};")


def placed(home: Path, text: str, port: int) -> Path:
    """The main file around a written configuration, for a port."""
    return written(home, listening(text, port))


def complaints(main: Path) -> str:
    """What `nginx -t` says beside that all is well; empty for nothing."""
    done = subprocess.run([program(), "-t", "-q", "-c", str(main)], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@contextmanager
def nginx(main: Path, port: int) -> Iterator[int]:
    """Run until the block ends."""
    log = main.with_name("start.log")
    with log.open("wb") as output:
        process = subprocess.Popen([program(), "-c", str(main)], stdout=output, stderr=output, start_new_session=True)
    try:
        wait_until_listening(process, port, log)
        yield port
    finally:
        stop(process)


class Application(BaseHTTPRequestHandler):
    """Answers every request with what it was told, as JSON."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        body = json.dumps({"path": self.path, "fields": dict(self.headers), "length": length}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Application", "yes")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def application(handler: type[Application] = Application) -> Iterator[int]:
    """On a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
