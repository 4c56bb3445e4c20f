"""A need that a configuration of httpd does not meet, and what of the configuration it is about."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path, PurePosixPath

from clearway.fronts.directive import Directive
from clearway.fronts.needs import Need
from clearway.fronts.quoting import literal
from clearway.fronts.road import Location, Road
from clearway.fronts.site import Place, Site
from clearway.fronts.texts import Texts, walk

from .editing import Editor, Edits
from .modules import OF_DIRECTIVE
from .reading import Configuration
from .servers import Server
from .uri import collapsed

_NAMING = frozenset({"servername", "serveralias", "documentroot"})
_ROUTING = re.compile(r"(?:script|wsgiscript)?alias|redirect|proxypass|rewrite(?:rule|cond|engine)")


@dataclass(frozen=True)
class Case:
    """A need, its road through the configuration as it is now, and the texts of it."""

    site: Site
    need: Need[Configuration]
    road: Road
    configuration: Configuration
    texts: Texts

    @cached_property
    def editor(self) -> Editor:
        return Editor(self.configuration, self.texts)

    @cached_property
    def server(self) -> Server:
        """The virtual host that takes the request, else the main server."""
        servers = self.configuration.servers
        at = self.decider("server")
        return next((each for each in servers.hosts if each.section and each.section.location == at), servers.main)

    @property
    def directives(self) -> tuple[Directive, ...]:
        """Of the virtual host, then of the main server."""
        main = self.configuration.servers.main
        return self.server.directives if self.server is main else (*self.server.directives, *main.directives)

    @property
    def place(self) -> Place:
        """The files that the need is about; asked where there are some."""
        places = [each for each in (self.site.static, self.site.media) if each]
        if self.need.about == "traversal":
            return next(each for each in places if self.need.target.startswith(f"{each.prefix[:-1]}../"))
        return places[-1 if self.need.about in {"media", "documents"} else 0]

    def decider(self, *layers: str) -> Location | None:
        """The line of the last step of the layers."""
        places = [step.location for step in self.road.steps if step.layer in layers and step.location]
        return places[-1] if places else None

    def at(self, place: Location | None) -> Directive | None:
        """The directive of a line."""
        return next((each for each in walk(self.directives) if each.location == place), None) if place else None

    @property
    def aliases(self) -> list[Directive]:
        """Those for the path of the place."""
        bare = self.place.prefix.rstrip("/")
        pattern = re.compile(rf"\^?{re.escape(literal(bare))}(?![\w.-])")
        whole = [each for each in self.directives if len(each.words) == 2]
        plain = (each for each in whole if each.name == "alias" and each.words[0].rstrip("/") == bare)
        return [*plain, *(each for each in whole if each.name == "aliasmatch" and pattern.match(each.words[0]))]

    def directories(self, path: str) -> list[Directive]:
        """The sections of a directory."""
        wanted = collapsed(path).rstrip("/")
        plain = (each for each in self.directives if each.name == "directory" and len(each.words) == 1)
        return [each for each in plain if self.full(each.words[0]) == wanted]

    @property
    def locations(self) -> list[Directive]:
        """The sections of the place's path."""
        bare = self.place.prefix.rstrip("/")
        plain = (each for each in self.directives if each.name == "location" and len(each.words) == 1)
        return [each for each in plain if each.words[0].rstrip("/") == bare]

    @property
    def sections(self) -> list[Directive]:
        """Those that hold for the files of the place and no others."""
        return [*self.locations, *self.directories(self.place.root)]

    @property
    def own(self) -> Iterator[Directive]:
        """The directives that hold for the files of the place and no others."""
        return walk(each for section in self.sections for each in section.block or ())

    def full(self, path: str) -> str:
        """A path of the disk without a slash at the end."""
        return collapsed(self.configuration.full(path)).rstrip("/")

    # --- changes

    def first(self, lines: Iterable[str]) -> Edits | None:
        """Lines of the server before all that decides where a request goes."""
        own, section = self.server.directives, self.server.section
        head = list(takewhile(lambda each: not _ROUTING.match(each.name), own))
        named = [each for each in head if each.name in _NAMING and self._is_beside(each, section)]
        if named and not any(each.name == "loadmodule" for each in head[head.index(named[-1]) :]):
            return self.editor.after(named[-1].location, lines)
        if section:
            return self.editor.at_start(section, lines)
        following = own[len(head) :]
        return self.editor.before(following[0].location, lines) if following else self.last(lines)

    def _is_beside(self, each: Directive, section: Directive | None) -> bool:
        """Whether a directive stands in the file of its section, and not in one that others may include."""
        return section is None or each.location.file == section.location.file

    def last(self, lines: Iterable[str]) -> Edits | None:
        """Lines of the server behind all that changes an answer."""
        section = self.server.section
        return self.editor.at_end(section, lines) if section else self.editor.at_end_of_main(lines)

    def made(self, *parts: Edits | None) -> Texts | None:
        """The texts with all of the changes, and with the modules that these need."""
        edits: list[Edits] = [part for part in parts if part is not None]
        if len(edits) < len(parts) or not any(edits):
            return None
        words = {line.split()[0].lower() for part in edits for edit in part for line in edit.lines if line.strip()}
        loading = [self._loaded(name) for name in sorted({OF_DIRECTIVE[word] for word in words & OF_DIRECTIVE.keys()})]
        if None in loading:
            return None
        return self.texts.edited(edit for part in [*(each for each in loading if each), *edits] for edit in part)

    def _loaded(self, name: str) -> Edits | None:
        """What loads a module: nothing, a line that is commented out, or one like the others."""
        if self.configuration.modules.has(name) or name in self.configuration.unloaded:
            return ()
        for at in self.texts.grep(rf"^\s*#\s*LoadModule\s+{name}_module\s"):
            line = self.texts.files[at.file][at.line - 1].strip().lstrip("# ")
            return self.editor.rewritten(Directive("#", (), at), line)
        others = [each for each in walk(self.configuration.directives) if each.name == "loadmodule"]
        if not others or len(others[-1].words) != 2:
            return None
        path = str(PurePosixPath(others[-1].words[1]).with_name(f"mod_{name}.so"))
        if not Path(self.configuration.paths.here(self.configuration.full(path))).exists():
            return None
        including = list(self.texts.grep(r"^\s*Include(?:Optional)?\s.*\.load\s*$"))
        return self.editor.after((including or [others[-1].location])[-1], [f"LoadModule {name}_module {path}"])
