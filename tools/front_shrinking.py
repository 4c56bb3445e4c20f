"""Smaller and smaller cases that still differ in the same way."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tools.front_case import Case, Node

Edit = tuple[str, object]
# Of each case in its order: whether it still differs as the first one did.
Judge = Callable[[Sequence[Case]], Sequence[bool]]
_AT_ONCE = 120


def shrunk(case: Case, still: Judge) -> Case:
    """Nothing more can be left out of it, one thing at a time."""
    while True:
        smaller = _round(case, still)
        if smaller is None:
            return case
        case = smaller


def _round(case: Case, still: Judge) -> Case | None:
    edits = list(_edits(case))
    good: list[Edit] = []
    for start in range(0, len(edits), _AT_ONCE):
        some = edits[start : start + _AT_ONCE]
        kept = still([applied(case, [each]) for each in some])
        good += [edit for edit, fails in zip(some, kept, strict=True) if fails]
    if not good:
        return _without_frame(case, still)
    counts = sorted({len(good) >> shift for shift in range(len(good).bit_length())} - {0}, reverse=True)
    together = [applied(case, good[:count]) for count in counts]
    return next((smaller for smaller, fails in zip(together, still(together), strict=True) if fails), None)


def _without_frame(case: Case, still: Judge) -> Case | None:
    """The frame is shared by all that run together: each of its directives is tried alone."""
    for place in range(len(case.frame)):
        smaller = replace(case, frame=(*case.frame[:place], *case.frame[place + 1 :]))
        if still([smaller])[0]:
            return smaller
    return None


def _edits(case: Case) -> Iterator[Edit]:
    """Of a case with one request; the largest first."""
    for path, node in _places(case.nodes, ()):
        if node.name != "listen":  # without one it would be port 80
            yield "cut", path
        if node.block and node.name in {"location", "if", "include", "file"}:
            yield "open", path
        if node.name in {"server_name", "index", "error_page", "limit_except"} and len(node.words) > 2:
            yield "shorten", path
    for number, entry in enumerate(case.entries):
        yield "drop", number
        if entry.mode not in {0o644, 0o755} or entry.rules or entry.owner != (0, 0):
            yield "plain", number
    request = case.requests[0]
    for name in request.fields:
        yield "field", name
    if "?" in request.target:
        yield "query", None
    if request.method != "GET":
        yield "get", None


Path = tuple[int, ...]


def _places(nodes: tuple[Node, ...], above: Path) -> Iterator[tuple[Path, Node]]:
    for number, node in enumerate(nodes):
        yield (*above, number), node
        yield from _places(node.block or (), (*above, number))


def applied(case: Case, edits: Sequence[Edit]) -> Case:
    """The case with all of them made at once."""
    chosen = set(edits)
    entries = tuple(
        replace(entry, mode=0o755 if entry.is_directory else 0o644, rules=(), owner=(0, 0))
        if ("plain", number) in chosen
        else entry
        for number, entry in enumerate(case.entries)
        if ("drop", number) not in chosen
    )
    request = case.requests[0]
    fields = {name: value for name, value in request.fields.items() if ("field", name) not in chosen}
    target = request.target.partition("?")[0] if ("query", None) in chosen else request.target
    method = "GET" if ("get", None) in chosen else request.method
    request = replace(request, fields=fields, target=target, method=method)
    return replace(case, nodes=_cut(case.nodes, (), chosen), entries=entries, requests=(request,))


def _cut(nodes: tuple[Node, ...], above: Path, chosen: set[Edit]) -> tuple[Node, ...]:
    out: list[Node] = []
    for number, node in enumerate(nodes):
        path = (*above, number)
        if ("cut", path) in chosen:
            continue
        inner = None if node.block is None else _cut(node.block, path, chosen)
        if ("open", path) in chosen:
            out += inner or ()
        elif ("shorten", path) in chosen:
            out.append(replace(node, words=node.words[1:], block=inner))
        else:
            out.append(replace(node, block=inner))
    return tuple(out)
