"""Signs that a project takes uploads, and that pages link to them."""

from collections.abc import Iterator
from pathlib import Path

from .facts import Facts, is_installed, optional

SIGNS = ("file_fields", "handed_off")


def limit_of(facts: Facts, key: str) -> int:
    """Of `CLEARWAY["media"]`; 0 for none."""
    ours = facts.settings.get("CLEARWAY")
    media = ours.get("media") if isinstance(ours, dict) else None
    value = media.get(key) if isinstance(media, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def signs(facts: Facts) -> Iterator[str]:
    """One line each: the helper in urls.py, a file in MEDIA_ROOT, file fields of models."""
    if where := facts.process.media_helper:
        yield f"{where.file}:{where.line} calls static() for MEDIA_URL, which does nothing with DEBUG off"
    if kept := _first(Path(facts.settings["MEDIA_ROOT"] or "/nowhere")):
        yield f"{kept} is an upload"
    if fields := optional(lambda: facts.file_fields):
        verb = "takes" if len(fields) == 1 else "take"
        yield f"{', '.join(fields[:3])}{' …' if len(fields) > 3 else ''} {verb} uploads"


def _first(root: Path) -> Path | None:
    """A file that somebody can ask for, in the directory or one below."""
    if not root.is_dir() or is_installed(str(root)):
        return None
    try:
        found = (path for pattern in ("*", "*/*", "*/*/*") for path in sorted(root.glob(pattern)))
        return next((path for path in found if path.is_file() and not path.name.startswith(".")), None)
    except OSError:
        return None
