"""Files beside nginx's configuration that no include reaches, and that the due file would come through."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.nginx import tree

from .configurations import all_directives, with_more
from .nginx import Ground
from .passage import Passage

_FOLDERS = ("sites-available", "sites-enabled", "conf.d", "vhosts.d")
_MOST = 100  # files of a folder
_LARGEST = 1 << 18  # octets


def verdict(passage: Passage) -> tuple[tuple[str, ...], Directive] | None:
    """The proof, and the server in the file; None where there is no such file."""
    if passage.front.name != "nginx":
        return None
    configuration = passage.front.configuration
    loaded = {each.location.file for each in all_directives(configuration)} | {configuration.main}
    real = {str(Path(name).resolve()) for name in loaded}
    for file in _beside(configuration):
        if str(file.resolve()) not in real and (server := _serves(passage, file)):
            return (f"no include of {configuration.main} reaches {file}",), server
    return None


def _beside(configuration: Any) -> Iterator[Path]:
    main = Path(configuration.paths.here(configuration.main))
    for name in _FOLDERS:
        folder = main.parent / name
        files = sorted(folder.iterdir())[:_MOST] if folder.is_dir() else []
        yield from (each for each in files if each.is_file() and each.stat().st_size < _LARGEST)


def _serves(passage: Passage, file: Path) -> Directive | None:
    """The server of a file that would take the request, and answer the due file."""
    try:
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        found = tree.parse(text, str(file), lambda _, __: ()) if "server" in text else ()
    except (OSError, ConfigurationError, ValueError):
        return None
    if not any(each.name == "server" for each in found):
        return None
    try:
        changed = passage.through(with_more(passage.front.configuration, found))
        server = Ground(changed).server
    except (ConfigurationError, ValueError):
        return None
    is_new = server is not None and any(each is server.directive for each in found)
    return server.directive if server and is_new and changed.delivers else None
