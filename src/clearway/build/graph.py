"""The order in which sources can be named: a source after everything that it refers to."""

from collections.abc import Iterable, Iterator, Mapping


def components(edges: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """The strongly connected components, each after those that it refers to, its members sorted.

    `edges` has every node as a key. Tarjan's algorithm (1972) with a stack of its own: no limit to depth,
    linear in nodes and edges.
    """
    search = _Search({node: sorted(set(edges[node])) for node in edges})
    for node in sorted(edges):
        if node not in search.number:
            yield from search.visit(node)


class _Search:
    def __init__(self, edges: Mapping[str, list[str]]) -> None:
        self._edges = edges
        self.number: dict[str, int] = {}
        self._lowest: dict[str, int] = {}
        self._path: list[str] = []  # nodes whose component is not complete
        self._on_path: set[str] = set()

    def visit(self, start: str) -> Iterator[list[str]]:
        calls = [(start, self._enter(start))]
        while calls:
            node, targets = calls[-1]
            target = next(targets, None)
            if target is None:
                calls.pop()
                yield from self._leave(node)
                if calls:
                    self._lower(calls[-1][0], self._lowest[node])
            elif target not in self.number:
                calls.append((target, self._enter(target)))
            elif target in self._on_path:
                self._lower(node, self.number[target])

    def _enter(self, node: str) -> Iterator[str]:
        self.number[node] = self._lowest[node] = len(self.number)
        self._path.append(node)
        self._on_path.add(node)
        return iter(self._edges[node])

    def _lower(self, node: str, number: int) -> None:
        self._lowest[node] = min(self._lowest[node], number)

    def _leave(self, node: str) -> Iterator[list[str]]:
        if self._lowest[node] == self.number[node]:
            members = [self._path.pop()]
            while members[-1] != node:
                members.append(self._path.pop())
            self._on_path.difference_update(members)
            yield sorted(members)
