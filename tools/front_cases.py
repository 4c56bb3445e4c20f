"""Cases by the dice: servers as people write them or nested at random, their files, modes and requests."""

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from urllib.parse import quote

from tools import front_nesting, front_people, front_trees, front_words
from tools.front_case import Case, Node, Request, rebuilt
from tools.front_upstream import ACCEL
from tools.front_words import Draft

HOSTS = front_words.words(
    "localhost www.test a.test WWW.Test bob.users.test a.www.test www.other www12.test x.example 127.0.0.1"
    " [::1] under_score.test"
)
# What no browser sends, and versions of nginx take differently.
_ODD_HOSTS = (*front_words.words("a<b a{b}.test a|b a^b a\\b a@b.test a#b é.test a]b a[b a,b"), 'a"b.test', "a b")
_ODD_ENDS = ("%22%3C%3E%5C%5E%60%7B%7C%7D", '"<>\\^`{|}', " x", "/ Hx", "\x01")
_ODD_COOKIES = ("x=1, who=media; y", "who; x=1; who=a", "x = 2;WHO = one")
_NAMES = front_words.table(r"""
    localhost
    www.test
    www.test example.test
    *.test
    .test
    www.*
    *.www.test
    ~^(?<who>[a-z]+)\.users\.test$
    "~^www\d{1,3}\.test$"
    _
    ""
    a.test *.users.test
    WWW.Test
    www.test. other.test
    ~.*
""")
_LISTENS = ("@P@", "@P@", "@P@", "127.0.0.1:@P@", "127.0.0.1:@P@", "*:@P@", "127.0.0.2:@P@", "localhost:@P@")
_PEOPLE = front_people.sites()


def frame(random: Random) -> tuple[Node, ...]:
    """What stands at the level of `http`, for many cases."""
    draft = Draft(random)
    nodes = [Node("include", ("/etc/nginx/mime.types",))] if draft.chance(0.85) else []
    nodes += [Node("default_type", ("application/octet-stream",))] if draft.chance(0.75) else []
    nodes += [front_words.add_header(draft)] if draft.chance(0.25) else []
    nodes += [front_words.error_page(draft)] if draft.chance(0.2) else []
    nodes += [front_words.expires(draft)] if draft.chance(0.15) else []
    once = {
        "index": ("page.html index.html", 0.15),
        "gzip_static": ("on", 0.15),
        "gzip_vary": ("on", 0.15),
        "gzip": ("on", 0.2),
        "charset": ("utf-8", 0.15),
        "root": ("c0/docs/site", 0.15),
        "autoindex": ("on", 0.05),
        "absolute_redirect": ("off", 0.08),
        "deny": ("127.0.0.9", 0.08),
        "log_not_found": ("off", 0.1),
        "recursive_error_pages": ("on", 0.1),
        "sendfile": ("on", 0.5),
        "server_tokens": ("off", 0.3),
    }
    nodes += [Node(name, tuple(value.split())) for name, (value, share) in once.items() if draft.chance(share)]
    return tuple(nodes)


def case(random: Random, given: tuple[Node, ...], name: str) -> Case:
    """One, under the frame that is given."""
    draft = Draft(random)
    listens = [_listens(draft) for _ in range(draft.pick([1, 1, 1, 2, 2, 3]))]
    servers = [_server(draft, each, listens[:number]) for number, each in enumerate(listens)]
    nodes = _included(draft, (*draft.maps, *servers))
    requests = tuple(_oddly(draft, _request(draft, nodes, _addresses(nodes))) for _ in range(4))
    entries = front_trees.entries(draft, nodes, requests)
    return Case(given, nodes, entries, requests, name)


def cases(seed: int, first: int, count: int) -> list[Case]:
    """The cases of a seed from a number on, all under one frame."""
    shared = frame(Random(f"{seed}:{first}"))
    return [case(Random(f"{seed}:{number}"), shared, f"{seed}:{number}") for number in range(first, first + count)]


def _listens(draft: Draft) -> tuple[str, ...]:
    chosen = {draft.pick(_LISTENS) for _ in range(draft.pick([1, 1, 1, 2]))}
    if {"@P@", "*:@P@"} <= chosen:
        chosen.discard("*:@P@")
    if {"localhost:@P@", "127.0.0.1:@P@"} <= chosen:
        chosen.discard("localhost:@P@")
    # In addition only: a machine without IPv6 leaves it out.
    if draft.chance(0.15):
        chosen.add(draft.pick(["[::]:@P@", "[::1]:@P@"]))
    return tuple(sorted(chosen))


def _server(draft: Draft, listens: tuple[str, ...], before: list[tuple[str, ...]]) -> Node:
    draft.named = set()
    is_default = draft.chance(0.3) and not any(before)
    names = draft.pick(_NAMES)
    if "(?<who>" in names[0] and "$who" not in draft.variables:
        draft.variables.append("$who")
    inside = _as_people_write(draft) if draft.chance(0.5) else front_nesting.inside(draft)
    head = [Node("listen", (each, *(("default_server",) if is_default else ()))) for each in listens]
    if draft.chance(0.85):
        head.append(Node("server_name", names))
    if draft.chance(0.03):
        inside.insert(0, front_words.returned(draft))
    return Node("server", (), (*head, *inside))


def _as_people_write(draft: Draft) -> list[Node]:
    inside, beside = draft.pick(_PEOPLE)
    known = {(each.name, each.words[-1]) for each in draft.maps}
    draft.maps += [each for each in beside if (each.name, each.words[-1]) not in known]
    inside = rebuilt(inside, lambda node: _disturbed(draft, node))
    extra = front_nesting.locations(draft, front_nesting.OUTSIDE, 2, 1) if draft.chance(0.25) else []
    return list(_without_doubles((*inside, *extra)))


def _without_doubles(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Without locations that nginx takes for the same."""
    kept: dict[object, Node] = {}
    for number, node in enumerate(nodes):
        is_exact, path = node.words[:1] == ("=",), node.words[-1].strip("\"'") if node.words else ""
        is_regex = node.name == "location" and node.words[0] in {"~", "~*"}
        kept.setdefault((is_exact, path) if node.name == "location" and not is_regex else number, node)
    return tuple(kept.values())


_SLASHED = {"alias", "root", "location"}


def _disturbed(draft: Draft, node: Node) -> tuple[Node, ...]:
    """Now and then as one mistypes it: a slash more or less, another modifier, a line left out."""
    if draft.chance(0.03) and node.block is None and node.name != "set":
        return ()
    if node.name in _SLASHED and node.words and draft.chance(0.08):
        return (_slashed(node),)
    if node.name == "location" and draft.chance(0.06):
        return (_remodelled(draft, node),)
    if node.name == "location" and node.words[0].startswith("/") and draft.chance(0.12):
        return (replace(node, block=tuple(_slashed(each) for each in node.block or ())),)
    if node.name == "alias" and draft.chance(0.06):
        return (replace(node, name="root"),)
    if node.name == "location" and node.block is not None and draft.chance(0.08):
        more = draft.pick([front_words.expires, front_words.add_header, front_words.default_type])(draft)
        if more.name not in {each.name for each in node.block}:
            return (replace(node, block=(*node.block, more)),)
    return (node,)


def _slashed(node: Node) -> Node:
    last = node.words[-1] if node.name in {*_SLASHED, "proxy_pass"} else ""
    if not re.fullmatch(r"[\w@:/.$-]+", last) or last in {"/", "@D@", "@R@"} or "@S@" in last:
        return node
    if node.name == "location" and (len(node.words) > 1 or last.startswith("@")):
        return node
    return replace(node, words=(*node.words[:-1], last.removesuffix("/") if last.endswith("/") else last + "/"))


def _remodelled(draft: Draft, node: Node) -> Node:
    if len(node.words) == 1 and node.words[0].startswith("/"):
        # Neither takes a prefix inside; only a prefix takes proxy_pass with a URI.
        is_plain = not {each.name for each in node.block or ()} & {"location", "proxy_pass", "include"}
        return replace(node, words=(draft.pick(["^~", "=", "~"] if is_plain else ["^~"]), node.words[0]))
    if node.words[0] in {"^~", "~", "~*"}:
        return replace(node, words=(draft.pick(["~", "~*"]), *node.words[1:]))
    return node


def _included(draft: Draft, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The same, some of it moved into files of its own."""
    count = 0

    def moved(node: Node) -> tuple[Node, ...]:
        nonlocal count
        if node.name == "include" and node.block is None and "@I@" in node.words[0]:
            header = Node("proxy_set_header", ("X-Forwarded-Proto", "$scheme"))
            return (replace(node, block=(Node("file", node.words, (header,)),)),)
        if node.name not in {"server", "location"} or not node.block or not draft.chance(0.12):
            return (node,)
        count += 1
        start = draft.random.randrange(len(node.block))
        end = start + draft.random.randint(1, 3)
        part = _include(draft, node.block[start:end], count)
        return (replace(node, block=(*node.block[:start], part, *node.block[end:])),)

    return rebuilt(nodes, moved)


def _include(draft: Draft, nodes: tuple[Node, ...], number: int) -> Node:
    where = f"@I@/part{number}"
    if draft.chance(0.5):
        return Node("include", (f"{where}.conf",), (Node("file", (f"{where}.conf",), nodes),))
    # Byte order: digits, capitals, small letters; what begins with a dot is not seen.
    names = ["10.conf", "9.conf", "B.conf", "a.conf"][: max(2, len(nodes))]
    parts = [Node("file", (f"{where}/{name}",), nodes[place : place + 1]) for place, name in enumerate(names)]
    return Node("include", (f"{where}/*.conf",), tuple(sorted(parts, key=lambda each: each.words)))


def _addresses(nodes: tuple[Node, ...]) -> list[str]:
    """Local addresses on which somebody listens."""
    listens = {each.words[0] for node in nodes for each in node.walk() if each.name == "listen"}
    found = ["::1"] if any(each.startswith("[") for each in listens) else []
    if listens & {"@P@", "*:@P@"}:
        return ["127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.3", *found]
    four = {each.partition(":")[0].replace("localhost", "127.0.0.1") for each in listens if not each.startswith("[")}
    return sorted(four) + found


def _request(draft: Draft, nodes: tuple[Node, ...], addresses: list[str]) -> Request:
    methods = {"GET": 16.0, "HEAD": 1.8, "POST": 1.6, "OPTIONS": 0.6, "PUT": 0.3, "DELETE": 0.3, "PROPFIND": 0.1}
    fields: dict[str, str] = {}
    for name, values, share in _FIELDS:
        if draft.chance(share):
            fields[name] = draft.pick(values)
    host, address = draft.pick(HOSTS), draft.pick(addresses)
    return Request(
        draft.weigh(methods),
        host + "." if draft.chance(0.02) else "a..test" if draft.chance(0.01) else host,
        _target(draft, nodes),
        fields,
        address,
        "::1" if ":" in address else "127.0.0.9" if draft.chance(0.12) else "127.0.0.1",
    )


def _oddly(draft: Draft, request: Request) -> Request:
    """Now and then as no browser asks."""
    dice = draft.random.random()
    if dice < 0.02:
        return replace(request, host=draft.pick(_ODD_HOSTS))
    if dice < 0.05 and ACCEL not in request.target:
        path, mark, arguments = request.target.partition("?")
        return replace(request, target=path + draft.pick(_ODD_ENDS) + mark + arguments)
    if dice < 0.06:
        return replace(request, method=draft.pick(["CONNECT", "TRACE"]))
    if dice < 0.08:
        return replace(request, fields={**request.fields, "Cookie": draft.pick(_ODD_COOKIES)})
    return request


_FIELDS = (
    ("Accept-Encoding", ("gzip", "gzip, br", "br, gzip;q=0", "identity", "gzip;q=0.5", "*"), 0.35),
    ("Accept", ("image/webp,*/*", "text/html"), 0.2),
    ("User-Agent", ("a bot", "Mozilla/5.0"), 0.2),
    ("X-Kind", ("static", "one", "media", ""), 0.2),
    ("Cookie", ("who=a", "who=one; x=1"), 0.15),
    ("Referer", ("http://www.test/", "http://evil.example/", "rubbish"), 0.15),
    ("Origin", ("http://www.test",), 0.1),
    ("Via", ("1.1 proxy",), 0.03),
)


def _target(draft: Draft, nodes: tuple[Node, ...]) -> str:
    located = [each.words[-1].strip("\"'") for node in nodes for each in node.walk() if each.name == "location"]
    prefixes = [each for each in located if each.startswith("/") and not set(each) & set("(*?[|")]
    start = draft.pick([*prefixes, *prefixes, "/", *front_words.PREFIXES[:8]])
    dice = draft.random.random()
    if dice < 0.55:
        path = start + ("" if start.endswith("/") else draft.pick(["/", "/", ""])) + draft.pick(front_words.FILES)
    elif dice < 0.7:
        path = start + draft.pick(["", "/", "x", "css/", "css/a.css"])
    elif dice < 0.85:
        path = start
    else:
        path = "/" + draft.pick(front_words.DIRECTORIES) + "/" + draft.pick(front_words.FILES)
    if draft.chance(0.05):
        path = (
            start.rstrip("/") + ACCEL + draft.pick(["private", "static", "media"]) + "/" + draft.pick(front_words.FILES)
        )
    sent = quote(path, safe="/%:@$&+,;=~!*'()")
    # An end of line in it would end the field in which the upstream sends it back.
    return (sent if ACCEL in path else mangled(draft, sent)) + query(draft)


def mangled(draft: Draft, path: str) -> str:
    if draft.chance(0.8):
        return path
    return draft.pick(
        [
            path.replace("/", "//", 1),
            path.replace("/", "//"),
            path.replace(".", "%2e"),
            path.replace("/", "/./", 1),
            "/x/.." + path,
            "/%2e%2e" + path,
            path + "/..",
            path.upper(),
            path + "%2f",
            path.replace("/", "%2F", 2).replace("%2F", "/", 1),
            path + "../secret",
            path + "%00",
            path + "%20",
            path + ";v=1",
            path.replace("a", "%61"),
            path + "/a.css",
            path.rstrip("/") + "../a.css",
            path + "/",
            path + "%ff",
            path + "%0a",
            path + "%3Fx",
            path + "%5c",
            path + "#x",
            path + "n" * 256,
            path.replace("/", "/%2f", 1),
            path + "%",
            path + "%2",
            path.replace("%", "%25"),
            path + ".",
            path + "/.",
            path + "/..;/x",
            path.replace("/", "/../", 2),
        ]
    )


def query(draft: Draft) -> str:
    return draft.pick(["", "", "", "", "", "?", "?v=static", "?v=one&x=1", "?x=%20a", "?v=a/b", "?V=static"])


def batches(seed: int, count: int, size: int) -> Iterator[list[Case]]:
    """As many cases as asked for, in batches of one frame each."""
    for first in range(0, count, size):
        yield cases(seed, first, min(size, count - first))
