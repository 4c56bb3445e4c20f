"""Host names with wildcards, as server_name, `map … hostnames` and valid_referers write them."""

from collections.abc import Iterable


def hostname() -> str:
    """`$hostname`: this machine's name."""
    import platform

    return platform.node().lower()


def fits(pattern: str, name: str) -> bool:
    """`*.suffix`, `.suffix`, `prefix.*` or the name itself; both in lower case."""
    if pattern.startswith("*."):
        return name.endswith(pattern[1:]) and len(name) > len(pattern) - 1
    if pattern.startswith("."):
        return name == pattern[1:] or name.endswith(pattern)
    if pattern.endswith(".*"):
        return name.startswith(pattern[:-1]) and len(name) > len(pattern) - 1
    return name == pattern


def best_name(patterns: Iterable[str], name: str) -> str | None:
    """As nginx prefers: the exact one, the longest with a star in front, the longest with one behind."""
    fitting = [pattern for pattern in patterns if fits(pattern, name)]
    if name in fitting:
        return name
    return max(fitting, key=lambda pattern: (not pattern.endswith("*"), len(pattern)), default=None)
