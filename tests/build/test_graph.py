"""Strongly connected components, against the plain definition."""

from hypothesis import given
from hypothesis import strategies as st

from clearway.build.graph import components

NODES = "abcdefg"
GRAPHS = st.dictionaries(st.sampled_from(NODES), st.sets(st.sampled_from(NODES))).map(
    lambda edges: {node: edges.get(node, set()) for node in NODES}
)


def reachable(edges: dict[str, set[str]], start: str) -> set[str]:
    seen, todo = {start}, [start]
    while todo:
        fresh = edges[todo.pop()] - seen
        seen |= fresh
        todo += fresh
    return seen


@given(GRAPHS)
def test_a_component_is_all_that_reach_each_other_and_follows_what_it_reaches(edges: dict[str, set[str]]) -> None:
    found = list(components(edges))
    reach = {node: reachable(edges, node) for node in edges}
    assert sorted(node for members in found for node in members) == sorted(NODES)
    for number, members in enumerate(found):
        assert members == sorted(node for node in NODES if node in reach[members[0]] and members[0] in reach[node])
        assert reach[members[0]] <= {node for earlier in found[: number + 1] for node in earlier}


@given(GRAPHS, st.permutations(NODES))
def test_the_order_of_the_input_makes_no_difference(edges: dict[str, set[str]], order: list[str]) -> None:
    assert list(components({node: sorted(edges[node], reverse=True) for node in order})) == list(components(edges))


def test_depth_has_no_limit() -> None:
    chain = {f"{number:06}": [f"{number + 1:06}"] for number in range(50_000)} | {"050000": []}
    assert [len(members) for members in components(chain)] == [1] * 50_001
    ring = chain | {"050000": ["000000"]}
    assert [len(members) for members in components(ring)] == [50_001]
