"""Whether a front has to do with the project at all, and who beside it may answer files."""

import re
from collections.abc import Iterator

from clearway.doctor.facts import Facts, Unavailable
from clearway.fronts.front import Front
from clearway.fronts.site import Site

from .configurations import all_directives

_ANSWER_FILES = ("clearway.gunicorn", "clearway.uvicorn", "static-map", "cling(", "--insecure")
_HOST = re.compile(r"(?=.*[a-z])[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_OWN = frozenset({"localhost", "127.0.0.1", "::1", "[::1]", "*"})


def related(facts: Facts) -> Front:
    """The front. Raises `Unavailable` for one that was found on this machine and names nothing of the project."""
    front = facts.front
    if front.found and not names_project(front, facts.site):
        raise Unavailable(f"{front.found} was found here, and has nothing to do with this project")
    return front


def named_hosts(front: Front) -> list[str]:
    """The hosts that the front's servers are named after, without patterns."""
    return [each.lower() for each in dict.fromkeys(_names(front)) if _HOST.fullmatch(each.lower())]


def _names(front: Front) -> Iterator[str]:
    configuration = front.configuration
    if front.name == "nginx":
        yield from (name for server in configuration.http.servers for name in server.names)
    elif front.name == "apache":
        for host in configuration.servers.hosts:
            yield host.name
            yield from (word for each in host.all("serveralias") for word in each.words)
    else:
        keys = (key.text for block in configuration.sites for key in block.keys)
        yield from (key.rpartition("//")[2].partition("/")[0].partition(":")[0] for key in keys)


def names_project(front: Front, site: Site) -> bool:
    """Whether a host or a directory of the project stands in the configuration."""
    hosts = {host.removeprefix(".") for host in site.hosts} - _OWN
    roots = [place.root.rstrip("/") for place in (site.static, site.media) if place]
    for each in all_directives(front.configuration):
        if hosts.intersection(each.words) or any(word.startswith(root) for word in each.words for root in roots):
            return True
    return False


def is_served_otherwise(facts: Facts) -> bool:
    """Whether a file beside manage.py names something that answers files before the application does."""
    texts = (text.lower() for name, text in facts.tree.texts.items() if not name.startswith("requirements"))
    return any(word in text for text in texts for word in _ANSWER_FILES)


def is_of_container(facts: Facts, path: str) -> bool:
    """Whether a Dockerfile, a compose file or the like names the path, or a directory above it: then it is not here."""
    parts = path.strip("/").split("/")
    named = ["/" + "/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    texts = [text for name, text in facts.tree.texts.items() if "docker" in name.lower() or "compose" in name.lower()]
    return any(f"{each}{end}" in text for text in texts for each in named for end in ("/", "\n", " ", ":", '"', "'"))
