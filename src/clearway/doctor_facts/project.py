"""The facts of a project as the doctor asks for them: each is looked up once, or says why it is not to be had."""

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from clearway.doctor import facts
from clearway.doctor.facts import Unavailable
from clearway.doctor.live.seen import Live
from clearway.doctor.mandatory.system import Enforced, Roots, enforced
from clearway.fronts.described import Described
from clearway.fronts.front import BrokenFront, Front
from clearway.fronts.sandbox import label
from clearway.fronts.site import Site


class ProjectFacts:
    """Facts of the project whose settings were found, and of the front that the options name."""

    def __init__(self, options: Namespace, origin: facts.Origin | None) -> None:
        self._options, self._origin = options, origin
        self.left_out: dict[str, str] = {}

    @property
    def origin(self) -> facts.Origin:
        if self._origin is None:
            raise Unavailable("no settings were found; --settings names them")
        return self._origin

    @cached_property
    def settings(self) -> facts.Settings:
        self._need_settings()
        from .settings import settings_read

        return settings_read()

    @cached_property
    def static_storage(self) -> facts.Storage:
        self._need_settings()
        from .settings import storage

        return storage("staticfiles")

    @cached_property
    def media_storage(self) -> facts.Storage:
        self._need_settings()
        from .settings import storage

        return storage("default")

    @cached_property
    def process(self) -> facts.Process:
        self._need_settings()
        from .process import process

        with _configured():
            return process()

    @cached_property
    def start(self) -> facts.Start:
        if not getattr(self._options, "start", False):
            raise Unavailable("the application is started with --start only")
        self._need_settings()
        from .start import start

        return start()

    @cached_property
    def shadowed(self) -> Sequence[str]:
        self._need_settings()
        from .process import shadowed

        return shadowed()

    @cached_property
    def sources(self) -> facts.Sources:
        self._need_settings()
        from .files import sources

        return sources()

    @cached_property
    def collected(self) -> facts.Collected:
        self._need_settings()
        from .files import collected

        return collected(self.static_storage)

    @cached_property
    def manifest(self) -> facts.Manifest:
        self._need_settings()
        from .files import manifest

        return manifest(self.static_storage)

    @property
    def templates(self) -> Sequence[facts.Use]:
        return self._named_in_templates[0]

    @property
    def written(self) -> Sequence[facts.Use]:
        return self._named_in_templates[1]

    @cached_property
    def references(self) -> Sequence[facts.Use]:
        self._need_settings()
        from .references import references

        return references(self.sources, partial(self._leave_out, "references"))

    @cached_property
    def strays(self) -> Mapping[str, Sequence[str]]:
        self._need_settings()
        from .strays import strays

        uses = [*self.templates, *self.written, *self.references]
        return strays(self.sources, uses, partial(self._leave_out, "strays"))

    @cached_property
    def front(self) -> Front:
        if isinstance(self._opened, BrokenFront):
            raise Unavailable(f"the configuration of {self._opened.name} cannot be read: {self._opened.reason}")
        return self._opened

    @cached_property
    def broken_front(self) -> BrokenFront:
        if isinstance(self._opened, Front):
            raise Unavailable(f"the configuration of {self._opened.name} can be read")
        if not getattr(self._options, self._opened.name):
            raise Unavailable(f"a configuration of {self._opened.name} was found that nobody named")
        return self._opened

    @cached_property
    def site(self) -> Site:
        self._need_settings()
        from clearway.front_project import site_of
        from clearway.project import Project

        with _configured():
            return site_of(Project.from_settings(), self.front.paths, "127.0.0.1:8000")

    @cached_property
    def handed_off(self) -> Sequence[facts.HandOff]:
        self._need_settings()
        from .uploads import handed_off

        return handed_off(partial(self._leave_out, "handed_off"))

    @cached_property
    def private_roots(self) -> Sequence[facts.PrivateRoot]:
        self._need_settings()
        from .private import private_roots

        return private_roots()

    @cached_property
    def file_fields(self) -> Sequence[str]:
        self._need_settings()
        from .uploads import file_fields

        return file_fields()

    @property
    def described(self) -> Described:
        described: Described | None = getattr(self._options, "described", None)
        if described is None:
            raise Unavailable("no failing request was described; --url, --method, --header and --body-size do")
        return described

    @cached_property
    def roads(self) -> Sequence[facts.Walked]:
        self._need_settings()
        from .roads import walked

        front = self._opened if self._is_fronted else None
        with _configured():
            return walked(self.settings, self.sources, front, self._with_failing)

    @cached_property
    def live(self) -> Live:
        if not self._options.url:
            raise Unavailable("no --url was given")
        if not self.described.is_reading:
            raise Unavailable(f"{self.described.method} is never sent, only predicted")
        from .live import live

        front = self._opened if self._is_fronted else None
        return live(self, front, self._options, partial(self._leave_out, "live"))

    @cached_property
    def tree(self) -> facts.Tree:
        from .tree import tree

        return tree(Path.cwd(), partial(self._leave_out, "tree"))

    @cached_property
    def enforced(self) -> Enforced:
        worker = self.front.worker.worker.pid if self._is_fronted and isinstance(self._opened, Front) else None
        return enforced(Roots(), worker, label)

    @cached_property
    def papers(self) -> facts.Tree:
        from .papers import papers

        return papers(Path(self.tree.root), partial(self._leave_out, "papers"))

    @cached_property
    def _named_in_templates(self) -> tuple[Sequence[facts.Use], Sequence[facts.Use]]:
        self._need_settings()
        from .templates import named

        return named(partial(self._leave_out, "templates", "written"))

    @property
    def _with_failing(self) -> Namespace:
        """The options, with collected files that were seen to fail on the live site as URLs that fail."""
        live, described = facts.optional(lambda: self.live), facts.optional(lambda: self.described)
        if live is None or described is None:
            return self._options
        from .live import failing

        urls = dict.fromkeys((*described.urls, *failing(self, live)))
        return Namespace(**{**vars(self._options), "described": replace(described, urls=tuple(urls))})

    @property
    def _is_fronted(self) -> bool:
        try:
            return bool(self._opened)
        except Unavailable:
            return False

    @cached_property
    def _opened(self) -> Front | BrokenFront:
        from clearway.walking import front_of

        front = front_of(self._options)
        if front is None:
            raise Unavailable("no web server's configuration was found; --nginx, --caddy or --apache names it")
        return front

    def _leave_out(self, *told: str) -> None:
        """The names of facts, and last what is left out of them."""
        self.left_out |= dict.fromkeys(told[:-1], told[-1])

    def _need_settings(self) -> None:
        if self.origin.problem:
            raise Unavailable(self.origin.failure)


@contextmanager
def _configured() -> Iterator[None]:
    """What settings leave out of which Django makes no project, or which name what cannot be read; checks say why."""
    from django.core.exceptions import ImproperlyConfigured

    try:
        yield
    except ImproperlyConfigured as error:
        raise Unavailable(f"the settings make no project: {error}") from error
    except OSError as error:
        raise Unavailable(f"{error.filename} cannot be read: {error.strerror}") from error
