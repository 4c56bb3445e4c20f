"""Names of files as a unified diff has them: from the working directory where they lie below it."""

import os
import re
from pathlib import Path

ABSENT = "/dev/null"
_ODD = re.compile(r'[\x00-\x1f\x7f"\\]')
_ESCAPED = re.compile(r"\\([0-7]{3}|.)")


def written(name: str) -> str:
    """As patch(1) takes it with -p0: quoted as in C where it has control characters, ended by a tab after spaces."""
    if _ODD.search(name):
        return '"' + _ODD.sub(lambda odd: f"\\{ord(odd[0]):03o}", name) + '"'
    return f"{name}\t" if " " in name else name


def read(text: str) -> str:
    """What stands behind `---` and `+++`, without a date."""
    if text.startswith('"') and text.rstrip().endswith('"'):
        return _ESCAPED.sub(lambda part: chr(int(part[1], 8)) if part[1].isdigit() else part[1], text.rstrip()[1:-1])
    return text.partition("\t")[0].removesuffix("\r")


def short(path: Path) -> str:
    """From the working directory where it lies below it, with `/` between its parts."""
    here = str(Path.cwd()).rstrip(os.sep) + os.sep
    text = os.path.abspath(path)  # noqa: PTH100 - Path.absolute leaves the dots in
    return (text.removeprefix(here) if len(here) > 1 else text).replace(os.sep, "/")
