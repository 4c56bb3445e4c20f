"""Names of users and groups, where this system knows them."""

from functools import lru_cache


@lru_cache(256)
def user(uid: int) -> str:
    """The name, else the number."""
    try:
        import pwd

        return pwd.getpwuid(uid).pw_name
    except (ImportError, KeyError):
        return str(uid)


@lru_cache(256)
def group(gid: int) -> str:
    """The name, else the number."""
    try:
        import grp

        return grp.getgrgid(gid).gr_name
    except (ImportError, KeyError):
        return str(gid)
