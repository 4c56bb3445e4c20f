"""Where a project uses a package otherwise."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_NAMES = re.compile(
    r".*\.(py|sh|ya?ml|toml|service)|(.*\.)?(Dockerfile|Procfile|Makefile)(\..*)?|Caddyfile|Justfile", re.IGNORECASE
)
_NOT_OURS = re.compile(r"\..*|node_modules|__pycache__|.*-packages|(.*\.)?egg-info|env|venv")
_LISTS = re.compile(r"pyproject\.toml|.*requirements.*")
_LARGEST = 1_000_000


def first_mention(folder: Path, name: str, texts: Mapping[Path, bytes]) -> tuple[Path, int] | None:
    """(file, line) of the first file that names a package in code; `texts` are those that were edited."""
    wanted = re.compile(rf"(?<![\w.-]){name}(?![\w-])")
    for path in _files(folder):
        data = texts.get(path) if path in texts else _read(path)
        for number, row in enumerate((data or b"").decode("utf-8", "replace").splitlines(), 1):
            if wanted.search(row.partition("#")[0]):
                return path, number
    return None


def _files(folder: Path) -> Iterator[Path]:
    for top, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if _is_own(Path(top, name)))
        for name in sorted(files):
            if _NAMES.fullmatch(name) and not _LISTS.fullmatch(name):
                yield Path(top, name)


def _is_own(folder: Path) -> bool:
    return not _NOT_OURS.fullmatch(folder.name) and not (folder / "pyvenv.cfg").is_file()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size < _LARGEST else b""
    except OSError:
        return b""
