"""`{placeholders}`: their short forms in a Caddyfile, and their values for a request."""

import re
from collections.abc import Callable

_SHORT = {
    "{dir}": "{http.request.uri.path.dir}",
    "{file}": "{http.request.uri.path.file}",
    "{host}": "{http.request.host}",
    "{hostport}": "{http.request.hostport}",
    "{port}": "{http.request.port}",
    "{method}": "{http.request.method}",
    "{path}": "{http.request.uri.path}",
    "{query}": "{http.request.uri.query}",
    "{remote}": "{http.request.remote}",
    "{remote_host}": "{http.request.remote.host}",
    "{remote_port}": "{http.request.remote.port}",
    "{scheme}": "{http.request.scheme}",
    "{uri}": "{http.request.uri}",
    "{client_ip}": "{http.vars.client_ip}",
    "{upstream_hostport}": "{http.reverse_proxy.upstream.hostport}",
}
_FAMILIES = {
    "header": "http.request.header.",
    "cookie": "http.request.cookie.",
    "labels": "http.request.host.labels.",
    "path": "http.request.uri.path.",
    "file": "http.request.uri.path.file.",
    "query": "http.request.uri.query.",
    "vars": "http.vars.",
    "rp": "http.reverse_proxy.",
    "err": "http.error.",
    "file_match": "http.matchers.file.",
}
_SHORTHAND = re.compile(
    "|".join(map(re.escape, _SHORT))
    + r"|\{(?P<group>re)\.(?P<regexp>[\w-]*(?:\.[\w-]*)?)\}"
    + rf"|\{{(?P<family>{'|'.join(_FAMILIES)})\.(?P<name>[\w.-]*)\}}",
    re.ASCII,
)

Get = Callable[[str], str | None]  # None for a placeholder that is not known


def long_form(text: str) -> str:
    """A word of a Caddyfile with the short forms written out."""
    return _SHORTHAND.sub(_written_out, text) if "{" in text else text


def _written_out(found: re.Match[str]) -> str:
    if found["group"]:
        return f"{{http.regexp.{found['regexp']}}}"
    if found["family"]:
        return f"{{{_FAMILIES[found['family']]}{found['name']}}}"
    return _SHORT[found[0]]


def filled(
    text: str, get: Get, *, empty: str = "", keeps: bool = False, change: Callable[[str, str], str] | None = None
) -> str:
    """A text with its placeholders replaced.

    One without a value gives `empty`; one that is not known likewise, unless it `keeps` those as they stand. `change`
    is asked for the final form of each value, by name and value. A backslash before a brace takes its meaning.
    """
    if "{" not in text:
        return text
    out, written, at = "", 0, -1
    while (at := at + 1) < len(text):
        if at and text[at - 1] == "\\" and text[at] in "{}":
            out += text[written : at - 1]
            written = at
            continue
        if text[at] != "{" or (end := _end(text, at)) < 0:
            continue
        out += text[written:at]
        value = get(text[at + 1 : end])
        if value is None and keeps:
            written = at
            continue
        value = value or ""
        out += (change(text[at + 1 : end], value) if change else value) or empty
        at, written = end, end + 1
    return out + text[written:]


def _end(text: str, at: int) -> int:
    """Where a placeholder ends; -1 where it does not."""
    end = text.find("}", at)
    while 0 < end < len(text) - 1 and text[end - 1] == "\\":
        end = text.find("}", end + 1)
    return end
