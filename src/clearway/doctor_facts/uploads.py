"""What the project does with uploads, for the doctor: its file fields, and what its code hands to a front."""

import ast
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import FileField

from clearway.doctor.facts import ACCEL, SENDFILE, HandOff
from clearway.fronts.road import Location

from .private import handed_by_settings

_HEADERS = {each.lower(): each for each in (ACCEL, SENDFILE)}
_OCTETS = [each.encode() for each in _HEADERS]
_MOST = 2_000  # files of Python that are read
_PASSED_BY = frozenset({"node_modules", "site-packages", "migrations", "__pycache__", "venv", "env"})


def file_fields() -> tuple[str, ...]:
    """`app.Model.field` of every file field of the project's own apps."""
    return tuple(
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if not model.__module__.startswith("django.contrib.")
        for field in model._meta.get_fields()
        if isinstance(field, FileField)
    )


def handed_off(left_out: Callable[[str], None]) -> tuple[HandOff, ...]:
    """What the settings say, and what the project's code writes into X-Accel-Redirect and X-Sendfile.

    `left_out` is told of a bound.
    """
    return (*handed_by_settings(), *_of_code(left_out))


def _of_code(left_out: Callable[[str], None]) -> Iterator[HandOff]:
    for file in _sources(left_out):
        try:
            text = file.read_bytes()
            tree = ast.parse(text) if any(each in text.lower() for each in _OCTETS) else None
        except (OSError, SyntaxError, ValueError):
            continue
        for node in ast.walk(tree) if tree else ():
            for key, value in _written(node):
                header, begun = _HEADERS.get(_text(key).lower(), ""), _begun(value)
                if begun.startswith("/") or (header == SENDFILE and not begun):
                    yield HandOff(begun, Location(str(file), value.lineno), header=header)


def _sources(left_out: Callable[[str], None]) -> Iterator[Path]:
    """Python files of the project's own apps and of the directory of its settings."""
    module = sys.modules.get(str(getattr(settings, "SETTINGS_MODULE", None)))
    roots = {Path(config.path) for config in apps.get_app_configs() if config.name.partition(".")[0] != "clearway"}
    roots |= {Path(module.__file__).parent} if module and module.__file__ else set()
    own = sorted(root for root in roots if "-packages" not in str(root))
    seen = 0
    for root in own:
        for folder, directories, names in os.walk(root):
            directories[:] = sorted(each for each in directories if each not in _PASSED_BY and each[0] != ".")
            for name in sorted(names):
                if not name.endswith(".py"):
                    continue
                if seen >= _MOST:
                    return left_out(f"only the first {_MOST:,} files of Python were read")
                seen += 1
                yield Path(folder, name)


def _written(node: ast.AST) -> Iterator[tuple[ast.expr | None, ast.expr]]:
    """Names and values of fields: `response["X-Accel-Redirect"] = …`, or in a mapping of headers."""
    pairs: list[tuple[ast.expr | None, ast.expr]] = []
    if isinstance(node, ast.Assign):
        pairs = [(target.slice, node.value) for target in node.targets if isinstance(target, ast.Subscript)]
    elif isinstance(node, ast.Dict):
        pairs = list(zip(node.keys, node.values, strict=True))
    elif isinstance(node, ast.Call) and len(node.args) == 2:
        pairs = [(node.args[0], node.args[1])]
    return (pair for pair in pairs if _text(pair[0]).lower() in _HEADERS)


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _begun(node: ast.expr) -> str:
    """The text that the value begins with, as far as it is written out."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return _begun(node.values[0]) if node.values else ""
    if isinstance(node, ast.BinOp):
        begun = _begun(node.left)
        return begun.partition("%")[0] if isinstance(node.op, ast.Mod) else begun
    if isinstance(node, ast.Call):
        return _called(node)
    return ""


def _called(node: ast.Call) -> str:
    """`"/x/{}".format(…)`, and `quote("/x/" + …)` or `os.path.join("/x/", …)`."""
    if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _begun(node.func.value).partition("{")[0]
    return _begun(node.args[0]) if node.args else ""
