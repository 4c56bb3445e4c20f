"""`clearway doctor --url` against real servers: silence on what is healthy, the cause of what is not."""

import gzip
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from tests.doctor.corpus import BASE
from tests.doctor.forks import Forks
from tests.system import live_nginx, real_nginx
from tests.system.certificate import write_certificate
from tests.system.keeping_cdn import Cdn, keeping
from tests.system.servers import Server, environment_for, free_port, gunicorn, running

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

WHITENOISE = 'MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")\n'
MANIFEST = """
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
"""
CSS = "shop/catalogue/static/catalogue/css/site.css"
PROXY = "location / { proxy_pass http://127.0.0.1:%(behind)s; proxy_set_header Host $http_host; }"
STATIC = "include /etc/nginx/mime.types; location /static/ { alias %(root)s/staticfiles/; }"


@dataclass
class Shop:
    """A copy of the base project."""

    home: Path
    forks: Forks
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.home / "shop"

    def add(self, settings: str) -> None:
        with (self.root / "shop" / "settings.py").open("a", encoding="utf-8") as file:
            file.write(settings)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def collect(self, *words: str) -> None:
        done = self.forks.run(["manage.py", "collectstatic", "--noinput", "-v0", *words], self.root)
        assert done.code == 0, done.err

    @contextmanager
    def served(self) -> Iterator[Server]:
        """By gunicorn, until the block ends."""
        log = self.home / "gunicorn.log"
        with running(gunicorn("shop.wsgi"), cwd=self.root, environ=environment_for(self.root), log=log) as server:
            yield server

    @contextmanager
    def fronted(self, inside: str, listen: str = "listen 127.0.0.1:%(port)s;") -> Iterator[str]:
        """By gunicorn behind an nginx with these directives in its server; gives the URL."""
        with self.served() as behind:
            port = free_port()
            main = self.configured(inside, port, behind.port, listen)
            with real_nginx.nginx(main, port):
                yield f"{'https' if 'ssl' in listen else 'http'}://127.0.0.1:{port}/"

    def configured(self, inside: str, port: int, behind: int, listen: str = "listen 127.0.0.1:%(port)s;") -> Path:
        values = {"root": self.root, "port": port, "behind": behind, "home": self.home}
        return real_nginx.written(self.home, f"server {{ {listen} server_name localhost; {inside} }}" % values)

    @property
    def main(self) -> str:
        return str(self.home / "nginx.conf")

    def doctor(self, url: str, *words: str) -> list[dict[str, Any]]:
        done = self.forks.run(["clearway", "doctor", "--format", "json", "--url", url, *words], self.root)
        assert done.out, done.err
        self.told = json.loads(done.out)
        assert [each for each in self.told["checks"] if each["status"] == "crashed"] == []
        return [each for each in self.told["findings"] if each["level"] != "note"]


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    made = Forks(tmp_path_factory.mktemp("forks"))
    yield made
    made.close()


@pytest.fixture
def shop(forks: Forks) -> Iterator[Shop]:
    with tempfile.TemporaryDirectory(prefix="clearway-url-") as name:
        Path(name).chmod(0o755)
        shutil.copytree(BASE, Path(name, "shop"), ignore=shutil.ignore_patterns("__pycache__"))
        yield Shop(Path(name).resolve(), forks)


def causes(findings: list[dict[str, Any]]) -> list[str]:
    return [each["cause"] for each in findings]


# --- healthy


@pytest.mark.parametrize("storage", ["", MANIFEST])
@pytest.mark.parametrize("page", ["", "admin/login/"])
def test_silence_on_a_site_that_serves_itself(shop: Shop, storage: str, page: str) -> None:
    shop.add(WHITENOISE + storage)
    shop.collect()
    with shop.served() as server:
        assert shop.doctor(f"{server.url}/{page}") == []
        methods = {request.method for request in server.requests()}
    assert methods == {"GET"}


@pytest.mark.parametrize("storage", ["", MANIFEST])
def test_silence_on_a_site_behind_nginx(shop: Shop, storage: str) -> None:
    shop.add(storage)
    shop.collect()
    with shop.fronted(STATIC + PROXY) as url:
        assert shop.doctor(url, "--nginx", shop.main) == []


def test_a_host_that_is_not_in_dns_yet_is_asked_at_the_address_that_is_given(shop: Shop) -> None:
    shop.add(WHITENOISE)
    shop.collect()
    with shop.served() as server:
        url, row = f"http://shop.example:{server.port}/", f"shop.example:{server.port}:127.0.0.1"
        assert shop.doctor(url, "--resolve", row) == []
        assert any(request.target.endswith("site.css") for request in server.requests())


BELOW = "location /shop/ { proxy_pass http://127.0.0.1:%(behind)s/; proxy_set_header Host $http_host; }"


def test_silence_on_a_site_below_a_path(shop: Shop) -> None:
    shop.add(WHITENOISE + 'FORCE_SCRIPT_NAME = "/shop"\nSTATIC_URL = "/shop/static/"\n')
    shop.collect()
    with shop.fronted(BELOW) as url:
        assert shop.doctor(f"{url}shop/") == []


def test_static_files_that_leave_the_path_of_the_site_out(shop: Shop) -> None:
    shop.add(WHITENOISE)
    shop.collect()
    with shop.fronted(BELOW) as url:
        found = shop.doctor(f"{url}shop/")
    assert causes(found)[0] == "script-name"
    assert any("/shop/static/catalogue/css/site.css → 200" in row for row in found[0]["evidence"])


# --- behind nginx


def test_a_fault_of_the_configuration_comes_first_and_the_answer_follows_from_it(shop: Shop) -> None:
    shop.collect()
    with shop.fronted("location /static/ { alias %(root)s/staticfiles; }" + PROXY) as url:
        first, *others = shop.doctor(url, "--nginx", shop.main)
        assert first["cause"] == "alias-slash"
        assert set(first["consequences"]) >= {each["id"] for each in others}
        assert [each for each in others if each["id"].startswith("CW4")]

        alone = shop.doctor(url)[0]
        assert alone["cause"] == "wrong-directory"
        assert "nginx answered" in alone["evidence"][0]


def test_a_file_that_was_edited_and_not_loaded(shop: Shop) -> None:
    shop.collect()
    with shop.fronted(STATIC.replace("staticfiles", "nowhere") + PROXY) as url:
        text = (shop.home / "site.conf").read_text()
        (shop.home / "site.conf").write_text(text.replace("/nowhere/", "/staticfiles/"))
        assert causes(shop.doctor(url, "--nginx", shop.main)) == ["config-not-loaded"]


def test_a_page_in_the_place_of_a_file(shop: Shop) -> None:
    shop.collect()
    shop.write("site/index.html", "<!doctype html><title>Shop</title>")
    types = "include /etc/nginx/mime.types; root %(root)s/site;"
    fallback = "location = /index.html { } location /static/ { try_files $uri /index.html; }"
    with shop.fronted(types + fallback + PROXY) as url:
        assert causes(shop.doctor(url)) == ["fallback-html"]


def test_no_table_of_types(shop: Shop) -> None:
    shop.collect()
    with shop.fronted("location /static/ { alias %(root)s/staticfiles/; }" + PROXY) as url:
        assert causes(shop.doctor(url)) == ["mime-types-missing"]


@pytest.mark.skipif(not live_nginx.is_root(), reason="only on a machine where the tests may start workers as root")
def test_a_directory_that_the_worker_may_not_pass(shop: Shop) -> None:
    shop.collect()
    (shop.root / "staticfiles").chmod(0o700)
    with shop.fronted(STATIC + PROXY) as url:
        alone = shop.doctor(url)
        assert causes(alone) == ["perm-parent"]
        assert "403 text/html (nginx answered)" in alone[0]["evidence"][0]

        first, *others = shop.doctor(url, "--nginx", shop.main, "--worker", "nobody")
        assert (first["cause"], first["consequences"]) == ("perm-parent", [each["id"] for each in others])


def test_an_encoded_copy_that_is_older(shop: Shop) -> None:
    shop.collect()
    (shop.root / "staticfiles/catalogue/css/site.css.gz").write_bytes(gzip.compress(b"body { color: old }"))
    with shop.fronted("gzip_static on;" + STATIC + PROXY) as url:
        first, *others = shop.doctor(url)
    assert first["cause"] == "stale-precompressed"
    assert "CW424" in [first["id"], *first["consequences"]]
    seen = next(each for each in (first, *others) if each["id"] == "CW424")
    assert any(row.startswith("in gzip: 19 octets once decoded; without: ") for row in seen["evidence"])


def test_nobody_behind_the_web_server(shop: Shop) -> None:
    shop.add(WHITENOISE)
    shop.collect()
    port = free_port()
    with real_nginx.nginx(shop.configured(PROXY, port, free_port()), port):
        (only,) = shop.doctor(f"http://127.0.0.1:{port}/")
    assert only["id"] == "CW403"
    assert only["message"] == f"http://127.0.0.1:{port}/ is answered with 502 by nginx"


def test_an_application_that_is_not_told_of_https_redirects_for_ever(shop: Shop) -> None:
    shop.add(WHITENOISE + "SECURE_SSL_REDIRECT = True\n")
    shop.collect()
    write_certificate(shop.home / "chain.pem", shop.home / "key.pem")
    listen = "listen 127.0.0.1:%(port)s ssl; ssl_certificate %(home)s/chain.pem; ssl_certificate_key %(home)s/key.pem;"
    with shop.fronted(PROXY, listen) as url:
        found = shop.doctor(url)
    assert causes(found) == ["proto-header", None]
    assert found[1]["id"] == "CW402"


def test_a_page_of_an_older_build(shop: Shop) -> None:
    shop.add(MANIFEST)
    shop.collect()
    with shop.fronted(STATIC + PROXY) as url:
        assert shop.doctor(url) == []  # the workers have read the manifest
        shop.write("catalogue/static/catalogue/css/site.css", "body { color: teal }")
        shutil.rmtree(shop.root / "staticfiles")
        shop.collect()
        assert causes(shop.doctor(url)) == ["mixed-release"]


# --- the application


def test_files_of_which_a_running_application_does_not_know(shop: Shop) -> None:
    shop.add(WHITENOISE)
    with shop.served() as server:
        urlopen(f"{server.url}/").close()  # the worker has started
        shop.collect()
        found = shop.doctor(f"{server.url}/")
    assert causes(found)[0] == "scan-at-start"


def test_nobody_for_static_files(shop: Shop) -> None:
    shop.collect()
    with shop.served() as server:
        first, *others = shop.doctor(f"{server.url}/")
    assert first["cause"] == "debug-only-serving"
    assert [each["cause"] for each in others] == ["no-route"]
    assert "CW408" in first["consequences"]


def test_a_host_that_is_not_allowed(shop: Shop) -> None:
    shop.add(WHITENOISE + 'ALLOWED_HOSTS = ["shop.example"]\n')
    shop.collect()
    with shop.served() as server:
        found = shop.doctor(f"{server.url}/")
    assert set(causes(found)) == {"host-header"}
    assert "CW405" in [each["id"] for each in found]


def test_nobody_at_the_address(shop: Shop) -> None:
    shop.add(WHITENOISE)
    shop.collect()
    (only,) = shop.doctor(f"http://127.0.0.1:{free_port()}/")
    assert only["id"] == "CW401"
    assert "Connection refused" in only["message"]


# --- behind a stand-in for a CDN


FONT = '@font-face { font-family: x; src: url("../x.woff2") format("woff2") } body { font-family: x }'


@contextmanager
def with_cdn(shop: Shop) -> Iterator[Cdn]:
    """The shop's static files have their URLs at a CDN, which asks the shop."""
    with keeping() as cdn:
        shop.add(f'{WHITENOISE}{MANIFEST}STATIC_URL = "{cdn.url}/static/"\n')
        shop.write("catalogue/static/catalogue/css/site.css", FONT)
        shop.write("catalogue/static/catalogue/x.woff2", "no font, and nobody draws it")
        yield cdn


def test_silence_on_a_site_with_a_cdn(shop: Shop) -> None:
    with with_cdn(shop) as cdn:
        shop.collect()
        with shop.served() as server:
            cdn.origin_port = server.port
            assert [shop.doctor(f"{server.url}/") for _ in range(2)] == [[], []]
        assert set(cdn.asked) == {"GET"}
        assert any(".woff2" in key for key in cdn.kept)


def test_a_404_that_a_cdn_keeps(shop: Shop) -> None:
    with with_cdn(shop) as cdn:
        cdn.keeps_errors = True
        shop.collect()
        (path,) = (shop.root / "staticfiles/catalogue/css").glob("site.*.css")
        with path.open("rb") as file:
            content = file.read()
        path.unlink()
        with shop.served() as server:  # a page is there before its style sheet
            cdn.origin_port = server.port
            shop.doctor(f"{server.url}/")
        path.write_bytes(content)
        with shop.served() as server:
            cdn.origin_port = server.port
            (found,) = shop.doctor(f"{server.url}/")
    assert found["cause"] == "cdn-cached-error"
    assert any("x-cache: HIT" in row and "age: 7" in row for row in found["evidence"])
    assert any(row.startswith("with a query that no cache knows: 200") for row in found["evidence"])


def test_a_cdn_that_keeps_404_of_names_that_are_not_there_yet(shop: Shop) -> None:
    with with_cdn(shop) as cdn:
        shop.collect()
        cdn.keeps_errors = True
        with shop.served() as server:
            cdn.origin_port = server.port
            (found,) = shop.doctor(f"{server.url}/")
    assert (found["cause"], found["level"]) == ("cdn-cached-error", "warning")


def test_a_cdn_that_loses_the_field_for_other_origins(shop: Shop) -> None:
    with with_cdn(shop) as cdn:
        shop.collect()
        cdn.dropped.add("access-control-allow-origin")
        with shop.served() as server:
            cdn.origin_port = server.port
            (found,) = shop.doctor(f"{server.url}/")
    assert found["cause"] == "cors-missing"
    assert ".woff2" in found["evidence"][0]
