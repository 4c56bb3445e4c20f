"""Users' files: how they come and are kept. `MediaStorage` in a directory, `GuardedStorage` anywhere else."""

from .gate.handler import UploadHandler
from .gate.held import FileHeld, scan_held
from .gate.refusal import UploadRefused
from .gate.validator import UploadLimits, validate_upload
from .guarded import GuardedStorage, object_metadata
from .mismatch import mismatched
from .storage import MediaStorage

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
