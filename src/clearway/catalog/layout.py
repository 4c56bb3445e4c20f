"""The names of Clearway's own files, relative to STATIC_ROOT (or to `CLEARWAY["records"]`)."""

FOLDER = ".clearway"
HISTORY = "history.json"
CURRENT = "current"
MANIFEST = "staticfiles.json"


def record(release_id: str) -> str:
    """The record of one release."""
    return f"releases/{release_id}.json"


def index(release_id: str) -> str:
    """The index that a process of this release serves from."""
    return f"catalogs/{release_id}"
