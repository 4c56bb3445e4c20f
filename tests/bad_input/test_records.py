"""A damaged, foreign or forged record costs a file or the whole catalog, and never an error or a file from outside."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tests.bad_input.damage import OUTSIDE, naming, place, put, table
from tests.bad_input.site import CANARY, CSS, FORGED
from tests.helpers.asgi import asgi as call_asgi
from tests.helpers.asgi import says as asgi_says
from tests.helpers.released import hashed, publish, write
from tests.helpers.replies import Reply
from tests.helpers.wsgi import says
from tests.helpers.wsgi import wsgi as call_wsgi
from tests.other_users import unprivileged

from clearway import asgi, wsgi
from clearway.catalog import layout
from clearway.catalog.errors import UnknownReleaseError
from clearway.catalog.static_root import StaticRoot
from clearway.http.header_rules import HeaderRules

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX")

OLD = b"old{}"
NAMES = {"d/site.css": CSS, "d/e/other.css": b"a{}"}
EVIL = "d/evil.css"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases, and beside the root what no record may lead to."""
    home = tmp_path_factory.mktemp("records")
    root = home / "srv" / "app"
    publish(root, {"d/site.css": OLD}, now=1_700_000_000)
    publish(root, NAMES, now=1_700_000_001)
    write(root, {"staticfiles.json": b'{"paths": {"d/site.css": "%s"}}' % hashed("d/site.css", CSS).encode()})
    write(root, {".env": CANARY, ".git/config": CANARY, "d/.env": CANARY})
    write(home, {"srv/outside/canary.txt": CANARY, "canary.txt": CANARY})
    (root / "linked").symlink_to("../outside", target_is_directory=True)
    os.mkfifo(root / "fifo.css")
    evil = publish(home / "made", {EVIL: CANARY})  # a good record, where `../../evil` would find it
    shutil.copy(home / "made" / layout.FOLDER / layout.record(evil.id), root / "evil.json")
    shutil.copytree(home / "made" / "d", root / "d", dirs_exist_ok=True)
    return home


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    shutil.copytree(
        template, home, symlinks=True, copy_function=shutil.copy2, ignore=shutil.ignore_patterns("fifo.css")
    )
    os.mkfifo(home / "srv/app/fifo.css")
    yield home / "srv" / "app"
    shutil.rmtree(home)  # sparse files and all


def asking(road: str, root: Path) -> Callable[..., Reply]:
    if road == "wsgi":
        by_wsgi: Any = wsgi.Clearway(says(b"app", "404 Not Found"), root=root, prefix="s")
        return lambda *request, **more: call_wsgi(by_wsgi, *request, **more)
    by_asgi = asgi.Clearway(asgi_says(b"app", 404), root=root, prefix="s")
    return lambda *request, **more: call_asgi(by_asgi, *request, **more)


ROWS = {"/s/" + name: data for name, data in NAMES.items()} | {
    "/s/" + hashed(name, data): data for name, data in [*NAMES.items(), ("d/site.css", OLD)]
}


def check(ask: Callable[..., Reply]) -> int:
    """Every name is answered rightly or not at all; how many were."""
    found = 0
    for target, data in ROWS.items():
        reply, head = ask(target), ask(target, "HEAD")
        assert (reply.status, reply.body) in ((200, data), (404, b"Not Found\n")), target
        assert head.status == reply.status
        assert FORGED.decode().lower() not in dict(reply.fields)
        found += reply.status == 200
    for target in (
        "/s/../outside/canary.txt",
        "/s/.env",
        "/s/.clearway/current",
        "/s/none.css",
        "/s/",
        "/s/linked/canary.txt",
    ):
        assert (ask(target).status, CANARY in ask(target).body) == (404, False), target
    return found


@pytest.mark.parametrize(("name", "damage"), [pytest.param(*row, id=row[0]) for row in table()])
def test_whatever_happened_to_the_records(root: Path, name: str, damage: Callable[[Path], None]) -> None:
    damage(root / layout.FOLDER)
    for road in ("wsgi", "asgi"):
        check(asking(road, root))


def test_the_undamaged_site_answers_all_of_it(root: Path) -> None:
    assert check(asking("wsgi", root)) == len(ROWS)


@pytest.mark.parametrize("road", ["wsgi", "asgi"])
@pytest.mark.parametrize("with_index", [True, False])
def test_names_in_the_records_lead_nowhere_outside(root: Path, road: str, with_index: bool) -> None:
    names = tuple(name.replace("@outside@", str(root.parent / "outside/canary.txt")) for name in OUTSIDE)
    records = root / layout.FOLDER
    naming(names, CANARY)(records)
    if not with_index:
        place(records, "index").unlink()
    ask = asking(road, root)
    for number, name in enumerate(names):
        printable = name.encode("utf-8", "replace").decode("latin-1").replace("%", "%25").replace("\0", "%00")
        for target in (f"/s/n{number}.css", f"/s/{printable}"):
            for method in ("GET", "HEAD"):
                reply = ask(target, method)
                assert (reply.status, CANARY in reply.body) == (404, False), (name, target)


@pytest.mark.parametrize("road", ["wsgi", "asgi"])
@pytest.mark.parametrize("what", ["the folder", "the current", "the index", "the record"])
def test_records_that_may_not_be_read(road: str, what: str) -> None:
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        root = Path(name) / "app"
        publish(root, NAMES)
        records = root / layout.FOLDER
        locked = records if what == "the folder" else place(records, what.removeprefix("the "))
        locked.chmod(0)
        try:
            with unprivileged():
                found = check(asking(road, root))
        finally:
            locked.chmod(0o700)
        assert found >= 2, "the files themselves may be read"


@pytest.mark.parametrize("road", ["wsgi", "asgi"])
def test_a_file_in_the_place_of_the_folder(root: Path, road: str) -> None:
    shutil.rmtree(root / layout.FOLDER)
    put(root / layout.FOLDER, b"rubbish")
    check(asking(road, root))


def test_a_release_that_is_pinned_by_a_path_is_refused(root: Path) -> None:
    for pinned in ("../evil", "../../evil", "/etc/passwd", "a\0b", "x" * 5000):
        made = StaticRoot(os.fspath(root), "/s/", HeaderRules(), os.fspath(root / layout.FOLDER), pinned)
        with pytest.raises(UnknownReleaseError):
            made.layers()
