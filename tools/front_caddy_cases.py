"""Caddyfiles by the dice: as people write them and at random, their files, modes and requests."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from urllib.parse import quote

from tools import front_caddy_words, front_trees
from tools.front_caddy_words import LEAVES, TRIED, Author
from tools.front_case import Case, Entry, Node, Request, rebuilt
from tools.front_cases import mangled, query
from tools.front_words import FILES, table, words

_HOSTS = words("localhost www.test a.test WWW.Test bob.users.test a.www.test x.example 127.0.0.1")
_ADDRESSES = words("""
    :@P@ :@P@ :@P@ http://:@P@ http://localhost:@P@ http://www.test:@P@ http://*.test:@P@ http://a.test:@P@
    http://*.users.test:@P@ http://*.www.test:@P@ http://127.0.0.1:@P@ http://WWW.test:@P@ http://*:@P@
""")
_HOST = "www.test"
_PREFIXES = words("/static /media /app /a /a/b /docs /api /static/css / /STATIC")


def cases(seed: int, first: int, count: int) -> list[Case]:
    """The cases of a seed from a number on."""
    return [case(Random(f"caddy:{seed}:{number}"), f"{seed}:{number}") for number in range(first, first + count)]


def case(random: Random, name: str) -> Case:
    """One."""
    author = Author(random)
    nodes = _included(author, tuple(_sites(author)))
    requests = tuple(_request(author, nodes) for _ in range(4))
    return Case((), nodes, _entries(author, nodes, requests), requests, name)


# --- the configuration


def _sites(author: Author) -> Iterator[Node]:
    options = _options(author)
    if options:
        yield Node("options", (), tuple(options))
    taken: set[str] = set()
    for _ in range(author.pick([1, 1, 1, 2, 3])):
        keys = tuple({author.pick(_ADDRESSES) for _ in range(author.pick([1, 1, 2]))} - taken)
        keys = tuple(each for each in keys if each != "http://:@P@" or ":@P@" not in {*taken, *keys})
        if keys and not (":@P@" in keys and "http://:@P@" in taken):
            taken |= set(keys)
            author.matchers.clear()
            block = _as_people_write(author) if author.chance(0.45) else _block(author, 0)
            yield Node("site", tuple(f"{key}," for key in keys[:-1]) + keys[-1:], tuple(block))


def _options(author: Author) -> list[Node]:
    found = [Node("auto_https", ("off",))] if author.chance(0.3) else []
    if author.chance(0.04):
        found.append(
            Node(
                "order",
                author.pick(
                    table("""
            file_server before reverse_proxy
            respond first
            header after try_files
            redir last
        """)
                ),
            )
        )
    return found


def _as_people_write(author: Author) -> list[Node]:
    """Of Django's projects: static and media files, and all else for an upstream."""
    base = author.pick(["site", "static", "site/static", "html"])
    server = Node("file_server", (), front_caddy_words.server_block(author) if author.chance(0.5) else None)
    proxy = Node("reverse_proxy", author.pick([("@A@",), ("http://@A@",), ("@S@",)]))
    kind = author.weigh({"handle": 2.0, "handle_path": 4.0, "flat": 2.0, "not": 1.5, "route": 1.0, "spa": 1.0})
    root = Node("root", ("*", f"@D@/{base}"))
    if kind in {"handle", "handle_path"}:
        inside = [root, *_some(author, [front_caddy_words.header, front_caddy_words.encode]), server]
        parts = [Node(kind, ("/static/*",), tuple(author.random.sample(inside, len(inside))))]
        if author.chance(0.5):
            parts.append(
                Node(kind, ("/media/*",), (Node("root", ("*", "@D@/media")), front_caddy_words.header(author), server))
            )
        parts.append(Node("handle", (), (proxy,)) if author.chance(0.7) else proxy)
    elif kind == "flat":
        parts = [root, Node("file_server", ("/static/*",), server.block), proxy]
    elif kind == "not":
        parts = [Node("@app", ("not", "path", "/static/*", "/media/*")), root, server]
        parts.append(Node("reverse_proxy", ("@app", *proxy.words)))
    elif kind == "route":
        parts = [root, Node("route", (), (Node("file_server", ("/static/*",), server.block), proxy))]
    else:
        parts = [root, Node("try_files", author.pick(TRIED)), server]
    parts += _some(author, [front_caddy_words.header, front_caddy_words.encode, _handle_errors])
    return author.random.sample(parts, len(parts)) if author.chance(0.3) else parts


def _some(author: Author, makers: Sequence[Callable[[Author], Node]]) -> list[Node]:
    return [maker(author) for maker in makers if author.chance(0.35)]


def _block(author: Author, depth: int) -> list[Node]:
    """A block of anything; names of matchers hold in it and below."""
    outer = list(author.matchers)
    nodes = [front_caddy_words.definition(author) for _ in range(author.pick([0, 0, 1, 1, 2, 3]))]
    if author.chance(0.75 if depth == 0 else 0.35):
        nodes.append(Node("root", (*(author.matcher(0.25) or ("*",)), front_caddy_words.root(author))))
    makers: dict[Callable[..., Node], float] = dict(LEAVES)
    if depth < 3:
        makers |= {_handle: 2.5, _handle_path: 2.5, _route: 1.2}
    chosen = [author.weigh(makers) for _ in range(author.random.randint(1, 5))]
    nodes += [maker(author, depth) if maker in {_handle, _handle_path, _route} else maker(author) for maker in chosen]
    if author.chance(0.5):
        nodes.append(front_caddy_words.file_server(author))
    if depth == 0 and author.chance(0.25):
        nodes.append(_handle_errors(author))
    author.matchers = outer
    if author.chance(0.3):
        nodes = author.random.sample(nodes, len(nodes))
    return nodes


def _handle(author: Author, depth: int) -> Node:
    return Node("handle", author.matcher(0.75), tuple(_block(author, depth + 1)))


def _handle_path(author: Author, depth: int) -> Node:
    pattern = author.pick(_PREFIXES) + author.pick(["/*", "/*", "/*", "*", ""])
    return Node("handle_path", (pattern.replace("//", "/"),), tuple(_block(author, depth + 1)))


def _route(author: Author, depth: int) -> Node:
    return Node("route", author.matcher(0.5), tuple(_block(author, depth + 1)))


def _handle_errors(author: Author) -> Node:
    outer, author.matchers = list(author.matchers), []
    page = Node("rewrite", ("*", author.pick(["/404.html", "/{err.status_code}.html", "/50x.html"])))
    kind = author.weigh({"page": 3.0, "respond": 2.0, "header": 2.0, "any": 1.0})
    if kind == "page":
        block = [page, Node("file_server")]
    elif kind == "respond":
        block = [Node("respond", (author.pick(['"{err.status_code} {err.status_text}"', '"sorry"']),))]
    elif kind == "header":
        block = [Node("header", ("Cache-Control", "no-store"))]
    else:
        block = _block(author, 2)
    author.matchers = outer
    return Node("handle_errors", (), tuple(block))


# --- imports


def _included(author: Author, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Some of it in snippets and in files of its own."""
    snippets: list[Node] = []

    def moved(node: Node) -> tuple[Node, ...]:
        if node.name not in {"site", "handle", "handle_path", "route"} or not node.block or not author.chance(0.1):
            return (node,)
        number = len(snippets) + 1
        place = author.random.randrange(len(node.block))
        part = node.block[place : place + author.random.randint(1, 2)]
        if author.chance(0.4):
            filled, words_ = _with_argument(part)
            snippets.append(Node(f"(part{number})", (), filled))
            brought = Node("import", (f"part{number}", *words_))
        else:
            snippets.append(Node("", (), ()))
            file = f"part{number}/{author.pick(['b', 'part'])}.conf"
            pattern = f"part{number}/*.conf" if author.chance(0.4) else file
            brought = Node("import", (f"snippets/{pattern}",), (Node("imported", (f"@I@/{file}",), part),))
        return (replace(node, block=(*node.block[:place], brought, *node.block[place + len(part) :])),)

    out = rebuilt(nodes, moved)
    own = tuple(each for each in snippets if each.name)
    has_options = bool(out) and out[0].name == "options"
    return (*out[:has_options], *own, *out[has_options:])


def _with_argument(part: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """The first word of the part that can be one becomes an argument."""
    first = part[0]
    for place, word in enumerate(first.words):
        if re.fullmatch(r"[\w./@*-]+", word) and not word.startswith("@"):
            words_ = (*first.words[:place], "{args.0}", *first.words[place + 1 :])
            return (replace(first, words=words_), *part[1:]), (word,)
    return part, ()


# --- files and requests


def _entries(author: Author, nodes: tuple[Node, ...], requests: tuple[Request, ...]) -> tuple[Entry, ...]:
    bases = sorted(set(_bases(nodes))) or ["site"]
    usual = ("index.html", "404.html", "50x.html", "a.css", "page.html", "index.txt")
    paths = {f"{base}/{name}" for base in bases for name in usual if author.chance(0.25)}
    paths |= {f"{author.pick(bases)}/{author.pick(FILES)}" for _ in range(2)}
    asked = set()
    for request in requests:
        path = front_trees.path_of(request)
        for base in bases:
            for short in (path, "/" + path.lstrip("/").partition("/")[2]):
                if author.chance(0.7):
                    asked.add(front_trees.file_of(author, base + short))
    asked |= {
        path + author.pick([".gz", ".gz", ".br", ".br", ".html", ".zst"])
        for path in sorted(asked)
        if author.chance(0.5)
    }
    return front_trees.chosen(author, (paths, asked))


def _bases(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in (each for one in nodes for each in one.walk()):
        for word in node.words if node.name in {"root", "vars", "hide"} else ():
            if found := re.search(r"@[DR]@/?([^*]*)$", word):
                base = found[1].replace("{host}", _HOST).replace("{http.vars.x}", "/static").strip("/")
                yield base or "site"


_FIELDS = (
    (
        "Accept-Encoding",
        ("gzip", "gzip, br", "br, gzip;q=0", "identity", "gzip;q=0.5, br;q=0.4", "*", "zstd, GZIP"),
        0.4,
    ),
    ("Accept", ("image/webp,*/*", "text/html"), 0.2),
    ("X-Kind", ("static", "one", "media", ""), 0.25),
    ("Cookie", ("who=a", "who=one; x=1"), 0.15),
    ("Authorization", ("Basic YWxpY2U6eA==", "Bearer x"), 0.05),
    ("If-None-Match", ("*", '"nothing"'), 0.03),
    ("If-Modified-Since", ("Wed, 01 Jan 2031 00:00:00 GMT", "Sat, 01 Jan 2000 00:00:00 GMT"), 0.03),
    ("Range", ("bytes=0-1", "bytes=999-", "bytes=-2"), 0.03),
)


def _request(author: Author, nodes: tuple[Node, ...]) -> Request:
    methods = {"GET": 16.0, "HEAD": 1.8, "POST": 1.6, "OPTIONS": 0.6, "PUT": 0.3, "DELETE": 0.3}
    fields = {name: author.pick(values) for name, values, share in _FIELDS if author.chance(share)}
    hosts = [word for node in nodes if node.name == "site" for word in node.words]
    named = [re.sub(r"^http://|:@P@,?$", "", each).replace("*", "b") for each in hosts]
    host = author.pick([*filter(None, named * 4), *_HOSTS[:2], author.pick(_HOSTS)])
    client = "127.0.0.9" if author.chance(0.12) else "127.0.0.1"
    return Request(author.weigh(methods), host, _target(author, nodes), fields, "127.0.0.1", client)


def _target(author: Author, nodes: tuple[Node, ...]) -> str:
    every = [word for node in nodes for each in node.walk() for word in each.words]
    patterns = [word.rstrip("*") for word in every if word.startswith("/") and not set(word) & set("{?%(:")]
    start = author.pick([*patterns, *patterns, "/", "/static/", "/media/", "/app"]).replace("*", "x")
    dice = author.random.random()
    if dice < 0.55:
        path = start + ("" if start.endswith("/") else author.pick(["/", "/", ""])) + author.pick(FILES)
    elif dice < 0.75:
        path = start + author.pick(["", "/", "x", "css/", "css/a.css", "a.css", "index.html"])
    else:
        path = start
    return mangled(author, quote(path, safe="/%:@$&+,;=~!*'()")) + query(author)
