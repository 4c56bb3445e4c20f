"""The names of Clearway's own files, relative to STATIC_ROOT (or to `CLEARWAY["records"]`)."""

import re

FOLDER = ".clearway"
HISTORY = "history.json"
CURRENT = "current"
MANIFEST = "staticfiles.json"

_RELEASE_ID = re.compile(r"[0-9a-f]{16}")


def is_release_id(text: str) -> bool:
    """Whether a text from a file or the environment can be the id of a release, and thus a name in this folder."""
    return bool(_RELEASE_ID.fullmatch(text))


def record(release_id: str) -> str:
    """The record of one release."""
    return f"releases/{release_id}.json"


def index(release_id: str) -> str:
    """The index that a process of this release serves from."""
    return f"catalogs/{release_id}"


def pointer(release_id: str, sweeps: int) -> str:
    """What `current` says. After objects were removed it has other bytes for the same release: blanks count how often.

    An entity tag is a digest of the bytes, so that whoever looked before cannot replace it any more.
    """
    counted = format(sweeps, "b").translate({ord("0"): " ", ord("1"): "\t"}) if sweeps else ""
    return f"{release_id}\n{counted}"
