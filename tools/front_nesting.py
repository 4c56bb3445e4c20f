"""Servers with locations nested at random: every directive in every place where nginx takes it."""

from collections.abc import Callable

from tools import front_words as words
from tools.front_case import Node
from tools.front_words import Draft

Parent = tuple[str, str]  # kind and path of the location around; ("", "") in a server
OUTSIDE: Parent = ("", "")
_INDEXES = words.table("index.html\nindex.htm index.html\na.css\nnothing\npage.html /404.html\n$arg_v index.html")
_LINKS = ("on", "if_not_owner", "on from=$document_root", "if_not_owner from=@D@/")
_SHARES = {"rewrite": 0.1, "if": 0.08, "set": 0.05, "break": 0.02}
_NAMES = ("@django", "@app", "@fallback")


def locations(draft: Draft, parent: Parent, level: int, count: int) -> list[Node]:
    """Siblings, of which no two are the same for nginx."""
    nodes: list[Node] = []
    taken: set[tuple[str, str]] = set()
    for _ in range(count):
        kind = _kind(draft, parent)
        path = _path(draft, kind, parent)
        key = ("exact" if kind == "=" else "regex" if kind[:1] == "~" else "prefix", path)
        if key in taken or (kind[:1] != "~" and path == parent[1]):
            continue
        taken.add(key)
        head = () if kind in {"prefix", "@"} else (kind,)
        nodes.append(Node("location", (*head, draft.quoted(path)), tuple(body(draft, kind, path, level))))
    return nodes


def _kind(draft: Draft, parent: Parent) -> str:
    if parent[0][:1] == "~":
        return draft.pick(["~", "~*"])
    kinds = {"prefix": 5.0, "^~": 1.8, "=": 1.6, "~": 2.2, "~*": 1.6}
    if parent == OUTSIDE and draft.named:
        kinds["@"] = 1.5
    return draft.weigh(kinds)


def _path(draft: Draft, kind: str, parent: Parent) -> str:
    if kind == "@":
        return draft.pick(sorted(draft.named))
    if kind[:1] == "~":
        return draft.pick(words.REGEXES)
    below = [path for path in words.PREFIXES if path.startswith(parent[1])]
    if draft.chance(0.5):
        below += [parent[1] + end for end in ("css/", "a.css", "b/", "x", "index.html")]
    return draft.pick(below or [parent[1] + "a"])


Maker = Callable[[Draft], Node]
# What may stand once in a location, and how often it does.
_ONCE: dict[str, tuple[float, Maker]] = {
    "expires": (0.12, words.expires),
    "types": (0.07, words.types),
    "default_type": (0.08, words.default_type),
    "internal": (0.06, lambda draft: Node("internal")),
    "limit_except": (0.06, words.limit_except),
    "autoindex": (0.08, lambda draft: Node("autoindex", ("off" if draft.chance(0.7) else "on",))),
    "gzip_static": (0.08, lambda draft: Node("gzip_static", (draft.pick(["on", "on", "always", "off"]),))),
    "charset": (0.03, lambda draft: Node("charset", (draft.pick(["utf-8", "off", "koi8-r"]),))),
    "satisfy": (0.02, lambda draft: Node("satisfy", (draft.pick(["any", "all"]),))),
    "absolute_redirect": (0.04, lambda draft: Node("absolute_redirect", ("off",))),
    "port_in_redirect": (0.03, lambda draft: Node("port_in_redirect", ("off",))),
    "server_name_in_redirect": (0.03, lambda draft: Node("server_name_in_redirect", ("on",))),
    "etag": (0.02, lambda draft: Node("etag", ("off",))),
    "log_not_found": (0.03, lambda draft: Node("log_not_found", ("off",))),
    "recursive_error_pages": (0.03, lambda draft: Node("recursive_error_pages", ("on",))),
    "disable_symlinks": (0.02, lambda draft: Node("disable_symlinks", tuple(draft.pick(_LINKS).split()))),
    "gzip_vary": (0.03, lambda draft: Node("gzip_vary", ("on",))),
}


def _extras(draft: Draft, without: frozenset[str] = frozenset()) -> list[Node]:
    nodes = [make(draft) for name, (share, make) in _ONCE.items() if name not in without and draft.chance(share)]
    nodes += [words.add_header(draft) for _ in range(2) if draft.chance(0.14)]
    nodes += [words.error_page(draft) for _ in range(2) if draft.chance(0.09)]
    if draft.chance(0.1):
        nodes += words.access(draft)
    if draft.chance(0.12):
        nodes.append(Node("index", draft.pick(_INDEXES)))
    if draft.chance(0.02):
        nodes += [Node("auth_basic", ('"closed"',)), Node("auth_basic_user_file", ("@D@/passwords",))]
    return nodes


def _script(draft: Draft, *, in_location: bool) -> list[Node]:
    """Of the rewrite module, whose order counts."""
    shares = _SHARES | {"return": 0.045}
    nodes: list[Node] = []
    for _ in range(2):
        nodes += [_one(draft, name, in_location=in_location) for name, share in shares.items() if draft.chance(share)]
    draft.random.shuffle(nodes)
    return nodes


def _one(draft: Draft, name: str, *, in_location: bool) -> Node:
    if name == "rewrite":
        return words.rewrite(draft)
    if name == "return":
        return words.returned(draft)
    if name == "break":
        return Node("break")
    if name == "set":
        return _set(draft)
    return _if(draft, in_location=in_location)


def _set(draft: Draft) -> Node:
    value = draft.pick(['"static"', "$uri", "site", "$1", draft.variable(), '"a-$arg_v"', '""'])
    name = f"$v{len(draft.variables)}_@N@"
    if draft.variables and draft.chance(0.3):
        name = draft.pick([each for each in draft.variables if each[1] == "v"] or [name])
    if name not in draft.variables:
        draft.variables.append(name)
    return Node("set", (name, value))


def _if(draft: Draft, *, in_location: bool) -> Node:
    inside: list[Node] = []
    dice = draft.random.random()
    if dice < 0.35:
        inside.append(words.returned(draft))
    elif dice < 0.6:
        inside.append(words.rewrite(draft))
    elif dice < 0.75:
        inside.append(_set(draft))
    elif in_location:
        inside.append(words.root(draft) if dice < 0.87 else words.proxy_pass(draft, may_have_uri=False))
    if in_location and draft.chance(0.35):
        inside.append(words.add_header(draft) if draft.chance(0.6) else words.expires(draft))
    if in_location and draft.chance(0.08):
        inside.append(words.error_page(draft))
    if draft.chance(0.1):
        inside.append(Node("break"))
    return Node("if", words.condition(draft), tuple(inside))


def body(draft: Draft, kind: str, path: str, level: int) -> list[Node]:
    """The inside of a location."""
    nodes: list[Node] = []
    dice = draft.random.random()
    if dice < 0.33 and kind != "@":
        nodes.append(words.alias(draft, kind, path))
    elif dice < 0.6:
        nodes.append(words.root(draft))
    nodes += _script(draft, in_location=True)
    dice = draft.random.random()
    if dice < 0.26 or (kind == "@" and dice < 0.6):
        nodes.append(_handed(draft, may_have_uri=kind in {"prefix", "^~", "="}))
    elif dice < 0.55 or (kind == "@" and dice < 0.7):
        nodes.append(words.try_files(draft))
    nodes += _extras(draft)
    if level < 3 and kind not in {"=", "@"} and draft.chance(0.4 - 0.08 * level):
        nodes += locations(draft, (kind, path), level + 1, draft.random.randint(1, 3))
    if draft.chance(0.3):
        draft.random.shuffle(nodes)
    return nodes


def _handed(draft: Draft, *, may_have_uri: bool) -> Node:
    if draft.chance(0.05):
        return Node("uwsgi_pass", ("@A@",))
    return words.proxy_pass(draft, may_have_uri=may_have_uri)


_ONLY_IN_LOCATIONS = frozenset({"internal", "limit_except"})


def inside(draft: Draft) -> list[Node]:
    """The inside of a server, without its names."""
    draft.named = set(draft.random.sample(_NAMES, draft.pick([0, 1, 1, 2])))
    nodes: list[Node] = []
    if draft.chance(0.35):
        draft.maps += [words.mapped(draft) for _ in range(draft.random.randint(1, 2))]
    if draft.chance(0.65):
        nodes.append(words.root(draft))
    if draft.chance(0.5):
        nodes += _script(draft, in_location=False)
    if draft.chance(0.15):
        nodes.append(words.try_files(draft))
    nodes += _extras(draft, _ONLY_IN_LOCATIONS) if draft.chance(0.6) else []
    if draft.chance(0.05):
        nodes.append(Node("merge_slashes", ("off",)))
    nodes += locations(draft, OUTSIDE, 0, draft.random.randint(1, 6))
    return nodes
