"""CW529: uploads are refused"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, apache, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "the default": lambda root: fronted(root, http(nginx(STATIC)), file_fields=["shop.Photo.image"]),
    "below a setting": lambda root: fronted(
        root, http(nginx("client_max_body_size 5m;", STATIC)), settings={"DATA_UPLOAD_MAX_MEMORY_SIZE": 50_000_000}
    ),
    "a setting of the project": lambda root: fronted(
        root, http(nginx("client_max_body_size 5m;", STATIC)), settings={"MAX_UPLOAD_SIZE": 20_000_000}
    ),
    "caddy": lambda root: fronted(
        root, caddy("request_body {\nmax_size 1MB\n}"), front="caddy", file_fields=["shop.Photo.image"]
    ),
}
OURS = {"CLEARWAY": {"media": {"max_size": 10_485_760}}}
FIRES |= {
    "a file of Clearway's limit": lambda root: fronted(
        root, http(nginx("client_max_body_size 10000k;", STATIC)), settings=OURS
    ),
    "a file of Clearway's limit, and Caddy's": lambda root: fronted(
        root, caddy("request_body {\nmax_size 5MB\n}"), front="caddy", settings=OURS
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "the same limit": lambda root: fronted(root, http(nginx("client_max_body_size 10m;", STATIC)), settings=OURS),
    "a file of Clearway's limit is small": lambda root: fronted(
        root,
        http(nginx(STATIC)),
        settings={"CLEARWAY": {"media": {"max_size": 500_000}}},
        file_fields=["shop.Photo.image"],
    ),
    "no fields for files": lambda root: fronted(root, http(nginx(STATIC))),
    "a larger limit": lambda root: fronted(
        root, http(nginx("client_max_body_size 20m;", STATIC)), file_fields=["shop.Photo.image"]
    ),
    "none": lambda root: fronted(
        root, http(nginx("client_max_body_size 0;", STATIC)), file_fields=["shop.Photo.image"]
    ),
    "for the admin": lambda root: fronted(
        root,
        http(nginx("location /admin/ { client_max_body_size 20m; proxy_pass http://127.0.0.1:8000; }", STATIC)),
        file_fields=["shop.Photo.image"],
    ),
    "a threshold is no limit": lambda root: fronted(
        root, http(nginx(STATIC)), settings={"FILE_UPLOAD_MAX_MEMORY_SIZE": 50_000_000}
    ),
    "what apache proxies has no limit": lambda root: fronted(
        root,
        apache("LimitRequestBody 100000").replace("ProxyPass /static !", ""),
        front="apache",
        file_fields=["shop.Photo.image"],
    ),
    "caddy has none": lambda root: fronted(root, caddy(), front="caddy", file_fields=["shop.Photo.image"]),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW529", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW529", SILENT[name](tmp_path)) == []


def test_the_error_log_is_proof(tmp_path: Path) -> None:
    line = (
        "2026/11/20 09:00:11 [error] 7#7: *3 client intended to send too large body: 5242880 bytes, client: 203.0.113.9"
    )
    (tmp_path / "error.log").write_text(f"first\n{line}\n", "utf-8")
    text = http(nginx(STATIC), more="error_log {root}/error.log;")
    (finding,) = causes("CW529", fronted(tmp_path, text, file_fields=["shop.Photo.image"]))
    assert finding.evidence[-1] == f"{tmp_path}/error.log:2: {line}"
