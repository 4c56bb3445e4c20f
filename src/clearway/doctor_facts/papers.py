"""Files of the project about buckets, clusters and refusals, known by what is in them: answers, plans, logs."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from clearway.doctor.facts import Tree

_LARGEST, _LONGEST = 1 << 20, 1 << 23  # octets of a file; of a log its end is read
_DEEPEST, _MOST, _LOOKED_AT = 5, 100, 3_000  # directories, files that are kept, files that are opened
_PASSED_BY = frozenset(
    {
        "node_modules",
        "site-packages",
        "__pycache__",
        "venv",
        "env",
        "static",
        "staticfiles",
        "media",
        "locale",
        "vendor",
    }
)
_LOG = re.compile(r".*\.log(?:\.\d+)?|.*(?:error|audit|dmesg|kern|journal|syslog|messages)[\w.-]*\.(?:txt|out|err)")
_NAME = re.compile(r"makefile|.*\.(?:tf|tfstate|json|sh|ya?ml|txt|xml|out|err|http|headers|template)", re.IGNORECASE)
_ABOUT = re.compile(
    rb"public_?access_?block|BlockPublic|block_public_|object_?ownership|BucketOwner|LocationConstraint"
    rb"|AccessControlListNotSupported|AccessDenied|PermanentRedirect|AuthorizationHeaderMalformed|NoSuchCORS"
    rb"|CORSRules|cors_rule|cors_configuration|CorsConfiguration|uniform_bucket_level_access|UniformBucketLevelAccess"
    rb"|public_access_prevention|publicAccessPrevention|allow(?:_nested_items_to_be|_blob)_public|allowBlobPublicAccess"
    rb"|PublicAccessNotPermitted|avc:\s+denied|apparmor=\"DENIED\"|\(13: Permission denied\)|\(13\)Permission denied"
    rb"|^kind:\s*[A-Z]|too large body|connect\(\) to ",
    re.IGNORECASE | re.MULTILINE,
)


def papers(root: Path, left_out: Callable[[str], None]) -> Tree:
    """Of the directory of the project and those below it."""
    return Tree(str(root), dict(_texts(root, left_out)))


def _texts(root: Path, left_out: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    kept = 0
    for opened, (file, name) in enumerate(_files(root)):
        if kept >= _MOST or opened >= _LOOKED_AT:
            return left_out(f"only the first {kept} of the files about buckets, clusters and refusals were read")
        text = _end(file)
        if text and b"\0" not in text and _ABOUT.search(text):
            kept += 1
            yield name, text.decode("utf-8", "replace")


def _end(file: Path) -> bytes:
    """A file, or the last part of a log; empty for what is too large, or may not be read."""
    try:
        size = file.stat().st_size
        if size > (_LONGEST if _LOG.fullmatch(file.name) else _LARGEST) or not file.is_file():
            return b""
        with file.open("rb") as opened:
            opened.seek(max(0, size - _LARGEST))
            return opened.read(_LARGEST)
    except OSError:
        return b""


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    for folder, directories, names in os.walk(root):
        inside = Path(folder).relative_to(root).as_posix()
        deep = 0 if inside == "." else inside.count("/") + 1
        directories[:] = sorted(each for each in directories if each not in _PASSED_BY and each[0] != ".")
        if deep >= _DEEPEST:
            directories.clear()
        for name in sorted(names):
            if _LOG.fullmatch(name) or _NAME.fullmatch(name):
                yield Path(folder, name), name if inside == "." else f"{inside}/{name}"
