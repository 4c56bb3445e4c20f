"""Whether the end of a road is what the project expects."""

from pathlib import Path

import pytest

from clearway.fronts.expectation import Expectation, judged
from clearway.fronts.road import Outcome

STATIC = Expectation(kind="static", files=("/srv/static/a.css", "/srv/static/a.0123456789ab.css"))


@pytest.mark.parametrize(
    ("outcome", "path"),
    [
        (Outcome("nginx", 200, "/srv/static/a.css", type="text/css; charset=utf-8"), "/static/a.css"),
        (Outcome("nginx", 200, "/srv/static/a.0123456789ab.css.br", type="text/css"), "/static/a.css"),
        (Outcome("nginx", 304), "/static/a.css"),
        (Outcome("application"), "/static/a.css"),
        (Outcome("nginx", 404, unknown="Lua decides"), "/static/a.css"),
    ],
)
def test_what_is_right_or_cannot_be_known_is_left_alone(outcome: Outcome, path: str) -> None:
    assert list(judged(STATIC, outcome, path)) == []


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome("nginx", 404), "404, and /srv/static/a.css is due"),
        (Outcome("nginx", 500), "500"),
        (Outcome("nginx", 200, "/srv/old/a.css", type="text/css"), "/srv/old/a.css is another file"),
        (Outcome("nginx", 200, "/srv/static/a.css", type="text/plain"), "browsers refuse text/css"),
        (Outcome("nginx", 200, "/srv/static/a.css", type="text/html"), "browsers refuse text/css"),
    ],
)
def test_what_is_wrong_is_said(outcome: Outcome, said: str) -> None:
    steps = list(judged(STATIC, outcome, "/static/a.css"))
    assert steps[0].decision.startswith(said)
    assert not any(step.ok for step in steps)


@pytest.mark.parametrize(
    ("path", "type_", "right"),
    [
        ("/a.js", "application/javascript", True),
        ("/a.mjs", "application/octet-stream", False),
        ("/a.mjs", "text/javascript", True),
        ("/a.png", "application/octet-stream", True),
        ("/a.png", "text/html", False),
        ("/a", "text/html", True),
        ("/a.html", "text/html", True),
    ],
)
def test_types_are_judged_as_browsers_do(path: str, type_: str, right: bool) -> None:
    found = list(judged(Expectation(kind="static"), Outcome("nginx", 200, type=type_), path))
    assert (not found) == right


@pytest.mark.parametrize(("status", "right"), [(404, True), (403, True), (200, False), (301, False)])
def test_what_is_hidden_must_not_be_answered(status: int, right: bool) -> None:
    found = list(judged(Expectation(kind="static", hidden=True), Outcome("nginx", status), "/static/.clearway/current"))
    assert (not found) == right


def test_a_link_to_the_file_is_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a")
    (tmp_path / "link.css").symlink_to(tmp_path / "a.css")
    expected = Expectation(kind="static", files=(str(tmp_path / "a.css"),))
    outcome = Outcome("nginx", 200, str(tmp_path / "link.css"), type="text/css")
    assert list(judged(expected, outcome, "/a.css")) == []
