"""The files of a Caddyfile as texts: edited in memory, and read again."""

from collections.abc import Iterator

from clearway.fronts.nginx.directive import Directive
from clearway.fronts.nginx.texts import Texts as Edited
from clearway.fronts.nginx.texts import walk

from .reading import Configuration, reread


class Texts(Edited):
    """Lines by file, the main file first."""

    @classmethod
    def of(cls, configuration: Configuration) -> "Texts":  # type: ignore[override]
        """Every file that a directive of the configuration stands in."""
        main = configuration.paths.here(configuration.main)
        texts = cls({}, configuration.paths)
        for name in dict.fromkeys([main, *(each.location.file for each in directives(configuration))]):
            known = texts.with_file(name)
            texts = known if isinstance(known, cls) else texts
        return texts

    def read_again(self, original: Configuration) -> Configuration:  # type: ignore[override]
        """The configuration of these texts. Raises `ConfigurationError`."""
        return reread(original, {name: "\n".join([*lines, ""]) for name, lines in self.files.items()})


def directives(configuration: Configuration) -> Iterator[Directive]:
    """Every directive of every site, from the outside in."""
    for block in configuration.sites:
        yield from walk(block.directives)
