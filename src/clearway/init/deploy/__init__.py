"""Files with which a project is deployed: a unit, an image, a pipeline. Each writer is text from one description."""

from collections.abc import Callable, Mapping

from . import compose, docker, github, gitlab, procfile, systemd
from .site import Deployed

WRITERS: Mapping[str, Callable[[Deployed], dict[str, str]]] = {
    "systemd": systemd.files,
    "docker": docker.files,
    "compose": compose.files,
    "github": github.files,
    "gitlab": gitlab.files,
    "procfile": procfile.files,
}

__all__ = ["WRITERS", "Deployed"]
