"""What the comparison needs of httpd: its cases, its router, what the histogram counts, how a failure is shown."""

from collections.abc import Callable, Iterator
from pathlib import Path

from clearway.fronts.apache.reading import read
from clearway.fronts.apache.routing import route
from clearway.fronts.files import WorkerFiles
from clearway.fronts.road import Road, Visit
from tools import front_apache, front_apache_cases, front_features
from tools.front_apache import Apache, ApacheError
from tools.front_bench import Bench, PlacedCase
from tools.front_case import Case, Node, text
from tools.front_words import words

_COUNTED = frozenset(
    words(
        "alias aliasmatch redirect redirectmatch proxypass proxypassmatch wsgiscriptalias rewriterule rewritecond"
        " rewritebase require requireall requireany requirenone order satisfy limit limitexcept options allowoverride"
        " errordocument directoryindex directoryslash fallbackresource header expiresdefault expiresbytype addtype"
        " forcetype addencoding addcharset adddefaultcharset setoutputfilter addoutputfilterbytype fileetag serveralias"
        " directory directorymatch files filesmatch location locationmatch if else macro use"
    )
)


def router(main: Path, home: Path) -> Callable[[Visit], Road]:
    """Of one configuration, for the worker that httpd runs as here."""
    configuration = read(str(main))
    files = WorkerFiles(front_apache.worker())
    return lambda visit: route(configuration, visit, files)


def features(case: Case) -> set[str]:
    """Of its own configuration, the files and the requests."""
    found = {f"request {each.method}" for each in case.requests}
    for node in case.nodes:
        found |= set(_of_node(node, ""))
    for entry in case.entries:
        found |= set(front_features.of_entry(entry))
    hosts = [each for each in case.nodes if each.name == "VirtualHost"]
    return found | ({"servers: several"} if len(hosts) > 1 else set())


def _of_node(node: Node, where: str) -> Iterator[str]:
    name = node.name.lower()
    if name == "override":
        yield ".htaccess"
        where = " in .htaccess"
    elif name in _COUNTED:
        yield name + (where if name in {"rewriterule", "redirect", "require"} else "")
    if name == "rewriterule" and len(node.words) > 2:
        yield f"rewriterule {node.words[2]}"
    if name in {"directory", "location"}:
        where = f" in {name}"
    for each in node.block or ():
        yield from _of_node(each, where)


def _label(node: Node) -> str:
    return node.name.lower()


def _refusal(said: str) -> str:
    return said.strip().splitlines()[-1][-90:]


def _shown(placed: PlacedCase) -> list[str]:
    case, place = placed.case, placed.place
    parts = [f"# frame\n{text(front_apache.lines_of(case.frame, place))}"]
    parts.append(f"# site\n{text(front_apache.lines_of(case.nodes, place))}")
    overrides = (each for each in case.nodes if each.name == "override")
    return parts + [f"# {each.words[0]}\n{text(front_apache.lines_of(each.block or (), place))}" for each in overrides]


def _logged(home: Path, placed: PlacedCase) -> list[str]:
    try:
        log = (home / "error.log").read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    return [line for line in log if f"/c{placed.place.number}/" in line and "AH00112" not in line][-2:]


BENCH = Bench(
    "apache",
    lambda: front_apache.program() is not None and front_apache.is_root(),
    Apache,
    front_apache_cases.cases,
    router,
    features,
    _label,
    _refusal,
    _shown,
    _logged,
    (ApacheError,),
    frozenset({"VirtualHost", "ServerName"}),
)
