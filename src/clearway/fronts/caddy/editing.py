"""A Caddyfile as texts that can be edited, and read again."""

from collections.abc import Iterator

from clearway.fronts.directive import Directive
from clearway.fronts.texts import Texts, walk

from .reading import Configuration, reread


def texts_of(configuration: Configuration) -> Texts:
    """Every file that a directive of the configuration stands in."""
    return Texts.of(configuration.main, directives(configuration), configuration.paths)


def read_again(texts: Texts, original: Configuration) -> Configuration:
    """The configuration of these texts. Raises `ConfigurationError`."""
    return reread(original, {name: "\n".join([*lines, ""]) for name, lines in texts.files.items()})


def directives(configuration: Configuration) -> Iterator[Directive]:
    """Every directive of every site, from the outside in."""
    for block in configuration.sites:
        yield from walk(block.directives)
