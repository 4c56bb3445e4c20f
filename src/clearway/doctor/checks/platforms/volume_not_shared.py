"""The web server's container does not have the collected files.

What it means
    Containers share no files unless they mount the same volume or directory. The application collects into its own
    container, and the web server's looks into an empty place.

Why it breaks in production but not locally
    Locally there is one disk.

See it yourself
    docker compose exec nginx ls -l /the/path/in/its/configuration

Fix
    Mount one named volume in both: at STATIC_ROOT in the application, and at the path of alias or root in the web
    server.

When to ignore
    Where the image of the web server brings the files itself.
"""

import posixpath
import re
from collections.abc import Iterator

from clearway.doctor.deployed.compose import Mount, Service
from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.facts import Facts, Tree
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.serving import front_files, prefix_of

RULE = Rule(
    "CW804",
    "volume-not-shared",
    "volume-not-shared",
    Level.ERROR,
    Layer.PLATFORM,
    ("settings", "process", "static_storage", "tree"),
)
_PATHS = re.compile(r"(?:^|[{;])\s*(?:alias|root\s+\*|root|Alias\s+\S+|<Directory)\s+\"?(/[^\s;\">]*)", re.MULTILINE)


def look(facts: Facts) -> Iterator[Finding]:
    settings, process, deployment = facts.settings, facts.process, Deployment(facts.tree)
    fronts = [each for each in deployment.services if each.is_front]
    app = deployment.app
    if settings["DEBUG"] or not fronts or not app or process.answers or not settings["STATIC_ROOT"]:
        return
    if not facts.static_storage.is_local or any(_brings(deployment, each) for each in fronts):
        return
    root = deployment.inside(str(settings["STATIC_ROOT"]))
    own = app.mount_of(root)
    paths = list(_configured(facts.tree, prefix_of(facts, "static")))
    for front in fronts:
        if not _is_shared(own, front, root, paths):
            where = facts.tree.location(deployment.compose_file, front.line)
            yield RULE.finding(
                f"the container {front.name} does not have the files that {app.name} collects",
                f"{app.name} collects into {root}, {_mounted(own)}",
                *(f"{front.name} mounts {_mounted(mount)} at {mount.target}" for mount in front.mounts[:3]),
                *([] if front.mounts else [f"{front.name} mounts nothing"]),
                *([f"its configuration looks into {paths[0]}"] if paths else []),
                location=where,
                effect="every static URL is 404, though collectstatic ran",
                fix=Fix(
                    f"mount one volume at {root} in {app.name} and at {paths[0] if paths else root} in {front.name}"
                ),
                breaks=frozenset({"static"}),
            )
            return


def _is_shared(own: Mount | None, front: Service, root: str, paths: list[str]) -> bool:
    """Whether a mount of the front is that of the collected files, and where its configuration looks."""
    if own is None:
        return False
    shared = [each for each in front.mounts if own.source and _norm(each.source) == _norm(own.source)]
    over = [each for each in front.mounts if _is_above(each, own, root)]
    seen = [*shared, *over]
    return bool(seen) and (not paths or any(mount.covers(path.rstrip("/") or "/") for mount in seen for path in paths))


def _is_above(mount: Mount, own: Mount, root: str) -> bool:
    """Whether a directory of this machine holds that of the application's, or lies in it on the way to the files."""
    if mount.is_volume or own.is_volume:
        return False
    whole, held = _norm(f"{own.source}/{root[len(own.target) :]}"), _norm(mount.source)
    return held in (whole, ".") or whole.startswith(f"{held}/")


def _norm(source: str) -> str:
    return posixpath.normpath(source) if source[:1] in "./~" else source


def _mounted(mount: Mount | None) -> str:
    if mount is None:
        return "which no volume holds"
    return (
        f"the {'volume' if mount.is_volume else 'directory'} {mount.source}"
        if mount.source
        else "a volume without name"
    )


def _configured(tree: Tree, prefix: str) -> Iterator[str]:
    """Directories that the web server's configuration names in its location of the prefix, or at all."""
    for name in front_files(tree, prefix, routed=True):
        text = tree.texts[name]
        after = text[text.find(prefix.rstrip("/")) :]
        yield from (found[1] for found in [_PATHS.search(after)] if found)


def _brings(deployment: Deployment, front: Service) -> bool:
    """Whether the image of the web server is built with the files."""
    image = deployment.image_of(front) if front.dockerfile else None
    if front.dockerfile and image is None:
        return True  # what is built there is not known
    steps = [each for stage in image.reached for each in stage.instructions] if image else []
    return any(each.name == "RUN" and "collectstatic" in each.text for each in steps) or any(
        each.name == "COPY" and re.search(r"static|public|assets", each.text) for each in steps
    )
