"""The platform's mapping of URLs to directories is missing, or leads elsewhere.

What it means
    The platform has a web server of its own before the application. It answers a URL prefix from a directory when its
    configuration says so; where prefix or directory is another than STATIC_URL and STATIC_ROOT, it finds nothing.

Why it breaks in production but not locally
    The mapping exists on the platform only.

See it yourself
    clearway doctor --only platform-mapping

Fix
    Map the path of STATIC_URL to STATIC_ROOT as the platform sees it; the finding has both.

When to ignore
    Where the application answers the files itself; then this is not reported.
"""

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.deployed.documents import documents
from clearway.doctor.deployed.mapping import BEANSTALK, BEANSTALK_OLD, StaticMapping, mappings
from clearway.doctor.deployed.platform import Platform
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.serving import HELPFUL, NEEDED, prefix_of, serving
from clearway.fronts.road import Location

RULE = Rule("CW802", "platform-mapping", "platform-mapping", Level.ERROR, Layer.PLATFORM, (*NEEDED, "sources"), HELPFUL)
_MOST = 10  # of Fly
_Problem = tuple[str, str, Location, str]
_HOW = {
    "fly": '[[statics]] with guest_path = "{directory}" and url_prefix = "{prefix}" in fly.toml',
    "appengine": "a handler with url: {prefix} and static_dir: {directory} above the one for everything in app.yaml",
    "beanstalk": f"{BEANSTALK}: with {{prefix}}: {{directory}} in .ebextensions",
    "digitalocean": "a static site with output_dir: {directory} and the route {prefix}",
}


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    if settings["DEBUG"] or not settings["STATIC_ROOT"] or not facts.sources.files or facts.process.answers:
        return
    deployment, found = Deployment(facts.tree), list(mappings(facts.tree))
    for platform in deployment.platforms:
        problem = next(_problems(facts, deployment, platform, found), None)
        if problem:
            message, evidence, location, how = problem
            yield RULE.finding(
                message,
                evidence,
                f"STATIC_URL = {settings['STATIC_URL']!r}, STATIC_ROOT = {settings['STATIC_ROOT']}",
                location=location,
                effect=f"URLs below {prefix_of(facts, 'static')} are 404",
                fix=Fix(how),
                breaks=frozenset({"static"}),
            )
            return


def _problems(
    facts: Facts, deployment: Deployment, platform: Platform, found: Sequence[StaticMapping]
) -> Iterator[_Problem]:
    own = [each for each in found if each.platform == platform.name]
    prefix = prefix_of(facts, "static")
    due = _due(facts, deployment, platform.name)
    how = "write " + _HOW.get(platform.name, "").format(directory=due, prefix=prefix.rstrip("/"))
    for each in own:
        if each.namespace == BEANSTALK_OLD:
            said = f"{BEANSTALK_OLD} is refused by today's platforms of Elastic Beanstalk"
            yield "the mapping is in a namespace of old platforms", said, each.location, how
    if platform.name == "fly":
        yield from _limits(own)
    fitting = [each for each in own if prefix.startswith(each.prefix)]
    if not fitting:
        yield from _missing(facts, platform, own, how)
        return
    best = max(fitting, key=lambda each: len(each.prefix))
    below = posixpath.normpath(posixpath.join(best.directory, prefix[len(best.prefix) :]))
    if below != posixpath.normpath(due):
        said = f"{_at(best.location)} maps {best.prefix} to {best.directory}, and the files are in {due}"
        yield f"{platform.title} maps {best.prefix} to another directory than STATIC_ROOT", said, best.location, how
    yield from _behind_all(facts, platform, best, how)


def _missing(facts: Facts, platform: Platform, own: Sequence[StaticMapping], how: str) -> Iterator[_Problem]:
    prefix = prefix_of(facts, "static")
    others = [each for each in own if each.prefix != "/media/"]
    if others:
        said = f"{_at(others[0].location)} maps {others[0].prefix}"
        yield f"{platform.title} maps {others[0].prefix}, and STATIC_URL is {prefix}", said, others[0].location, how
    elif platform.name in _HOW and platform.name != "digitalocean" and not serving(facts, "static").by:
        said = f"{platform.location.file} maps no prefix to a directory"
        yield (
            f"{platform.title} has no mapping for {prefix}, and the application answers none",
            said,
            platform.location,
            how,
        )


def _limits(own: Sequence[StaticMapping]) -> Iterator[_Problem]:
    if len(own) > _MOST:
        said = f"fly.toml has {len(own)} [[statics]]"
        yield f"Fly.io takes {_MOST} mappings at most", said, own[_MOST].location, f"leave {_MOST} of them"
    for first in own:
        for second in own:
            if first is not second and second.prefix.startswith(first.prefix):
                said = f"{second.prefix} lies below {first.prefix}"
                yield (
                    "prefixes of Fly.io's mappings overlap",
                    said,
                    second.location,
                    "give them prefixes that do not overlap",
                )


def _behind_all(facts: Facts, platform: Platform, best: StaticMapping, how: str) -> Iterator[_Problem]:
    """App Engine asks its handlers in their order."""
    for name, document in documents(facts.tree, r"app\.ya?ml") if platform.name == "appengine" else ():
        handlers = document.get("handlers")
        for place, entry in enumerate(handlers if isinstance(handlers, list) else ()):
            line = document.line("handlers", place)
            is_all = isinstance(entry, dict) and str(entry.get("url")) in ("/.*", ".*", "/(.*)", "/")
            if is_all and not entry.get("static_dir") and line < best.location.line:
                said = f"{name}:{line} takes every URL, and stands before {name}:{best.location.line}"
                yield "a handler for everything stands before that for static files", said, best.location, how


def _due(facts: Facts, deployment: Deployment, platform: str) -> str:
    """STATIC_ROOT as the platform names it: absolute in an image, else relative to the project."""
    root = Path(facts.settings["STATIC_ROOT"]).absolute()
    if platform == "fly":
        return deployment.inside(str(root))
    return root.relative_to(facts.tree.root).as_posix() if root.is_relative_to(facts.tree.root) else str(root)


def _at(where: Location) -> str:
    return f"{posixpath.basename(where.file)}:{where.line}"
