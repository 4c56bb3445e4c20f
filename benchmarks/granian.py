"""granian, WSGI and ASGI: a small stylesheet and a download of 10 MB."""

from pathlib import Path

from .measure import ACCEPT_ENCODING, Sample, cell, load
from .stacks import FILM_OCTETS, Server, collect, granian, serving

SERVERS = (
    Server("wsgi, Clearway wrapper", "clearway", granian("wsgi", "wrapped_wsgi")),
    Server("wsgi, Clearway middleware", "clearway", granian("wsgi", "wsgi")),
    Server("wsgi, WhiteNoise wrapper", "whitenoise", granian("wsgi", "wrapped_wsgi")),
    Server("wsgi, WhiteNoise middleware", "whitenoise", granian("wsgi", "wsgi")),
    Server("asgi, Clearway wrapper", "clearway", granian("asgi", "wrapped_asgi")),
    Server("asgi, Clearway middleware", "clearway", granian("asgi", "asgi")),
    Server("asgi, ServeStatic wrapper", "servestatic", granian("asgi", "wrapped_asgi")),
    Server("asgi, ServeStatic middleware", "servestatic", granian("asgi", "asgi")),
)
Pair = tuple[Sample, Sample]  # the stylesheet, the download


def measure(folder: Path, rounds: int, seconds: int, only: str = "") -> dict[str, list[Pair]]:
    """Samples by server; the servers take turns."""
    roots = collect(folder)
    pairs: dict[str, list[Pair]] = {}
    for _ in range(rounds):
        for server in SERVERS:
            if only in server.name:
                pairs.setdefault(server.name, []).append(_one_server(server, roots, seconds))
    return pairs


def _one_server(server: Server, roots: dict[str, Path], seconds: int) -> Pair:
    fields = {"Accept-Encoding": ACCEPT_ENCODING}
    with serving(server, roots) as site:
        css = load(site.process, site.css, seconds, fields)
        return css, load(site.process, site.film, seconds, fields)


def table(pairs: dict[str, list[Pair]]) -> str:
    """Median (minimum–maximum) as a Markdown table."""
    lines = ["| granian | css, CPU µs | 10 MB, CPU µs | 10 MB, MB/s |", "|---|---|---|---|"]
    for name, several in pairs.items():
        small, used = (cell([css.cpu for css, _ in several]), cell([film.cpu_for(FILM_OCTETS) for _, film in several]))
        lines.append(f"| {name} | {small} | {used} | {cell([film.speed for _, film in several])} |")
    return "\n".join(lines)
