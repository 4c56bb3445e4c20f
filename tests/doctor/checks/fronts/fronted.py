"""Facts of a project behind a front: real files below a directory, and a configuration as it is written there."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.doctor.fake_facts import LOCAL, MANIFEST, Fake, settings_of

from clearway.doctor.facts import HandOff, Origin, PrivateRoot, Process, Sample, Tree, Unavailable, Walked
from clearway.doctor.finding import Finding
from clearway.doctor.registry import check_of
from clearway.fronts.front import Front, open_front
from clearway.fronts.path_map import PathMap
from clearway.fronts.permission import Worker
from clearway.fronts.road import Location, Outcome, Road
from clearway.fronts.site import Place, Site
from clearway.fronts.trace import Trace
from clearway.fronts.visits import visit_of

NAMES = ("css/site.css", "js/site.js", "img/logo.svg")
ROOT = Worker(0, 0)
OTHER = Worker(65533, 65533, (65533,))
HEADERS = "proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto $scheme;"
PROXY = f"location / {{ proxy_pass http://127.0.0.1:8000; {HEADERS} }}"
STATIC = "location /static/ { alias {root}/static/; }"
MEDIA = "location /media/ { alias {root}/media/; }"
TYPES = """types {
    text/html html; text/css css; application/javascript js; image/svg+xml svg; image/png png; font/woff2 woff2;
}
default_type application/octet-stream;"""


def nginx(*inside: str, name: str = "shop.example", listen: str = "80", proxy: str = PROXY) -> str:
    """A server block, a directive in a line."""
    return "\n".join(["server {", f"listen {listen};", f"server_name {name};", *inside, proxy, "}"])


def http(*servers: str, types: str = TYPES, more: str = "") -> str:
    """A whole configuration."""
    return "\n".join(["events {}", "http {", types, more, *servers, "}"])


def caddy(*inside: str, site: str = "http://shop.example") -> str:
    """A site; what it does not answer goes to the application."""
    return "\n".join([f"{site} {{", *inside, "handle {\nreverse_proxy 127.0.0.1:8000\n}", "}"])


def apache(*inside: str, proxied: str = "ProxyPass / http://127.0.0.1:8000/") -> str:
    """A virtual host behind the defaults of a distribution, which deny the disk."""
    denied = "<Directory />\nRequire all denied\n</Directory>"
    head = ["Listen 80", "TypesConfig /etc/mime.types", denied, "<VirtualHost *:80>", "ServerName shop.example"]
    kept = ["ProxyPreserveHost On", "ProxyPass /static !", "ProxyPass /media !", proxied]
    return "\n".join([*head, *inside, *kept, "</VirtualHost>"])


GRANT = "<Directory {root}/static>\nRequire all granted\n</Directory>"


def fronted(
    root: Path,
    text: str,
    *,
    front: str = "nginx",
    names: Iterable[str] = NAMES,
    uploads: Iterable[str] = (),
    answers: str = "",
    settings: Mapping[str, Any] | None = None,
    worker: Worker | None = ROOT,
    texts: Mapping[str, str] | None = None,
    is_collected: bool = True,
    prefix: str = "/static/",
    host: str = "shop.example",
    found: bool = False,
    is_manifest: bool = False,
    handed_off: Iterable[HandOff] = (),
    private_roots: Iterable[str] = (),
    file_fields: Iterable[str] = (),
) -> Fake:
    """What a check of the front reads. `{root}` in the text is the directory of the project."""
    names, uploads = tuple(names), tuple(uploads)
    _write(root, [f"static/{name}" for name in names] if is_collected else [])
    _write(root, [f"media/{name}" for name in uploads])
    given = settings_of(
        STATIC_ROOT=str(root / "static"), MEDIA_ROOT=str(root / "media"), STATIC_URL=prefix, **(settings or {})
    )
    site = _site(root, given, prefix, serves=bool(answers))
    opened = opened_front(root, text, front, worker, found=found)
    return Fake(
        settings=given,
        front=opened,
        site=site,
        process=Process(answers, ()),
        tree=Tree(str(root), texts or {}),
        origin=Origin("shop.settings", "a test", Location(str(root / "settings.py"), 1)),
        static_storage=MANIFEST if is_manifest else LOCAL,
        handed_off=tuple(handed_off),
        private_roots=tuple(PrivateRoot(str(root / each), None, f"PRIVATE = {each}") for each in private_roots),
        file_fields=tuple(file_fields),
        roads=tuple(_walked(root, opened, given, site, names, uploads, prefix, host, is_served=bool(answers))),
    )


def opened_front(
    root: Path, text: str, front: str = "nginx", worker: Worker | None = ROOT, *, found: bool = False
) -> Front:
    """A configuration that is written below the directory, and read."""
    main = root / f"{front}.conf"
    main.write_text(text.replace("{root}", str(root)), "utf-8")
    opened = open_front(front, str(main), PathMap(), worker, found=found)
    assert isinstance(opened, Front), opened
    return opened


def causes(name: str, facts: Fake) -> list[Finding]:
    """What a check finds; nothing where it is skipped."""
    check = check_of(name)
    facts.read.clear()
    try:
        found = list(check.look(facts))
    except Unavailable:
        found = []
    assert facts.read <= {*check.rule.facts, *check.rule.optional}, facts.read - set(check.rule.facts)
    return found


def _write(root: Path, names: Iterable[str]) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x" * 40, "utf-8")


def _site(root: Path, settings: Any, prefix: str, *, serves: bool) -> Site:
    header = settings.get("SECURE_PROXY_SSL_HEADER")
    return Site(
        hosts=tuple(settings["ALLOWED_HOSTS"]),
        static=Place(prefix, str(root / "static")),
        media=Place("/media/", str(root / "media")),
        reads_scheme=bool(header),
        serves=serves,
    )


def _walked(
    root: Path, front: Front, settings: Any, site: Site, names: Iterable[str], uploads: Iterable[str], prefix: str,
    host: str, *, is_served: bool,
) -> Iterable[Walked]:  # fmt: skip
    checking: Any = import_module(f"clearway.fronts.{front.name}.checking")
    visit = checking.entrance_of(site, front.configuration, front.files)
    origin, cdn = (f"{visit.scheme}://{each}:{visit.port}" for each in (visit.host, host))
    samples = [Sample("static", f"{cdn}{prefix}{name}", name, str(root / "static" / name), prefix) for name in names]
    samples += [
        Sample("media", f"{origin}/media/{name}", name, str(root / "media" / name), "/media/") for name in uploads
    ]
    for each in (*samples, Sample("page", f"{origin}{settings['FORCE_SCRIPT_NAME'] or ''}/")):
        trace = Trace(each.url, Road((), Outcome("application")))
        yield Walked(each, trace, visit_of(each.url), is_served and each.kind == "static")
