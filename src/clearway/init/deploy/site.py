"""What a deployed project is, as far as the files of its deployment have to know."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from posixpath import isabs, join

IN_IMAGE = "/app"
_NEEDED = re.compile(r"""\bos\.environ\[\s*["'](\w+)["']\s*\]|\benv(?:\.\w+)?\(\s*["'](\w+)["']\s*\)""")


@dataclass(frozen=True)
class Deployed:
    """Paths have `/` and are relative to the repository; where they are outside of it, they are absolute.

    name          of the unit, the user and the image
    settings      the module
    application   what the server runs: "shop.wsgi" or "shop.asgi:application"
    is_async      whether it is an ASGI application
    folder        where manage.py is; empty for the repository itself
    static_root   where collectstatic writes
    media_root    of uploads; empty where there are none
    requirements  the file with them; empty where pyproject.toml says them
    python        "3.13"
    variables     of the environment without which the settings do not load
    """

    name: str
    settings: str
    application: str
    is_async: bool
    folder: str
    static_root: str
    media_root: str
    requirements: str
    python: str
    variables: tuple[str, ...] = ()

    @property
    def server(self) -> str:
        """The words that start gunicorn, without where it listens."""
        worker = "clearway.uvicorn.Worker" if self.is_async else "clearway.gunicorn.ThreadWorker --threads 8"
        return f"gunicorn {self.application} --workers 2 -k {worker}"

    @property
    def install(self) -> str:
        """The words that install the project's packages."""
        return f"python -m pip install {f'-r {self.requirements}' if self.requirements else '.'}"

    @property
    def manage(self) -> str:
        """The words before a command of Django, in the repository."""
        return f"python {join(self.folder, 'manage.py')}"

    @property
    def collect(self) -> str:
        """Collecting, where none of the secrets is known."""
        return f"{self._unknown}{self.manage} collectstatic --noinput"

    @property
    def verify(self) -> str:
        """Comparing what was collected with its record, likewise."""
        return f"{self._unknown}{self.manage} clearway verify"

    @property
    def _unknown(self) -> str:
        return "".join(f"{name}=none " for name in self.variables)

    @property
    def roots(self) -> list[str]:
        """Of static files and uploads, those that are there."""
        return [root for root in (self.static_root, self.media_root) if root]

    @property
    def ignored(self) -> list[str]:
        """Those in the repository, which belong to the machine that has it."""
        return [root for root in self.roots if not isabs(root)]


def in_image(path: str) -> str:
    """Where a path of the repository is in an image."""
    return join(IN_IMAGE, path) if path else IN_IMAGE


def needed_variables(texts: Iterable[str]) -> tuple[str, ...]:
    """The variables that settings take from the environment and have no other value for."""
    found = (each for text in texts for pair in _NEEDED.findall(text) for each in pair if each)
    return tuple(dict.fromkeys(found))


def safe_name(name: str) -> str:
    """A name that units, users and images can have."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:31].strip("-") or "site"
