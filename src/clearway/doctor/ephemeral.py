"""Whether what a site writes on its disk is lost: by its platform, or with its container."""

from dataclasses import dataclass

from clearway.fronts.road import Location

from .deployed.deployment import Deployment
from .deployed.kubernetes import EMPTY, Cluster, cluster
from .facts import Facts, optional


@dataclass(frozen=True)
class Lost:
    """Who loses it, why, and where that is written."""

    by: str
    why: str
    location: Location


def lost(facts: Facts, deployment: Deployment) -> Lost | None:
    """Of files in MEDIA_ROOT; None where they survive, or where that cannot be told."""
    root = str(facts.settings["MEDIA_ROOT"] or "")
    storage = optional(lambda: facts.media_storage)
    if not root or not storage or not storage.is_local or facts.settings["DEBUG"]:
        return None
    front = optional(lambda: facts.front)
    if front and not front.found:
        return None  # a machine with a web server of its own
    inside = deployment.inside(root)
    for platform in deployment.platforms:
        if not any(_covers(disk, inside) or _covers(disk, root) for disk in platform.disks):
            kept = f"none of its disks ({', '.join(platform.disks)}) has it" if platform.disks else "it mounts no disk"
            return Lost(platform.title, f"{inside} is on the disk of {platform.title}, and {kept}", platform.location)
    app = deployment.app
    if app and not app.mount_of(inside):
        where = deployment.tree.location(deployment.compose_file, app.line)
        return Lost(f"the container {app.name}", f"the service {app.name} mounts nothing at {inside}", where)
    return _of_pod(cluster(facts), inside)


def _of_pod(manifests: Cluster, inside: str) -> Lost | None:
    """A pod's own disk, and its emptyDir, go with it."""
    if not manifests.app:
        return None
    pod, app = manifests.app
    mount = app.mount_of(inside)
    if mount and pod.kinds.get(mount.source) != EMPTY:
        return None
    line, said = (mount.line, f"an emptyDir at {mount.target}") if mount else (app.line, f"nothing at {inside}")
    where = manifests.papers.location(pod.manifest.file, line)
    return Lost(f"the pod {pod.manifest.name}", f"the container {app.name} mounts {said}", where)


def _covers(disk: str, path: str) -> bool:
    return path == disk or path.startswith(f"{disk.rstrip('/')}/")
