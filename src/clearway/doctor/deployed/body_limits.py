"""How large a request a server or a platform takes, where a file of the project says so.

uWSGI takes the digits that `limit-post` begins with, in octets, and closes the connection of a larger request; waitress
has `max_request_body_size`, mod_wsgi-express `--limit-request-body`, Traefik `maxRequestBodyBytes`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearway.doctor.facts import Tree
from clearway.fronts.road import Location

from .deployment import Deployment
from .uwsgi import configurations, entries

_POST = "limit-post"
_OPTIONS = (
    ("uWSGI", r"--limit-post[=\s]+[\"']?(\d+)"),
    ("waitress", r"--max-request-body-size[=\s]+[\"']?(\d+)"),
    ("mod_wsgi-express", r"--limit-request-body[=\s]+[\"']?(\d+)"),
)
_LINES = (
    ("uWSGI", r"\bUWSGI_LIMIT_POST[=:\s]+[\"']?(\d+)"),
    ("waitress", r"\bmax_request_body_size\s*=\s*(\d+)"),
    ("Traefik", r"\bmaxrequestbodybytes[\"']?\s*[=:]\s*[\"']?(\d+)"),
)
_PLATFORM = re.compile(r"^\s*client_max_body_size\s+(\d+)([kmg]?)\s*;", re.IGNORECASE | re.MULTILINE)
_PLATFORMS = (".platform/nginx/", ".ebextensions/nginx/")
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


@dataclass(frozen=True)
class BodyLimit:
    """Octets of a request that `server` takes, 0 for no limit, and the line that says so."""

    server: str
    octets: int
    text: str
    location: Location


def body_limits(deployment: Deployment) -> Iterator[BodyLimit]:
    """All that are stated."""
    tree = deployment.tree
    for name in configurations(tree):
        last = {each.key: each for each in entries(tree, name)}.get(_POST)
        if last and (found := re.match(r"\d+", last.value)):
            yield BodyLimit("uWSGI", int(found[0]), f"{last.key} = {last.value}", tree.location(name, last.line))
    for command in deployment.commands:
        for server, pattern in _OPTIONS:
            for found in re.finditer(pattern, command.text):
                yield BodyLimit(server, int(found[1]), found[0], command.location)
    for name in tree.texts:
        yield from _of_lines(tree, name)
        yield from _of_platform(tree, name)


def _of_lines(tree: Tree, name: str) -> Iterator[BodyLimit]:
    text = tree.texts[name]
    for server, pattern in _LINES:
        for number, line in tree.lines(name) if re.search(pattern, text, re.IGNORECASE) else ():
            found = None if line.lstrip().startswith("#") else re.search(pattern, line, re.IGNORECASE)
            if found:
                yield BodyLimit(server, int(found[1]), found[0].strip(), tree.location(name, number))


def _of_platform(tree: Tree, name: str) -> Iterator[BodyLimit]:
    """nginx of Elastic Beanstalk takes files that the project has for it."""
    if name.startswith(_PLATFORMS):
        text = tree.texts[name]
        for found in _PLATFORM.finditer(text):
            line = text.count("\n", 0, found.start(1)) + 1
            octets = int(found[1]) * _UNITS[found[2].lower()]
            yield BodyLimit("nginx of Elastic Beanstalk", octets, found[0].strip(), tree.location(name, line))
