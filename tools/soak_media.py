"""`python -m tools.soak_media --seed S --seconds N`: many clients upload while the server is killed and the disk full.

A Django project on gunicorn keeps uploads with `clearway.media.MediaStorage`: once for each of three umasks. Workers,
or all processes, get SIGKILL at random moments; as root the files and the database lie on a disk of their own that is
full again and again. Meanwhile somebody looks at every visible file, every row and the site. Exit codes: 0 nothing was
found, 1 something was, 2 could not run. For Linux.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from tools.soak_faults import PASSES, Shared, reader
from tools.soak_media_load import Server, Traffic, free_port
from tools.soak_media_site import ROUNDS, Eye, Round, folders_of, hidden, make_site

CLEARWAY = "from clearway.cli import main; raise SystemExit(main())"
DISK = "256m"
DAYS_AGO = 2 * 86_400  # seconds
UPLOADS = """
import sys, django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
for folder in sys.argv[1:]:
    default_storage.delete(default_storage.save(folder + "/later.bin", ContentFile(b"later")))
"""


def soak(home: Path, each: Round, traffic: Traffic, clients: int) -> list[str]:
    """One round; what was found."""
    shared, server = Shared(), traffic.server
    eye = Eye(home, each)
    _migrate(server)
    server.start()
    server.wait()
    with reader(eye.look, shared) as seen:
        traffic.run(clients)
    server.wait()
    found = [*traffic.found, *seen, *_of_umask(server)]
    server.stop()
    found += [*eye.look(), *traffic.kept(eye)]
    traffic.counts["passes of the watcher"] = shared[PASSES]
    traffic.counts["uploads taken"] = len(traffic.taken)
    traffic.counts["uploads whose transaction was rolled back"] = len(traffic.refused)
    traffic.counts["rows at the end"] = len(eye.rows)
    return [*found, *_swept(server, eye, traffic)]


def _migrate(server: Server) -> None:
    """The table, in a database whose readers wait for no writer."""
    _run(server, "-m", "django", "migrate", "--run-syncdb", "-v0")
    with closing(sqlite3.connect(server.home / "disk" / "rows.sqlite3")) as line:
        line.execute("pragma journal_mode=wal")


def _of_umask(server: Server) -> Iterator[str]:
    """The soak itself: that it tests what it says."""
    for pid in server.workers():
        status = Path(f"/proc/{pid}/status").read_text()
        if f"Umask:\t{server.wanted.umask:04o}" not in status:
            yield f"worker {pid} has another umask than {server.wanted.umask:03o}"


def _swept(server: Server, eye: Eye, traffic: Traffic) -> Iterator[str]:
    """What kills left is hidden or has no row: later uploads remove the one, `clearway media quarantine` the other."""
    left, orphans = hidden(eye.media), eye.orphans()
    traffic.counts["directories that are empty"] = sum(not any(path.iterdir()) for path in folders_of(eye.media))
    traffic.counts["files that kills left where Django spools"] = len(list(eye.wanted.temporary(eye.home).iterdir()))
    traffic.counts["hidden files that kills left"] = len(left)
    traffic.counts["files that no row names"] = len(orphans)
    for path in left:
        os.utime(path, (time.time() - DAYS_AGO,) * 2)
    folders = {Path(name).parent for _, name in eye.rows.values()} | {
        each.parent.relative_to(eye.media) for each in left
    }
    _run(server, "-c", UPLOADS, *sorted({str(each) for each in folders} | {"in"}))
    yield from (f"{path} was left" for path in hidden(eye.media))
    _run(server, "-c", CLEARWAY, "media", "quarantine", "--older-than", "0", "--apply")
    yield from eye.look()
    yield from (f"{name} has no row and stayed" for name in eye.orphans())
    traffic.counts["of them set aside"] = sum(
        path.is_file() for path in eye.media.glob(".clearway-quarantine/files/**/*")
    )


def _run(server: Server, *words: str) -> None:
    """Python in the site's environment."""
    environ, umask = server.wanted.environ(server.home), server.wanted.umask
    command = [sys.executable, *words]
    done = subprocess.run(
        command, cwd=server.home, env=environ, umask=umask, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)[-80:]} ended with {done.returncode}: {done.stdout}{done.stderr}")


def _report(traffic: Traffic, each: Round, found: list[str]) -> None:
    print(f"umask {each.umask:03o}, files {each.file:o}, directories {each.directory:o}, names {each.names}")
    for name, number in sorted(traffic.counts.items()):
        print(f"{number:>8,}  {name}")
    for text in found[:30]:
        print(f"found: {text}")
    if found:
        print("".join((traffic.server.home / "server.log").read_text(errors="replace").splitlines(True)[-40:]))
    sys.stdout.flush()


def rounds(home: Path, disk: bool, options: argparse.Namespace) -> int:
    """All of them, each with its share of the time; the exit code."""
    begun, found = time.monotonic(), []
    for number, each in enumerate(ROUNDS, 1):
        make_site(home, each)
        until = begun + options.seconds * number / len(ROUNDS)
        server = Server(home, each, free_port())
        traffic = Traffic(server, options.uploads, until, f"{options.seed} {number}", home / "disk" if disk else None)
        new = soak(home, each, traffic, options.clients)
        _report(traffic, each, new)
        found += new
        _clear(home)
    print("something was found" if found else "no half file, no row without its file, no wrong mode was seen")
    return 1 if found else 0


def _clear(home: Path) -> None:
    for path in (*home.glob("disk/*"), home / "temporary"):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


# --- a disk of its own


def with_a_disk(home: str, options: argparse.Namespace) -> int:
    """The soak again, in a mount namespace that ends with it."""
    again = [sys.executable, "-m", "tools.soak_media", "--home", home, f"--seed={options.seed}"]
    again += [f"--{name}={getattr(options, name)}" for name in ("seconds", "uploads", "clients")]
    script = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"'
    command = ["unshare", "-m", "sh", "-c", script, "sh", DISK, f"{home}/disk", *again]
    return subprocess.run(command, check=False).returncode


def can_mount() -> bool:
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.soak_media", description=__doc__, allow_abbrev=False)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time()))
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or 300))
    parser.add_argument("--uploads", type=int, default=1000, help="for each umask, when there is time (default: 1000)")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if sys.platform != "linux":
        print("soak: workers are found in /proc, which only Linux has", file=sys.stderr)
        return 2
    if options.home:
        return rounds(options.home, disk=True, options=options)
    os.nice(10)
    disk = can_mount()
    with tempfile.TemporaryDirectory() as home:
        Path(home, "disk").mkdir()
        how = "kills and a full disk" if disk else "kills; a full disk needs root"
        print(f"soak: media, seed {options.seed}, {options.seconds:.0f} s, {how}", file=sys.stderr, flush=True)
        return with_a_disk(home, options) if disk else rounds(Path(home), disk=False, options=options)


if __name__ == "__main__":
    sys.exit(main())
