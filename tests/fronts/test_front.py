"""A front with its configuration read, or what keeps it from being read."""

from pathlib import Path

import pytest

from clearway.fronts.errors import FrontError
from clearway.fronts.front import BrokenFront, open_front
from clearway.fronts.path_map import PathMap
from clearway.fronts.permission import Worker
from clearway.fronts.road import Location, Visit

VISIT = Visit("GET", "http", "x", 80, "/a.css")


def opened(name: str, main: Path) -> BrokenFront:
    front = open_front(name, str(main), PathMap(()), Worker(0, 0))
    assert isinstance(front, BrokenFront)
    return front


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("nginx", "http {\n}\n}\n", 3),
        ("caddy", ":80 {\n\troot * /srv\n", 1),
        ("apache", "Listen 80\n</Directory>\n", 2),
    ],
)
def test_what_the_server_would_refuse_ends_every_road_at_its_line(
    name: str, text: str, line: int, tmp_path: Path
) -> None:
    main = tmp_path / "main"
    main.write_text(text)
    front = opened(name, main)
    assert front.location == Location(str(main), line)
    road = front.road(VISIT)
    assert [(step.layer, step.decision, step.ok) for step in road.steps] == [(name, front.reason, False)]
    assert (road.outcome.by, road.outcome.unknown) == ("", front.reason)


@pytest.mark.parametrize(
    ("name", "text"), [("nginx", 'include "a\0b";'), ("caddy", 'import "a\0b"'), ("apache", 'Include "a\0b"')]
)
def test_the_name_of_a_file_that_no_system_has_is_a_reason(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "main").write_text(text)
    assert "null byte" in opened(name, tmp_path / "main").reason


@pytest.mark.parametrize("name", ["nginx", "caddy", "apache"])
def test_a_file_that_is_not_there_is_a_reason(name: str, tmp_path: Path) -> None:
    main = tmp_path / "none"
    assert opened(name, main).reason.startswith(f"{main}: ")


def test_a_front_that_is_not_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FrontError, match="lighttpd"):
        open_front("lighttpd", str(tmp_path), PathMap(()), None)
