"""The results of the verbs as programs read them: schema 1."""

from datetime import UTC, datetime
from typing import Any

from .bridge import Bridged
from .listing import Listing
from .prune import Prune
from .rollback import Rollback
from .verify import Verified

Data = dict[str, Any]


def time(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def listing(found: Listing) -> Data:
    rows = [
        {
            "id": row.id,
            "created": time(row.entry.created),
            "retired": time(row.entry.retired),
            "parent": row.entry.parent,
            "assets": len(row.release.assets) if row.release else None,
            "size": row.size if row.release else None,
            "current": row.is_current,
            "past_retention": row.is_past_retention,
        }
        for row in found.rows
    ]
    forgotten = [{"id": id_, "forgotten": time(left)} for id_, left in found.forgotten.items()]
    return {"releases": rows, "size": found.size, "forgotten": forgotten}


def rollback(planned: Rollback, *, done: bool) -> Data:
    return {
        "from": planned.previous,
        "to": planned.target.id,
        "names": {
            "changed": list(planned.changed),
            "appearing": list(planned.appearing),
            "disappearing": list(planned.disappearing),
        },
        "unhashed": list(planned.restored),
        "files": planned.files,
        "differences": [each.to_json() for each in planned.differences],
        "done": done,
    }


def prune(planned: Prune, *, done: bool) -> Data:
    return {
        "releases": [
            {"id": id_, "created": time(entry.created), "retired": time(entry.retired)}
            for id_, entry in planned.leaving.items()
        ],
        "interrupted": list(planned.forgotten),
        "files": [{"name": name, "size": size} for name, size in planned.files.items()],
        "temporary": [name for _, name in planned.temporaries],
        "size": planned.size,
        "done": done,
    }


def verified(found: Verified, where: str) -> Data:
    return {
        "target": where,
        "releases": list(found.releases),
        "files": found.files,
        "size": found.size,
        "differences": [each.to_json() for each in found.differences],
    }


def bridged(found: Bridged, where: str, *, done: bool) -> Data:
    return {
        "source": where,
        "releases": found.releases,
        "files": [{"name": name, "size": size} for name, size in found.files.items()],
        "known": len(found.known),
        "differences": [each.to_json() for each in found.differences],
        "done": done,
    }
