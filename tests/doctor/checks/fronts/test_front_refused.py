"""CW501: a configuration that the server refuses"""

from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import causes
from tests.doctor.fake_facts import Fake

from clearway.fronts.front import BrokenFront, open_front
from clearway.fronts.path_map import PathMap


def opened(root: Path, text: str, name: str = "nginx") -> BrokenFront:
    main = root / f"{name}.conf"
    main.write_text(text, "utf-8")
    front = open_front(name, str(main), PathMap(), None)
    assert isinstance(front, BrokenFront)
    return front


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nginx", "http { server { listen 80; }"),
        ("nginx", "http {\n  server {\n    listen 80\n  }\n}\n}"),
        ("apache", "<VirtualHost *:80>\nServerName a\n"),
        ("caddy", "a.example {\n"),
    ],
)
def test_the_line_is_told(name: str, text: str, tmp_path: Path) -> None:
    front = opened(tmp_path, text, name)
    (finding,) = causes("CW501", Fake(broken_front=front))
    assert finding.location == front.location
    assert finding.breaks == {"static", "media", "uploads"}
    assert f"{name}.conf:" in finding.evidence[0]


def test_a_file_that_is_not_there_is_no_fault_of_the_server(tmp_path: Path) -> None:
    front = open_front("nginx", str(tmp_path / "none.conf"), PathMap(), None)
    assert causes("CW501", Fake(broken_front=front)) == []


def test_what_can_be_read_is_not_looked_at() -> None:
    assert causes("CW501", Fake()) == []
