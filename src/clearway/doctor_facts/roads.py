"""The roads that the doctor walks: a few URLs that have to work, chosen from the project's own files."""

import os
import re
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path, PurePosixPath
from posixpath import splitext
from typing import Any
from urllib.parse import quote, unquote

from django.core.files.storage import storages
from django.urls import resolve

from clearway.doctor.facts import Sample, Settings, Sources, Walked
from clearway.doctor.stretches.configurations import all_directives
from clearway.doctor.stretches.mounts import mounts
from clearway.doctor.stretches.relation import named_hosts
from clearway.front_project import site_of
from clearway.fronts.described import Described
from clearway.fronts.front import BrokenFront, Front
from clearway.fronts.handed import sent_target
from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Visit
from clearway.fronts.site import Site
from clearway.fronts.trace import Trace
from clearway.fronts.visits import Resolved, UrlError, visit_of
from clearway.project import Project
from clearway.trace_project import TracedProject
from clearway.walking import Walker

from .asked import host_of, prefix_of, sample_of
from .uploads import file_fields

_DEEPEST = 4  # directories of MEDIA_ROOT that are looked into
_MOST = 2_000  # files of MEDIA_ROOT that are looked at
_KINDS = (
    *(".css", ".js", ".mjs", ".map", ".json", ".webmanifest", ".wasm", ".svg", ".png", ".jpg", ".webp", ".avif"),
    *(".ico", ".woff2", ".woff", ".ttf", ".mp4", ".pdf"),
)
_ACTIVE = (".html", ".htm", ".xhtml", ".shtml", ".svg", ".xml")  # what a browser may run as a page
_UPLOAD = "clearway-check.png"
_NAMED = re.compile(r"[A-Za-z][^*]*\.")  # a name, and not `localhost`, an address or `*`
_NOWHERE = "/clearway-check-nowhere"


def walked(
    settings: Settings, sources: Sources, front: Front | BrokenFront | None, options: Namespace
) -> Sequence[Walked]:
    """Every sample with its road."""
    project, settings = _mounted(Project.from_settings(), settings, front)
    resolved = Resolved.parse(options.resolve)
    walker = Walker(TracedProject(project), front, resolved, live=False)
    paths = front.paths if isinstance(front, Front) else PathMap()
    described: Described | None = getattr(options, "described", None)
    way = _Way(project, site_of(project, paths, "127.0.0.1:8000"), front, resolved, walker, described)
    static, media = (host_of(settings, name) for name in ("STATIC_URL", "MEDIA_URL"))
    samples = [
        *way.described_samples(settings, sources),
        *way.through(_static(project, sources, prefix_of(settings, "STATIC_URL")), static if way.site.static else None),
        *way.through(_media(project, prefix_of(settings, "MEDIA_URL")), media if way.site.media else None),
        *way.through([Sample("page", project.script)], ""),
    ]
    return tuple(sorted(samples, key=lambda each: each.is_described and each.sample.kind == "page"))


def _mounted(project: Project, settings: Settings, front: Front | BrokenFront | None) -> tuple[Project, Settings]:
    """With the script name that the front tells the application, where no setting has one."""
    path = next((path for path, _ in mounts(front)), "") if isinstance(front, Front) else ""
    if project.script != "/" or not path:
        return project, settings
    return replace(project, script=f"{path}/"), replace(settings, values={**settings.values, "FORCE_SCRIPT_NAME": path})


@dataclass(frozen=True)
class _Way:
    """Everything that is the same for all samples."""

    project: Project
    site: Site
    front: Front | BrokenFront | None
    resolved: Resolved
    walker: Walker
    described: Described | None = None

    def described_samples(self, settings: Settings, sources: Sources) -> Iterator[Walked]:
        """The URLs that fail, by the request that is described; one that is written to nowhere in particular: `/`."""
        if self.described is None:
            return
        nowhere = [] if self.described.is_reading else [self.project.script]
        for given in self.described.urls or nowhere:
            url = self._entrance("") + given if given.startswith("/") else given
            visit = self._visit(url)
            sample = sample_of(url, visit, self.described, settings, sources, self.site) if visit else None
            if visit and sample:
                trace = self.walker.walk(url, self.described)
                view = self._view(unquote(visit.target.partition("?")[0]))
                answered, asked = self._is_answered(sample, trace), self.described.visit(visit)
                yield Walked(sample, trace, asked, answered, is_described=True, has_view=view is not None)

    def through(self, samples: Iterator[Sample] | Sequence[Sample], host: str | None) -> Iterator[Walked]:
        """Samples on a host, empty for the site's own; none where the files are kept elsewhere."""
        if host is None or (host and not self._answers_for(host)):
            return
        origin = self._entrance(host)
        described = self.described if self.described and self.described.is_anywhere else None
        for sample in samples:
            url = origin + sample.url
            trace, visit = self.walker.walk(url, described), self._visit(url)
            visit = described.visit(visit) if visit and described else visit
            is_described = bool(described and described.host and sample.kind == "page")
            yield Walked(sample, trace, visit, self._is_answered(sample, trace), is_described)

    def _answers_for(self, host: str) -> bool:
        """Whether a host is the project's, or one that the front names: else a CDN or a bucket answers."""
        if any(host == name.removeprefix(".") for name in self.site.hosts):
            return True
        if not isinstance(self.front, Front):
            return False
        keys = (key.text for block in getattr(self.front.configuration, "sites", ()) for key in block.keys)
        words = (word for each in all_directives(self.front.configuration) for word in each.words)
        return any(host in named for named in (*keys, *words))

    def _entrance(self, host: str) -> str:
        """Where browsers come in, as the beginning of a URL; empty where the settings alone say it."""
        if not isinstance(self.front, Front):
            return ""
        checking: Any = import_module(f"clearway.fronts.{self.front.name}.checking")
        site = replace(self.site, hosts=(host,) if host else self._hosts(self.front))
        visit = checking.entrance_of(site, self.front.configuration, self.front.files)
        return f"{visit.scheme}://{visit.host}:{visit.port}"

    def _hosts(self, front: Front) -> tuple[str, ...]:
        """The hosts of the site: those that the front names first; where the settings name none, the front's."""
        own = [host.removeprefix(".") for host in self.site.hosts if _NAMED.search(host)]
        named = named_hosts(front)
        if not own:
            return tuple(host for host in named if self._is_passed_on(front, host)) or self.site.hosts
        return tuple(sorted(own, key=lambda host: host.lower() not in named))

    def _is_passed_on(self, front: Front, host: str) -> bool:
        """Whether the front hands pages of a host to an application."""
        checking: Any = import_module(f"clearway.fronts.{front.name}.checking")
        visit = checking.entrance_of(replace(self.site, hosts=(host,)), front.configuration, front.files)
        return bool(front.route(front.configuration, visit, front.files).outcome.by == "application")

    def _visit(self, url: str) -> Visit | None:
        try:
            return visit_of(url, self.resolved)
        except UrlError:
            return None

    def _is_answered(self, sample: Sample, trace: Trace) -> bool:
        """Whether the application has the file, or a view that is there for such files and not for everything."""
        outcome = trace.road.outcome
        if outcome.by == "catalog":
            return outcome.status is not None and outcome.status < 400
        if outcome.by != "application":
            return False
        if outcome.status is not None:
            return outcome.status < 400
        visit = self._visit(trace.url)
        view = self._view(unquote(sent_target(visit, outcome).partition("?")[0]) if visit else "")
        return view is not None and (sample.kind == "page" or view is not _view(f"{_NOWHERE}/{sample.name}"))

    def _view(self, path: str) -> Any:
        script = self.project.script[:-1]
        return _view(path[len(script) :] if script and path.startswith(f"{script}/") else path)


def _view(path: str) -> Any:
    """What the URL patterns make of a path; None for nothing."""
    try:
        return resolve(path).func
    except Exception:  # a URLconf is a program: anything can happen in it
        return None


def _static(project: Project, sources: Sources, prefix: str) -> Iterator[Sample]:
    """A file of the admin, one of the project, and one of each kind; those with a hash besides."""
    chosen: dict[str, None] = {}
    kinds: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    for name in sources.files:
        kinds.get(splitext(name)[1].lower(), []).append(name)
    for named in kinds.values():
        chosen |= dict.fromkeys(named[:1])
        chosen |= dict.fromkeys([name for name in named if not _is_installed(sources.files[name])][:1])
        chosen |= dict.fromkeys([name for name in named if name.startswith("admin/")][:1])
    for name in chosen:
        for each in dict.fromkeys([name, _published(name) or name]):
            file = str(Path(project.static_root, each)) if project.static_root else ""
            yield Sample("static", quote(prefix + each), each, file, prefix)


def _is_installed(path: str) -> bool:
    return "-packages" in path


def _published(name: str) -> str:
    """The name that a manifest gives; empty where there is none."""
    try:
        storage: Any = storages["staticfiles"]
        found = storage.stored_name(name) if hasattr(storage, "stored_name") else ""
    except Exception:  # the checks of storage and manifest tell what is wrong
        return ""
    return str(found)


def _media(project: Project, prefix: str) -> Iterator[Sample]:
    """The first file of MEDIA_ROOT, and the first of an active type; without any, one as the file fields will make."""
    if not (project.media_root and project.media_prefix):
        return
    names = list(_uploaded(Path(project.media_root)))
    active = [name for name in names if PurePosixPath(name).suffix.lower() in _ACTIVE]
    wanted = dict.fromkeys([*names[:1], *active[:1]] or ([_UPLOAD] if file_fields() else []))
    for name in wanted:
        yield Sample("media", quote(prefix + name), name, str(Path(project.media_root, name)), prefix)


def _uploaded(root: Path) -> Iterator[str]:
    left = _MOST
    for folder, directories, names in os.walk(root):
        if len(Path(folder).relative_to(root).parts) >= _DEEPEST:
            directories.clear()
        directories.sort()
        for name in sorted(names)[:left]:
            left -= 1
            if name[0] != ".":
                yield Path(folder, name).relative_to(root).as_posix()
