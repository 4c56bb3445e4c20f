"""What `--fix` asks of new processes, with this Python, these paths and these settings: they see what was changed."""

import json
import os
import pickle
import re
import subprocess
import sys
from argparse import Namespace
from collections.abc import Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .results import Result

_COULD_NOT_RUN = 2
_PAINTED = re.compile(r"\x01(\w+)\x02([^\x01-\x03]*)\x03")
_PATHS = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); "
_COLLECT = "from django.core.management import execute_from_command_line as run; run(['manage.py', *sys.argv[1:]])"
_IMPORT = "import django; django.setup()"
_LOOK = "from clearway.doctor_again import answer; answer()"


def collect(options: Sequence[str]) -> str:
    """Run collectstatic; the end of what it complains about, and nothing where it ends well."""
    return _problem(_COLLECT, "collectstatic", "--noinput", "--verbosity", "0", *options)


def imports() -> str:
    """Why the settings cannot be imported; nothing where they can."""
    return _problem(_IMPORT)


def look(options: Namespace) -> Result:
    """The doctor once more, with the same options; a result without findings where it cannot run."""
    return _asked(Namespace(**{**vars(options), "fix": False, "unsafe_fixes": False}))


def go_on(options: Namespace, tried: Collection[tuple[str, str]]) -> Result:
    """`--fix` once more, for what was behind it; `tried` are the ids and messages of what it leaves alone."""
    return _asked(Namespace(**{**vars(options), "tried": frozenset(tried)}))


def answer() -> None:
    """The other side of these two, which they name a directory to: the options lie there, and the result will."""
    folder = Path(sys.argv[1])
    options = pickle.loads((folder / "options").read_bytes())
    if not (options.fix or options.unsafe_fixes):
        os.dup2(2, 1)  # what a project prints was printed before
    from .doctor_verb import doctor

    result = doctor(options)
    page = result.pages[options.format]() if options.format in result.pages else ""
    lines = result.text(lambda text, style: f"\x01{style}\x02{text}\x03")
    told = {"code": result.code, "data": result.data, "lines": lines, "page": page}
    (folder / "result").write_text(json.dumps(told), "utf-8")


def _asked(options: Namespace) -> Result:
    with TemporaryDirectory(prefix="clearway-") as made:
        folder = Path(made)
        (folder / "options").write_bytes(pickle.dumps(options))
        done = subprocess.run(_words(_LOOK, made), check=False)
        if done.returncode:
            said = "the second look could not run; `clearway doctor` says more"
            return Result({"findings": [], "about": [said]}, lambda paint: [paint(said, "red")], _COULD_NOT_RUN)
        told = json.loads((folder / "result").read_text("utf-8"))
    page = {options.format: lambda: str(told["page"])} if told["page"] else {}
    return Result(told["data"], lambda paint: [_painted(line, paint) for line in told["lines"]], told["code"], page)


def _words(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", _PATHS + code, json.dumps(sys.path), *arguments]


def _problem(code: str, *arguments: str) -> str:
    done = subprocess.run(_words(code, *arguments), capture_output=True, check=False)
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return (said[-1] if said else f"exit code {done.returncode}") if done.returncode else ""


def _painted(line: str, paint: Any) -> str:
    while (found := _PAINTED.sub(lambda part: paint(part[2], part[1]), line)) != line:
        line = found
    return line
