"""The modules of a project's settings: the chosen one, and those that it takes names from."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import resolve_name
from pathlib import Path

from .bindings import Event, events, statements
from .line_numbers import counterpart
from .source import Source, Splice, spliced


class Modules:
    """`files` are those of the modules that were imported and are the project's own. Raises `UnreadableError`.

    Edits are made here and not on the disk, so that the next one sees what the last one did.
    """

    def __init__(self, first: str, files: Mapping[str, Path]) -> None:
        self.first, self._files = first, files
        self._sources: dict[str, Source] = {}
        self._read: dict[Path, str] = {}

    def source(self, module: str) -> Source | None:
        """A module of the project; None for every other."""
        if module not in self._sources and module in self._files:
            source = self._sources[module] = Source.read(self._files[module], module)
            self._read[source.path] = source.text
        return self._sources.get(module)

    def edit(self, source: Source, splices: Iterable[Splice]) -> None:
        """Go on with another text of a module."""
        text = spliced(source.text, splices)
        self._sources[source.module] = Source(source.path, text, source.module, source.encoding)

    def state(self) -> dict[str, Source]:
        """What is read and edited so far, to go back to."""
        return dict(self._sources)

    def restore(self, state: dict[str, Source]) -> None:
        """Forget the edits since."""
        self._sources = dict(state)

    def texts(self) -> dict[Path, bytes]:
        """The modules that were read, as they are now, in their own encoding."""
        return {source.path: source.text.encode(source.encoding) for source in self._sources.values()}

    def line_on_disk(self, path: Path, line: int) -> int:
        """Where a line of an edited text stands in the file as it was read."""
        now = next((source.text for source in self._sources.values() if source.path == path), "")
        return counterpart(now.splitlines(), self._read.get(path, "").splitlines(), line)

    def taken(self, source: Source, event: Event) -> Source | None:
        """The module that an import takes a name from."""
        return self._resolved(source, event.module)

    def chain(self) -> list[Source]:
        """The chosen module, then those that it imports from, the nearest first."""
        found: dict[str, Source] = {}
        waiting = [self.source(self.first)]
        while waiting:
            if (source := waiting.pop(0)) is not None and source.module not in found:
                found[source.module] = source
                waiting.extend(self._imported(source))
        return list(found.values())

    def binds(self, source: Source, name: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a module, or one that it takes over, does anything to a name."""
        if source.module in seen:
            return False
        for event in events(source.tree, name):
            if event.how != "taken":
                return True
            other = self.taken(source, event)
            if other is not None and self.binds(other, event.original, seen | {source.module}):
                return True
        return False

    def _imported(self, source: Source) -> Iterator[Source | None]:
        for node, _ in statements(source.tree.body):
            if isinstance(node, ast.ImportFrom):
                dotted = "." * node.level + (node.module or "")
                yield self._resolved(source, dotted)

    def _resolved(self, source: Source, dotted: str) -> Source | None:
        package = source.module if source.path.name == "__init__.py" else source.module.rpartition(".")[0]
        try:
            return self.source(resolve_name(dotted, package or None))
        except (ImportError, ValueError):
            return None
