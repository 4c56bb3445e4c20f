"""What may be served from a directory: hidden names, links, odd entries, unreadable ones."""

import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from clearway.catalog.tree import DiskFile, Tree, disk_file, is_unchanged

from .samples import plant


def tree(root: Path, **options: object) -> Tree:
    return Tree(os.fspath(root), **options)  # type: ignore[arg-type]


def names(root: Path, **options: object) -> list[str]:
    """What a walk lists, once every name was located too."""
    made = tree(root, **options)
    found = made.walk()
    assert {name: made.locate(name) for name in found} == found
    return sorted(found)


def refused(made: Tree, name: str) -> bool:
    """Neither listed nor located."""
    return name not in made.walk() and made.locate(name) is None


def test_regular_files_are_found_with_size_and_time(tmp_path: Path) -> None:
    plant(tmp_path, {"a.css": b"four", "d/e/f.js": b""})
    os.utime(tmp_path / "a.css", ns=(5, 1_700_000_000_999_999_999))
    found = tree(tmp_path).walk()
    assert sorted(found) == ["a.css", "d/e/f.js"]
    assert found["a.css"] == DiskFile(str(tmp_path / "a.css"), 4, 1_700_000_000_999_999_999)
    assert found["a.css"].mtime == 1_700_000_000


def test_odd_but_harmless_names_are_files(tmp_path: Path) -> None:
    odd = ["ü.css", "a b.css", "%2e.css", "a?b", "a#b", "a:b", "...css", "a..b", " ", "~", "-", "nul", "\udcff.css"]
    plant(tmp_path, {name: b"" for name in odd if not name.startswith(".")})
    assert names(tmp_path) == sorted(name for name in odd if not name.startswith("."))


def test_hidden_names_are_passed_over(tmp_path: Path) -> None:
    files = [".env", ".git/config", "d/.env", "d/.git/x", ".well-known/x", "d/.well-known/x", ".well-known2", "..x"]
    plant(tmp_path, dict.fromkeys(files, b"") | {"a": b""})
    assert names(tmp_path) == ["a"]
    assert all(refused(tree(tmp_path), name) for name in files)


def test_well_known_is_public_only_at_the_top_of_a_site_root(tmp_path: Path) -> None:
    plant(tmp_path, {".well-known/security.txt": b"", ".well-known/.env": b"", "d/.well-known/x": b"", ".env": b""})
    plant(tmp_path, {".well-known/.well-known/x": b"", ".Well-Known/x": b""})
    assert names(tmp_path, at_site_root=True) == [".well-known/security.txt"]
    assert all(
        refused(tree(tmp_path, at_site_root=True), name)
        for name in (".well-known/.env", "d/.well-known/x", ".env", ".well-known/.well-known/x", ".Well-Known/x")
    )


@pytest.mark.parametrize(
    ("options", "listed"),
    [
        ({"only": {"a"}}, ["a/x"]),
        ({"only": {"a", "f"}}, ["a/x", "f"]),
        ({"only": set()}, []),
        ({"only": {"x"}}, []),
        ({"only": {".h"}}, []),
        ({"without": {"a", "f"}}, ["b/a", "b/f"]),
        ({"only": {"a", "b"}, "without": {"a"}}, ["b/a", "b/f"]),
    ],
)
def test_the_top_may_be_chosen_by_name(tmp_path: Path, options: dict[str, set[str]], listed: list[str]) -> None:
    plant(tmp_path, {"a/x": b"", "b/a": b"", "b/f": b"", "f": b"", ".h/x": b""})
    chosen = {key: frozenset(value) for key, value in options.items()}
    assert names(tmp_path, **chosen) == listed
    others = {"a/x", "b/a", "b/f", "f", ".h/x"} - set(listed)
    assert all(tree(tmp_path, **chosen).locate(name) is None for name in others)


def test_the_top_is_sorted_and_without_what_is_hidden(tmp_path: Path) -> None:
    plant(tmp_path, {"b/x": b"", "a": b"", ".h": b"", "m.json": b""})
    assert tree(tmp_path, without=frozenset({"m.json"})).top() == ["a", "b"]


# --- symbolic links


def test_links_that_stay_below_the_root_are_followed(tmp_path: Path) -> None:
    plant(tmp_path, {"d/real.css": b"real", "link.css": "d/real.css", "e": "d", "d/up.css": "../link.css"})
    found = tree(tmp_path).walk()
    assert sorted(found) == ["d/real.css", "d/up.css", "e/real.css", "e/up.css", "link.css"]
    assert {file.path for file in found.values()} == {str(tmp_path / "d/real.css")}
    assert names(tmp_path) == sorted(found)


def test_an_absolute_link_below_the_root_is_followed(tmp_path: Path) -> None:
    plant(tmp_path, {"real": b"", "link": str(tmp_path / "real")})
    assert names(tmp_path) == ["link", "real"]


def test_a_mounted_config_map_is_served(tmp_path: Path) -> None:
    plant(tmp_path, {"..2024_01/a.css": b"a", "..data": "..2024_01", "a.css": "..data/a.css"})
    assert names(tmp_path) == ["a.css"]


@pytest.mark.parametrize("absolute", [True, False])
@pytest.mark.parametrize("target", ["secret", "app-evil/x.css", ".", "app/../secret"])
def test_links_out_of_the_root_are_refused_and_reported(tmp_path: Path, absolute: bool, target: str) -> None:
    plant(tmp_path, {"app/a.css": b"", "app-evil/x.css": b"evil", "secret": b"s"})
    (tmp_path / "app/link").symlink_to(tmp_path / target if absolute else f"../{target}")
    (tmp_path / "app/hop").symlink_to("link")
    told: list[str] = []
    made = tree(tmp_path / "app", report=told.append)
    assert sorted(made.walk()) == ["a.css"]
    assert len(told) == 2
    assert all("outside" in message for message in told)
    for name in ("link", "hop", "link/x.css", "link/app-evil/x.css", "link/secret", "hop/secret"):
        assert made.locate(name) is None


def test_a_directory_link_to_a_sibling_with_the_same_beginning_is_refused(tmp_path: Path) -> None:
    plant(tmp_path, {"app/a": b"", "app-evil/x": b"evil", "app/e": "../app-evil"})
    assert names(tmp_path / "app") == ["a"]
    assert tree(tmp_path / "app").locate("e/x") is None


def test_a_compressed_neighbour_that_leads_out_is_refused(tmp_path: Path) -> None:
    plant(tmp_path, {"app/a.css": b"", "app/a.css.gz": "../secret.gz", "secret.gz": b"s"})
    assert names(tmp_path / "app") == ["a.css"]


def test_the_root_may_be_a_link_or_end_in_a_slash(tmp_path: Path) -> None:
    plant(tmp_path, {"real/a.css": b"", "real/l.css": "a.css", "root": "real"})
    for root in (tmp_path / "root", f"{tmp_path}/real/", f"{tmp_path}/real/../root"):
        found = Tree(os.fspath(root)).walk()
        assert {name: file.path for name, file in found.items()} == {
            "a.css": str(tmp_path / "real/a.css"),
            "l.css": str(tmp_path / "real/a.css"),
        }


def test_the_whole_disk_may_be_the_root() -> None:
    made = Tree("/", only=frozenset({"bin", "etc"}))
    assert made.locate("etc/passwd") is not None


def test_links_below_the_whole_disk_are_followed(tmp_path: Path) -> None:
    plant(tmp_path, {"real": b"", "link": "real"})
    found = Tree("/").locate(os.fspath(tmp_path / "link").lstrip("/"))
    assert found is not None
    assert found.path == os.fspath(tmp_path / "real")


LOOPS: list[dict[str, bytes | str]] = [
    {"self": "self"},
    {"a": "b", "b": "a"},
    {"d/again": "."},
    {"d/up": ".."},
    {"d/root": "../../root"},
    {"d/to_e": "../e", "e/to_d": "../d", "e/y": b""},
    {"d/e/up": "../../d"},
]


@pytest.mark.parametrize("links", LOOPS, ids=str)
def test_loops_end(tmp_path: Path, links: dict[str, bytes | str]) -> None:
    root = plant(tmp_path / "root", {"d/x": b"", "top": b"", **links})
    found = names(root)
    assert {"d/x", "top"} <= set(found)
    assert all(name.count("/") <= 3 for name in found)


@pytest.mark.parametrize("name", ["d/again/x", "d/again/again/x", "d/up/d/x", "d/up/top", "e/to_d/to_e/y"])
def test_what_lies_behind_a_loop_is_not_found_either(tmp_path: Path, name: str) -> None:
    files: dict[str, bytes | str] = {"d/x": b"", "top": b"", "d/again": ".", "d/up": "..", "e/y": b""}
    plant(tmp_path, files | {"d/to_e": "../e", "e/to_d": "../d"})
    assert refused(tree(tmp_path), name)


# --- odd entries


def test_only_regular_files_are_served_and_nothing_else_is_opened(tmp_path: Path) -> None:
    plant(tmp_path, {"a.css": b"", "broken": "nowhere", "fifo_link": "fifo"})
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(".", os.O_RDONLY)
        os.chdir(tmp_path)  # a socket's path has at most 108 octets
        try:
            listening.bind("socket")
        finally:
            os.fchdir(here)
            os.close(here)
        assert names(tmp_path) == ["a.css"]
        for name in ("fifo", "fifo/x", "socket", "socket/x", "broken", "broken/x", "fifo_link", "a.css/x"):
            assert tree(tmp_path).locate(name) is None


def test_a_root_that_is_missing_or_no_directory_is_empty(tmp_path: Path) -> None:
    plant(tmp_path, {"file": b""})
    told: list[str] = []
    for root in (tmp_path / "gone", tmp_path / "file"):
        assert tree(root, report=told.append).walk() == {}
        assert tree(root).locate("file") is None
        assert tree(root).top() == []
    assert len(told) == 1


def test_an_unreadable_directory_is_reported_and_passed_over(
    open_path: Path, unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    plant(open_path, {"a": b"", "closed/b": b"", "listed_only/c": b"", "entered_only/d": b""})
    modes = {"closed": 0o000, "listed_only": 0o744, "entered_only": 0o711}
    for name, mode in modes.items():
        (open_path / name).chmod(mode)
    told: list[str] = []
    made = tree(open_path, report=told.append)
    with unprivileged():
        found, located = made.walk(), made.locate("closed/b")
    for name in modes:
        (open_path / name).chmod(0o755)
    assert sorted(found) == ["a"]
    assert located is None
    assert {message.partition(":")[0].split("/")[-1] for message in told} == {
        "closed is not read",
        "entered_only is not read",
    }


# --- names that are none


@pytest.mark.parametrize(
    "name",
    ["", "/", "d", "d/", "/d/x", "d//x", "./d/x", "d/./x", "d/../d/x", "..", "../root/d/x", "d/x/", "d\\x", "D/x",
     "d/X", "d/x\0", "d/x\0.css", "d/x ", " d/x", "d/x.", "d%2fx", "\udcff", "\ud800", "x" * 5000, "d/" * 3000 + "x"],
    ids=lambda name: ascii(name[:20]),
)  # fmt: skip
def test_a_file_has_one_spelling(tmp_path: Path, name: str) -> None:
    root = plant(tmp_path / "root", {"d/x": b""})
    assert tree(root).locate("d/x") is not None
    assert tree(root).locate(name) is None


def test_a_name_with_a_backslash_is_passed_over(tmp_path: Path) -> None:
    plant(tmp_path, {"a\\b.css": b"", "a.css": b""})
    assert names(tmp_path) == ["a.css"]


# --- files


def test_a_file_is_unchanged_until_size_time_or_kind_differ(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1234")
    os.utime(path, ns=(5, 5))
    found = disk_file(str(path))
    assert found is not None
    assert is_unchanged(found)
    os.utime(path, ns=(5, 6))
    assert not is_unchanged(found)
    path.write_bytes(b"12345")
    os.utime(path, ns=(5, 5))
    assert not is_unchanged(found)
    path.unlink()
    assert not is_unchanged(found)
    os.mkfifo(path)
    assert not is_unchanged(found)


def test_a_link_is_not_a_file_of_its_own(tmp_path: Path) -> None:
    plant(tmp_path, {"real": b"", "link": "real"})
    assert disk_file(str(tmp_path / "link")) is None
    assert disk_file(str(tmp_path)) is None
