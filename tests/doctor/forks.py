"""Commands in processes of their own that do not pay for importing Django: forks of one that has imported it.

A fork inherits modules and no settings; apart from that it is what a new process is.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


class Forks:
    """The process that forks. `clearway …` and `manage.py …` run, the latter as the file in the working directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            env={**kept, "PYTHONDONTWRITEBYTECODE": "1", "CLEARWAY_CACHE": str(folder / "cache"), "NO_COLOR": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, words: list[str], directory: Path, environ: Mapping[str, str] = MappingProxyType({})) -> Done:
        """Run a command there, with what is added to the environment, and wait for its end."""
        assert self._process.stdin and self._process.stdout
        self._count += 1
        out, err = (self._folder / f"{self._count}.{name}" for name in ("out", "err"))
        order = {
            "words": words,
            "directory": str(directory),
            "environ": dict(environ),
            "out": str(out),
            "err": str(err),
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return Done(code, out.read_text("utf-8"), err.read_text("utf-8"))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


def _serve() -> None:
    _preload()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run(order: dict[str, Any]) -> None:
    """In the fork; never returns."""
    code = 1
    try:
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
        os.chdir(order["directory"])
        os.environ.update(order["environ"])
        code = _called(order["words"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _called(words: list[str]) -> int:
    sys.argv = words
    if words[0] == "clearway":
        from clearway.cli import main

        sys.path.remove(str(Path(__file__).parent))  # where a command has the directory of its script
        return main(words[1:])
    import runpy

    sys.path[0] = str(Path.cwd())
    runpy.run_path(words[0], run_name="__main__")
    return 0


def _preload() -> None:
    """What every command imports; no module that needs settings to be imported."""
    import django.contrib.staticfiles.finders
    import django.contrib.staticfiles.storage
    import django.core.management
    import django.db.models
    import django.template.defaulttags
    import django.urls  # noqa: F401

    import clearway.cli
    import clearway.doctor_verb  # noqa: F401
    from clearway.doctor.registry import all_checks

    all_checks()


if __name__ == "__main__":
    _serve()
