"""The page for people who come from a peer: every row of it is backed by tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from tests.peers import behaviours, test_django
from tests.peers.proof import BACKED

from clearway.peer_settings import KNOWN

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs" / "howto" / "coming-from-whitenoise.md"
TABLES = {
    "behaviour": [row.name for row in behaviours.ROWS],
    "django": [row.name for row in test_django.ROWS],
}


def rows(heading: str) -> list[list[str]]:
    """The cells of every table below a heading of the second level."""
    text = PAGE.read_text(encoding="utf-8")
    (section,) = [part for part in re.split(r"^## ", text, flags=re.MULTILINE) if part.startswith(f"{heading}\n")]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if not row[0].startswith(("---", "what", "setting"))]


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((REPOSITORY / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def exists(proof: str) -> bool:
    """Whether a test, or the row of a table that is one, is there."""
    table, _, name = proof.partition(": ")
    if table in TABLES:
        return name in TABLES[table]
    path, _, function = proof.partition("::")
    return (REPOSITORY / path).is_file() and function in functions(path)


def test_every_row_of_the_page_is_backed_and_nothing_else() -> None:
    written = [row[0] for row in rows("Row by row")]
    assert sorted(written) == sorted(BACKED)
    assert all(BACKED.values())


def test_what_backs_a_row_exists() -> None:
    assert sorted({proof for proofs in BACKED.values() for proof in proofs if not exists(proof)}) == []


@pytest.mark.parametrize(
    "proof", ["behaviour: nothing", "django: nothing", "tests/none.py::test_x", "tests/peers/test_page.py::test_none"]
)
def test_a_proof_that_does_not_exist_is_seen(proof: str) -> None:
    assert not exists(proof)


def test_every_behaviour_backs_a_row() -> None:
    """What the tables show, the page says."""
    used = {proof for proofs in BACKED.values() for proof in proofs}
    assert [name for name in TABLES["behaviour"] if f"behaviour: {name}" not in used] == []


def test_every_row_has_three_cells_that_say_something() -> None:
    assert [row for row in rows("Row by row") if len(row) != 3 or not all(row)] == []


def test_every_setting_of_a_peer_has_a_row() -> None:
    named = [name for row in rows("Settings") for name in re.findall(r"`([A-Z_]+)`", row[0])]
    assert sorted(named) == sorted(KNOWN)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_the_page_says_what_a_setting_is_read_as(name: str) -> None:
    (row,) = [row for row in rows("Settings") if f"`{name}`" in row[0]]
    known = KNOWN[name]
    assert (row[1] == "nothing") is not known.has_effect
    assert not known.key or f"`{known.key}`" in row[1]
