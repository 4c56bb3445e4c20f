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
from collections.abc import Iterator, Sequence

from clearway.doctor.deployed.compose import Mount, Service
from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.deployed.kubernetes import cluster
from clearway.doctor.facts import Facts, Tree
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.serving import front_files, prefix_of
from clearway.fronts.road import Location

RULE = Rule(
    "CW804",
    "volume-not-shared",
    "volume-not-shared",
    Level.ERROR,
    Layer.PLATFORM,
    ("settings", "process", "static_storage", "tree"),
    ("papers",),
)
_PATHS = re.compile(r"(?:^|[{;])\s*(?:alias|root\s+\*|root|Alias\s+\S+|<Directory)\s+\"?(/[^\s;\">]*)", re.MULTILINE)


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    if settings["DEBUG"] or facts.process.answers or not settings["STATIC_ROOT"] or not facts.static_storage.is_local:
        return
    yield from (each for each in (_of_compose(facts) or _of_cluster(facts),) if each)


def _of_compose(facts: Facts) -> Finding | None:
    deployment = Deployment(facts.tree)
    fronts, app = [each for each in deployment.services if each.is_front], deployment.app
    if not fronts or not app or any(_brings(deployment, each) for each in fronts):
        return None
    root, paths = _places(facts, deployment, facts.tree)
    own = app.mount_of(root)
    for front in fronts:
        if not _is_shared(own, front, root, paths):
            where = facts.tree.location(deployment.compose_file, front.line)
            return _finding(app, front, own, root, paths, where)
    return None


def _of_cluster(facts: Facts) -> Finding | None:
    """Containers of pods, which share what one claim, or one volume of their pod, holds."""
    manifests, deployment = cluster(facts), Deployment(facts.tree)
    if not manifests.app or not manifests.fronts:
        return None
    home, app = manifests.app
    root, paths = _places(facts, deployment, manifests.configurations)
    own = app.mount_of(root)
    for pod, front in manifests.fronts:
        is_meant = pod is home or bool(paths)  # one of another pod may be there for something else
        is_filled = any(manifests.fills(mount.source) for mount in front.mounts)
        if is_meant and not is_filled and not _is_shared(own, front, root, paths):
            where = manifests.papers.location(pod.manifest.file, front.line)
            return _finding(app, front, own, root, paths, where)
    return None


def _places(facts: Facts, deployment: Deployment, texts: Tree) -> tuple[str, list[str]]:
    """STATIC_ROOT in the container, and where the web server's configuration looks."""
    root = deployment.inside(str(facts.settings["STATIC_ROOT"]))
    return root, list(_configured(texts, prefix_of(facts, "static")))


def _finding(
    app: Service, front: Service, own: Mount | None, root: str, paths: Sequence[str], where: Location
) -> Finding:
    return RULE.finding(
        f"the container {front.name} does not have the files that {app.name} collects",
        f"{app.name} collects into {root}, {_mounted(own)}",
        *(f"{front.name} mounts {_mounted(mount)} at {mount.target}" for mount in front.mounts[:3]),
        *([] if front.mounts else [f"{front.name} mounts nothing"]),
        *([f"its configuration looks into {paths[0]}"] if paths else []),
        location=where,
        effect="every static URL is 404, though collectstatic ran",
        fix=Fix(f"mount one volume at {root} in {app.name} and at {paths[0] if paths else root} in {front.name}"),
        breaks=frozenset({"static"}),
    )


def _is_shared(own: Mount | None, front: Service, root: str, paths: Sequence[str]) -> bool:
    """Whether a mount of the front is that of the collected files, and where its configuration looks."""
    if own is None:
        return False
    alike = [each for each in front.mounts if each.is_volume == own.is_volume]
    shared = [each for each in alike if own.source and _norm(each.source) == _norm(own.source)]
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
