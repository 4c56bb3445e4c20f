"""CW514: the proxy changes the path that the application expects"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import HEADERS, MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake


def unanswered(facts: Fake) -> Fake:
    """The application does not know the path that it is asked for."""
    facts.given["roads"] = tuple(replace(each, answered=False) for each in facts.given["roads"])
    return facts


FIRES: dict[str, Callable[[Path], Fake]] = {
    "cut off": lambda root: unanswered(
        fronted(root, http(nginx("location /static/ { proxy_pass http://127.0.0.1:8000/; }")), answers="whitenoise")
    ),
    "the script name is kept": lambda root: fronted(
        root,
        http(
            nginx(
                "location /shop/static/ { alias {root}/static/; }",
                f"location /shop/ {{ proxy_pass http://127.0.0.1:8000; {HEADERS} }}",
                proxy="",
            )
        ),
        prefix="/shop/static/",
        settings={"FORCE_SCRIPT_NAME": "/shop"},
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
    "kept for whom it serves": lambda root: fronted(
        root, http(nginx("location /static/ { proxy_pass http://127.0.0.1:8000; }")), answers="whitenoise"
    ),
    "the script name is cut off": lambda root: fronted(
        root,
        http(
            nginx(
                "location /shop/static/ { alias {root}/static/; }",
                f"location /shop/ {{ proxy_pass http://127.0.0.1:8000/; {HEADERS} }}",
                proxy="",
            )
        ),
        prefix="/shop/static/",
        settings={"FORCE_SCRIPT_NAME": "/shop"},
    ),
    "the server of the application cuts it off": lambda root: fronted(
        root,
        http(nginx("location /shop/ { proxy_pass http://127.0.0.1:8000; }", proxy="")),
        settings={"FORCE_SCRIPT_NAME": "/shop"},
        texts={"Procfile": "web: SCRIPT_NAME=/shop gunicorn shop.wsgi"},
        answers="clearway",
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW514", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW514", SILENT[name](tmp_path)) == []
