"""Files of a configuration as texts: what is edited together, and a patch that is taken as it is printed."""

import subprocess
from pathlib import Path

import pytest

from clearway.fronts.path_map import PathMap
from clearway.fronts.texts import Edit, Texts


def texts(folder: Path, text: str, name: str = "main.conf") -> Texts:
    (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    return Texts.of(str(folder / name), (), PathMap())


def edited(given: Texts, *edits: tuple[int, int, str]) -> list[str] | None:
    """The lines after edits of the main file: from, to, and new lines with a blank between two."""
    (name,) = given.files
    found = given.edited(Edit(name, start, end, tuple(lines.split())) for start, end, lines in edits)
    return list(found.files[name]) if found else None


@pytest.mark.parametrize(
    ("edits", "lines"),
    [
        ([(1, 1, "x")], "a x b c"),
        ([(1, 1, "x y"), (1, 1, "z")], "a x y z b c"),
        ([(1, 2, "x"), (1, 1, "y"), (2, 2, "z")], "a y x z c"),
        ([(2, 3, ""), (0, 1, "x")], "x b"),
        ([(3, 3, "x"), (0, 0, "y")], "y a b c x"),
        ([(1, 2, "x"), (1, 2, "y")], None),
        ([(0, 2, "x"), (1, 1, "y")], None),
    ],
)
def test_edits_are_made_where_the_lines_were(
    tmp_path: Path, edits: list[tuple[int, int, str]], lines: str | None
) -> None:
    assert edited(texts(tmp_path, "a\nb\nc\n"), *edits) == (lines.split() if lines else None)


@pytest.mark.parametrize("text", ["a\nb\n", "a\r\nb\r\n", "a\x0c\u2028\nb\n", "a\nb", "\udcff\nb\n", "\n\nb\n"])
def test_a_patch_is_taken_by_the_file_it_is_of(tmp_path: Path, text: str) -> None:
    before = texts(tmp_path, text)
    name = str(tmp_path / "main.conf")
    after = before.edited([Edit(name, 1, 1, ("new",))])
    assert after is not None
    patch = "\n".join([*after.patch(before), ""]).encode("utf-8", "surrogateescape")
    subprocess.run(["patch", "-s", "-p0", "-d/"], input=patch, check=True)
    first, _, rest = text.partition("\n")
    ending = "\r\n" if "\r" in text else "\n"
    written = (tmp_path / "main.conf").read_bytes().decode("utf-8", "surrogateescape")
    assert written.removesuffix("\n") == f"{first}\nnew{ending}{rest}".removesuffix("\n")


def test_a_link_is_named_by_the_file_it_leads_to(tmp_path: Path) -> None:
    texts(tmp_path, "a\n", "real.conf")
    (tmp_path / "link.conf").symlink_to("real.conf")
    before = Texts.of(str(tmp_path / "link.conf"), (), PathMap())
    after = before.edited([Edit(str(tmp_path / "link.conf"), 0, 0, ("new",))])
    assert after is not None
    assert after.patch(before)[:2] == [f"--- {tmp_path}/real.conf", f"+++ {tmp_path}/real.conf"]
    assert before.patch(before) == []
