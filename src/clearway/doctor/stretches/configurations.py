"""A front's configuration with something taken out of it, or put in: what would happen without it?"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from clearway.fronts.directive import Directive
from clearway.fronts.road import Location
from clearway.fronts.texts import walk

_LONGEST = 100  # characters of a line that is quoted


def without(configuration: Any, taken: Callable[[Directive], bool]) -> Any:
    """The configuration without the directives that are taken."""
    return _with(configuration, lambda own: tuple(_kept(own, taken)))


def with_more(configuration: Any, more: Iterable[Directive]) -> Any:
    """A configuration of nginx with these directives at the end of `http`."""
    added = tuple(more)

    def grown(own: tuple[Directive, ...]) -> tuple[Directive, ...]:
        return tuple(
            replace(each, block=(*(each.block or ()), *added)) if each.name == "http" else each for each in own
        )

    return _with(configuration, grown)


def all_directives(configuration: Any) -> Iterator[Directive]:
    """Every directive of any front, from the outside in."""
    if hasattr(configuration, "sites"):
        for block in configuration.sites:
            yield from walk(block.directives)
    else:
        yield from walk(configuration.directives)


def at(configuration: Any, place: Location | None) -> Directive | None:
    """The directive that begins in a line."""
    return next((each for each in all_directives(configuration) if place and is_at(each, place)), None)


def around(configuration: Any, line: Directive | None) -> Directive | None:
    """The block that a directive stands in."""
    found = (each for each in all_directives(configuration) if any(inner is line for inner in each.block or ()))
    return next(found, None)


def is_at(directive: Directive, place: Location) -> bool:
    """Whether a directive begins in a line."""
    return (directive.location.file, directive.location.line) == (place.file, place.line)


def quoted(directive: Directive) -> str:
    """`file:line: the directive`, as proof."""
    end = "" if directive.block is None else " {"
    line = " ".join([directive.name, *directive.words])[:_LONGEST] + end
    return f"{directive.location.file}:{directive.location.line}: {line}"


def _with(configuration: Any, change: Callable[[tuple[Directive, ...]], tuple[Directive, ...]]) -> Any:
    if hasattr(configuration, "sites"):
        sites = tuple(replace(each, directives=change(each.directives)) for each in configuration.sites)
        return replace(configuration, sites=sites)
    if hasattr(configuration, "given_prefix"):  # sought once, not for each question
        return replace(configuration, directives=change(configuration.directives), given_prefix=configuration.prefix)
    return replace(configuration, directives=change(configuration.directives))


def _kept(own: Iterable[Directive], taken: Callable[[Directive], bool]) -> Iterator[Directive]:
    for each in own:
        if not taken(each):
            yield each if each.block is None else replace(each, block=tuple(_kept(each.block, taken)))
