"""Which nginx a configuration is for: its version, and whether modules would encode answers again."""

import re
import shutil
import subprocess
from dataclasses import dataclass

from .versions import EARLY_HINTS, HTTP2_DIRECTIVE, Version, parsed

_VERSION = re.compile(r"nginx version: \S*?/(\d+(?:\.\d+)*)")
_PATH = "/usr/sbin:/usr/local/sbin:/usr/local/nginx/sbin:/opt/homebrew/bin:/usr/bin:/usr/local/bin"
_ENCODERS = ("brotli", "zstd")


@dataclass(frozen=True)
class Installed:
    """The version as numbers, and encoders that are built in beside gzip."""

    version: Version
    encoders: tuple[str, ...] = ()
    is_known: bool = True

    @classmethod
    def parse(cls, text: str) -> "Installed":
        """From `1.24.0`. Raises `ValueError`."""
        if not re.fullmatch(r"\d+(?:\.\d+)+", text):
            raise ValueError(f"not a version of nginx: {text!r}")
        return cls(parsed(text))

    @property
    def text(self) -> str:
        return ".".join(map(str, self.version))

    @property
    def has_http2_directive(self) -> bool:
        """`http2 on;` instead of a word of `listen`."""
        return HTTP2_DIRECTIVE.is_in(self.version)

    @property
    def has_early_hints(self) -> bool:
        return EARLY_HINTS.is_in(self.version)


STABLE = Installed((1, 28, 0), is_known=False)  # where none is installed


def installed() -> Installed:
    """What `nginx -V` says here; the stable version of the day where there is none."""
    program = shutil.which("nginx") or shutil.which("nginx", path=_PATH)
    if program is None:
        return STABLE
    try:
        done = subprocess.run([program, "-V"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return STABLE
    found = _VERSION.search(done.stderr)
    if not found:
        return STABLE
    added = [word for word in done.stderr.split() if word.startswith("--add-module=")]
    encoders = tuple(name for name in _ENCODERS if any(name in word for word in added))
    return Installed(parsed(found[1]), encoders)
