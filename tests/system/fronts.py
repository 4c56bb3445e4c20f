"""The demo behind each web server, with the configuration that `clearway front` writes for it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bad_input.site import Site as BadSite
from tests.bad_input.site import make_site
from tests.system import real_apache, real_caddy, real_nginx
from tests.system.raw import Answer, Connection
from tests.system.real_nginx import application
from tests.system.servers import free_port

from clearway.catalog.release import Release
from clearway.fronts.apache import writing as apache_writing
from clearway.fronts.caddy import writing as caddy_writing
from clearway.fronts.nginx import writing as nginx_writing
from clearway.fronts.nginx.installed import installed
from clearway.fronts.site import Place, Site
from clearway.wsgi import Clearway

REPOSITORY = Path(__file__).parents[2]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
UPLOADS = {"photo.png": b"png", "page.html": b"<p>", "drawing.svg": SVG, "sheet.xml": b"<a/>", ".secret": b"secret"}


@dataclass(frozen=True)
class Server:
    """How a web server is run: a main file around what was written for a port, its own test of it, the process."""

    name: str
    placed: Callable[[Path, str, int], Path]
    complaints: Callable[[Path], str]
    running: Callable[[Path, int], AbstractContextManager[int]]
    written: Callable[[Site], list[str]]


def _nginx(site: Site) -> list[str]:
    made = nginx_writing.write(site, installed())
    return [*made.maps, *made.server]


SERVERS = {
    "nginx": Server("nginx", real_nginx.placed, real_nginx.complaints, real_nginx.nginx, _nginx),
    "caddy": Server(
        "caddy",
        real_caddy.placed,
        real_caddy.complaints,
        real_caddy.caddy,
        lambda site: caddy_writing.write(site).site,
    ),
    "apache": Server(
        "apache",
        real_apache.placed,
        real_apache.complaints,
        real_apache.apache,
        lambda site: apache_writing.write(site).server,
    ),
}


@dataclass(frozen=True)
class Front:
    """A running web server, what it serves, and the project behind it."""

    server: Server
    port: int
    home: Path
    release: Release
    main: Path
    clearway: Clearway

    @property
    def name(self) -> str:
        return self.server.name

    @property
    def css(self) -> str:
        return f"/static/{self.release.assets['admin/css/base.css'].name}"

    def ask(self, target: str, method: str = "GET", **fields: str) -> Answer:
        with Connection(self.port) as line:
            return line.ask(target, method, **fields)


def clearway(home: Path, *words: str) -> str:
    """The command, in the demo; what it prints."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    environ |= {"SHOP_VAR": str(home / "var"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=home / "shop", env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def opened() -> Iterator[Path]:
    """A directory that every user may enter."""
    with TemporaryDirectory(prefix="clearway-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def demo() -> Iterator[Path]:
    """The demo, collected, with uploads; `shop` is its code and `var` its files."""
    with opened() as home:
        ignored = shutil.ignore_patterns("var", "__pycache__")
        shutil.copytree(REPOSITORY / "examples" / "shop", home / "shop", ignore=ignored)
        clearway(home, "collectstatic", "--noinput")
        (home / "var" / "media").mkdir(exist_ok=True)
        for name, data in UPLOADS.items():
            (home / "var" / "media" / name).write_bytes(data)
        for path in (home / "var", home / "var" / "static", home / "var" / "media"):
            path.chmod(0o755)
        yield home


@contextmanager
def fronted(server: Server, home: Path) -> Iterator[Front]:
    """The server before the demo in `home`, until the block ends."""
    with opened() as own, application() as behind:
        port = free_port()
        text = clearway(home, "clearway", "front", server.name, "--upstream", f"127.0.0.1:{behind}")
        main = server.placed(own, text, port)
        assert server.complaints(main) == ""
        records = home / "var" / "static" / ".clearway"
        id_ = (records / "current").read_text().strip()
        release = Release.from_bytes((records / "releases" / f"{id_}.json").read_bytes())
        with server.running(main, port):
            yield Front(server, port, home, release, main, Clearway(root=home / "var" / "static", prefix="static"))


@contextmanager
def endangered(server: Server) -> Iterator[tuple[int, BadSite]]:
    """The server before the tree of the bad requests, which its workers may not read all of."""
    with opened() as home, application() as behind:
        site, port = make_site(home), free_port()
        if server.name == "caddy":  # it has no rule for links: it follows them all, as the documentation says
            for path in [each for each in site.root.rglob("*") if each.is_symlink()]:
                path.unlink()
        told = Site("bad", "", ("*",), Place("/static/", str(site.root)), upstream=f"127.0.0.1:{behind}")
        main = server.placed(home, "\n".join(server.written(told)), port)
        assert server.complaints(main) == ""
        with server.running(main, port):
            yield port, site
