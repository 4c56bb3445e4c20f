"""The files beside manage.py that say how a project is deployed."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from clearway.doctor.facts import Tree

_LARGEST = 1 << 18  # octets of a file
_DEEPEST, _MOST = 4, 300  # directories below the root, and files that are read
_ABOVE = 2  # directories above the project in which a compose file is looked for
_PASSED_BY = frozenset(
    {"node_modules", "site-packages", "__pycache__", "venv", "env", "static", "staticfiles", "media"}
)
_HIDDEN = frozenset({".ebextensions", ".platform", ".do", ".deploy", ".docker", ".nginx", ".config"})
_NAME = re.compile(
    r"(?:[\w.-]*dockerfile[\w.-]*|(?:docker-)?compose[\w.-]*\.ya?ml|(?:local|production|staging)\.yml|caddyfile[\w.-]*"
    r"|traefik[\w.-]*\.(?:toml|ya?ml)|procfile|makefile|manage\.py|passenger_wsgi\.py|gunicorn[\w.-]*|uwsgi[\w.-]*|.*nginx.*|.*apache.*|\.htaccess|runtime\.txt"
    r"|(?:fly|railway|nixpacks)\.toml|(?:app|render|heroku)\.ya?ml|(?:railway|app|vercel|zappa_settings)\.json"
    r"|\.(?:docker|git|gcloud)ignore|requirements[\w.-]*\.(?:txt|in)|pyproject\.toml|pipfile"
    r"|.*\.(?:service|sh|conf|config|vhost|ini|template|j2|caddy))",
    re.IGNORECASE,
)
_SCRIPTS = re.compile(
    r"(?:^|/)(?:bin|docker|compose|deploy|deployment|scripts|hooks|\.platform|\.do|nginx|conf|config)(?:/|$)"
)


def tree(start: Path, left_out: Callable[[str], None]) -> Tree:
    """From the working directory, or the nearest above that has a manage.py, or whose compose file builds that one."""
    root = next((each for each in (start, *start.parents) if (each / "manage.py").is_file()), start)
    for above in list(root.parents)[:_ABOVE]:
        if any(_builds(file, root.relative_to(above).as_posix()) for file in above.glob("*compose*.y*ml")):
            root = above
            break
    return Tree(str(root), dict(_texts(root, left_out)))


def _builds(compose: Path, name: str) -> bool:
    try:
        text = compose.read_text("utf-8", "replace") if compose.stat().st_size <= _LARGEST else ""
    except OSError:
        return False
    return (
        re.search(rf"\b(?:build|context):\s*[\"']?(?:\./)?{re.escape(name)}/?[\"']?\s*$", text, re.MULTILINE)
        is not None
    )


def _texts(root: Path, left_out: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    left = _MOST
    for file, name in _files(root):
        if left <= 0:
            return left_out(f"only the first {_MOST} files about the deployment were read")
        try:
            text = file.read_bytes() if file.stat().st_size <= _LARGEST else b"\0"
        except OSError:
            continue
        if b"\0" not in text:
            left -= 1
            yield name, text.decode("utf-8", "replace")


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    """By their names; in directories that are for deployment also scripts without a suffix."""
    for folder, directories, names in os.walk(root):
        inside = Path(folder).relative_to(root).as_posix()
        deep = 0 if inside == "." else inside.count("/") + 1
        keep = [each for each in directories if each not in _PASSED_BY and (each[0] != "." or each in _HIDDEN)]
        directories[:] = sorted(keep) if deep < _DEEPEST else []
        has_lists, has_scripts = Path(inside).name == "requirements", _SCRIPTS.search(inside)
        for name in sorted(names):
            is_list = has_lists and name.endswith((".txt", ".in"))
            if is_list or _NAME.fullmatch(name) or (has_scripts and Path(name).suffix in ("", ".yml", ".yaml")):
                yield Path(folder, name), name if inside == "." else f"{inside}/{name}"
