"""The modules of a httpd, by the two names that a configuration has for each."""

import re
from dataclasses import dataclass, field

# What Debian, and most others, build in.
_BUILT_IN = ("core", "so", "http", "watchdog", "log_config", "logio", "version", "unixd")
_FILES = {"core.c": "core", "http_core.c": "http"}

# Directives that a configuration may lack the module of.
OF_DIRECTIVE = {
    "addtype": "mime",
    "alias": "alias",
    "expiresactive": "expires",
    "fallbackresource": "dir",
    "header": "headers",
    "proxypass": "proxy",
    "proxypreservehost": "proxy",
    "redirectmatch": "alias",
    "requestheader": "headers",
    "require": "authz_core",
    "rewriteengine": "rewrite",
    "rewriterule": "rewrite",
}


@dataclass
class Modules:
    """Those that were loaded up to here; where a configuration loads none, all are taken as built in."""

    loaded: set[str] = field(default_factory=lambda: set(_BUILT_IN))
    are_all: bool = False

    def load(self, identifier: str) -> None:
        """`rewrite_module`."""
        self.loaded.add(identifier.removesuffix("_module"))

    def has(self, name: str) -> bool:
        """By `rewrite_module`, `mod_rewrite.c` or `rewrite`."""
        return self.are_all or short(name) in self.loaded


def short(name: str) -> str:
    """`rewrite`, of any of its names."""
    if name in _FILES:
        return _FILES[name]
    found = re.fullmatch(r"mod_(\w+)\.c|(\w+)_module|(\w+)", name)
    plain = next((each for each in found.groups() if each), name) if found else name
    return {"event": "mpm_event", "prefork": "mpm_prefork", "worker": "mpm_worker"}.get(plain, plain)
