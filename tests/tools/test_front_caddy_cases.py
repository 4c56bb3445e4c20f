"""Random Caddyfiles: the same for the same seed, and rich enough."""

from collections import Counter

from tools import front_caddy_bench, front_caddy_cases

KINDS = (
    "file_server",
    "file_server precompressed",
    "file_server hide",
    "file_server index",
    "handle",
    "handle path",
    "handle_path path",
    "handle_errors",
    "header",
    "respond",
    "rewrite",
    "redir path",
    "uri",
    "try_files",
    "reverse_proxy",
    "encode",
    "route",
    "import",
    "matcher path",
    "matcher path_regexp",
    "matcher not",
    "matcher file",
    "site host",
    "site wildcard",
    "site catch-all",
    "rights: unreadable file",
    "rights: closed parent",
    "rights: access list",
)


def test_a_seed_gives_the_same_cases() -> None:
    assert front_caddy_cases.cases(3, 5, 2) == front_caddy_cases.cases(3, 0, 7)[5:]
    assert front_caddy_cases.cases(3, 0, 1) != front_caddy_cases.cases(4, 0, 1)


def test_every_kind_is_in_at_least_one_case_of_twenty() -> None:
    cases = front_caddy_cases.cases(1, 0, 600)
    found: Counter[str] = Counter()
    for each in cases:
        found.update(front_caddy_bench.features(each))
    assert {kind: found[kind] for kind in KINDS if found[kind] < len(cases) / 20} == {}
