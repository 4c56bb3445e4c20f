"""The platforms that a project is deployed on, as its files tell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from clearway.doctor.facts import Tree
from clearway.fronts.road import Location

from .documents import documents

_OFF = "DISABLE_COLLECTSTATIC"


@dataclass(frozen=True)
class Platform:
    """`collects` is whether its build runs collectstatic by itself."""

    name: str
    title: str
    location: Location
    collects: bool = False
    disks: tuple[str, ...] = ()  # directories that survive


def platforms(tree: Tree) -> Iterator[Platform]:
    """Those whose files are there; a Procfile beside units or nginx's configuration is for a machine of its own."""
    found = [each for look in _LOOKS for each in look(tree)]
    yield from found
    is_own = any(name.endswith(".service") or "nginx" in name.lower() for name in tree.texts)
    if not found and not is_own and ("heroku.yml" in tree.texts or "Procfile" in tree.texts):
        name = "Procfile" if "Procfile" in tree.texts else "heroku.yml"
        collects = "heroku.yml" not in tree.texts and not _is_disabled(tree)
        yield Platform("heroku", "Heroku", tree.location(name), collects=collects)


def _is_disabled(tree: Tree) -> bool:
    given = [document.get("env", _OFF) for _, document in documents(tree, r"app\.json")]
    return any(_is_set(each.get("value") if isinstance(each, dict) else each) for each in given)


def _is_set(value: Any) -> bool:
    return str(value or "0") != "0"


def _fly(tree: Tree) -> Iterator[Platform]:
    for name, document in documents(tree, r"fly\.toml"):
        mounts = document.get("mounts") or document.get("mount") or []
        kept = [str(each.get("destination")) for each in (mounts if isinstance(mounts, list) else [mounts])]
        yield Platform("fly", "Fly.io", tree.location(name), disks=tuple(kept))


def _appengine(tree: Tree) -> Iterator[Platform]:
    for name, document in documents(tree, r"app\.ya?ml"):
        if document.get("runtime"):
            yield Platform("appengine", "App Engine", tree.location(name))


def _render(tree: Tree) -> Iterator[Platform]:
    for name, document in documents(tree, r"render\.ya?ml"):
        found = document.get("services")
        entries = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
        kept = [str(each["disk"].get("mountPath")) for each in entries if isinstance(each.get("disk"), dict)]
        kinds = {str(each.get("env", each.get("runtime"))) for each in entries} - {"static"}
        is_built_elsewhere = kinds <= {"docker", "image"} and not any("ockerfile" in each for each in tree.texts)
        if kinds:
            yield Platform("render", "Render", tree.location(name), collects=is_built_elsewhere, disks=tuple(kept))


def _railway(tree: Tree) -> Iterator[Platform]:
    for name, document in documents(tree, r"railway\.(json|toml)", r"nixpacks\.toml"):
        path = document.get("deploy", "requiredMountPath")
        yield Platform("railway", "Railway", tree.location(name), disks=(str(path),) if path else ())
        return


def _digitalocean(tree: Tree) -> Iterator[Platform]:
    for name, document in documents(tree, r"\.do/(app|deploy\.template)\.ya?ml"):
        if document.get("services") or document.get("spec"):
            has_pack = not _disables(document.value) and "dockerfile_path" not in tree.texts[name]
            yield Platform("digitalocean", "App Platform", tree.location(name), collects=has_pack)


def _disables(value: Any) -> bool:
    """Whether an entry of `envs`, wherever it stands, turns collectstatic off."""
    if isinstance(value, dict):
        own = value.get("key") == _OFF and _is_set(value.get("value"))
        return own or any(_disables(each) for each in value.values())
    return isinstance(value, list) and any(map(_disables, value))


def _beanstalk(tree: Tree) -> Iterator[Platform]:
    named = sorted(name for name in tree.texts if name.startswith(".ebextensions/"))
    if named:
        yield Platform("beanstalk", "Elastic Beanstalk", tree.location(named[0]))


_Look = Callable[[Tree], Iterator[Platform]]
_LOOKS: tuple[_Look, ...] = (_fly, _appengine, _render, _railway, _digitalocean, _beanstalk)
