"""Who answers the files of a project, as far as that can be seen; and where it was looked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from clearway.fronts.road import Location

from .deployed.deployment import Deployment
from .deployed.kubernetes import cluster
from .deployed.mapping import mappings
from .deployed.uwsgi import configurations
from .facts import Facts, Tree, Unavailable, optional
from .live.hops import CDNS, FRONTS, WORDS, answered_by
from .live.naming import file_of
from .uwsgi import Mappings

NEEDED = ("settings", "process", "tree")
HELPFUL = ("front", "broken_front", "roads", "static_storage", "media_storage", "live", "papers")
_STORAGES = {"static": "static_storage", "media": "media_storage"}
_FRONT_FILE = re.compile(
    r"nginx|caddyfile|apache|httpd|\.htaccess$|\.conf$|\.vhost$|\.conf\.(template|j2)$|uwsgi.*\.ini$"
)
_ROUTES = r"^\s*(?:location|handle|handle_path|route|file_server|Alias|AliasMatch|static-map|@\w+|path)\b.*\b{}\b"
_ANY_FILE = re.compile(r"^\s*try_files\s+\$uri\b", re.MULTILINE)
_LANE = re.compile(r"clearway\.(?:gunicorn|uvicorn)\b")
_SERVERS = re.compile(r"runserver\b.*--insecure|\brunmodwsgi\b|--url-alias\s|granian\b.*--static-path|CLING|Cling\(")
_HOSTED = {"passenger_wsgi.py": "Apache of the hosting", "vercel.json": "Vercel", "zappa_settings.json": "Zappa"}
_MAPPED = {"fly": "Fly.io", "appengine": "App Engine", "beanstalk": "nginx of Elastic Beanstalk"}


@dataclass(frozen=True)
class Serving:
    """`by` is who answers, in words; empty where nobody was seen. `looked_at` is what was looked at, a line each."""

    by: str
    looked_at: tuple[str, ...] = ()


def serving(facts: Facts, kind: str) -> Serving:
    """Of `static` or `media` files. Raises `Unavailable` where the project has a server that nobody knows."""
    by = next((who for look in _LOOKS for who in look(facts, kind)), "")
    if not by and not facts.process.has_application:
        raise Unavailable(
            "there is neither a WSGI nor an ASGI application, and what else serves the project is not known"
        )
    return Serving(by, () if by else tuple(_looked_at(facts, kind)))


def beside_uwsgi(facts: Facts, kind: str) -> str:
    """Who answers `static` or `media` files but uWSGI's own mappings; empty where nobody was seen."""
    return next((who for look in _OTHERS for who in look(facts, kind)), "")


def prefix_of(facts: Facts, kind: str) -> str:
    """The path of STATIC_URL or MEDIA_URL, between slashes."""
    inner = urlsplit(str(facts.settings.get(f"{kind.upper()}_URL") or "")).path.strip("/")
    return f"/{inner}/" if inner else "/"


def _kept_elsewhere(facts: Facts, kind: str) -> Iterator[str]:
    storage = optional(lambda: getattr(facts, _STORAGES[kind]))
    if storage and not storage.is_local:
        yield storage.backend or "a storage that cannot be made"
    if host := urlsplit(str(facts.settings.get(f"{kind.upper()}_URL") or "")).netloc:
        yield host


def _in_process(facts: Facts, kind: str) -> Iterator[str]:
    process = facts.process
    if kind == "static" and process.answers:
        yield process.served_by or process.answers
    if view := process.static_view if kind == "static" else process.media_view:
        yield view
    if kind == "media" and (any(added_for(facts)) or _is_told_to(facts)):
        yield process.served_by


def _is_told_to(facts: Facts) -> bool:
    """Whether Clearway, which is there, answers uploads too."""
    ours = facts.settings.get("CLEARWAY")
    media = ours.get("media") if isinstance(ours, dict) else None
    return facts.process.answers == "clearway" and isinstance(media, dict) and media.get("serve") is True


def added_for(facts: Facts) -> Iterator[tuple[str, Location | None]]:
    """Directories, listed at start, through which uploads have their URL; and where that is written."""
    media = Path(facts.settings["MEDIA_ROOT"] or "/nowhere").absolute()
    for root, prefix, where in facts.process.added:
        folder = Path(root).absolute()
        if media.is_relative_to(folder) and prefix_of(facts, "media") == _joined(prefix, media.relative_to(folder)):
            yield root, where


def _joined(prefix: str, inside: Path) -> str:
    return prefix if inside == Path() else f"{prefix}{inside.as_posix()}/"


def _by_front(facts: Facts, kind: str) -> Iterator[str]:
    """One that was named has checks of its own; one that was found need not be this project's."""
    if broken := optional(lambda: facts.broken_front):
        yield broken.name
    front = optional(lambda: facts.front)
    if front and not front.found:
        yield front.name
    for each in optional(lambda: facts.roads) or ():
        outcome = each.trace.road.outcome
        if front and each.sample.kind == kind and outcome.by == front.name and outcome.file:
            yield f"{front.name}, {front.found}"


def _by_deployment(facts: Facts, kind: str) -> Iterator[str]:
    tree, prefix = facts.tree, prefix_of(facts, kind)
    yield from (f"{_MAPPED.get(each.platform, each.platform)}, {each.location.file}:{each.location.line}"
                for each in mappings(tree) if prefix.startswith(each.prefix))  # fmt: skip
    own = [name for name in tree.texts if name.endswith(".ini") and any(configurations(tree))]
    yield from (name for name in front_files(tree, prefix, routed=True) if name not in own)
    if kind == "static":
        yield from (name for name, text in tree.texts.items() if _LANE.search(text))
        yield from (each.text for each in Deployment(tree).commands if _SERVERS.search(each.text))
    yield from (who for name, who in _HOSTED.items() if name in tree.texts)
    hosts = [str(host) for host in facts.settings.get("ALLOWED_HOSTS") or ()]
    yield from ("the Web tab of PythonAnywhere" for host in hosts if host.endswith("pythonanywhere.com"))
    manifests = cluster(facts)
    yield from front_files(manifests.configurations, prefix, routed=True)
    if manifests.fronts and not any(front_files(manifests.configurations, prefix, routed=False)):
        yield f"the container {manifests.fronts[0][1].name}, whose configuration is not here"
    fronts = [each.name for each in Deployment(tree).services if each.is_front]
    if fronts and not set(front_files(tree, prefix, routed=False)) - {*own}:
        yield f"the service {fronts[0]}, whose configuration is not here"


def front_files(tree: Tree, prefix: str, *, routed: bool) -> Iterator[str]:
    """Configurations of web servers in the project; `routed`: those that say something about the prefix."""
    about = re.compile(_ROUTES.format(re.escape(prefix.strip("/").rpartition("/")[2])), re.MULTILINE)
    for name, text in tree.texts.items():
        is_front = _FRONT_FILE.search(name.lower()) and re.search(
            r"^\s*(?:location|server|reverse_proxy|proxy_pass|file_server|handle|handle_path|route|<VirtualHost|Alias|static-map)\b",
            text,
            re.MULTILINE,
        )
        if is_front and (not routed or about.search(text) or _ANY_FILE.search(text)):
            yield name


def _on_live_site(facts: Facts, kind: str) -> Iterator[str]:
    """One whose answer was seen; also an error, where it is not the application's."""
    live = optional(lambda: facts.live)
    for seen in live.assets if live else ():
        if seen.answer and file_of(facts, seen.wanted.url)[0] == kind:
            who = answered_by(seen.answer)
            if seen.arrives or who in {*FRONTS, *CDNS, "bucket"}:
                yield f"{WORDS.get(who, who) or 'a server'}, seen at {seen.wanted.url}"


def _by_uwsgi(facts: Facts, kind: str) -> Iterator[str]:
    """Also where it looks in another directory, or below another prefix: that has checks of its own."""
    yield from (f"uWSGI, {each.location.file}:{each.location.line}" for each in Mappings(facts, kind).meant)


_OTHERS = (_kept_elsewhere, _in_process, _by_front, _by_deployment, _on_live_site)
_LOOKS = (*_OTHERS, _by_uwsgi)


def _looked_at(facts: Facts, kind: str) -> Iterator[str]:
    if kind == "static":
        yield "MIDDLEWARE and wsgi.py have neither WhiteNoise nor ServeStatic nor Clearway"
    elif facts.process.answers:
        yield f"{facts.process.served_by or facts.process.answers} answers static files, and no uploads"
    yield f"no URL pattern is for {prefix_of(facts, kind)}"
    front = optional(lambda: facts.front)
    yield (
        f"{front.found}, found on this machine, leads {prefix_of(facts, kind)} to none of its files"
        if front
        else "no configuration of nginx, Caddy or Apache was named or found"
    )
    names = sorted(set(facts.tree.texts) - {"manage.py"})
    if names:
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        yield f"{shown}: none maps {prefix_of(facts, kind)}"
