"""`CLEARWAY["release"]`: how the value is read into a `Routine`."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from math import inf
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
    raise ImproperlyConfigured(
        f"{name} must be a command: a text for the shell or a list of words, not {_shown(value)}."
    )


def address(value: str) -> str:
    """The URL of a site. Raises `ValueError`."""
    parts = urlsplit(value)
    if "@" in parts.netloc:
        raise ValueError("the address of a site holds no user name or password: it is printed, and they are not sent")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError(f"{value!r} is not the address of a site; begin it with http:// or https://")
    return value


def _addresses(value: Any, name: str) -> tuple[str, ...]:
    try:
        return tuple(address(each) for each in _texts(value, name, "an address, or a list of them") if each)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None


def _path(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.startswith("/"):
        raise ImproperlyConfigured(f"{name} must be a path that begins with a slash, not {_shown(value)}.")
    return value


def _paths(value: Any, name: str) -> tuple[str, ...]:
    return tuple(_path(each, name) for each in _texts(value, name, "a list of paths"))


def _words(value: Any, name: str) -> tuple[str, ...]:
    if isinstance(value, str):
        raise ImproperlyConfigured(f"{name} must be a list of words, not {value!r}.")
    return _texts(value, name, "a list of words")


def _texts(value: Any, name: str, what: str) -> tuple[str, ...]:
    """One, or a list."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        raise ImproperlyConfigured(f"{name} must be {what}, not {_shown(value)}.")
    for each in value:
        if not isinstance(each, str):
            raise ImproperlyConfigured(f"{name} must be {what}; {_shown(each)} in it is none.")
    return tuple(value)


def _shown(value: Any) -> str:
    """A text or a number; of anything else the type, for it may be long and have secrets."""
    return repr(value) if isinstance(value, str | int | float | None) else f"a {type(value).__name__}"


def _seconds(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < inf:
        raise ImproperlyConfigured(f"{name} must be seconds, 0 or more, not {_shown(value)}.")
    return float(value)


def _some_seconds(value: Any, name: str) -> float:
    seconds = _seconds(value, name)
    if not seconds:
        raise ImproperlyConfigured(f"{name} must be more than 0 seconds: nothing is done in no time.")
    return seconds


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
    "timeout": _some_seconds,
    "steady": _seconds,
    "doctor": _words,
    "hooks": _hooks,
}
_FIELDS = {"url": "urls"}
