"""Cases of httpd by the dice: virtual hosts as people write them or at random, .htaccess, files, modes, requests."""

from dataclasses import replace
from random import Random

from tools import front_apache_macros, front_apache_people, front_apache_words, front_cases, front_trees
from tools.front_case import Case, Node, Request, rebuilt
from tools.front_words import BASES, Draft, table

_PEOPLE = front_apache_people.sites()
_NAMES = table("""
    localhost -
    www.test -
    www.test example.test
    a.test *.test
    www.test *.users.test
    other.test www.*
    WWW.Test a?.test
""")
_ADDRESSES = ("*:@P@", "*:@P@", "*:@P@", "127.0.0.1:@P@", "_default_:@P@", "127.0.0.2:@P@")
_OVERRIDES = (
    "None",
    "All",
    "FileInfo Indexes",
    "AuthConfig Limit",
    "All",
    "Indexes",
    "Options FileInfo",
    "Nonfatal=All",
)


def frame(random: Random) -> tuple[Node, ...]:
    """What stands at the level of the main server, for many cases."""
    draft = Draft(random)
    rules = ["Require all denied", "Require all granted", "Require all granted"]
    inside = [*front_apache_people.parse(f"AllowOverride None\n{draft.pick(rules)}")]
    inside += (
        [Node("Options", (draft.pick(["FollowSymLinks", "None", "Indexes FollowSymLinks"]),))]
        if draft.chance(0.7)
        else []
    )
    nodes = [Node("Directory", ("/",), tuple(inside))]
    if draft.chance(0.7):
        nodes += front_apache_people.parse('<FilesMatch "^\\.ht">\nRequire all denied\n</FilesMatch>')
    if draft.chance(0.3):
        nodes.append(Node("AddDefaultCharset", ("utf-8",)))
    if draft.chance(0.2):
        nodes.append(front_apache_words.header(draft))
    if draft.chance(0.2):
        nodes.append(front_apache_words.error_document(draft))
    if draft.chance(0.3):
        nodes.append(Node("DirectoryIndex", ("index.html", "index.htm")))
    return tuple(nodes)


def case(random: Random, given: tuple[Node, ...], name: str) -> Case:
    """One, under the frame that is given."""
    draft = Draft(random)
    hosts: list[Node] = []
    overrides: list[Node] = []
    for _ in range(draft.pick([1, 1, 1, 2, 3])):
        host, own = _host(draft)
        hosts.append(host)
        known = {each.words for each in overrides}
        overrides += [each for each in own if each.words not in known]
    nodes = (*hosts, *overrides)
    shown = tuple(_as_locations(nodes))
    requests = tuple(_request(draft, shown) for _ in range(4))
    entries = front_trees.entries(draft, shown, requests)
    taken = {f"{each.words[0]}" for each in overrides}
    if any(each.name == "WSGIScriptAlias" for node in nodes for each in node.walk()):
        taken.add("app/wsgi.py")
    kept = tuple(
        each
        for each in entries
        if each.path not in taken
        and not any(path.startswith(each.path + "/") for path in taken if each.target is None and not each.is_directory)
    )
    written = front_apache_macros.macroed(draft, nodes) if draft.chance(0.25) else nodes
    return Case(given, written, kept, requests, name)


def cases(seed: int, first: int, count: int) -> list[Case]:
    """The cases of a seed from a number on, all under one frame."""
    shared = frame(Random(f"apache {seed}:{first}"))
    return [case(Random(f"apache {seed}:{each}"), shared, f"{seed}:{each}") for each in range(first, first + count)]


def _host(draft: Draft) -> tuple[Node, list[Node]]:
    name, alias = draft.pick(_NAMES)[:2]
    head = [Node("ServerName", (name,))]
    if alias != "-":
        head.append(Node("ServerAlias", (alias,)))
    overrides: list[Node] = []
    if draft.chance(0.5):
        inside, own = draft.pick(_PEOPLE)
        overrides = list(own)
        body = list(rebuilt(inside, lambda node: _disturbed(draft, node)))
        if draft.chance(0.5):
            body.insert(draft.random.randrange(len(body) + 1), _section(draft))
    else:
        body = _at_random(draft)
    if draft.chance(0.15):
        overrides.append(_override(draft))
    addresses = draft.pick(_ADDRESSES) if draft.chance(0.9) else "127.0.0.1:@P@ 127.0.0.2:@P@"
    return Node("VirtualHost", (addresses,), (*head, *body)), overrides


_SLASHED = {"Alias", "Directory", "Location", "ProxyPass", "DocumentRoot"}


def _disturbed(draft: Draft, node: Node) -> tuple[Node, ...]:
    """Now and then as one mistypes it: a slash more or less, a line left out."""
    if draft.chance(0.04) and node.block is None and node.name not in {"RewriteCond", "AuthName", "AuthType"}:
        return ()
    if node.name in _SLASHED and node.words and draft.chance(0.1):
        place = draft.random.randrange(min(2, len(node.words)))
        word = node.words[place]
        if word not in {"/", "!"} and "@A@" not in word and "@B@" not in word and "@S@" not in word:
            new = word.removesuffix("/") if word.endswith("/") else word + "/"
            return (replace(node, words=(*node.words[:place], new, *node.words[place + 1 :])),)
    return (node,)


def _at_random(draft: Draft) -> list[Node]:
    nodes = (
        [Node("DocumentRoot", (f"@D@/{draft.pick(BASES)}{draft.pick(['', '', '/'])}",))] if draft.chance(0.9) else []
    )
    nodes += (
        front_apache_people.parse("<Directory @D@>\nRequire all granted\n</Directory>") if draft.chance(0.75) else ()
    )
    if draft.chance(0.25):
        held = draft.pick(_OVERRIDES)
        base = draft.pick(["", "", "/site", "/static"])
        nodes.append(Node("Directory", (f"@D@{base}",), (Node("AllowOverride", tuple(held.split())),)))
    for make, share, most in (
        (front_apache_words.alias, 0.6, 3),
        (front_apache_words.redirect, 0.3, 2),
        (front_apache_words.proxy, 0.4, 3),
        (front_apache_words.header, 0.25, 2),
        (front_apache_words.error_document, 0.35, 2),
        (front_apache_words.types, 0.25, 2),
        (front_apache_words.directory, 0.2, 1),
        (_section, 0.8, 4),
    ):
        if draft.chance(share):
            nodes += [make(draft) for _ in range(draft.random.randint(1, most))]
    if draft.chance(0.3):
        nodes += front_apache_words.rewriting(draft)
    if draft.chance(0.12):
        nodes += front_apache_words.expires(draft)
    return nodes


def _inside(draft: Draft, *, override: bool = False) -> list[Node]:
    """Of a section or an .htaccess."""
    nodes: list[Node] = []
    for make, share in (
        (front_apache_words.header, 0.25),
        (front_apache_words.types, 0.2),
        (front_apache_words.directory, 0.15),
        (front_apache_words.option, 0.2),
        (front_apache_words.error_document, 0.12),
        (front_apache_words.redirect, 0.08),
    ):
        if draft.chance(share):
            nodes.append(make(draft))
    if draft.chance(0.45):
        nodes += front_apache_words.access(draft)
    if draft.chance(0.12):
        nodes += front_apache_words.expires(draft)
    if override and draft.chance(0.4):
        nodes += front_apache_words.rewriting(draft)
    return nodes or [Node("Header", ("set", "X-One", "section"))]


def _section(draft: Draft) -> Node:
    inside = _inside(draft)
    made = front_apache_words.section(draft, inside)
    if made.name == "Directory" and "*" not in made.words[0]:
        if draft.chance(0.3):
            made = replace(made, block=(*inside, *front_apache_words.rewriting(draft)))
        if draft.chance(0.15):
            made = replace(made, block=(*(made.block or ()), Node("Files", ("*.css",), tuple(_inside(draft)))))
    if made.name != "Directory":
        # None of these takes AllowOverride, and httpd warns of some.
        made = replace(made, block=tuple(each for each in made.block or () if _may_stand(each, made.name)))
    return made


def _may_stand(node: Node, section: str) -> bool:
    return section not in {"Files", "FilesMatch", "If"} or node.name not in {"Options", "FallbackResource"}


def _override(draft: Draft) -> Node:
    base = draft.pick(BASES)
    return Node("override", (f"{base}/.htaccess",), tuple(_inside(draft, override=True)))


def _as_locations(nodes: tuple[Node, ...]) -> list[Node]:
    """What the maker of files and requests understands: roots, and prefixes with their directories."""
    found: list[Node] = []
    for each in (one for node in nodes for one in node.walk()):
        if each.name == "DocumentRoot":
            found.append(Node("root", each.words))
        elif each.name == "Alias":
            found.append(Node("location", (each.words[0],), (Node("alias", (each.words[1],)),)))
        elif each.name in {"ProxyPass", "Location", "Redirect"}:
            prefix = next((word.strip('"') for word in each.words if word.startswith(("/", '"/'))), "")
            found += [Node("location", (prefix,))] if prefix and "*" not in prefix else []
        elif each.name == "WSGIScriptAlias":
            found.append(Node("location", ("/",), (Node("root", ("@D@/app",)),)))
    return found


def _request(draft: Draft, shown: tuple[Node, ...]) -> Request:
    made = front_cases._request(draft, shown, ["127.0.0.1", "127.0.0.1", "127.0.0.2"])
    fields = {name: value for name, value in made.fields.items() if name != "Via"}
    host = (
        made.host
        if draft.chance(0.3)
        else draft.pick(["www.test", "localhost", "a.test", "other.test", "bob.users.test"])
    )
    return replace(made, host=host, fields=fields)
