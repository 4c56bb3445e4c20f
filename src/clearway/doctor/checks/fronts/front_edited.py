"""The configuration was edited after the running server had read it.

What it means
    nginx reads its files when it starts and when it is told to; what was changed since does not hold.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    ls -l --full-time of the file, ps -o lstart of the worker.

Fix
    nginx -t, then a reload.

When to ignore
    Never.
"""

from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.configurations import all_directives
from clearway.doctor.stretches.relation import related

RULE = Rule("CW539", "front-edited", "config-not-loaded", Level.WARNING, Layer.FRONT, ("front", "site"))
_SLACK = 2  # seconds: the clock of the kernel is coarse


def look(facts: Facts) -> Iterator[Finding]:
    front = related(facts)
    pid = front.worker.worker.pid
    started = _started(pid) if pid else None
    if started is None:
        return
    files = {front.paths.here(each.location.file) for each in all_directives(front.configuration)}
    newer = sorted(file for file in files if _changed(file) > started + _SLACK)
    if newer:
        yield RULE.finding(
            f"{front.name} runs with an older configuration than that of the files",
            *(f"{file} is newer than process {pid}" for file in newer[:3]),
            effect="what was edited does not hold yet",
            fix=Fix("test, then reload", commands=(f"systemctl reload {_SERVICES[front.name]}",)),
        )


_SERVICES = {"nginx": "nginx", "caddy": "caddy", "apache": "apache2"}


def _changed(file: str) -> float:
    try:
        return Path(file).stat().st_mtime
    except OSError:
        return 0


def _started(pid: int) -> float | None:
    """When a process began, in seconds since 1970 (proc_pid_stat(5), field 22, in ticks since the boot)."""
    try:
        import os

        ticks = int(Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[19])
        boot = next(
            line.split()[1] for line in Path("/proc/stat").read_text("ascii").splitlines() if line[:5] == "btime"
        )
        return int(boot) + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, StopIteration):
        return None
