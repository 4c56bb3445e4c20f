"""A walk through a configuration ends in a road, whatever is written there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clearway.fronts.errors import ConfigurationError
from clearway.fronts.front import open_front
from clearway.fronts.path_map import PathMap
from clearway.fronts.permission import Worker
from clearway.fronts.road import Location, Road, Step, Visit
from clearway.fronts.unknowable import Unknowable
from clearway.fronts.walk import walked

VISIT = Visit("GET", "http", "x", 80, "/a.css")


def raising(error: Exception) -> Callable[[list[Step]], Road]:
    def walk(steps: list[Step]) -> Road:
        steps.append(Step("server", "chosen"))
        raise error

    return walk


@pytest.mark.parametrize(
    ("error", "unknown", "last"),
    [
        (Unknowable("It rains."), "It rains.", "chosen"),
        (ConfigurationError("no", Location("f", 3)), "httpd refuses the configuration: no.", "httpd refuses this: no"),
        (IndexError("out"), "A directive on the way is none that httpd takes.", "a directive here is none"),
        (ValueError("x"), "A directive on the way is none that httpd takes.", "a directive here is none"),
        (RecursionError("deep"), "A directive on the way is none that httpd takes.", "a directive here is none"),
    ],
)
def test_what_ends_a_walk_is_said_with_the_steps_before_it(error: Exception, unknown: str, last: str) -> None:
    road = walked("apache", "httpd", raising(error))
    assert (road.outcome.by, road.outcome.unknown) == ("apache", unknown)
    assert road.steps[0].decision == "chosen"
    assert road.steps[-1].decision.startswith(last)


def test_a_mistake_of_our_own_is_not_hidden() -> None:
    with pytest.raises(AssertionError):
        walked("apache", "httpd", raising(AssertionError()))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("apache", "LimitRequestBody x"),
        ("apache", "SetEnvIf"),
        ("apache", "Require"),
        ("apache", "ForceType"),
        ("apache", "Alias"),
        ("nginx", "http { server { listen 80; root; } }"),
        ("nginx", "http { server { listen 80; client_max_body_size x; } }"),
        ("caddy", ":80 {\n\trewrite\n}"),
        ("caddy", ":80 {\n\t@a header\n\trespond @a 200\n}"),
    ],
)
def test_a_directive_without_its_words_does_not_raise(name: str, text: str, tmp_path: Path) -> None:
    main = tmp_path / "configuration"
    main.write_text(f"Listen 80\nDocumentRoot {tmp_path}\n{text}\n" if name == "apache" else text)
    road = open_front(name, str(main), PathMap(()), Worker(0, 0)).road(VISIT)
    assert road.outcome.unknown or road.outcome.status
