"""Names of files as URLs give them: which ones can be names at all, and which are never public."""

WELL_KNOWN = ".well-known"  # RFC 8615


def is_canonical(name: str) -> bool:
    """Whether a name has the one spelling that a file below a root can have: `a/b.css`, no dots, no NUL."""
    return not ("\0" in name or "\\" in name) and all(part not in ("", ".", "..") for part in name.split("/"))


def is_hidden(part: str, *, top: bool, at_site_root: bool) -> bool:
    """Whether a directory entry is never public: dotfiles, but for `.well-known` at the top of a site root."""
    return part.startswith(".") and not (at_site_root and top and part == WELL_KNOWN)
