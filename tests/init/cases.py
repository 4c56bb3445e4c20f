"""The cases: what a project has, and what `clearway init` makes of it, to the character."""

import importlib
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("tokenize_rt", reason="needs tokenize-rt, of the extra init")

from clearway.init.modules import Modules
from clearway.init.plan import Place, Plan, plan
from clearway.init.values import BUCKET, CLEARWAY, KNOWN, OWN, Values

FOLDER = Path(__file__).parent / "cases"
VERSION = "1.2.3"
DEFAULT = "django.contrib.staticfiles.storage.StaticFilesStorage"
KINDS = {"clearway": CLEARWAY, "whitenoise": KNOWN, "servestatic": KNOWN, "django": KNOWN, "storages": BUCKET}


@dataclass(frozen=True)
class Case:
    """`after` has the files that change; `by_hand` are refusals, as `about file:line reason`."""

    about: str
    settings: str
    before: dict[str, str]
    after: dict[str, str] = field(default_factory=dict)
    by_hand: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    to_leave_bucket: bool = False


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read(name: str) -> Case:
    return Case(**tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))


def write(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def planned(case: Case, folder: Path) -> tuple[Plan, dict[str, Any]]:
    """What is to be done in a directory that has the files, and what running its settings gives."""
    with imported(case.settings, folder) as (module, files):
        values = values_of(module)
        modules = Modules(case.settings, files)
        made = plan(modules, values, Place(folder, folder), VERSION, to_leave_bucket=case.to_leave_bucket)
    found = {
        "INSTALLED_APPS": list(values.installed_apps),
        "MIDDLEWARE": list(values.middleware),
        "STORAGES": values.backend,
        "STATIC_ROOT": bool(values.static_root),
    }
    return made, found


@contextmanager
def imported(name: str, folder: Path) -> Iterator[tuple[ModuleType, dict[str, Path]]]:
    """A module and the files of all that came with it; `sys` is afterwards as it was."""
    top = name.partition(".")[0]
    hidden = {each: sys.modules.pop(each) for each in list(sys.modules) if each.partition(".")[0] == top}
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        module = importlib.import_module(name)
        files = {each: sys.modules[each].__file__ for each in list(sys.modules) if each.partition(".")[0] == top}
        yield module, {each: Path(file) for each, file in files.items() if file}
    finally:
        sys.dont_write_bytecode = written
        sys.path.remove(str(folder))
        for each in [each for each in sys.modules if each.partition(".")[0] == top]:
            del sys.modules[each]
        sys.modules.update(hidden)


def values_of(module: ModuleType) -> Values:
    storages = getattr(module, "STORAGES", None)
    backend = DEFAULT if storages is None else storages.get("staticfiles", {}).get("BACKEND")
    base = getattr(module, "BASE_DIR", None)
    return Values(
        tuple(getattr(module, "INSTALLED_APPS", ())),
        tuple(getattr(module, "MIDDLEWARE", ())),
        backend,
        KNOWN if backend is None else KINDS.get(backend.partition(".")[0], OWN),
        str(getattr(module, "STATIC_ROOT", "") or ""),
        getattr(module, "STATIC_URL", None),
        are_default=storages is None,
        commanding=frozenset({"daphne", "django.contrib.staticfiles"}),
        base="path" if isinstance(base, Path) else "text" if isinstance(base, str) else "",
        urls=getattr(module, "ROOT_URLCONF", ""),
    )
