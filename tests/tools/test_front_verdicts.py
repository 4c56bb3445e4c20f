"""What was foretold, beside what the server did."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from tools.front_asking import Answer
from tools.front_bench import PlacedCase
from tools.front_case import Case, Place, Request
from tools.front_verdicts import differences, verdict

from clearway.fronts.errors import ConfigurationError
from clearway.fronts.road import Location, Outcome, Road, Step
from clearway.fronts.unknowable import Unknowable
from clearway.fronts.walk import walked

RANGE = Request(fields={"Range": "bytes=0-0"})


@pytest.mark.parametrize(
    ("name", "body", "request_", "differs"),
    [
        ("full", b"4:full\n", Request(), False),
        ("full", b"5:other\n", Request(), True),
        ("full", b"", Request(), True),
        ("full", b"", Request("HEAD"), False),
        ("full", b"4", RANGE, False),
        ("full", b"", RANGE, True),
        ("empty", b"", Request(), False),
        ("empty", b"4:full\n", Request(), True),
        ("missing", b"", Request(), True),
        ("missing", b"", RANGE, True),
        ("missing", b"4:full\n", Request(), True),
        (None, b"", Request(), False),
        (None, b"<html>", Request(), False),
        (None, b"4:full\n", Request(), True),
    ],
)
def test_a_foretold_file_has_the_octets_that_were_sent(
    name: str | None, body: bytes, request_: Request, differs: bool, tmp_path: Path
) -> None:
    (tmp_path / "full").write_bytes(b"4:full\n")
    (tmp_path / "empty").touch()
    outcome = Outcome("nginx", 200, str(tmp_path / name) if name else None)
    found = dict(differences(outcome, Answer(200, {}, body), request_, Place(tmp_path, 0, 80, {})))
    assert ("file" in found) == differs
    assert set(found) <= {"file"}


def refusing(_: list[Step]) -> Road:
    raise ConfigurationError("no", Location("f", 1))


def wordless(_: list[Step]) -> Road:
    raise IndexError


def unknowing(_: list[Step]) -> Road:
    raise Unknowable("It rains.")


@pytest.mark.parametrize(("walk", "differs"), [(refusing, True), (wordless, True), (unknowing, False)])
def test_a_configuration_that_the_server_takes_is_not_foretold_to_be_refused(
    walk: Callable[[list[Step]], Road], differs: bool, tmp_path: Path
) -> None:
    case, place = Case((), (), (), (Request(),)), Place(tmp_path, 0, 80, {})
    placed = SimpleNamespace(case=case, place=place, main=tmp_path, answers=[Answer(200)])
    road = walked("apache", "httpd", walk)
    found = verdict(cast(PlacedCase, placed), lambda main, home: lambda visit: road)
    assert (len(found.differences), len(found.unknown)) == ((1, 0) if differs else (0, 1))
