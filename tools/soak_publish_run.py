"""One process of the command `clearway`, under conditions that the soak makes."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from signal import SIGKILL
from typing import Any

REPOSITORY = Path(__file__).parents[1]
CLEARWAY = str(Path(sys.executable).parent / "clearway")
HOOK = str(Path(__file__).parent / "soak_publish_hook")
PATIENCE = 180.0  # seconds


class Run:
    """It runs from its making. `plan` is what the hook does in it; `said` is what it printed, after its end."""

    def __init__(
        self,
        words: list[str],
        environ: Mapping[str, str] | None = None,
        plan: Mapping[str, Any] | None = None,
        umask: int = -1,
    ) -> None:
        self.words, self.said = words, ""
        self._told = tempfile.TemporaryFile()  # noqa: SIM115  # it ends with the run
        self._process = subprocess.Popen(
            [CLEARWAY, *words],
            env=_environ() | {"SOAK": json.dumps(plan or {}), **(environ or {})},
            umask=umask,
            stdin=subprocess.DEVNULL,
            stdout=self._told,
            stderr=subprocess.STDOUT,
        )

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        self.signal(SIGKILL)

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def end(self) -> int:
        """Wait; the exit code, negative for a signal."""
        try:
            code = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
            code = 99
        with self._told:
            self._told.seek(0)
            self.said = self._told.read().decode("utf-8", "replace")
        return code

    def __str__(self) -> str:
        return f"clearway {' '.join(self.words)}"


def done(words: list[str], environ: Mapping[str, str] | None = None, plan: Mapping[str, Any] | None = None) -> str:
    """Undisturbed. Raises `RuntimeError` with what was said for an exit code that is not 0."""
    run = Run(words, environ, plan)
    code = run.end()
    if code:
        raise RuntimeError(f"{run} ended with {code}: {run.said[-800:]}")
    return run.said


def _environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO", "AWS_"))}
    path = os.pathsep.join([HOOK, str(REPOSITORY)])
    return kept | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
