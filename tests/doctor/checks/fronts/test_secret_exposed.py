"""CW536: a private file can be fetched"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake


def secret(root: Path, name: str) -> list[str]:
    """Write a private file; there are no uploads."""
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text("SECRET_KEY = 1", "utf-8")
    return []


FIRES: dict[str, Callable[[Path], Fake]] = {
    "the root is the project": lambda root: fronted(
        root,
        http(
            nginx(
                "root {root};",
                STATIC,
                "location / { try_files $uri @app; }",
                "location @app { proxy_pass http://127.0.0.1:8000; }",
                proxy="",
            )
        ),
        uploads=secret(root, ".env"),
    ),
    "the alias is the project": lambda root: fronted(
        root, http(nginx("location /static/ { alias {root}/; }")), uploads=secret(root, "settings.py")
    ),
    "a database": lambda root: fronted(
        root,
        http(nginx("root {root};", "location /x/ { expires 1h; }", STATIC)),
        settings={
            "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(root / "x" / "db.sqlite3")}}
        },
        uploads=secret(root, "x/db.sqlite3"),
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "the collected files alone": lambda root: fronted(root, http(nginx(STATIC)), uploads=secret(root, ".env")),
    "a rule against it": lambda root: fronted(
        root,
        http(
            nginx(
                "root {root};",
                STATIC,
                "location ~ /\\. { deny all; }",
                "location / { try_files $uri @app; }",
                "location @app { proxy_pass http://127.0.0.1:8000; }",
                proxy="",
            )
        ),
        uploads=secret(root, ".env"),
    ),
    "the application has /": lambda root: fronted(
        root, http(nginx("root {root};", STATIC)), uploads=secret(root, ".env")
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW536", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW536", SILENT[name](tmp_path)) == []
