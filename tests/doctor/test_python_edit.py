"""Changes of one assignment: exact, or none at all."""

import ast
from pathlib import Path

import pytest

from clearway.doctor.python_edit import constant, constants, expression, followed, listed
from clearway.editing.patch import edits
from clearway.fronts.road import Location


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "settings.py"


def applied(text: str, file: Path) -> bytes:
    """The file after; as it was where there is no diff."""
    after = edits(text, file.parent)[0].after if text else file.read_bytes()
    ast.parse(after)
    return after


CONSTANTS = {
    b'U = "/s"': b'U = "/s/"',
    b"U = '/s'": b"U = '/s/'",
    b"U = '/s'  # not '/s'": b"U = '/s/'  # not '/s'",
    b"U = r'/s'": b"U = '/s/'",
    b'U: str = "/s"': b'U: str = "/s/"',
    b'U = env("U", default="/s")': b'U = env("U", default="/s/")',
    b'U = (\n    "/s"\n)': b'U = (\n    "/s/"\n)',
    b'U = "\xc3\xa9" and "/s"\r': b'U = "\xc3\xa9" and "/s/"\r',
    b'U = PREFIX + "s"': None,
    b'U = "/s" or "/s"': None,
    b'U = ("/"\n    "s")': None,
    b'U = f"/s"': None,
    b'U = "/s"; V = 1': None,
    b"U = (": None,
}


@pytest.mark.parametrize(("before", "after"), CONSTANTS.items())
@pytest.mark.parametrize("head", [b"# 1\n", b"\xef\xbb\xbf# 1\n", b"# 1\r\n"])
def test_one_constant_of_the_statement_changes(file: Path, head: bytes, before: bytes, after: bytes | None) -> None:
    file.write_bytes(head + before + b"\nlast = 1")
    text = constant(Location(str(file), 2), "/s", "/s/")
    if after is None:
        assert text == ""
    else:
        assert applied(text, file) == head + after + b"\nlast = 1"


def test_a_file_in_another_encoding_is_left_where_columns_differ(file: Path) -> None:
    file.write_bytes(b'# coding: latin-1\nU = "\xe9\xe9\xe9", "/s"\n')
    assert constant(Location(str(file), 2), "/s", "/s/") == ""


def test_a_file_of_an_installed_package_is_nobodys_to_edit(tmp_path: Path) -> None:
    file = tmp_path / "site-packages" / "settings.py"
    file.parent.mkdir()
    file.write_text('U = "/s"\n')
    assert constant(Location(str(file), 1), "/s", "/s/") == ""
    assert constant(None, "/s", "/s/") == ""
    assert constant(Location(str(tmp_path / "absent.py"), 1), "/s", "/s/") == ""


def test_several_of_a_line_change_together_or_not_at_all(file: Path) -> None:
    file.write_text('H = ["https://a.example", "b.example:80"]\n')
    where = Location(str(file), 1)
    text = constants(where, {"https://a.example": "a.example", "b.example:80": "b.example"})
    assert applied(text, file) == b'H = ["a.example", "b.example"]\n'
    assert constants(where, {"https://a.example": "a.example", "c.example:80": "c.example"}) == ""


def test_a_number_becomes_the_one_that_was_meant(file: Path) -> None:
    file.write_text("MODE = 644\n")
    assert applied(expression(Location(str(file), 1), 644, "0o644"), file) == b"MODE = 0o644\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'D = "a"\n', b'D = ["a"]\n'),
        (b'D = BASE / "a"  # here\n', b'D = [BASE / "a"]  # here\n'),
        (b'D = (\n    "a"\n)\n', b'D = (\n    ["a"]\n)\n'),
        (b'D = (BASE /\n  "a")\n', None),
        (b'D += "a"\n', None),
    ],
)
def test_a_value_becomes_a_list(file: Path, before: bytes, after: bytes | None) -> None:
    file.write_bytes(before)
    assert applied(listed(Location(str(file), 1)), file) == (after or before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"U = 1", b"U = 1\nNEW\n"),
        (b"U = 1\r\nV = 2\r\n", b"U = 1\r\nNEW\r\nV = 2\r\n"),
        (b"U = (\n  1,\n)\nV = 2\n", b"U = (\n  1,\n)\nNEW\nV = 2\n"),
        (b"U = 1; V = 2\n", None),
    ],
)
def test_a_line_follows_the_whole_statement(file: Path, before: bytes, after: bytes | None) -> None:
    file.write_bytes(before)
    assert applied(followed(Location(str(file), 1), "NEW"), file) == (after or before)


def test_it_is_as_deep_as_the_statement(file: Path) -> None:
    file.write_bytes(b"class Production:\n    U = 1\n    V = 2\n")
    after = b"class Production:\n    U = 1\n    NEW\n    V = 2\n"
    assert applied(followed(Location(str(file), 2), "NEW"), file) == after
