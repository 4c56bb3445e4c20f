"""The rules of the house: which room may import which, who may know Django, sizes, what is never committed.

Every rule is a function from text to complaints, so that the test below it can show it a bad example.
"""

import ast
import fnmatch
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import pytest

REPOSITORY = Path(__file__).parents[1]
SOURCE = REPOSITORY / "src"
PACKAGE = SOURCE / "clearway"

# On the top floor neighbours may import each other; on every other they are strangers.
ROOT = "the root modules"
FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"http", "policy", "editing"}),
    frozenset({"catalog", "probing"}),
    frozenset({"stores"}),
    frozenset({"build", "releases", "serve"}),
    frozenset({"fronts", "media"}),
    frozenset({"doctor", "init"}),
    frozenset({"releasing"}),
    frozenset({"management", "templatetags", "doctor_facts", ROOT}),
)
FLOOR = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
TOP = len(FLOORS) - 1

# (file, imported module): each with the reason beside it.
EXCEPTIONS: frozenset[tuple[str, str]] = frozenset()

DJANGO_ROOMS = frozenset({"media", "management", "templatetags", "doctor_facts", ROOT})
DJANGO_FILES = frozenset({"clearway/build/sources.py"})

LONGEST_FILE = 400
LONGEST_FUNCTION = 60

# Spelled so that this file does not match itself.
REGISTRIES = re.compile(
    r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs[.]org|registry[.]yarnpkg[.]com|(?:index|static)[.]crates[.]io"
    r"|proxy[.]golang[.]org|--(?:extra-)?index[-]url|\"resolved[\"]:"
)


def modules() -> list[tuple[str, str]]:
    """(path below src, text) of every module."""
    return [
        (path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


# --- arrows


def room(parts: tuple[str, ...]) -> str:
    """Of a dotted name below `clearway`; what is no directory is a root module."""
    return parts[1] if len(parts) > 1 and is_room(parts[1]) else ROOT


def is_room(name: str) -> bool:
    return name in FLOOR or (PACKAGE / name).is_dir()


def imports(path: str, text: str) -> Iterator[str]:
    """Dotted names; of `from package import name` also the name, which may be a module."""
    package = PurePosixPath(path).parent.parts
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def backward_arrows(path: str, text: str) -> list[str]:
    here = room(PurePosixPath(path).with_suffix("").parts)
    return [
        f"{path}: {here} must not import {name}"
        for name in imports(path, text)
        if name.split(".")[0] == "clearway" and (path, name) not in EXCEPTIONS
        if not may_import(here, room(tuple(name.split("."))))
    ]


def may_import(here: str, there: str) -> bool:
    if here == there or FLOOR[here] == FLOOR[there] == TOP:
        return True
    return FLOOR[there] < FLOOR[here]


def test_imports_point_downward() -> None:
    assert [complaint for module in modules() for complaint in backward_arrows(*module)] == []


def test_every_room_has_a_floor() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    assert sorted(rooms - set(FLOOR)) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("clearway/http/ranges.py", "from clearway.catalog import asset"),
        ("clearway/http/ranges.py", "from ..catalog.asset import Asset"),
        ("clearway/catalog/index.py", "from clearway import stores"),
        ("clearway/catalog/index.py", "from .. import stores"),
        ("clearway/catalog/index.py", "import clearway.doctor.finding"),
        ("clearway/catalog/index.py", "def late():\n    from clearway.serve import wsgi"),
        ("clearway/serve/wsgi.py", "from clearway.build.graph import Graph"),
        ("clearway/serve/lanes/gunicorn.py", "from ...releases import keep"),
        ("clearway/fronts/nginx/read.py", "from clearway.media import storage"),
        ("clearway/media/storage.py", "from clearway.fronts import nginx"),
        ("clearway/policy/rules.py", "from clearway.http import media_types"),
        ("clearway/doctor/run.py", "from clearway.conf import Settings"),
        ("clearway/http/ranges.py", "from clearway import __version__"),
    ],
)
def test_an_arrow_that_runs_back_is_seen(path: str, text: str) -> None:
    assert len(backward_arrows(path, text)) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("clearway/http/__init__.py", "from .ranges import parse"),
        ("clearway/http/ranges.py", "from . import negotiation"),
        ("clearway/serve/lanes/gunicorn.py", "from ..answer import answer\nfrom clearway.http import ranges"),
        ("clearway/middleware.py", "from clearway.serve.answer import answer\nfrom .conf import settings"),
        ("clearway/management/commands/clearway.py", "from clearway.cli import main"),
        ("clearway/cli.py", "from clearway.management import base"),
        ("clearway/http/ranges.py", "import clearwaylike.doctor, http.client"),
    ],
)
def test_a_downward_arrow_is_left_alone(path: str, text: str) -> None:
    assert backward_arrows(path, text) == []


# --- Django


def django_imports(path: str, text: str) -> list[str]:
    if path in DJANGO_FILES or room(PurePosixPath(path).with_suffix("").parts) in DJANGO_ROOMS:
        return []
    return [f"{path}: imports {name}" for name in imports(path, text) if name.split(".")[0] == "django"]


def test_django_stays_in_its_rooms() -> None:
    assert [complaint for module in modules() for complaint in django_imports(*module)] == []


def test_django_elsewhere_is_seen() -> None:
    text = "from django.conf import settings"
    assert django_imports("clearway/build/graph.py", text)
    assert django_imports("clearway/serve/middleware.py", "def late():\n    import django.http")
    for allowed in ("build/sources.py", "storage.py", "media/storage.py", "management/commands/release.py"):
        assert django_imports(f"clearway/{allowed}", text) == []


# --- sizes and docstrings


def oversizes(path: str, text: str) -> list[str]:
    lines = text.count("\n")
    found = [f"{path}: {lines} lines"] if lines > LONGEST_FILE else []
    long = [function for function in functions(text) if function[2] > LONGEST_FUNCTION]
    return found + [f"{path}:{line} {name}: {length} lines" for name, line, length in long]


def functions(text: str) -> Iterator[tuple[str, int, int]]:
    """(name, line, lines of the body without its docstring)"""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            yield node.name, node.lineno, (body[-1].end_lineno or 0) - body[0].lineno + 1


def undocumented(path: str, text: str) -> list[str]:
    """An empty `__init__.py` has nothing to say; a private module may keep silent."""
    name = PurePosixPath(path).stem
    tree = ast.parse(text)
    if (name.startswith("_") and name != "__init__") or not tree.body or ast.get_docstring(tree):
        return []
    return [f"{path}: no docstring"]


def tools() -> list[tuple[str, str]]:
    paths = sorted((REPOSITORY / "tools").glob("*.py"))
    return [(f"tools/{path.name}", path.read_text(encoding="utf-8")) for path in paths]


def test_files_and_functions_stay_small() -> None:
    assert [complaint for module in [*modules(), *tools()] for complaint in oversizes(*module)] == []


def test_every_public_module_says_what_it_is() -> None:
    assert [complaint for module in [*modules(), *tools()] for complaint in undocumented(*module)] == []


def test_what_is_too_long_is_seen() -> None:
    body = "    pass\n"
    assert oversizes("long.py", "#\n" * 401) == ["long.py: 401 lines"]
    assert oversizes("long.py", "async def f():\n" + body * 61) == ["long.py:1 f: 61 lines"]
    assert oversizes("fine.py", 'def f():\n    """Long.' + "\n" * 20 + '"""\n' + body * 60) == []


def test_a_silent_module_is_seen() -> None:
    assert undocumented("clearway/conf.py", "x = 1") == ["clearway/conf.py: no docstring"]
    assert undocumented("clearway/http/__init__.py", "x = 1") != []
    assert undocumented("clearway/http/__init__.py", "") == []
    assert undocumented("clearway/_private.py", "x = 1") == []


# --- what no tool may overlook: git, ruff and pytest each skip directories of a certain name without a word


def git(*words: str) -> list[str]:
    command = ["git", "-c", "core.quotePath=off", *words]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1} or not (REPOSITORY / ".git").exists():
        pytest.skip("only on a checkout of the repository")
    return done.stdout.splitlines()


def own_files(*directories: str) -> list[str]:
    found = [path for name in directories for path in (REPOSITORY / name).rglob("*.py")]
    return sorted(path.relative_to(REPOSITORY).as_posix() for path in found)


def hidden_from_pytest(patterns: Iterable[str], paths: Iterable[str]) -> list[str]:
    """Files below a directory that pytest's norecursedirs passes by."""
    patterns = list(patterns)
    return [path for path in paths if any(fnmatch.filter(path.split("/")[:-1], name) for name in patterns)]


def test_git_ignores_no_source() -> None:
    assert git("check-ignore", "--no-index", *own_files("src", "tests", "tools")) == []


def test_ruff_reads_every_source() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--show-files", "src", "tests", "tools"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    seen = {Path(line).relative_to(REPOSITORY).as_posix() for line in done.stdout.splitlines()}
    assert sorted(set(own_files("src", "tools")) - seen) == []


def test_pytest_collects_every_test(pytestconfig: pytest.Config) -> None:
    tests = [path for path in own_files("tests") if PurePosixPath(path).name.startswith("test_")]
    assert hidden_from_pytest(pytestconfig.getini("norecursedirs"), tests) == []


def test_a_hidden_test_is_seen() -> None:
    assert hidden_from_pytest(["build", ".*"], ["tests/build/test_emit.py", "tests/http/test_build.py"]) == [
        "tests/build/test_emit.py"
    ]


# --- what is never committed


def registry_addresses(path: str, text: str) -> list[str]:
    return [f"{path}: {match[0]}" for match in REGISTRIES.finditer(text)]


def unwanted(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if PurePosixPath(path).name == "uv.lock"]


def committed() -> list[str]:
    return git("ls-files", "--cached", "--others", "--exclude-standard")


def test_no_file_names_a_registry() -> None:
    files = [(name, REPOSITORY / name) for name in committed()]
    texts = [(name, path.read_text("utf-8", errors="ignore")) for name, path in files if path.is_file()]
    assert [complaint for file in texts for complaint in registry_addresses(*file)] == []


def test_no_lock_file_of_uv() -> None:
    assert unwanted(committed()) == []


def test_a_registry_and_a_lock_file_are_seen() -> None:
    assert registry_addresses("package-lock.json", '"resolved' + '": "https://mirror.example/acorn.tgz"')
    assert registry_addresses("package-lock.json", '"https://registry.' + 'npmjs.org/acorn.tgz"')
    assert registry_addresses("r.txt", "--extra-index" + "-url https://mirror.example/simple")
    assert registry_addresses("r.txt", "a @ https://files.python" + "hosted.org/a.whl")
    assert registry_addresses("r.txt", "django==5.2 --hash=sha256:00") == []
    assert unwanted(["examples/shop/uv.lock", "uv.lock.md"]) == ["examples/shop/uv.lock"]
