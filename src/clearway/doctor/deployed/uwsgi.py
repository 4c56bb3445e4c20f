"""What uWSGI answers by itself: its options static-map, static-map2 and check-static.

Their meaning, and that of placeholders, is as in uWSGI's documentation: "Serving static files" and "Configuration".
"""

import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from clearway.doctor.facts import Tree
from clearway.fronts.road import Location

from .deployment import Deployment

_SECTION = re.compile(r"\s*\[([^\]]*)\]\s*")
_FOR_WORK = re.compile(r"(?:^|[\W_])(?:local|dev|devel|development|test|tests|ci|debug)(?:[\W_]|$)")
_OPTION = re.compile(r"--(static-map2?|check-static|chdir)(?:=(.*))?")
_VARIABLE = re.compile(r"\bUWSGI_(STATIC_MAP2?|CHECK_STATIC)\s*[=:]\s*[\"']?([^\s\"'\\]+)")
_SETTERS = ("set", "set-placeholder", "set-ph")
_DEEPEST = 8  # placeholders within placeholders
_UNKNOWN = re.compile(r"%|\$|@\(")


@dataclass(frozen=True)
class StaticMap:
    """URLs that begin with `prefix` are looked up in `directory`, an absolute path; None where it cannot be told.

    `text` is the option as it is written.
    """

    prefix: str
    directory: str | None
    location: Location
    text: str

    def file(self, path: str, directory: str) -> str:
        """Where the file for a URL's path, which begins with the prefix, is looked for below a directory."""
        return posixpath.join(directory, path[len(self.prefix) :].lstrip("/"))


@dataclass(frozen=True)
class Entry:
    """A line of a section."""

    key: str
    value: str
    line: int


def static_maps(deployment: Deployment) -> tuple[StaticMap, ...]:
    """Of all files and commands of a deployment; uWSGI asks one after the other until a file is there."""
    tree = deployment.tree
    found = [each for name in configurations(tree) for each in _of_file(tree, name)]
    for command in deployment.commands:
        is_unit = command.location.file.endswith(".service")
        found += _of_options(command.text, "" if is_unit else tree.root, command.location)
    return (*found, *_of_variables(tree))


def configurations(tree: Tree) -> Iterator[str]:
    """Names of the files in uWSGI's form that are not for development alone."""
    for name, text in tree.texts.items():
        if name.endswith(".ini") and re.search(r"^\s*\[uwsgi\]", text, re.MULTILINE) and not _FOR_WORK.search(name):
            yield name


def _of_file(tree: Tree, name: str) -> Iterator[StaticMap]:
    lines = list(entries(tree, name))
    known = _placeholders(lines) if not any(each.key.startswith(("if-", "for")) for each in lines) else {}
    magic = _magic(posixpath.join(tree.root, name))
    start = next((_expanded(each.value, known, magic) for each in reversed(lines) if each.key == "chdir"), "")
    base = None if start is None else posixpath.join(tree.root, start)
    for each in lines:
        where, text = tree.location(name, each.line), f"{each.key} = {each.value}"
        prefix, directory = _pair(each.key, each.value)
        if prefix:
            yield _mapped(each.key, prefix, _expanded(directory, known, magic), base, where, text)


def entries(tree: Tree, name: str) -> Iterator[Entry]:
    """Of the section [uwsgi], without comments."""
    section = ""
    for number, line in tree.lines(name):
        if found := _SECTION.fullmatch(line):
            section = found[1].strip()
        elif section == "uwsgi" and line.strip()[:1] not in (";", "#"):
            key, equals, value = line.partition("=")
            if equals:
                yield Entry(key.strip(), value.strip(), number)


def _placeholders(lines: Iterable[Entry]) -> Mapping[str, str]:
    """Values by key; one that is written twice in two ways is not told."""
    values: dict[str, set[str]] = {}
    for each in lines:
        key, value = each.key, each.value
        if key in _SETTERS:
            key, _, value = value.partition("=")
        values.setdefault(key.strip(), set()).add(value.strip())
    return {key: found.pop() for key, found in values.items() if len(found) == 1}


def _magic(file: str) -> Mapping[str, str]:
    """The variables of one letter that the file's path alone tells; capitals are the same for a file with no base."""
    folder, name = posixpath.split(file)
    small = {"d": f"{folder}/", "p": file, "s": name, "n": posixpath.splitext(name)[0]}
    return {**small, **{letter.upper(): value for letter, value in small.items()}, "c": posixpath.basename(folder)}


def _expanded(value: str, known: Mapping[str, str], magic: Mapping[str, str]) -> str | None:
    for _ in range(_DEEPEST):
        value = re.sub(r"%\(([\w.-]+)\)", lambda found: known.get(found[1], found[0]), value)
    value = re.sub(r"%([a-zA-Z])", lambda found: magic.get(found[1], found[0]), value)
    return None if _UNKNOWN.search(value) else value


def _of_options(text: str, base: str, where: Location) -> Iterator[StaticMap]:
    """Of a command; without a directory that it starts in, relative ones are not told."""
    options = list(_options(text)) if re.search(r"--(?:static-map|check-static)", text) else []
    start: str | None = next((value for key, value in reversed(options) if key == "chdir"), "")
    start = None if start is None or _UNKNOWN.search(start) else posixpath.join(base, start) or None
    for key, value in options:
        prefix, directory = _pair(key, value)
        if prefix:
            told = None if _UNKNOWN.search(directory) else directory
            yield _mapped(key, prefix, told, start, where, f"--{key} {value}")


def _options(text: str) -> Iterator[tuple[str, str]]:
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if found := _OPTION.fullmatch(word):
            yield found[1], following if found[2] is None else found[2]


def _of_variables(tree: Tree) -> Iterator[StaticMap]:
    """In the environment, where an image or a unit sets it."""
    for name, text in tree.texts.items():
        if "UWSGI_" not in text or _FOR_WORK.search(name):
            continue
        for number, line in tree.lines(name):
            for found in _VARIABLE.finditer("" if line.lstrip().startswith("#") else line):
                key = found[1].lower().replace("_", "-")
                prefix, directory = _pair(key, found[2])
                if prefix:
                    told = None if _UNKNOWN.search(directory) else directory
                    yield _mapped(key, prefix, told, None, tree.location(name, number), found[0])


def _pair(key: str, value: str) -> tuple[str, str]:
    """Prefix and directory as they are written; the prefix is empty for another option."""
    if key == "check-static":
        return "/", value
    prefix, equals, directory = value.partition("=")
    return (prefix.strip(), directory.strip()) if equals and key in ("static-map", "static-map2") else ("", "")


def _mapped(key: str, prefix: str, directory: str | None, base: str | None, where: Location, text: str) -> StaticMap:
    """`static-map2` keeps the prefix below the directory."""
    if directory is None or (base is None and not posixpath.isabs(directory)):
        return StaticMap(prefix, None, where, text)
    inner = prefix.lstrip("/") if key == "static-map2" else ""
    return StaticMap(prefix, posixpath.normpath(posixpath.join(base or "/", directory, inner)), where, text)
