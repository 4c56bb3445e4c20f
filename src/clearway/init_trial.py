"""Whether changed settings give what was meant, seen by a new process with this Python, these paths and settings."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_CODE = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from clearway.init_trial import answer; answer()"


def problem(wanted: Mapping[str, Any], *, set_up: bool) -> str:
    """Why the settings are not as wanted; nothing where they are. `set_up` where the applications are to be loaded."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "settings.json")
        words = [sys.executable, "-c", _CODE, json.dumps(sys.path), str(file), "1" if set_up else ""]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(words, capture_output=True, check=False, env=environment)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            return said[-1] if said else f"exit code {done.returncode}"
        found = json.loads(file.read_bytes())
    different = [name for name, value in wanted.items() if found[name] != value]
    return f"{different[0]} is {found[different[0]]!r}" if different else ""


def answer() -> None:
    """The other side: the settings into a file, since a project may print whatever it likes."""
    import django
    from django.conf import settings

    found = {
        "INSTALLED_APPS": list(settings.INSTALLED_APPS),
        "MIDDLEWARE": list(settings.MIDDLEWARE),
        "STORAGES": settings.STORAGES.get("staticfiles", {}).get("BACKEND"),
        "STATIC_ROOT": bool(settings.STATIC_ROOT),
    }
    if sys.argv[3]:
        django.setup()
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
