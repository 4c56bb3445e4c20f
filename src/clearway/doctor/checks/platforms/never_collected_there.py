"""No step of the deployment runs collectstatic.

What it means
    The image or the platform's build has the sources, and nobody puts the files into STATIC_ROOT. What a command
    before the release writes there is lost on most platforms: it runs on a machine of its own.

Why it breaks in production but not locally
    runserver answers from the sources; or collectstatic was run by hand, and its result is not part of the deployment.

See it yourself
    List STATIC_ROOT inside of the running container or instance.

Fix
    Run collectstatic where the result stays: RUN in the Dockerfile, the build command of the platform, or before the
    server in its start command.

When to ignore
    Where the collected files are committed, or come from elsewhere.
"""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.deployed.command import Command, Phase
from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.deployed.kubernetes import cluster
from clearway.doctor.facts import Facts, Tree, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.fronts.road import Location

RULE = Rule(
    "CW801",
    "never-collected-there",
    "not-collected",
    Level.ERROR,
    Layer.COLLECTION,
    ("settings", "static_storage", "tree"),
    ("collected", "front", "papers"),
)
_BEFORE = "runs it before the release, on a machine of its own"
_IN_STAGE = "runs it in another stage, from which the last one does not copy the result"
_ELSEWHERE = ("appengine",)  # collected by hand before the deployment


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    if settings["DEBUG"] or not settings["STATIC_ROOT"] or not facts.static_storage.is_local:
        return
    deployment = Deployment(facts.tree)
    where = _where(deployment)
    if _needs_no_copy(facts) or _is_there(facts, deployment):
        return
    run = [*deployment.commands, *(command for _, _, command in cluster(facts).commands)]
    left = [each for each in deployment.commands if each.collects and _is_left_behind(facts, deployment, each)]
    kept = [each for each in run if each.collects and each.phase != Phase.RELEASE and each not in left]
    if where is None or kept:
        return
    lost = next(iter((*left, *(each for each in deployment.commands if each.collects))), None)
    title, location, how = where
    yield RULE.finding(
        f"the deployment by {title} does not run collectstatic where its result stays",
        f"{location.file} describes the deployment",
        f"{lost.location.file}:{lost.location.line} {_IN_STAGE if lost in left else _BEFORE}"
        if lost
        else f"none of its {len(deployment.commands)} commands runs collectstatic",
        f"STATIC_ROOT = {settings['STATIC_ROOT']}",
        location=lost.location if lost else location,
        effect=f"{deployment.inside(str(settings['STATIC_ROOT']))} is empty there, every static URL is 404",
        fix=Fix(how),
        breaks=frozenset({"static"}),
    )


def _where(deployment: Deployment) -> tuple[str, Location, str] | None:
    """(who builds it, where that is written, what to do); None where something collects by itself, or nobody builds."""
    platform = next((each for each in deployment.platforms if each.name not in _ELSEWHERE), None)
    image = deployment.image
    if platform and (platform.collects or (platform.name == "fly" and not image)):
        return None
    in_build = "add python manage.py collectstatic --noinput to the build command"
    if platform and not (image and platform.name in ("fly", "railway", "heroku", "digitalocean", "render")):
        return platform.title, platform.location, in_build
    if image and any(each.name in ("COPY", "ADD") for stage in image.chain for each in stage.instructions):
        line = image.stages[-1].instructions[-1].line if image.stages[-1].instructions else 1
        here = deployment.tree.location(image.file, line)
        return image.file, here, "add RUN python manage.py collectstatic --noinput after the sources are copied"
    return None


def _is_left_behind(facts: Facts, deployment: Deployment, command: Command) -> bool:
    """Whether a stage of the image collects, of which the image does not get STATIC_ROOT."""
    image = deployment.image
    if not image or command.location.file != deployment.tree.location(image.file, 1).file:
        return False
    inside = posixpath.relpath(str(facts.settings["STATIC_ROOT"]), deployment.context)
    return not inside.startswith("..") and image.leaves_behind(command.location.line, inside)


def _needs_no_copy(facts: Facts) -> bool:
    """Whether the files are answered from their sources."""
    names = ("WHITENOISE_USE_FINDERS", "SERVESTATIC_USE_FINDERS")
    return any(facts.settings.get(name) for name in names)


def _is_there(facts: Facts, deployment: Deployment) -> bool:
    """Whether files were collected here and nothing keeps them out of the deployment, or a volume may have them."""
    collected, front = optional(lambda: facts.collected), optional(lambda: facts.front)
    if deployment.app and deployment.app.mount_of(deployment.inside(str(facts.settings["STATIC_ROOT"]))):
        return True  # what was once collected by hand stays on the volume
    if not collected or not collected.sizes:
        return False
    root = Path(collected.root)
    if (front and not front.found) or not root.is_relative_to(facts.tree.root):
        return True  # this machine answers
    names = (".dockerignore",) if deployment.image else (".gitignore", ".gcloudignore")
    return not any(_is_ignored(facts.tree, name, root) for name in names)


def _is_ignored(tree: Tree, name: str, root: Path) -> bool:
    inside = root.relative_to(tree.root).as_posix()
    entries = (
        line.strip().strip("/").removesuffix("/*").removesuffix("/**") for line in tree.texts.get(name, "").splitlines()
    )
    return any(entry and re.fullmatch(re.escape(entry).replace(r"\*", "[^/]*"), inside) for entry in entries)
