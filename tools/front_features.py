"""What a case has: the names that the histogram counts."""

import stat
from collections.abc import Iterator

from tools.front_case import Case, Entry, Node
from tools.front_words import words

WORKER = (65534, 65534)


def features(case: Case) -> set[str]:
    """Of its own configuration, the files and the requests; the frame that it shares with others does not count."""
    found = set(_of_site(case.nodes))
    for node in case.nodes:
        found |= set(_of_nodes(node, ()))
    for entry in case.entries:
        found |= set(of_entry(entry))
    return found | {f"request {request.method}" for request in case.requests}


def label(node: Node) -> str:
    """Of a directive that was met on a road."""
    return f"location {_kind(node)}" if node.name == "location" else node.name


def _of_site(nodes: tuple[Node, ...]) -> Iterator[str]:
    servers = [node for node in _flat(nodes) if node.name == "server"]
    names = [
        word
        for server in servers
        for each in _flat(server.block or ())
        if each.name == "server_name"
        for word in each.words
    ]
    listens = [
        " ".join(each.words) for server in servers for each in _flat(server.block or ()) if each.name == "listen"
    ]
    if len(servers) > 1:
        yield "servers: several"
    if any("default_server" in each for each in listens):
        yield "servers: default_server"
    if len({each.split(" ")[0] for each in listens}) > 1:
        yield "servers: several addresses"
    for name in names:
        if name.strip("\"'").startswith("~"):
            yield "servers: regex name"
        elif "*" in name or name.startswith("."):
            yield "servers: wildcard name"


def _flat(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Those of one level, with what is included there."""
    for node in nodes:
        if node.name in {"include", "file"}:
            yield from _flat(node.block or ())
        else:
            yield node


def _of_nodes(node: Node, above: tuple[Node, ...]) -> Iterator[str]:
    context = above[-1].name if above else "http"
    yield from _of_node(node, context)
    if node.name == "location":
        yield f"location {_kind(node)}"
        if context == "location":
            yield "location nested"
    if node.name == "alias" and above:
        yield f"alias: {_alias(above[-1], node.words[0])}"
    inner = above if node.name in {"include", "file"} else (*above, node)
    for each in node.block or ():
        yield from _of_nodes(each, inner)


def _of_node(node: Node, context: str) -> Iterator[str]:
    given = node.words
    last = given[-1].strip("\"'") if given else ""
    if node.name == "root":
        yield "root relative" if not last.startswith(("@D@", "/", "$")) else "root variable" if "$" in last else "root"
    elif node.name == "try_files":
        yield f"try_files … {'=code' if last[0] == '=' else '@named' if last[0] == '@' else 'uri'}"
        if context == "server":
            yield "try_files in server"
        if any(word.endswith("/") for word in given[:-1]):
            yield "try_files with a directory"
    elif node.name == "rewrite":
        yield f"rewrite {last if last in {'last', 'break', 'redirect', 'permanent'} else 'without a flag'}"
        if context == "server":
            yield "rewrite in server"
    elif node.name == "return":
        yield f"return {'code' if len(given) == 1 and last.isdecimal() else 'URL or text'}"
        if context == "server":
            yield "return in server"
    elif node.name == "error_page":
        yield f"error_page {_error_page(given)}"
    elif node.name == "if":
        yield f"if in {context}"
        if "-" in given[0][:4]:
            yield "if of a file"
    elif node.name in {"proxy_pass", "uwsgi_pass"}:
        yield f"{node.name} {_passed(last)}"
    elif node.name == "include":
        yield "include of a glob" if "*" in last else "include"
    elif node.name in _BY_NAME:
        yield node.name + (" always" if last == "always" else "")


_BY_NAME = frozenset(
    words("""
    absolute_redirect add_header allow auth_basic autoindex break charset default_type deny disable_symlinks etag
    expires geo gzip_static index internal limit_except map merge_slashes port_in_redirect satisfy
    server_name_in_redirect set types upstream valid_referers
    """)
)


def _kind(node: Node) -> str:
    first = node.words[0]
    if first.startswith("@"):
        return "@"
    return first if first in {"=", "^~", "~", "~*"} else "prefix"


def _alias(location: Node, value: str) -> str:
    kind, path = _kind(location), location.words[-1].strip("\"'")
    value = value.strip("\"'")
    if kind in {"~", "~*"}:
        return "regex with a capture" if "$" in value else "regex without a capture"
    if "$" in value:
        return "variable"
    if kind == "=":
        return "file of an exact location"
    slashes = {True: "slash", False: "no slash"}
    return f"{slashes[path.endswith('/')]}, {slashes[value.endswith('/')]}"


def _error_page(words: tuple[str, ...]) -> str:
    if any(word.startswith("=") for word in words):
        return "=code" if any(word.startswith("=") and len(word) > 1 for word in words) else "="
    if words[-1].startswith("@"):
        return "@named"
    return "URL" if words[-1].startswith("http") else "uri"


def _passed(value: str) -> str:
    if "$" in value:
        return "with a variable"
    return "with a URI" if "/" in value.partition("://")[2] and "unix" not in value else "without a URI"


def of_entry(entry: Entry) -> Iterator[str]:
    if entry.target is not None:
        yield "link that loops" if entry.target == entry.path.rpartition("/")[2] else "link"
        return
    if entry.rules:
        yield "rights: access list"
    if entry.owner[0] == WORKER[0]:
        yield "rights: the worker is the owner"
    elif entry.owner[1] == WORKER[1]:
        yield "rights: the worker is in the group"
    if entry.owner == (0, 0) and not entry.rules:
        if entry.is_directory and not entry.mode & stat.S_IXOTH:
            yield "rights: closed parent"
        elif not entry.is_directory and not entry.mode & stat.S_IROTH:
            yield "rights: unreadable file"
