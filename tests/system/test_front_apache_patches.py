"""Patches for configurations of httpd, run by the real one: what was said to be wrong is wrong, and is right then."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from tests.fronts.apache.expanded import WRITTEN, shown
from tests.fronts.apache.faults import BROKEN, DENIED, GOOD, PLAIN, SITE
from tests.system.raw import Answer, Connection
from tests.system.real_apache import apache, complaints, placed, program
from tests.system.real_nginx import application
from tests.system.servers import free_port

from clearway.fronts.apache import forwarded
from clearway.fronts.apache.checking import check, entrance_of
from clearway.fronts.apache.reading import Configuration, read
from clearway.fronts.apache.routing import route
from clearway.fronts.checking import Checked, Comparison, files_of
from clearway.fronts.needs import Need, needs, pretended_files
from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Outcome, Road
from clearway.fronts.site import Place, Site
from tools import front_apache

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def behind() -> Iterator[int]:
    """An application that says what it was told."""
    with application() as port:
        yield port


@dataclass(frozen=True)
class Project:
    """Files on the disk, each with its path as its content, and an application."""

    home: Path
    site: Site
    behind: int

    def checked(self, text: str) -> tuple[Path, int, Checked]:
        """A main file around the text, its port, and what is said of it."""
        port = free_port()
        written = text.replace("/srv/shop", str(self.home / "shop")).replace(
            "127.0.0.1:8000", f"127.0.0.1:{self.behind}"
        )
        main = placed(self.home, written, port)
        return main, port, check(self.site, str(main), PathMap())

    def foretold(self, main: Path) -> list[tuple[str, str]]:
        """What is said not to be met of the configuration as it is."""
        configuration, files = read(str(main)), files_of(self.site, PathMap())
        entrance = entrance_of(self.site, configuration, files)
        wanted: list[Need[Configuration]] = [*needs(self.site), *forwarded.needs(self.site, entrance, files)]
        found = Comparison(route, files, entrance, wanted).of(configuration)
        return [(lack.about, lack.target) for lack in found.lacks]

    def unmet(self, main: Path, port: int) -> list[tuple[str, str]]:
        """What the real server does not meet: (about, target)."""
        with apache(main, port):
            wrong = [(each.about, each.target) for each in needs(self.site) if self._is_unmet(each, port)]
            return [*wrong, *self._untold(port)]

    def _is_unmet(self, need: Need[object], port: int) -> bool:
        with Connection(port) as line:
            answer = line.ask(quote(need.target), need.method, b"x" * need.length, host="shop.test")
        fields = joined(answer)
        if "x-application" in fields:
            return bool(need.wrong(None, Road((), Outcome("application"))))
        file = answer.body.decode("utf-8", "replace") if answer.status == 200 else None
        found = Outcome("apache", answer.status, file, None, fields.get("content-type"), fields)
        return bool(need.wrong(None, Road((), found)))

    def _untold(self, port: int) -> Iterator[tuple[str, str]]:
        """What the application is not told."""
        with Connection(port) as line:
            answer = line.ask("/", host="shop.test")
        told = json.loads(answer.body)["fields"] if "x-application" in answer.fields else None
        fields = {name.lower(): value for name, value in told.items()} if told else {}
        if told and fields["host"] != "shop.test":
            yield "forwarded", "/"
        if told and fields.get(self.site.scheme_field.lower()) not in {"http", "https"}:
            yield "forwarded", "/"


def joined(answer: Answer) -> dict[str, str]:
    """By lower-case name, several of one name in one."""
    found: dict[str, str] = {}
    for name, value in answer.lines:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


@contextmanager
def project(behind: int, site: Site = SITE) -> Iterator[Project]:
    """The files that the needs ask for, readable by every user."""
    with TemporaryDirectory(prefix="clearway-") as name:
        home = Path(name).resolve()
        home.chmod(0o755)
        places = {
            kind: Place(place.prefix, place.root.replace("/srv/shop", f"{home}/shop"))
            for kind, place in (("static", site.static), ("media", site.media))
            if place
        }
        own = replace(site, upstream=f"127.0.0.1:{behind}", **places)
        for file in pretended_files(own):
            path = Path(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file, encoding="utf-8")
        for folder in home.rglob("*"):
            folder.chmod(0o755 if folder.is_dir() else 0o644)
        yield Project(home, own, behind)


def mended(at: Project, main: Path, port: int, found: Checked) -> None:
    """The patch is taken by patch(1), by httpd, and it helps."""
    patch = "\n".join([*found.patch, ""])
    done = subprocess.run(["patch", "-p0", "-d/"], input=patch, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "fuzz" not in done.stdout
    assert complaints(main) == ""
    assert at.unmet(main, port) == []


@pytest.mark.parametrize(("old", "new", "about", "lines"), BROKEN)
def test_a_fault_is_one_of_the_real_server_and_its_patch_mends_it(
    behind: int, old: str, new: str, about: str, lines: int
) -> None:
    with project(behind) as at:
        main, port, found = at.checked(GOOD.replace(old, new, 1))
        assert complaints(main) == ""
        assert at.unmet(main, port) == at.foretold(main)
        assert about in {lack.about for lack in found.lacks}
        assert all(lack.solved for lack in found.lacks)
        mended(at, main, port, found)


def test_what_is_right_is_right_for_the_real_server(behind: int) -> None:
    with project(behind) as at:
        main, port, found = at.checked(GOOD)
        assert (complaints(main), at.unmet(main, port), list(found.lacks)) == ("", [], [])


MACRO = f"<Macro Shop $name>\n{PLAIN.replace('shop.test', '$name')}</Macro>\nUse Shop shop.test\n"
SCRIPT = (
    "<VirtualHost *:80>\nServerName shop.test\nLimitRequestBody 1000\nWSGIScriptAlias / /srv/shop/app/wsgi.py\n"
    "<Directory /srv/shop/app>\nRequire all granted\n</Directory>\n</VirtualHost>\n"
)


@pytest.mark.parametrize(
    "text",
    [
        DENIED + PLAIN,
        DENIED + "Alias /other/ /srv/other/\nProxyPass / http://127.0.0.1:8000/\n",
        DENIED + PLAIN.replace("ServerName", "ServerName \\\n   "),
        DENIED + MACRO,
        DENIED + SCRIPT,
        f"<IfModule mod_proxy.c>\n{DENIED}{PLAIN}</IfModule>\n",
    ],
    ids=["proxy", "main server", "continued", "macro", "mod_wsgi", "condition"],
)
def test_a_site_without_static_files_gets_them(behind: int, text: str) -> None:
    with project(behind) as at:
        script = at.home / "shop" / "app" / "wsgi.py"
        script.parent.mkdir()
        script.write_text(APPLICATION, encoding="utf-8")
        main, port, found = at.checked(text)
        if text.endswith(SCRIPT):
            load(main, "wsgi")
            found = check(at.site, str(main), PathMap())
        assert all(lack.solved for lack in found.lacks), found.lacks
        mended(at, main, port, found)


APPLICATION = """import json

def application(environ, start_response):
    fields = {"host": environ["HTTP_HOST"], "x-forwarded-proto": environ["wsgi.url_scheme"]}
    body = json.dumps({"fields": fields}).encode()
    start_response("200 OK", [("Content-Length", str(len(body))), ("X-Application", "yes")])
    return [body]
"""


def load(main: Path, module: str) -> None:
    text = main.read_text(encoding="utf-8")
    line = f"LoadModule {module}_module {front_apache.MODULES}/mod_{module}.so\n"
    main.write_text(text.replace("LoadModule", line + "LoadModule", 1), encoding="utf-8")


def test_names_with_blanks_and_other_letters_are_written_so_that_httpd_reads_them(behind: int) -> None:
    places = {"static": Place("/stätic/", "/srv/shop/my stätic"), "media": Place("/m/", '/srv/shop/a"b')}
    with project(behind, replace(SITE, **places)) as at:
        main, port, found = at.checked(DENIED + PLAIN)
        mended(at, main, port, found)


def test_a_module_that_is_not_loaded_is_loaded(behind: int) -> None:
    with project(behind) as at:
        main, port, _ = at.checked(DENIED + PLAIN)
        rows = main.read_text(encoding="utf-8").splitlines(keepends=True)
        main.write_text("".join(row for row in rows if "headers_module" not in row), encoding="utf-8")
        found = check(at.site, str(main), PathMap())
        assert any(line.startswith("+LoadModule headers_module") for line in found.patch)
        mended(at, main, port, found)


# --- macros


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_macros_write_what_the_real_server_reads(tmp_path: Path, text: str, expected: list[str]) -> None:
    main = tmp_path / "httpd.conf"
    names = ("mpm_event", "authz_core", "env", "info", "macro")
    loads = "\n".join(f"LoadModule {name}_module {front_apache.MODULES}/mod_{name}.so" for name in names)
    head = f"ServerRoot {tmp_path}\n{loads}\nListen 127.0.0.1:1\nServerName x\nErrorLog {tmp_path}/log\n"
    main.write_text(f"{head}{text}\n", encoding="utf-8")
    command = [program(), "-t", "-D", "DUMP_CONFIG", "-f", str(main)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (tmp_path / "dumped.conf").write_text(done.stdout, encoding="utf-8")
    dumped = read(str(tmp_path / "dumped.conf"))
    known = {"listen", "servername", "errorlog", "loadmodule"}
    assert list(shown(each for each in dumped.directives if each.name not in known)) == expected
