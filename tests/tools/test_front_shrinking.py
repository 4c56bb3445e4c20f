"""A case is made smaller until nothing can be left out."""

from collections.abc import Sequence
from random import Random

import pytest
from tools.front_case import Case, Entry, Node, Request
from tools.front_shrinking import shrunk

from tools import front_cases, front_features


def names(case: Case) -> list[str]:
    return [each.name for node in case.nodes for each in node.walk()]


@pytest.mark.parametrize("seed", range(4))
def test_what_a_failure_does_not_need_is_left_out(seed: int) -> None:
    random = Random(seed)
    (case,) = (front_cases.case(random, front_cases.frame(random), "one") for _ in range(1))
    wanted = Node("location", ("/needed/",), (Node("alias", ("@D@/needed/",)), Node("expires", ("1h",))))
    server = Node("server", (), (*(case.nodes[-1].block or ()), wanted))
    entries = (*case.entries, Entry("needed/a.css", mode=0o600))
    case = Case(
        case.frame, (*case.nodes[:-1], server), entries, (Request(target="/needed/a.css?x", fields={"A": "b"}),)
    )

    def still(cases: Sequence[Case]) -> list[bool]:
        return [
            "alias" in names(each) and any(entry.path == "needed/a.css" for entry in each.entries) for each in cases
        ]

    small = shrunk(case, still)
    assert set(names(small)) <= {"server", "listen", "alias", "include", "file"}
    assert names(small).count("alias") == 1
    assert [(each.path, each.mode) for each in small.entries] == [("needed/a.css", 0o644)]
    assert small.requests == (Request(target="/needed/a.css"),)
    assert small.frame == ()


def test_the_same_seed_gives_the_same_cases() -> None:
    assert front_cases.cases(3, 40, 5) == front_cases.cases(3, 40, 5)
    assert front_cases.cases(3, 40, 5) != front_cases.cases(4, 40, 5)


def test_every_feature_is_in_one_of_twenty_cases() -> None:
    cases = [each for batch in front_cases.batches(1, 600, 100) for each in batch]
    found = [front_features.features(each) for each in cases]
    missing = {name: sum(name in each for each in found) for name in WANTED}
    assert {name: count for name, count in missing.items() if count < len(cases) / 20} == {}


# Of the list.
WANTED = (
    *(f"location {kind}" for kind in ("=", "^~", "~", "~*", "@", "prefix", "nested")),
    *(f"alias: {form}" for form in ("slash, slash", "no slash, no slash", "slash, no slash", "no slash, slash")),
    *(f"alias: {form}" for form in ("regex with a capture", "regex without a capture", "file of an exact location")),
    *("alias: variable", "root", "root relative", "root variable"),
    *(
        "try_files … =code",
        "try_files … @named",
        "try_files … uri",
        "try_files with a directory",
        "try_files in server",
    ),
    *(f"rewrite {flag}" for flag in ("last", "break", "redirect", "permanent", "without a flag", "in server")),
    *("return code", "return URL or text", "return in server", "if in location", "if in server", "if of a file"),
    *(f"error_page {form}" for form in ("uri", "@named", "=", "=code", "URL")),
    *(
        "deny",
        "allow",
        "internal",
        "limit_except",
        "types",
        "default_type",
        "add_header",
        "add_header always",
        "expires",
    ),
    *("index", "autoindex", "gzip_static", "map", "set", "include", "include of a glob"),
    *(f"proxy_pass {form}" for form in ("with a URI", "without a URI", "with a variable")),
    *(f"servers: {form}" for form in ("several", "several addresses", "default_server", "regex name", "wildcard name")),
    *(f"rights: {form}" for form in ("access list", "closed parent", "unreadable file")),
    *("rights: the worker is the owner", "rights: the worker is in the group", "link"),
)
