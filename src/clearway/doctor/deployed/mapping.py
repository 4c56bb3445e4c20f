"""URL prefixes that a platform's own web server answers from a directory."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clearway.doctor.facts import Tree
from clearway.fronts.road import Location

from .documents import documents

BEANSTALK = "aws:elasticbeanstalk:environment:proxy:staticfiles"
BEANSTALK_OLD = "aws:elasticbeanstalk:container:python:staticfiles"


@dataclass(frozen=True)
class StaticMapping:
    """`prefix` as a path between slashes; `directory` relative to the project, or absolute in the image."""

    platform: str
    prefix: str
    directory: str
    location: Location
    namespace: str = ""


def mappings(tree: Tree) -> Iterator[StaticMapping]:
    """Of all platforms, in the order in which they are written."""
    yield from _of_fly(tree)
    yield from _of_appengine(tree)
    yield from _of_beanstalk(tree)
    yield from _of_digitalocean(tree)


def _of_fly(tree: Tree) -> Iterator[StaticMapping]:
    for name, document in documents(tree, r"fly\.toml"):
        found = document.get("statics")
        for entry in found if isinstance(found, list) else [found] if isinstance(found, dict) else []:
            prefix, path = str(entry.get("url_prefix", "")), str(entry.get("guest_path", ""))
            yield StaticMapping("fly", _prefix(prefix), posixpath.normpath(path), _line(tree, name, prefix))


def _of_appengine(tree: Tree) -> Iterator[StaticMapping]:
    for name, document in documents(tree, r"app\.ya?ml"):
        found = document.get("handlers")
        for place, entry in enumerate(found if isinstance(found, list) else ()):
            if isinstance(entry, dict) and entry.get("static_dir"):
                where = tree.location(name, document.line("handlers", place))
                yield StaticMapping("appengine", _prefix(str(entry.get("url"))), _below(entry["static_dir"]), where)


def _of_beanstalk(tree: Tree) -> Iterator[StaticMapping]:
    for name, document in documents(tree, r"\.ebextensions/.*\.config"):
        options = document.get("option_settings")
        for namespace, prefix, directory in _options(options):
            where = _line(tree, name, prefix)
            yield StaticMapping("beanstalk", _prefix(prefix), _below(directory), where, namespace)


def _options(options: Any) -> Iterator[tuple[str, str, str]]:
    """Both forms: a mapping of namespaces, or a list of entries."""
    if isinstance(options, dict):
        for namespace in (BEANSTALK, BEANSTALK_OLD):
            found = options.get(namespace)
            for prefix, directory in found.items() if isinstance(found, dict) else ():
                yield namespace, str(prefix), str(directory)
    for entry in options if isinstance(options, list) else ():
        if isinstance(entry, dict) and entry.get("namespace") in (BEANSTALK, BEANSTALK_OLD):
            yield entry["namespace"], str(entry.get("option_name")), str(entry.get("value"))


def _of_digitalocean(tree: Tree) -> Iterator[StaticMapping]:
    for name, document in documents(tree, r"\.do/(app|deploy\.template)\.ya?ml"):
        for top in ((), ("spec",)):
            found = document.get(*top, "static_sites")
            for place, entry in enumerate(found if isinstance(found, list) else ()):
                routes = entry.get("routes") if isinstance(entry, dict) else None
                for route in routes if isinstance(routes, list) else [{"path": "/"}]:
                    where = tree.location(name, document.line(*top, "static_sites", place))
                    directory = _below(str(entry.get("output_dir") or ""))
                    yield StaticMapping("digitalocean", _prefix(str(route.get("path"))), directory, where)


def _prefix(written: str) -> str:
    inner = written.strip("/")
    return f"/{inner}/" if inner else "/"


def _below(directory: str) -> str:
    return posixpath.normpath(str(directory).lstrip("/") or ".")


def _line(tree: Tree, name: str, text: str) -> Location:
    pattern = re.compile(re.escape(text))
    return tree.location(name, next((at for at, line in tree.lines(name) if text and pattern.search(line)), 1))
