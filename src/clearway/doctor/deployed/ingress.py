"""Ingresses of a cluster: which container a URL leads to, and how large a body may be (ingress-nginx)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clearway.fronts.road import Location

from .compose import Service
from .kubernetes import Cluster, Manifest, Pod

_SIZE = "nginx.ingress.kubernetes.io/proxy-body-size"
_CLASS = "kubernetes.io/ingress.class"
_GLOBAL = "proxy-body-size"  # of the controller's ConfigMap
_MEGABYTE = 1 << 20
_UNITS = {"": 1, "k": 1 << 10, "m": _MEGABYTE, "g": 1 << 30}


@dataclass(frozen=True)
class Limit:
    """Octets of a body, 0 for no limit; `written` is empty where it is the controller's default."""

    octets: int
    written: str
    location: Location


@dataclass(frozen=True)
class Route:
    """A path of an ingress, and the service and port behind it."""

    path: str
    is_exact: bool
    service: str
    port: str
    location: Location

    def takes(self, path: str) -> bool:
        """Whether a URL's path is for it: whole parts count."""
        if self.is_exact:
            return path == self.path
        return self.path == "/" or path == self.path or path.startswith(f"{self.path.rstrip('/')}/")


def limit(cluster: Cluster) -> Limit | None:
    """Of the first ingress of ingress-nginx; None where nobody has one, or what holds for it is not known."""
    for each in cluster.of_kind("Ingress"):
        notes = each.document.get("metadata", "annotations")
        notes = notes if isinstance(notes, dict) else {}
        name = each.document.get("spec", "ingressClassName") or notes.get(_CLASS)
        if _SIZE in notes:
            octets = _octets(str(notes[_SIZE]))
            where = cluster.location(each, "metadata", "annotations", _SIZE)
            return None if octets is None else Limit(octets, f"{_SIZE}: {notes[_SIZE]}", where)
        if name == "nginx" and not _is_set_for_all(cluster):
            return Limit(_MEGABYTE, "", cluster.location(each, "metadata"))
    return None


def _is_set_for_all(cluster: Cluster) -> bool:
    data = (each.document.get("data") for each in cluster.of_kind("ConfigMap"))
    return any(isinstance(each, dict) and _GLOBAL in each for each in data)


def _octets(written: str) -> int | None:
    found = re.fullmatch(r"(\d+)([kmg]?)", written.strip(), re.IGNORECASE)
    return int(found[1]) * _UNITS[found[2].lower()] if found else None


def route(cluster: Cluster, path: str) -> Route | None:
    """The path of an ingress that a URL's path leads to: the longest."""
    found = [each for each in _routes(cluster) if each.takes(path)]
    return max(found, key=lambda each: (each.is_exact, len(each.path)), default=None)


def container(cluster: Cluster, taken: Route) -> tuple[Pod, Service] | None:
    """The container that listens behind a route; None where that is not written."""
    service = next((each for each in cluster.of_kind("Service") if each.name == taken.service), None)
    port = _target(service, taken.port) if service else ""
    selector = service.document.get("spec", "selector") if service else None
    if not port or not isinstance(selector, dict) or not selector:
        return None
    for pod in cluster.pods:
        if selector.items() <= pod.labels.items():
            for each in pod.containers:
                if port in pod.ports.get(each.name, ()):
                    return pod, each
    return None


def _routes(cluster: Cluster) -> Iterator[Route]:
    for each in cluster.of_kind("Ingress"):
        rules = each.document.get("spec", "rules")
        for place, rule in enumerate(rules if isinstance(rules, list) else ()):
            paths = (rule.get("http") or {}).get("paths") if isinstance(rule, dict) else None
            for number, entry in enumerate(paths if isinstance(paths, list) else ()):
                where = cluster.location(each, "spec", "rules", place, "http", "paths", number)
                yield from _of_entry(entry, where) if isinstance(entry, dict) else ()


def _of_entry(entry: dict[str, Any], where: Location) -> Iterator[Route]:
    """A path without signs of a regular expression, of which nothing is known here."""
    path, service = str(entry.get("path") or "/"), (entry.get("backend") or {}).get("service") or {}
    port = service.get("port") or {}
    if re.fullmatch(r"[\w./-]+", path):
        number = str(port.get("number") or port.get("name") or "")
        yield Route(path, entry.get("pathType") == "Exact", str(service.get("name") or ""), number, where)


def _target(service: Manifest, port: str) -> str:
    """The port of the container behind that of a service."""
    ports = service.document.get("spec", "ports")
    for each in ports if isinstance(ports, list) else ():
        if isinstance(each, dict) and port in (str(each.get("port")), str(each.get("name"))):
            return str(each.get("targetPort") or each.get("port"))
    return ""
