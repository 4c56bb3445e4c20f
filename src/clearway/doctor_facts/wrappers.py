"""What wsgi.py, asgi.py and the URLconf say about files: parsed, not run."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from clearway.fronts.road import Location

Added = tuple[str, str, Location | None]  # a directory, its URL prefix, and where that is written
_WRAPPERS = {
    **{name: name for name in ("clearway", "whitenoise", "servestatic", "blacknoise", "dj_static")},
    "django.contrib.staticfiles.handlers": "StaticFilesHandler",
    "starlette.staticfiles": "starlette",
    "fastapi.staticfiles": "fastapi",
}


@dataclass(frozen=True)
class Wrapped:
    """Who wraps the application, in which module; empty for nobody. `added` are directories that it serves besides."""

    answers: str = ""
    where: str = ""
    added: tuple[Added, ...] = ()


def wrapped() -> Wrapped:
    """From the modules of the application: those that the settings name, and those beside the URLconf."""
    for module in dict.fromkeys(_modules()):
        file, tree = _parsed(module)
        names = dict(_imported(tree))
        used = [
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ]
        if by := next((names[name] for name in used if name in names), ""):
            return Wrapped(by, f"the wrapper in {module}", tuple(_added(tree, file, names)))
    return Wrapped()


def has_application() -> bool:
    """Whether the settings name an application, or one of these modules is there."""
    named = any(getattr(settings, f"{kind}_APPLICATION", None) for kind in ("WSGI", "ASGI"))
    return named or any(_parsed(module)[0] for module in dict.fromkeys(_modules()))


def media_helper() -> Location | None:
    """Where the URLconf calls `static()` for MEDIA_URL."""
    file, tree = _parsed(str(getattr(settings, "ROOT_URLCONF", None) or ""))
    for node in ast.walk(tree):
        is_helper = isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "static"
        if isinstance(node, ast.Call) and is_helper and node.args and "MEDIA_URL" in ast.unparse(node.args[0]):
            return Location(file, node.lineno)
    return None


def _modules() -> Iterator[str]:
    for setting in ("WSGI_APPLICATION", "ASGI_APPLICATION"):
        yield str(getattr(settings, setting, None) or "").rpartition(".")[0]
    package = str(getattr(settings, "ROOT_URLCONF", None) or "").rpartition(".")[0]
    yield from (f"{package}.{name}" if package else name for name in ("wsgi", "asgi"))


def _parsed(module: str) -> tuple[str, ast.Module]:
    """(file, syntax tree); an empty tree for what is not there."""
    try:
        spec = find_spec(module) if module else None
        if spec and spec.origin and spec.origin.endswith(".py"):
            return spec.origin, ast.parse(Path(spec.origin).read_bytes())
    except (ImportError, OSError, SyntaxError, ValueError):
        pass
    return "", ast.Module([], [])


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(name here, who) of what is imported from a package that serves files."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            who = _WRAPPERS.get(module) or _WRAPPERS.get(module.partition(".")[0])
            yield from ((alias.asname or alias.name, who) for alias in node.names if who)


def _added(tree: ast.Module, file: str, names: Mapping[str, str]) -> Iterator[Added]:
    """`add_files(root, prefix)`, and the wrapper's own `root` and `prefix`; what is no text or setting as it is."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "add_files":
            given = node.args
        elif isinstance(node.func, ast.Name) and names.get(node.func.id) in ("whitenoise", "servestatic"):
            given = node.args[1:]
        else:
            continue
        named = dict(zip(("root", "prefix"), given, strict=False)) | {each.arg: each.value for each in node.keywords}
        if "root" in named:
            root, prefix = (_value(named[name]) if name in named else "" for name in ("root", "prefix"))
            yield root, f"/{prefix.strip('/')}/" if prefix.strip("/") else "/", Location(file, node.lineno)


def _value(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value or "")
    written = ast.unparse(node)
    name = next((name for name in ("MEDIA_ROOT", "MEDIA_URL", "STATIC_ROOT", "STATIC_URL") if name in written), "")
    return str(getattr(settings, name)) if name else written
