"""What `clearway trace` says of a view for private files: who decides, and which road carries them."""

from typing import Any

from django.core.files.storage import storages

from .conf import conf
from .fronts import handing
from .fronts.rendering.words import short
from .fronts.road import Step
from .media.private_setting import Private
from .settings_lines import line_of

_VIEW = "clearway.media.private.view"


def private_step(view: Any) -> Step | None:
    """None for any other view."""
    if getattr(view, "__module__", None) != _VIEW:
        return None
    said = f"a private file: the permission decides; {_road(conf().media.private)}"
    return Step("application", said, line_of("CLEARWAY"))


def _road(private: Private) -> str:
    road = _of_storage()
    name = getattr(road, "name", private.road)
    if name == handing.ACCEL:
        return f"nginx sends it from {getattr(road, 'internal', private.internal)} (X-Accel-Redirect)"
    if name == handing.SENDFILE:
        return f"the server sends it from {short(str(private.root or ''))} (X-Sendfile)"
    return f"road {name}"


def _of_storage() -> Any:
    """The road of the storage that private files are in as a rule; None where it cannot be made."""
    try:
        storage: Any = storages["private"]
        return storage.road
    except Exception:  # a storage is a program: anything can happen while it is made
        return None
