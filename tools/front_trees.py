"""The files of a case: where its configuration points, what its requests name; and what stands in the worker's way."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from clearway.fronts.acl import Entry as Rule
from clearway.fronts.acl import Tag
from tools.front_case import Entry, Node, Request
from tools.front_features import WORKER
from tools.front_words import BASES, FILES, Draft

_NAMED = re.compile(r"@[DR]@/?([^\s;\"'$]*)")
_LIMIT = 16


def entries(draft: Draft, nodes: tuple[Node, ...], requests: tuple[Request, ...]) -> tuple[Entry, ...]:
    """Files, links and the directories whose rights are not the usual ones."""
    bases = _bases(nodes)
    usual = ("index.html", "404.html", "50x.html")
    paths = {f"{base}/{name}" for base in bases for name in usual if draft.chance(0.25)}
    paths |= {f"{draft.pick(bases)}/{draft.pick(FILES)}" for _ in range(3)}
    paths |= {f"{draft.pick(bases)}/{draft.pick(('', 'static'))}{path_of(draft.pick(requests))}" for _ in range(3)}
    asked = _asked(draft, nodes, requests)
    asked |= {path + draft.pick([".gz", ".gz", ".html", ".webp"]) for path in sorted(asked) if draft.chance(0.2)}
    return chosen(draft, (paths, asked))


def chosen(draft: Draft, groups: tuple[set[str], ...]) -> tuple[Entry, ...]:
    """Some of the paths of each group, as files and links, with what stands in the worker's way."""
    fitting = [sorted(each for each in group if _fits(each)) for group in groups]
    some = [path for group in fitting for path in draft.random.sample(group, min(_LIMIT, len(group)))]
    made = [Entry(path) for path in _without_clashes(some)]
    if draft.chance(0.05):
        made.append(Entry("maintenance.on"))
    if draft.chance(0.5):
        made.append(Entry("passwords"))
    made = _linked(draft, made)
    return tuple(_hindered(draft, made))


def _bases(nodes: tuple[Node, ...]) -> list[str]:
    named = {
        found[1].strip("/")
        for node in nodes
        for each in node.walk()
        if each.name in {"root", "alias"}
        for found in _NAMED.finditer(each.words[-1])
    }
    if any("$" in each.words[-1] for node in nodes for each in node.walk() if each.name in {"root", "alias"}):
        named |= set(BASES[-2:]) | {"static", "html", "site"}
    return sorted(named - {""}) or ["site"]


def _asked(draft: Draft, nodes: tuple[Node, ...], requests: tuple[Request, ...]) -> set[str]:
    """What the requests may mean by one of the roots and aliases."""
    found: set[str] = set()
    for request in requests:
        path = path_of(request)
        means = {way for node in nodes for way in _meant(node, "", path)}
        found |= {file_of(draft, each) for each in sorted(means) if draft.chance(0.75)}
    return found


def path_of(request: Request) -> str:
    return re.sub("/+", "/", unquote(request.target.partition("?")[0], errors="surrogateescape"))


def _meant(node: Node, prefix: str, path: str) -> Iterator[str]:
    """Roots with the path behind them; aliases with what follows the prefix, or the first segment."""
    if node.name == "location":
        prefix = node.words[-1].strip("\"'")
    if node.name in {"root", "alias"} and (named := _NAMED.search(node.words[-1])):
        if node.name == "root":
            yield f"{named[1]}{path}"
        elif "$" in node.words[-1]:
            yield f"{named[1]}{path.split('/', 2)[-1]}"
        elif path.startswith(prefix):
            yield f"{named[1]}{path[len(prefix) :]}"
    for each in node.block or ():
        yield from _meant(each, prefix, path)


def file_of(draft: Draft, path: str) -> str:
    if path.endswith("/"):
        return path + draft.pick(["index.html", "index.html", "a.css", "page.html"])
    return path + "/index.html" if draft.chance(0.08) else path


def _fits(path: str) -> bool:
    parts = [each for each in path.split("/") if each]
    return bool(parts) and not {".", ".."} & set(parts) and "\0" not in path and all(len(each) < 200 for each in parts)


def _without_clashes(paths: list[str]) -> list[str]:
    """No file is the directory of another."""
    kept: list[str] = []
    for path in sorted({re.sub("/+", "/", each).strip("/") for each in paths}):
        if not any(path.startswith(each + "/") for each in kept):
            kept.append(path)
    return kept


def _linked(draft: Draft, made: list[Entry]) -> list[Entry]:
    """Some files and directories are links in truth; few of them lead nowhere."""
    out = list(made)
    if made and draft.chance(0.2):
        place = draft.random.randrange(len(out))
        path = out[place].path
        elsewhere = f"elsewhere/{path.rpartition('/')[2]}"
        target = draft.pick([f"@D@/{elsewhere}", f"@D@/{elsewhere}", "missing", path.rpartition("/")[2]])
        out[place] = Entry(path, target=target)
        out.append(Entry(elsewhere))
    directories = sorted({each.path.partition("/")[0] for each in out if "/" in each.path} - {"elsewhere"})
    if directories and draft.chance(0.12):
        whole = draft.pick(directories)
        moved = [_moved(each, whole) for each in out]
        target = draft.pick(["@D@/releases/1", "releases/1", "releases/1", whole])
        out = [Entry(whole, target=target), *moved]
    return out


def _moved(entry: Entry, whole: str) -> Entry:
    return replace(entry, path="releases/1" + entry.path[len(whole) :]) if entry.path.startswith(whole + "/") else entry


def _hindered(draft: Draft, made: list[Entry]) -> list[Entry]:
    files = [number for number, each in enumerate(made) if each.target is None]
    parents = {each.path.rpartition("/")[0] for each in made if each.target is None and "/" in each.path}
    parents |= {parent.partition("/")[0] for parent in parents}
    directories: dict[str, Entry] = {}
    for _ in range(3):
        if files and draft.chance(0.35):
            number = draft.pick(files)
            made[number] = _closed(draft, made[number])
        if parents and draft.chance(0.2):
            path = draft.pick(sorted(parents))
            directories[path] = _closed(draft, Entry(path, 0o755, is_directory=True))
    return [*made, *directories.values()]


def _closed(draft: Draft, entry: Entry) -> Entry:
    """With rights of its own; some of them let the worker in."""
    way = draft.weigh({"mode": 4.0, "owner": 2.0, "group": 2.0, "list": 3.0})
    usual = (0o700, 0o750, 0o711, 0o755, 0) if entry.is_directory else (0o600, 0o640, 0o644, 0o000)
    if way == "mode":
        return replace(entry, mode=draft.pick(usual))
    if way == "owner":
        return replace(entry, owner=WORKER, mode=draft.pick([0o077, 0o700, 0o400, 0o500, 0o055]))
    if way == "group":
        return replace(entry, owner=(0, WORKER[1]), mode=draft.pick([0o707, 0o750, 0o640, 0o705, 0o755]))
    right, mask = draft.pick([0, 4, 5, 7]), draft.pick([7, 5, 4, 0, 0])
    named = Rule(Tag.USER, right, WORKER[0]) if draft.chance(0.6) else Rule(Tag.GROUP, right, WORKER[1])
    both = (Rule(Tag.OWNING_GROUP, draft.pick([0, 5])), named)
    middle = both if named.tag == Tag.GROUP else both[::-1]
    ends = (Rule(Tag.MASK, mask), Rule(Tag.OTHER, draft.pick([0, 0, 5])))
    return replace(entry, rules=(Rule(Tag.OWNER, 7), *middle, *ends))
