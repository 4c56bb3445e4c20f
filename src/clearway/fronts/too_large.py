"""The page of a front for a request that is larger than the project takes (413)."""

from .site import Site

_UNITS = ("bytes", "KB", "MB", "GB", "TB")  # as Django writes them: 1024 of one are one of the next


def page(site: Site) -> str:
    """HTML in one line, without a sign that nginx, Caddy or httpd read in quotes: no quotes, $, {, % or backslash."""
    most = f"One file may have {size(site.file)}, all of a form" if site.file else "All of a form may have"
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Too large</title>"
        "<meta name=viewport content=width&#61;device-width>"
        "<body style=font-family:sans-serif;line-height:1.5;max-width:30em;margin:3em;padding:0>"
        f"<h1>This is too large</h1><p>{most} {size(site.upload)}. Go back, and choose a smaller file.</p>"
    )


def size(octets: int) -> str:
    """For a person, never more than it is: `2.5 MB`."""
    power, rest = 0, octets
    while rest >= 1024 and power < len(_UNITS) - 1:
        power, rest = power + 1, rest // 1024
    tenths = octets * 10 // 1024**power
    whole = tenths % 10 == 0 or power == 0
    return f"{tenths // 10 if whole else tenths / 10} {_UNITS[power]}"
