"""Caddy beside its router."""

from collections.abc import Callable, Iterator
from pathlib import Path

from clearway.fronts.caddy.directives import MAKERS
from clearway.fronts.caddy.reading import read
from clearway.fronts.caddy.routing import route
from clearway.fronts.files import WorkerFiles
from clearway.fronts.road import Road, Visit
from tools import front_caddy, front_caddy_cases, front_features
from tools.front_bench import Bench, PlacedCase
from tools.front_case import Case, Node

_KNOWN = {*MAKERS, "handle", "handle_path", "route", "handle_errors", "try_files", "import", "auto_https", "order"}
_INSIDE = {"precompressed", "index", "hide", "status", "disable_canonical_uris", "pass_thru", "browse"}


def router(main: Path, home: Path) -> Callable[[Visit], Road]:
    """Of one configuration, for the worker that Caddy runs as here."""
    configuration = read(str(main), directory=str(home))
    files = WorkerFiles(front_caddy.worker())
    return lambda visit: route(configuration, visit, files)


def features(case: Case) -> set[str]:
    """Directives with their matchers, matchers by kind, forms of addresses, files and requests."""
    found = {name for node in case.nodes for name in _of_node(node)}
    found |= {name for entry in case.entries for name in front_features.of_entry(entry)}
    return found | {f"request {request.method}" for request in case.requests}


def _of_node(node: Node) -> Iterator[str]:
    if node.name == "site":
        yield from (f"site {_form(word)}" for word in node.words)
    elif node.name.startswith("@"):
        yield from (
            f"matcher {name}" for name in ([node.words[0]] if node.words else [n.name for n in node.block or ()])
        )
    elif node.name.startswith("("):
        yield "snippet"
    else:
        first = node.words[0] if node.words else ""
        how = " path" if first.startswith("/") else " @named" if first.startswith("@") and first[-1] != "@" else ""
        if node.name in _KNOWN:
            yield node.name + how
        elif node.name in _INSIDE:
            yield f"file_server {node.name}"
    for each in node.block or ():
        if not node.name.startswith("@"):
            yield from _of_node(each)


def _form(word: str) -> str:
    host = word.removeprefix("http://").partition(":")[0]
    return "wildcard" if "*" in host else "host" if host else "catch-all"


def label(node: Node) -> str:
    """Of a directive that was met on a road."""
    return "matcher" if node.name.startswith("@") else node.name


def _shown(placed: PlacedCase) -> list[str]:
    assert isinstance(placed, front_caddy.Placed)
    return placed.shown()


BENCH = Bench(
    "caddy",
    lambda: front_caddy.program() is not None,
    front_caddy.Caddy,
    front_caddy_cases.cases,
    router,
    features,
    label,
    front_caddy.kind_of_refusal,
    _shown,
    trouble=(front_caddy.CaddyError, OSError),
    everywhere=frozenset({"site"}),
)
