"""The Content-Disposition field: shown or downloaded, and under which name (RFC 6266, RFC 8187)."""

import re
from urllib.parse import quote

_UNFIT = re.compile(r"[^A-Za-z0-9 !#$&'()+.=@\[\]^_`{}~-]")  # for a quoted string that every client reads alike


def disposition(file_name: str, *, shown: bool) -> str:
    """`inline` or `attachment` with the name: ASCII where that will do, else a likeness before it (appendix D)."""
    return "; ".join(["inline" if shown else "attachment", *_named(file_name)])


def _named(name: str) -> list[str]:
    plain = f'filename="{_UNFIT.sub("_", name)}"'
    return [plain, f"filename*=UTF-8''{quote(name, safe='', errors='replace')}"] if _UNFIT.search(name) else [plain]
