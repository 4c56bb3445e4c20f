"""Every command in the documentation is run, in the order in which a reader would run it."""

import importlib.metadata
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.helpers.cdn_interfaces import KEY, SECRET, interfaces
from tests.helpers.object_server import ObjectServer
from tests.system.documents import blocks, commands, pages
from tests.system.servers import running

from clearway.stores.targets import open_target
from clearway.stores.transport import Fields

BIN = Path(sys.executable).parent
# commands that start a server: what to add so that it listens where the test wants it
SERVERS = {
    "gunicorn": ["--bind", "127.0.0.1:{port}"],
    "uvicorn": ["--port", "{port}"],
    "granian": ["--port", "{port}"],
    "hypercorn": ["--bind", "127.0.0.1:{port}"],
    "daphne": ["--port", "{port}"],
    "uwsgi": ["--die-on-term"],
    "python manage.py runserver": ["--noreload", "127.0.0.1:{port}"],
    "python -m http.server": ["--bind", "127.0.0.1", "{port}"],
}
# by whom a command of the repository itself is run
BY_OTHERS = {"make demo": "test_demo.py", "make test": "the run that this test is part of"}
# pages of which every command is run here
HOWTO = (
    "init",
    "releases",
    "publish",
    "release",
    "cdn",
    "edge",
    "collect",
    "servers",
    "lanes",
    "doctor",
    "trace",
    "nginx",
    "caddy",
    "apache",
)

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of the first steps: its commands run and its settings edited, up to the server."""
    folder = tmp_path_factory.mktemp("steps")
    for command in commands("docs/start.md"):
        if command.startswith(("gunicorn", "curl")):
            continue
        run(command, folder)
        if "startproject" in command:
            edit_settings(folder, "docs/start.md")
    return folder


def edit_settings(folder: Path, page: str) -> None:
    with (folder / "mysite" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write("\n" + "\n".join(blocks(page, "python")))


def run(command: str, folder: Path) -> None:
    words = shlex.split(command)
    if words[:4] == ["python", "-m", "pip", "install"]:  # what the reader installs stands here already, as built
        assert all(importlib.metadata.version(name.partition("[")[0]) for name in words[4:])
        return
    subprocess.run(words, cwd=folder, env=environment(), check=True, timeout=60, stdout=subprocess.DEVNULL)


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO"))}
    return kept | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


@contextmanager
def serving(command: str, folder: Path) -> Iterator[str]:
    """Run a server of the documentation on a free port; gives the URL to ask."""
    extra = next(words for start, words in SERVERS.items() if command.startswith(start))
    words = shlex.split(command.replace("127.0.0.1:8000", "127.0.0.1:{port}"))
    with running([*words, *extra], cwd=folder, environ=environment(), log=folder / "log") as server:
        yield server.url


def server_of(page: str) -> str:
    return next(command for command in commands(page) if command.startswith(tuple(SERVERS)))


def test_the_first_steps_lead_to_an_admin_with_its_css(project: Path) -> None:
    (curl,) = (command for command in commands("docs/start.md") if command.startswith("curl"))
    with serving(server_of("docs/start.md"), project) as base:
        with urlopen(f"{base}/admin/login/") as page:
            assert b"admin/css/base." in page.read()
        words = shlex.split(curl.replace("http://127.0.0.1:8000", base))
        head = subprocess.run(words, capture_output=True, text=True, check=True, timeout=20).stdout.lower()
    assert "content-encoding: br" in head
    assert 'etag: "' in head
    assert "max-age=60" in head


def test_the_readme_says_the_same_as_the_first_steps() -> None:
    assert set(blocks("README.md", "python")[0].split()) >= set(blocks("docs/start.md", "python")[0].split())
    for edit in blocks("docs/start.md", "python")[2].split("\n\n"):
        assert edit.strip() in "\n".join(blocks("README.md", "python"))
    steps = [command for command in commands("README.md") if not command.startswith(("make", "python -m pip"))]
    assert set(steps) <= set(commands("docs/start.md"))


def test_the_commands_of_the_page_about_init_do_the_three_edits(tmp_path: Path) -> None:
    pytest.importorskip("tokenize_rt", reason="needs tokenize-rt, of the extra init")
    run("django-admin startproject mysite .", tmp_path)
    for command in commands("docs/howto/init.md"):
        if command.startswith("clearway"):  # a reader is asked
            words = shlex.split(command)
            subprocess.run(words, cwd=tmp_path, env=environment(), check=True, input=b"y\n", stdout=subprocess.DEVNULL)
    text = (tmp_path / "mysite" / "settings.py").read_text(encoding="utf-8")
    assert text.count("clearway") == 3


def test_the_asgi_page_serves_the_project(project: Path) -> None:
    (project / "mysite" / "asgi.py").write_text(blocks("docs/howto/asgi.md", "python")[0], encoding="utf-8")
    request = "/static/admin/css/base.css"
    with serving(server_of("docs/howto/asgi.md"), project) as base, urlopen(base + request) as answer:
        assert answer.headers["Content-Type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize("command", [*commands("docs/howto/servers.md"), *commands("docs/howto/lanes.md")])
def test_the_commands_of_the_servers_pages_serve_the_project(project: Path, command: str) -> None:
    with serving(command, project) as base:
        with urlopen(f"{base}/static/admin/css/base.css") as answer:
            assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
        with urlopen(f"{base}/admin/login/") as page:
            assert b"admin/css/base." in page.read()


def test_the_development_page_serves_from_the_sources(project: Path, tmp_path: Path) -> None:
    settings = tmp_path / "development.py"
    settings.write_text("from mysite.settings import *\nDEBUG = True\n", encoding="utf-8")
    command = f"{server_of('docs/howto/development.md')} --settings development --pythonpath {tmp_path}"
    with serving(command, project) as base, urlopen(f"{base}/static/admin/css/base.css") as answer:
        assert answer.headers["Cache-Control"] == "max-age=0, public"


def test_the_site_root_page_serves_its_files(project: Path, tmp_path: Path) -> None:
    for name in ("favicon.ico", "robots.txt", ".well-known/security.txt"):
        (project / "site_root" / name).parent.mkdir(parents=True, exist_ok=True)
        (project / "site_root" / name).write_text("found", encoding="utf-8")
    (project / "mysite" / "with_root.py").write_text(
        "from mysite.settings import *\n" + blocks("docs/howto/site-root.md", "python")[0], encoding="utf-8"
    )
    command = f"{server_of('docs/start.md')} --env DJANGO_SETTINGS_MODULE=mysite.with_root"
    with serving(command, project) as base:
        for path in ("/favicon.ico", "/robots.txt", "/.well-known/security.txt"):
            with urlopen(base + path) as answer:
                assert answer.read() == b"found"


def test_no_command_in_the_documentation_is_left_out() -> None:
    run_here = {
        *(
            command
            for page in ("start", *(f"howto/{name}" for name in HOWTO))
            for command in commands(f"docs/{page}.md")
        ),
        *(server_of(f"docs/howto/{name}.md") for name in ("asgi", "development")),
        *commands("docs/howto/without-django.md"),  # by test_without_django.py
        *commands("docs/howto/media-order.md"),  # by test_media_order.py
        "python -m pip install clearway",
    }
    written = {command for page in pages() for command in commands(page)}
    assert written - run_here - set(BY_OTHERS) == set()


@pytest.fixture
def released(project: Path, tmp_path: Path) -> Path:
    """A copy of the project with a second release; what the page calls /mnt lies beside it."""
    folder = tmp_path / "site"
    shutil.copytree(project, folder)
    shutil.copytree(folder / "static_root", tmp_path / "mnt" / "old" / "static")
    in_image = Path(tmp_path, "mnt", "old-image", *(folder / "static_root").parts[1:])
    shutil.copytree(folder / "static_root", in_image)
    (folder / "extra").mkdir()
    (folder / "extra" / "new.css").write_text("a{}", encoding="utf-8")
    with (folder / "mysite" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write('\nSTATICFILES_DIRS = [BASE_DIR / "extra"]\n')
    run("python manage.py collectstatic --noinput", folder)
    return folder


def test_the_commands_of_the_releases_page_work(released: Path, tmp_path: Path) -> None:
    old_site = f"python -m http.server --directory {tmp_path / 'www'}"
    shutil.copytree(tmp_path / "mnt" / "old" / "static", tmp_path / "www" / "static")
    with serving(server_of("docs/start.md"), released) as site, serving(old_site, tmp_path) as old:
        for command in commands("docs/howto/releases.md"):
            live = old if "bridge" in command else site
            told = command.partition("#")[0].replace("https://shop.example", live).replace("/mnt", f"{tmp_path}/mnt")
            run(told, released)


def test_the_commands_of_the_publish_page_work(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a release in the bucket that the one of the page follows."""
    pytest.importorskip("obstore", reason="needs obstore, of the extra store")
    page, server = "docs/howto/publish.md", ObjectServer()
    for name, value in server.environ().items():
        monkeypatch.setenv(name, value)
    (released / "mysite" / "publishing.py").write_text(
        "from mysite.settings import *\n" + blocks(page, "python")[0], encoding="utf-8"
    )
    server.make_bucket("shop-static")
    old = open_target(f"{server.make_bucket('shop-old')}/static", server.options)
    manifest = {"paths": {"a.css": "a.0cc175b9c0f1.css"}, "version": "1.1"}
    old.put("staticfiles.json", json.dumps(manifest).encode(), Fields("application/json", ""))
    old.put("a.0cc175b9c0f1.css", b"a", Fields("text/css", ""))
    first = ["clearway rollback", "clearway publish --apply"]
    for command in [*first, *commands(page)]:
        run(command if " pip " in command else f"{command} --settings mysite.publishing", released)
    assert any(asked.path.endswith("/.clearway/current") and asked.method == "PUT" for asked in server.asked)
    server.close()


def test_the_commands_of_the_cdn_page_work(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With stand-ins for the bucket and for the interface of the network."""
    pytest.importorskip("obstore", reason="needs obstore, of the extra store")
    page, server = "docs/howto/cdn.md", ObjectServer()
    for name, value in server.environ().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    server.make_bucket("shop-static")
    with interfaces() as network:
        told = f'CLEARWAY["publish"]["purge"]["api"] = "{network.url}"'
        (released / "mysite" / "behind.py").write_text(
            f"from mysite.settings import *\n{blocks(page, 'python')[0]}\n{told}\n", encoding="utf-8"
        )
        for command in commands(page):
            run(f"{command} --settings mysite.behind", released)
    server.close()
    assert network.purged[0] == "/static/staticfiles.json"
    assert network.purged[-1] == "/robots.txt"


def test_the_commands_of_the_edge_page_print(released: Path) -> None:
    told = f"from mysite.settings import *\n{blocks('docs/howto/edge.md', 'python')[0]}"
    (released / "mysite" / "cached.py").write_text(told, encoding="utf-8")
    for command in commands("docs/howto/edge.md"):
        run(f"{command} --settings mysite.cached", released)


def test_what_the_cdn_page_signs_is_signed() -> None:
    code: dict[str, Any] = {}
    exec(compile(blocks("docs/howto/cdn.md", "python")[1], "cdn.md", "exec"), code)
    key = rsa.generate_private_key(65537, 2048)
    form = serialization.PrivateFormat.PKCS8
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    assert "Signature=" in code["signed_by_cloudfront"](pem)
    names = {f"CloudFront-{name}" for name in ("Policy", "Signature", "Key-Pair-Id")}
    assert code["cookies_for_a_directory"](pem).keys() == names
    assert "/bcdn_token=" in code["signed_for_bunny"]("key")
    assert "?verify=" in code["signed_for_cloudflare"]("secret")


def test_the_commands_of_the_release_page_work(released: Path) -> None:
    """With a command that reloads nothing: what is released is what the server has loaded."""
    with serving(server_of("docs/start.md"), released) as site:
        text = blocks("docs/howto/release.md", "python")[0]
        for words, own in {
            "systemctl reload shop": "true",
            "https://shop.example": site,
            "/healthz/": "/admin/login/",
        }.items():
            assert words in text
            text = text.replace(words, own)
        (released / "mysite" / "releasing.py").write_text("from mysite.settings import *\n" + text, encoding="utf-8")
        for command in commands("docs/howto/release.md"):
            run(f"{command} --settings mysite.releasing", released)


def test_the_collecting_page_collects_with_its_setting(project: Path) -> None:
    (project / "mysite" / "forgiving.py").write_text(
        "from mysite.settings import *\n" + blocks("docs/howto/collect.md", "python")[0], encoding="utf-8"
    )
    for command in commands("docs/howto/collect.md"):
        run(f"{command} --settings mysite.forgiving", project)


def test_the_commands_of_the_doctor_find_nothing_wrong(project: Path) -> None:
    for command in commands("docs/howto/doctor.md"):
        run(command, project)


@pytest.mark.parametrize("page", ["trace", "nginx"])
def test_the_commands_about_nginx_work(project: Path, tmp_path: Path, page: str) -> None:
    """With the configuration that is printed, in the place of the machine's."""
    words = ["clearway", "front", "nginx"]
    printed = subprocess.run(words, cwd=project, env=environment(), capture_output=True, text=True, check=True).stdout
    user = "user root root;" if os.geteuid() == 0 else ""
    main = tmp_path / "nginx.conf"
    main.write_text(f"{user} events {{}} http {{\n{printed}\n}}\n", encoding="utf-8")
    for command in commands(f"docs/howto/{page}.md"):
        run(command.replace("/etc/nginx/nginx.conf", str(main)).replace("shop.example", "127.0.0.1"), project)


def test_the_commands_about_caddy_work(project: Path, tmp_path: Path) -> None:
    """With the configuration that is printed, in the place of the machine's, for an address of the page."""
    words = ["clearway", "front", "caddy"]
    printed = subprocess.run(words, cwd=project, env=environment(), capture_output=True, text=True, check=True).stdout
    main = tmp_path / "Caddyfile"
    main.write_text(re.sub(r"^(?![#\t}]).* \{$", "http://127.0.0.1 {", printed, count=1, flags=re.MULTILINE))
    for command in commands("docs/howto/caddy.md"):
        who = f" --worker {os.geteuid()}" if " trace " in command else ""
        run(command.replace("/etc/caddy/Caddyfile", str(main)).replace("shop.example", "127.0.0.1") + who, project)


def test_the_commands_about_apache_work(project: Path, tmp_path: Path) -> None:
    """With the configuration that is printed, in the place of the machine's."""
    words = ["clearway", "front", "apache"]
    printed = subprocess.run(words, cwd=project, env=environment(), capture_output=True, text=True, check=True).stdout
    main = tmp_path / "apache2.conf"
    main.write_text(f"Listen 80\n{printed}", encoding="utf-8")
    for command in commands("docs/howto/apache.md"):
        who = f" --worker {os.geteuid()}" if " trace " in command else ""
        run(command.replace("/etc/apache2/apache2.conf", str(main)).replace("shop.example", "127.0.0.1") + who, project)
