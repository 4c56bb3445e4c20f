"""The benchmark site: its files, STATIC_ROOT as each stack makes it, and a server that serves it."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from .measure import REPOSITORY, free_port, running
from .servers import Command

FILM_OCTETS = 10_000_000
SCRIPT_OCTETS = 1_000_000


@dataclass(frozen=True)
class Server:
    """One way to serve the site: who serves static files, the command, and the targets that it does not have."""

    name: str
    stack: str
    command: Command
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Site:
    """A server that runs: its process and the URLs of what it serves."""

    process: psutil.Process
    url: str
    css: str
    script: str
    film: str


@contextmanager
def serving(server: Server, roots: Mapping[str, Path]) -> Iterator[Site]:
    """Start a server over the STATIC_ROOT of its stack, until the block ends."""
    port, root = free_port(), roots[server.stack]
    env = {"BENCH_STACK": server.stack, "BENCH_ROOT": str(root), "PYTHONPATH": str(REPOSITORY)}
    base = f"http://127.0.0.1:{port}"
    paths = (_hashed(root, pattern) for pattern in ("site.*.css", "site.*.js", "film.*.mp4"))
    with running(server.command(port, root), env, port) as process:
        yield Site(process, base, *(f"{base}/static/bench/{path}" for path in paths))


def _hashed(root: Path, pattern: str) -> str:
    return next(path for path in sorted((root / "bench").glob(pattern))).name


def collect(folder: Path) -> dict[str, Path]:
    """STATIC_ROOT of each stack, made by its own storage; once for a folder."""
    source = folder / "site" / "source"
    roots = {stack: folder / "site" / stack for stack in ("clearway", "whitenoise", "servestatic")}
    if not source.exists():
        (source / "bench").mkdir(parents=True)
        (source / "bench" / "site.css").write_text(stylesheet())
        (source / "bench" / "site.js").write_text(script())
        (source / "bench" / "film.mp4").write_bytes(random.Random(0).randbytes(FILM_OCTETS))
        for stack, root in roots.items():
            _collect(stack, source, root)
    return {**roots, "none": roots["clearway"]}


def _collect(stack: str, source: Path, root: Path) -> None:
    env = {"BENCH_STACK": stack, "BENCH_ROOT": str(root), "BENCH_SOURCE": str(source)}
    settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.site.settings", "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=REPOSITORY, env={**os.environ, **settings, **env}, check=True)


def stylesheet() -> str:
    """About 22 KB of CSS that compresses as real CSS does."""
    rule = ".card-{0}>.title{{color:#{1:06x};padding:{2}px {3}px;margin-top:{0}px}}\n"
    return "".join(rule.format(n, n * 2654435761 % 0xFFFFFF, n % 17, n % 23) for n in range(340))


def script() -> str:
    """1 MB of a script that compresses to a quarter, as bundles do."""
    dice = random.Random(0)
    names = ["".join(dice.choices("aeioulnrstdkmpb", k=dice.randint(2, 9))) for _ in range(4000)]
    lines, length = [], 0
    while length < SCRIPT_OCTETS:
        a, b, c = (names[min(int(dice.expovariate(1 / 80)), 3999)] for _ in range(3))
        line = dice.choice(_STATEMENTS).format(a, b, c, dice.randrange(100))
        lines.append(line)
        length += len(line)
    return "".join(lines)


_STATEMENTS = (
    "function {0}({1},{2}){{return {1}.{2}+{3}}}\n",
    "const {0}={1}.{2}({3});\n",
    'if({0}==="{1}"){{{2}[{3}]=null}}\n',
    "for(let {0} of {1}){{{2}({0},{3})}}\n",
    "{0}.{1}={{{2}:{3}}};\n",
)
