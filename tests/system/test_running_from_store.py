"""gunicorn without static files: names come from a store, and later from nowhere."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from tests.helpers.object_server import Asked, ObjectServer, obedient, object_server, refused
from tests.system.servers import Server, environment_for, eventually, gunicorn, running

from clearway.stores.targets import open_target

__all__ = ["object_server"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]
SITES = Path(__file__).parent / "sites"
APPLICATION = "published_elsewhere:application"
COLLECT = """
import published_elsewhere
from django.core.management import call_command
call_command("collectstatic", verbosity=0, interactive=False)
"""


@dataclass
class Deployed:
    """Releases that were built on another machine and published to a store; their ids, the first one first."""

    store: ObjectServer
    target: str
    static_url: str
    folder: Path
    ids: list[str]

    def environ(self, **more: str) -> dict[str, str]:
        plain = environment_for(SITES) | self.store.environ()
        return plain | {"SITE_STATIC_URL": self.static_url, "CLEARWAY_CACHE": str(self.folder / "cache"), **more}

    def fetching(self, **more: str) -> dict[str, str]:
        return self.environ(SITE_CLEARWAY=json.dumps({"records": self.target}), **more)

    def clearway(self, *words: str) -> str:
        line = [str(Path(sys.executable).with_name("clearway")), *words]
        done = subprocess.run(
            line, check=False, cwd=self.folder, env=self.environ(), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def collect_and_publish(self, css: str, js: str) -> None:
        for name, text in (("css/site.css", css), ("js/app.js", js)):
            path = self.folder / "sources" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        environ = self.environ(SITE_STATIC_ROOT=str(self.root), SITE_SOURCES=str(self.folder / "sources"))
        subprocess.run([sys.executable, "-c", COLLECT], cwd=self.folder, env=environ, check=True, timeout=60)
        self.clearway("publish", "--root", str(self.root), self.target, "--apply")
        self.ids.append((self.root / ".clearway/current").read_text("ascii").strip())

    @property
    def asked(self) -> list[Asked]:
        return self.store.asked_of(self.target)

    @property
    def fetched(self) -> int:
        """Records, three of which a process reads when it starts."""
        return sum(each.method == "GET" for each in self.asked)

    @property
    def root(self) -> Path:
        return self.folder / "static"

    def names(self, id_: str) -> str:
        """The page that a process of a release makes."""
        record = json.loads((self.root / f".clearway/releases/{id_}.json").read_bytes())
        return " ".join(self.static_url + record["assets"][name]["name"] for name in ("css/site.css", "js/app.js"))


@pytest.fixture(scope="module")
def published(object_server: ObjectServer, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    target = f"{object_server.new_bucket()}/live"
    static_url = f"{object_server.url}/{target.removeprefix('s3://')}/"
    made = Deployed(object_server, target, static_url, tmp_path_factory.mktemp("deployed"), [])
    made.collect_and_publish("a { color: red }", "let a = 1;")
    made.collect_and_publish("a { color: blue }", "let a = 1;")
    return made


@pytest.fixture
def deployed(published: Deployed) -> Iterator[Deployed]:
    """With the second release current."""
    published.store.asked.clear()
    yield published
    published.store.habit = obedient
    published.clearway("rollback", published.ids[1], "--target", published.target)


def read(server: Server) -> str:
    with urlopen(server.url, timeout=20) as answer:
        return str(answer.read().decode())


def until(server: Server, wanted: str) -> None:
    """A reload takes its time."""
    deadline = time.monotonic() + 30
    while (found := {read(server) for _ in range(8)}) != {wanted}:
        assert time.monotonic() < deadline, (found, server.log.read_text())
        time.sleep(0.1)


def down(store: ObjectServer) -> None:
    store.habit = lambda kept, environ, start: refused(start, "503 Service Unavailable", "ServiceUnavailable")


def test_pages_name_what_the_store_has_through_rollback_reload_and_outage(deployed: Deployed) -> None:
    old, new = deployed.ids
    command = gunicorn(APPLICATION, "--workers=2")
    with running(command, cwd=deployed.folder, environ=deployed.fetching(), log=deployed.folder / "log") as server:
        assert eventually(lambda: deployed.fetched >= 2 * 3, 30), server.log.read_text()
        until(server, deployed.names(new))
        assert deployed.fetched == 2 * 3
        assert_published(deployed, read(server))
        deployed.clearway("rollback", old, "--target", deployed.target)
        assert {read(server) for _ in range(8)} == {deployed.names(new)}
        deployed.store.asked.clear()
        os.kill(server.process.pid, signal.SIGHUP)
        assert eventually(lambda: deployed.fetched >= 2 * 3, 30), server.log.read_text()
        until_said(server, "Worker exiting", 2)
        until(server, deployed.names(old))
        assert_published(deployed, read(server))
        deployed.store.asked.clear()
        down(deployed.store)
        assert {read(server) for _ in range(20)} == {deployed.names(old)}
        assert deployed.asked == []
        with pytest.raises(HTTPError, match="404") as raised:
            urlopen(f"{server.url}/{deployed.target.removeprefix('s3://')}/css/site.css", timeout=20)
        assert raised.value.headers["Cache-Control"] == "no-store"
        raised.value.close()
        os.kill(server.process.pid, signal.SIGHUP)
        until_said(server, f"going on with release {old}", 2)
        until(server, deployed.names(old))


def assert_published(deployed: Deployed, page: str) -> None:
    """What a page names is in the store, with the header fields of a name that never changes."""
    target = open_target(deployed.target, deployed.store.options)
    for url in page.split():
        name = url.removeprefix(deployed.static_url)
        assert target.head(name)
        assert "immutable" in deployed.store.headers(deployed.target, name)["cache-control"]


def until_said(server: Server, wanted: str, times: int = 1) -> None:
    assert eventually(lambda: server.log.read_text().count(wanted) >= times, 30), server.log.read_text()


def test_a_master_that_loads_the_application_fetches_once_for_all_workers(deployed: Deployed) -> None:
    command = gunicorn(APPLICATION, "--workers=3", "--preload")
    with running(command, cwd=deployed.folder, environ=deployed.fetching(), log=deployed.folder / "log") as server:
        until(server, deployed.names(deployed.ids[1]))
        down(deployed.store)
        assert {read(server) for _ in range(20)} == {deployed.names(deployed.ids[1])}
        assert deployed.fetched <= 3


def test_a_pinned_process_stays_with_its_release_whatever_is_current(deployed: Deployed) -> None:
    environ = deployed.fetching(CLEARWAY_RELEASE=deployed.ids[0])
    with running(gunicorn(APPLICATION), cwd=deployed.folder, environ=environ, log=deployed.folder / "log") as server:
        until(server, deployed.names(deployed.ids[0]))


def test_a_server_with_the_folder_of_records_alone_asks_nobody(deployed: Deployed) -> None:
    (deployed.root / ".clearway").rename(deployed.folder / "records")
    (deployed.root).rename(deployed.folder / "gone")
    environ = deployed.environ(SITE_CLEARWAY=json.dumps({"records": str(deployed.folder / "records")}))
    with running(gunicorn(APPLICATION), cwd=deployed.folder, environ=environ, log=deployed.folder / "log") as server:
        page = read(server)
    assert deployed.asked == []
    (deployed.folder / "records").rename(deployed.folder / "gone/.clearway")
    (deployed.folder / "gone").rename(deployed.root)
    assert page == deployed.names(deployed.ids[1])


Start = Callable[[Deployed], dict[str, str]]


def unreachable(deployed: Deployed) -> dict[str, str]:
    down(deployed.store)
    return deployed.fetching(CLEARWAY_CACHE="off")


def unpublished(deployed: Deployed) -> dict[str, str]:
    where = f"{deployed.target}/elsewhere"
    return deployed.environ(SITE_CLEARWAY=json.dumps({"records": where}), CLEARWAY_CACHE="off")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [(unreachable, "no earlier copy is on this machine"), (unpublished, "publish one (clearway publish")],
)
def test_without_names_a_worker_does_not_start_and_says_why(deployed: Deployed, spoil: Start, said: str) -> None:
    command = [part.replace("{port}", "0") for part in gunicorn(APPLICATION)]
    done = subprocess.run(
        command, check=False, cwd=deployed.folder, env=spoil(deployed), capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0
    assert said in done.stderr
    assert 'CLEARWAY["records"]' in done.stderr
