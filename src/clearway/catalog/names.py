"""Names of files as URLs give them: which ones can be names at all, and which are never public."""

WELL_KNOWN = ".well-known"  # RFC 8615


def is_canonical(name: str) -> bool:
    """Whether a name has the one spelling that a file below a root can have: `a/b.css`, no dots, no NUL."""
    return not ("\0" in name or "\\" in name) and all(part not in ("", ".", "..") for part in name.split("/"))


def is_hidden(part: str, *, top: bool, at_site_root: bool) -> bool:
    """Whether a directory entry is never public: dotfiles, but for `.well-known` at the top of a site root."""
    return part.startswith(".") and not (at_site_root and top and part == WELL_KNOWN)


def is_public(name: str) -> bool:
    """Whether a name, from wherever it came, may be put behind the path of a directory and served."""
    return is_canonical(name) and not any(is_hidden(part, top=False, at_site_root=False) for part in name.split("/"))
