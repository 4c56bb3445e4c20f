"""The project side of `clearway trace`: what its settings expect of a URL, and what it answers itself."""

from typing import Any
from urllib.parse import unquote

from django.conf import settings

from .fronts.errors import FrontError
from .fronts.expectation import Expectation
from .fronts.road import Outcome, Road, Step, Visit
from .fronts.visits import Home


class TracedProject:
    """A project, or the reason why its settings cannot be read: then that is the first step of every road."""

    def __init__(self, project: Any, problem: str = "") -> None:
        self._project, self._problem = project, problem
        self._in_process: Any = None

    @classmethod
    def loaded(cls, *, must_load: bool) -> "TracedProject":
        """What Django's settings describe. Raises `FrontError` where they must load, and cannot."""
        try:
            import django
            from django.apps import apps

            if not apps.ready:
                django.setup()
            from .project import Project

            return cls(Project.from_settings())
        except Exception as error:  # settings are a program: anything can happen in them
            problem = f"the settings cannot be read: {type(error).__name__}: {error}"
            if must_load:
                raise FrontError(problem) from error
            return cls(None, problem)

    @property
    def home(self) -> Home:
        """Where a URL without a host is: the first host that the project answers for."""
        if self._project is None:
            return Home()
        hosts = [host.removeprefix(".") for host in settings.ALLOWED_HOSTS if host not in ("*", None)]
        return Home("https" if settings.SECURE_SSL_REDIRECT else "http", hosts[0] if hosts else "localhost")

    def expectation(self, visit: Visit) -> Expectation:
        """What is expected of a URL."""
        if self._project is None:
            return Expectation((Step("settings", self._problem, ok=False),))
        from .trace_steps import expectation

        path = unquote(visit.target.partition("?")[0], errors="surrogateescape")
        return expectation(self._project, path, live=self._is_live)

    def in_process(self, visit: Visit, target: str, *, is_file: bool) -> Road:
        """What the application answers, as far as that is Clearway's or a peer's."""
        if self._project is None:
            return Road((), Outcome("application", unknown="the settings cannot be read"))
        if self._in_process is None:
            from .in_process import InProcess

            self._in_process = InProcess(self._project)
        road: Road = self._in_process.road(visit, target, is_file=is_file)
        return road

    @property
    def _is_live(self) -> bool:
        live = self._project.conf.inherited.autorefresh
        return bool(self._project.debug if live is None else live)
