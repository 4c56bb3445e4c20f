"""A volume hides the files that the image brings.

What it means
    collectstatic runs while the image is built, and a volume is mounted over STATIC_ROOT. A named volume is filled
    from the image only while it is empty, so it keeps the files of the first deployment; a directory of the machine
    is never filled.

Why it breaks in production but not locally
    The first deployment works: the volume is still empty.

See it yourself
    docker compose run --rm web ls -l the/STATIC_ROOT, and the same with docker run on the image alone

Fix
    Run collectstatic when the container starts, or leave the volume out.

When to ignore
    Where the volume is removed with each deployment.
"""

from collections.abc import Iterator

from clearway.doctor.deployed.command import Command, Phase
from clearway.doctor.deployed.compose import Mount
from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.deployed.kubernetes import EMPTY, Cluster, cluster
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.fronts.road import Location

RULE = Rule(
    "CW805",
    "volume-shadow",
    "volume-shadow",
    Level.ERROR,
    Layer.PLATFORM,
    ("settings", "static_storage", "tree"),
    ("papers",),
)


def look(facts: Facts) -> Iterator[Finding]:
    settings, deployment, manifests = facts.settings, Deployment(facts.tree), cluster(facts)
    if settings["DEBUG"] or not settings["STATIC_ROOT"] or not facts.static_storage.is_local:
        return
    built = [each for each in deployment.commands if each.collects and each.phase == Phase.BUILD]
    if not built or any(each.collects and each.phase == Phase.START for each in deployment.commands):
        return
    root = deployment.inside(str(settings["STATIC_ROOT"]))
    for what, where, kind in (*_covering(deployment, root), *_over(manifests, root)):
        yield _finding(built[0], root, what, where, kind)
        return


def _finding(built: Command, root: str, what: str, where: Location, kind: str) -> Finding:
    return RULE.finding(
        f"{what} hides the files that the image brings",
        f"{built.location.file}:{built.location.line} collects while the image is built",
        f"{where.file}:{where.line} mounts {what} over {root}",
        f"a {kind}",
        location=where,
        effect="static files stay as they were when the volume was made, or are not there at all",
        fix=Fix(f"run collectstatic when the container starts, or mount nothing over {root}"),
        breaks=frozenset({"static"}),
    )


def _covering(deployment: Deployment, root: str) -> Iterator[tuple[str, Location, str]]:
    app = deployment.app
    mount = app.mount_of(root) if app else None
    if mount and mount.source:
        yield _named(mount), deployment.tree.location(deployment.compose_file, mount.line), _kind(mount)
    for platform in deployment.platforms:
        for disk in platform.disks:
            if root == disk or root.startswith(f"{disk.rstrip('/')}/"):
                yield f"the disk at {disk}", platform.location, "disk is never filled from the image"


def _over(manifests: Cluster, root: str) -> Iterator[tuple[str, Location, str]]:
    """What a pod mounts there that nothing fills; a claim with a copy step is filled again with each start."""
    pod, app = manifests.app or (None, None)
    mount = app.mount_of(root) if app else None
    if pod is None or mount is None or manifests.fills(mount.source):
        return
    where = manifests.papers.location(pod.manifest.file, mount.line)
    kind = pod.kinds.get(mount.source.partition("/")[0], pod.kinds.get(mount.source, ""))
    if kind == EMPTY:
        yield f"the emptyDir {mount.source.rpartition('/')[2]}", where, "emptyDir is empty when its pod starts"
    elif kind in ("persistentVolumeClaim", "hostPath", "nfs"):
        yield f"the volume {mount.source}", where, "volume of a cluster is never filled from the image"


def _named(mount: Mount) -> str:
    return f"the {'volume' if mount.is_volume else 'directory'} {mount.source}"


def _kind(mount: Mount) -> str:
    if mount.is_volume:
        return "volume is filled from the image once, while it is empty"
    return "directory of the machine is never filled from the image"
