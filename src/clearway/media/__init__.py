"""Users' files: how they come and are kept. `MediaStorage` in a directory, `GuardedStorage` anywhere else."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .gate.handler import UploadHandler
    from .gate.held import FileHeld, scan_held
    from .gate.refusal import UploadRefused
    from .gate.validator import UploadLimits, validate_upload
    from .guarded import GuardedStorage, object_metadata
    from .mismatch import mismatched
    from .storage import MediaStorage

_HOMES = {
    "FileHeld": ".gate.held",
    "GuardedStorage": ".guarded",
    "MediaStorage": ".storage",
    "UploadHandler": ".gate.handler",
    "UploadLimits": ".gate.validator",
    "UploadRefused": ".gate.refusal",
    "mismatched": ".mismatch",
    "object_metadata": ".guarded",
    "scan_held": ".gate.held",
    "validate_upload": ".gate.validator",
}

__all__ = [
    "FileHeld",
    "GuardedStorage",
    "MediaStorage",
    "UploadHandler",
    "UploadLimits",
    "UploadRefused",
    "mismatched",
    "object_metadata",
    "scan_held",
    "validate_upload",
]


def __getattr__(name: str) -> Any:
    """When it is first asked for: a worker that serves files imports none of what keeps them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_HOMES[name], __name__), name)
    return found
