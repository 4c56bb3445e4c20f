"""Users' files: how they are kept. `MediaStorage` in a directory, `GuardedStorage` anywhere else."""

from .guarded import GuardedStorage, object_metadata
from .mismatch import mismatched
from .storage import MediaStorage

__all__ = ["GuardedStorage", "MediaStorage", "mismatched", "object_metadata"]
