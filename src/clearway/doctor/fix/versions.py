"""Whether git has a file as it is."""

import subprocess
from pathlib import Path

_SECONDS = 10


def is_dirty(path: Path) -> bool:
    """Whether it lies in a repository that does not have this content; False where there is no git to ask."""
    real = path.resolve()
    words = ["git", "-c", "core.fsmonitor=false", "status", "--porcelain", "--", real.name]
    try:
        done = subprocess.run(words, cwd=real.parent, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0 and bool(done.stdout.strip())
