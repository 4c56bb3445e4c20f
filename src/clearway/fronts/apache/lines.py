"""The lines of a configuration file and the words of a line (httpd's ap_cfg_getline, ap_getword_conf)."""

import re
from collections.abc import Iterator

_VARIABLE = re.compile(r"\$\{([^}:]+)\}")


def logical(text: str) -> Iterator[tuple[int, str]]:
    """(number of the first line, text) with continued lines joined; comments and empty lines are left out."""
    start, held = 0, ""
    for number, raw in enumerate(text.split("\n"), 1):
        if not held:
            start = number
        line = raw.removesuffix("\r")
        if line.endswith("\\") and not line.endswith("\\\\"):
            held += line[:-1]
            continue
        whole, held = (held + line).strip(" \t\v\f\r"), ""
        if whole and not whole.startswith("#"):
            yield start, whole
    if held.strip() and not held.strip().startswith("#"):
        yield start, held.strip()


def filled(line: str, variables: dict[str, str]) -> str:
    """With `${NAME}` replaced where it is known; else it stays."""
    return _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), line)


def words(text: str) -> tuple[str, ...]:
    """The words of a line, quotes taken off."""
    found: list[str] = []
    rest = text.lstrip()
    while rest:
        word, rest = next_word(rest)
        found.append(word)
    return tuple(found)


def next_word(text: str) -> tuple[str, str]:
    """The first word, and what follows it."""
    if text[0] in "\"'":
        end = _closing(text)
        return _plain(text[1:end], text[0]), text[end + 1 :].lstrip()
    head = re.match(r"\S+", text)
    end = head.end() if head else len(text)
    return _plain(text[:end], ""), text[end:].lstrip()


def _closing(text: str) -> int:
    at = 1
    while at < len(text) and text[at] != text[0]:
        at += 2 if text[at] == "\\" and text[at + 1 : at + 2] in (text[0], "\\") and text[at + 1 : at + 2] else 1
    return min(at, len(text))


def _plain(text: str, quote: str) -> str:
    """Backslashes before a backslash or the quote are taken off."""
    out, at = [], 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text) and (text[at + 1] == "\\" or text[at + 1] == quote):
            at += 1
        out.append(text[at])
        at += 1
    return "".join(out)
