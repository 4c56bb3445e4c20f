"""The variables that Debian's apache2ctl gives to httpd: `envvars` beside the main file, else this process's own."""

import os
import re
from pathlib import Path

_ASSIGNED = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)=(\S*|\"[^\"]*\"|'[^']*')\s*(?:#.*)?$")
_USED = re.compile(r"\$\{?([A-Za-z_]\w*)\}?")


def environment(folder: str) -> dict[str, str]:
    """By name; a shell's conditions are passed by, so that SUFFIX is empty."""
    known = {name: value for name, value in os.environ.items() if name.startswith("APACHE_")}
    try:
        text = Path(folder, "envvars").read_text("utf-8", "replace")
    except OSError:
        return known
    told: dict[str, str] = {"SUFFIX": ""}
    for line in text.splitlines():
        found = _ASSIGNED.match(line)
        if found and not line.startswith("\t"):
            value = found[2].strip("\"'")
            told[found[1]] = _USED.sub(lambda used: told.get(used[1], ""), value)
    return told | known
