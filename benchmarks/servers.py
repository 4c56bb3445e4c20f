"""The commands of servers: one process that answers, on a port of 127.0.0.1, files from a folder, pages from Django."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tools.system_packages import SEARCH

from .measure import BIN

Command = Callable[[int, Path], list[str]]  # of a port and a STATIC_ROOT

GUNICORN_LANE, UVICORN_LANE = "clearway.gunicorn.ThreadWorker", "clearway.uvicorn:Protocol"
_BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


def gunicorn(module: str = "wsgi", worker: str = "gthread", threads: int = 4) -> Command:
    flags = ["-w", "1", "-k", worker, "--threads", str(threads), "--log-level", "critical", "--no-control-socket"]
    return lambda port, _: [str(BIN / "gunicorn"), *flags, "-b", f"127.0.0.1:{port}", _application(module)]


def uvicorn(module: str = "asgi", protocol: str = "httptools") -> Command:
    flags = ["--loop", "uvloop", "--http", protocol, "--no-access-log", "--log-level", "critical", "--lifespan", "off"]
    return lambda port, _: [str(BIN / "uvicorn"), *flags, "--port", str(port), _application(module)]


def granian(interface: str, module: str) -> Command:
    return lambda port, _: _granian(interface, port, module)


def granian_mount() -> Command:
    """Its own static files: it sends no variants, and has no entity tags."""
    return lambda port, root: [*_granian("wsgi", port, "wsgi"), "--static-path-mount", str(root)]


def _granian(interface: str, port: int, module: str) -> list[str]:
    flags = ["--workers", "1", "--interface", interface, "--log-level", "critical", "--host", "127.0.0.1"]
    return [str(BIN / "granian"), *flags, "--port", str(port), _application(module)]


def _application(module: str) -> str:
    return f"benchmarks.site.{module}" if ":" in module else f"benchmarks.site.{module}:application"


def nginx(port: int, root: Path) -> list[str]:
    """As quick as it goes: sendfile, the variants beside the files, open files kept, no log."""
    home = root.parent / f"nginx-{port}"
    home.mkdir()
    brotli = f"load_module {_BROTLI};\n" if _BROTLI.exists() else ""
    user = "user root;\n" if os.geteuid() == 0 else ""
    temporary = "\n".join(
        f"  {each}_temp_path {home};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    static = "brotli_static on;" if brotli else ""
    configuration = home / "nginx.conf"
    configuration.write_text(f"""{brotli}{user}daemon off;
worker_processes 1;
pid {home}/pid;
error_log /dev/null crit;
events {{ worker_connections 1024; }}
http {{
{temporary}
  include /etc/nginx/mime.types;
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  open_file_cache max=10000 inactive=60s;
  open_file_cache_valid 60s;
  gzip_static on; {static}
  server {{
    listen 127.0.0.1:{port};
    location /static/ {{ alias {root}/; log_not_found off; }}
  }}
}}
""")
    return [installed("nginx") or "nginx", "-p", str(home), "-c", str(configuration)]


def caddy(port: int, root: Path) -> list[str]:
    """Its file server with the variants beside the files."""
    configuration = root.parent / f"caddy-{port}"
    configuration.write_text(f"""{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    bind 127.0.0.1
    handle_path /static/* {{
        root * {root}
        file_server {{
            precompressed br gzip
        }}
    }}
}}
""")
    own = ["env", f"XDG_CONFIG_HOME={root.parent}", f"XDG_DATA_HOME={root.parent}"]
    return [*own, installed("caddy") or "caddy", "run", "--config", str(configuration), "--adapter", "caddyfile"]


def floor(kind: str) -> Command:
    """What Python needs at least; it knows one stylesheet."""
    return lambda port, root: [*_FLOOR, kind, str(port), str(next((root / "bench").glob("site.*.css.br")))]


_FLOOR = (sys.executable, "-m", "benchmarks.floor")


def installed(program: str) -> str | None:
    """Where a program lies, also those that an ordinary user's PATH does not name."""
    return shutil.which(program, path=SEARCH)
