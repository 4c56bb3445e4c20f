"""Manifests of Kubernetes: pods with their containers and volumes, services, ingresses, configurations."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from clearway.doctor.facts import Facts, Tree, optional
from clearway.fronts.road import Location

from .command import Command, Phase
from .compose import Mount, Service
from .documents import parts
from .yaml import Document

_PODS = {
    "Pod": ("spec",),
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"), ("spec", "template", "spec")),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
_STOCK = frozenset({"nginx", "nginx-unprivileged", "caddy", "httpd", "apache", "openresty", "angie"})
_OTHERS = frozenset(
    {"postgres", "postgresql", "redis", "memcached", "rabbitmq", "mysql", "mariadb", "busybox", "alpine", "envoy"}
    | {"cloud-sql-proxy", "gce-proxy", "elasticsearch", "opensearch", "minio", "mailhog", "flower"}
)
EMPTY = "emptyDir"


@dataclass(frozen=True)
class Manifest:
    """One document of a file."""

    file: str
    document: Document

    @property
    def kind(self) -> str:
        return str(self.document.get("kind") or "")

    @property
    def name(self) -> str:
        return str(self.document.get("metadata", "name") or "")


@dataclass(frozen=True)
class Pod:
    """The containers that run, those that run before them, and kinds of volumes by the source of a mount."""

    manifest: Manifest
    labels: Mapping[str, str]
    containers: tuple[Service, ...]
    before: tuple[Service, ...]
    kinds: Mapping[str, str]
    ports: Mapping[str, tuple[str, ...]]  # numbers and names, by container

    @property
    def fronts(self) -> list[Service]:
        """Stock images of web servers: what others bring is not known."""
        return [each for each in self.containers if _base(each.image) in _STOCK]

    @property
    def is_for_work(self) -> bool:
        """Whether it runs to its end, as collectstatic in a job does."""
        return self.manifest.kind in ("Job", "CronJob")


@dataclass(frozen=True)
class Cluster:
    """What all manifests of a project describe."""

    papers: Tree

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        return tuple(
            Manifest(name, each)
            for name, text in self.papers.texts.items()
            if name.endswith((".yaml", ".yml"))
            for each in parts(text)
            if each.get("kind") and each.get("apiVersion")
        )

    @cached_property
    def pods(self) -> tuple[Pod, ...]:
        return tuple(_pod(each, _PODS[each.kind]) for each in self.manifests if each.kind in _PODS)

    @cached_property
    def app(self) -> tuple[Pod, Service] | None:
        """The container that runs Django: the one beside a web server, else the one whose image is nobody's stock."""
        running = [each for each in self.pods if not each.is_for_work]
        ours = [(pod, own) for pod in running for own in pod.containers if own not in pod.fronts and _is_own(own)]
        return next((each for each in ours if _serves(each[1])), ours[0] if len(ours) == 1 else None)

    @cached_property
    def fronts(self) -> tuple[tuple[Pod, Service], ...]:
        return tuple((pod, each) for pod in self.pods for each in pod.fronts)

    @cached_property
    def commands(self) -> tuple[tuple[Pod, Service, Command], ...]:
        """All that containers run, those before and in jobs included."""
        return tuple(
            (pod, each, Command(text, Phase.START, self.papers.location(pod.manifest.file, line)))
            for pod in self.pods
            for each in (*pod.containers, *pod.before)
            for text, line in each.commands
        )

    @cached_property
    def configurations(self) -> Tree:
        """Texts in ConfigMaps, as files of web servers are named."""
        texts: dict[str, str] = {}
        for each in self.manifests:
            data = each.document.get("data") if each.kind == "ConfigMap" else None
            for key, text in data.items() if isinstance(data, dict) else ():
                texts[f"{each.file}/{key}{'' if key.endswith(('.conf', 'Caddyfile')) else '.conf'}"] = str(text)
        return Tree(self.papers.root, texts)

    def fills(self, source: str) -> bool:
        """Whether some container collects or copies into a volume."""
        return any(
            (each.collects or _copies(each.text, mount.target))
            for _, container, each in self.commands
            for mount in container.mounts
            if mount.source == source
        )

    def of_kind(self, kind: str) -> Iterator[Manifest]:
        return (each for each in self.manifests if each.kind == kind)

    def location(self, manifest: Manifest, *path: str | int) -> Location:
        return self.papers.location(manifest.file, manifest.document.line(*path))


def cluster(facts: Facts) -> Cluster:
    """Of the files of the project; without any where they are not to be had."""
    return Cluster(optional(lambda: facts.papers) or Tree("", {}))


def _pod(manifest: Manifest, path: tuple[str, ...]) -> Pod:
    spec = manifest.document.get(*path)
    spec = spec if isinstance(spec, dict) else {}
    sources = dict(_volumes(manifest, spec.get("volumes")))
    read = {
        key: tuple(_containers(manifest, (*path, key), spec.get(key), sources))
        for key in ("containers", "initContainers")
    }
    labels = manifest.document.get(*path[:-1], "metadata", "labels") or manifest.document.get("metadata", "labels")
    return Pod(
        manifest,
        labels if isinstance(labels, dict) else {},
        tuple(each for each, _ in read["containers"]),
        tuple(each for each, _ in read["initContainers"]),
        dict(sources.values()),
        {each.name: ports for each, ports in read["containers"]},
    )


def _volumes(manifest: Manifest, given: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    """(name, (what it is, its kind)): a claim is one for all pods, another volume is each pod's own."""
    templates = manifest.document.get("spec", "volumeClaimTemplates")
    for each in templates if isinstance(templates, list) else ():
        name = str((each.get("metadata") or {}).get("name")) if isinstance(each, dict) else ""
        yield name, (f"{manifest.name}/{name}", "persistentVolumeClaim")
    for each in given if isinstance(given, list) else ():
        if isinstance(each, dict):
            name, kind = str(each.get("name")), next((key for key in each if key != "name"), EMPTY)
            claim = (each.get(kind) or {}).get("claimName") if isinstance(each.get(kind), dict) else None
            yield name, (str(claim) if claim else f"{manifest.name}/{name}", kind)


def _containers(
    manifest: Manifest, path: tuple[str, ...], given: Any, sources: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[Service, tuple[str, ...]]]:
    for place, entry in enumerate(given if isinstance(given, list) else ()):
        if isinstance(entry, dict):
            here: tuple[str | int, ...] = (*path, place)
            service = Service(
                str(entry.get("name") or ""),
                str(entry.get("image") or ""),
                "",
                "",
                tuple(_mounts(manifest.document, here, entry.get("volumeMounts"), sources)),
                tuple(_commands(manifest.document, here, entry)),
                {},
                str(entry.get("workingDir") or ""),
                manifest.document.line(*here),
            )
            yield service, tuple(_ports(entry.get("ports")))


def _mounts(
    document: Document, here: tuple[str | int, ...], given: Any, sources: Mapping[str, tuple[str, str]]
) -> Iterator[Mount]:
    for place, each in enumerate(given if isinstance(given, list) else ()):
        if isinstance(each, dict) and each.get("mountPath"):
            source = sources.get(str(each.get("name")), (str(each.get("name")), ""))[0]
            below = str(each.get("subPath") or "")
            target = posixpath.normpath(str(each["mountPath"]))
            yield Mount(f"{source}/{below}" if below else source, target, document.line(*here, "volumeMounts", place))


def _commands(document: Document, here: tuple[str | int, ...], entry: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    joined = [word for key in ("command", "args") for word in _words(entry.get(key))]
    if joined:
        yield " ".join(joined), document.line(*here, "command" if entry.get("command") else "args")
    lifecycle = entry.get("lifecycle")
    hook: Any = lifecycle.get("postStart") if isinstance(lifecycle, dict) else None
    words = _words((hook.get("exec") or {}).get("command")) if isinstance(hook, dict) else []
    if words:
        yield " ".join(words), document.line(*here, "lifecycle")


def _words(given: Any) -> Sequence[str]:
    return [str(each) for each in given] if isinstance(given, list) else [str(given)] if given else []


def _base(image: str) -> str:
    return posixpath.basename(image.partition("@")[0].lower()).partition(":")[0]


def _ports(given: Any) -> Iterator[str]:
    """Numbers and names."""
    for each in given if isinstance(given, list) else ():
        if isinstance(each, dict):
            yield from (str(each[key]) for key in ("containerPort", "name") if each.get(key))


def _is_own(container: Service) -> bool:
    """Whether an image may be the project's: none of the usual ones beside it."""
    return _base(container.image) not in _OTHERS


def _serves(container: Service) -> bool:
    from .deployment import SERVERS

    if any("celery" in text for text, _ in container.commands):
        return False
    return not container.commands or any(SERVERS.search(text) for text, _ in container.commands)


def _copies(text: str, target: str) -> bool:
    return target in text and any(word in text.split() or f"{word} " in text for word in ("cp", "rsync", "mv", "tar"))
