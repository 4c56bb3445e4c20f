"""`CLEARWAY["release"]`: how the value is read into a `Routine`."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .releasing.routine import MOMENTS, Command, Hook, Routine


def read_release(value: Any, name: str) -> Routine:
    """The value of the setting `name`. Raises `ImproperlyConfigured`, which says what is right."""
    given = _mapping(value, name, _READERS)
    return Routine(**{_FIELDS.get(key, key): _READERS[key](each, f"{name}[{key!r}]") for key, each in given.items()})


def command(value: Any, name: str) -> Command:
    """A text for the shell, or a list of words."""
    if isinstance(value, str) and value.strip():
        return Command(value)
    if isinstance(value, list | tuple) and value and all(isinstance(each, str) for each in value):
        return Command(tuple(value))
    raise ImproperlyConfigured(f"{name} must be a command: a text for the shell or a list of words, not {value!r}.")


def address(value: str) -> str:
    """The URL of a site. Raises `ValueError`."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{value!r} is not the address of a site; begin it with http:// or https://")
    return value


def _addresses(value: Any, name: str) -> tuple[str, ...]:
    try:
        return tuple(address(each) for each in ([value] if isinstance(value, str) else value) if each)
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None


def _path(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.startswith("/"):
        raise ImproperlyConfigured(f"{name} must be a path that begins with a slash, not {value!r}.")
    return value


def _paths(value: Any, name: str) -> tuple[str, ...]:
    return tuple(_path(each, name) for each in ([value] if isinstance(value, str) else value))


def _words(value: Any, name: str) -> tuple[str, ...]:
    if isinstance(value, str) or not all(isinstance(each, str) for each in value):
        raise ImproperlyConfigured(f"{name} must be a list of words, not {value!r}.")
    return tuple(value)


def _seconds(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ImproperlyConfigured(f"{name} must be seconds, 0 or more, not {value!r}.")
    return float(value)


def _hooks(value: Any, name: str) -> Mapping[str, tuple[Hook, ...]]:
    given = _mapping(value, name, dict.fromkeys(MOMENTS))
    return {moment: tuple(_hooks_at(each, f"{name}[{moment!r}]")) for moment, each in given.items()}


def _hooks_at(value: Any, name: str) -> Iterator[Hook]:
    """One command, one with its undo, or several by name."""
    if not isinstance(value, Mapping) or "run" in value:
        yield _hook("", value, name)
        return
    for key, each in value.items():
        yield _hook(str(key), each, f"{name}[{key!r}]")


def _hook(called: str, value: Any, name: str) -> Hook:
    if not isinstance(value, Mapping):
        return Hook(called, command(value, name))
    given = _mapping(value, name, dict.fromkeys(("run", "undo")))
    if "run" not in given:
        raise ImproperlyConfigured(f"{name} must have 'run', the command.")
    undo = command(given["undo"], f"{name}['undo']") if given.get("undo") else None
    return Hook(called, command(given["run"], f"{name}['run']"), undo)


def _mapping(value: Any, name: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ImproperlyConfigured(f"{name} must be a dict, not {type(value).__name__}.")
    for key in value:
        if key not in known:
            close = get_close_matches(str(key), known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"the keys are {', '.join(known)}."
            raise ImproperlyConfigured(f"{name} has no key {key!r}: {hint}")
    return value


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "reload": command,
    "url": _addresses,
    "ready": _path,
    "pages": _paths,
    "timeout": _seconds,
    "steady": _seconds,
    "doctor": _words,
    "hooks": _hooks,
}
_FIELDS = {"url": "urls"}
