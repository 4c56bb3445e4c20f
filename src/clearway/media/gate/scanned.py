"""The project's scanner, and what it says of a file: once for each upload, whoever asks first."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from django.utils.module_loading import import_string

from clearway.media.gate_setting import Gate
from clearway.media.setting import gate_setting

from .refusal import error_of

logger = logging.getLogger("clearway.media")
Scanner = Callable[[BinaryIO], str | None]
NOT_SCANNED, INFECTED = "not scanned", "infected: "


@dataclass(frozen=True)
class Scan:
    """`name` of what was found, "" for a clean file; `unknown` why it could not be scanned, "" where it was."""

    name: str = ""
    unknown: str = ""

    @property
    def clean(self) -> bool:
        """Whether the file may be served."""
        return not (self.name or self.unknown)


class Readable(Protocol):
    """What can be read again from its beginning."""

    def reading(self) -> BinaryIO: ...


def scanner_of(gate: Gate) -> Scanner | None:
    """The scanner that the setting names. Raises `ImportError`, and what its class raises."""
    given = gate.scanner
    options: Mapping[str, Any] = {}
    if isinstance(given, Mapping):
        given, options = given["BACKEND"], given.get("OPTIONS", {})
    scanner: Any = import_string(given) if isinstance(given, str) else given
    if isinstance(scanner, type):
        scanner = scanner(**options)
    found: Scanner | None = scanner
    return found


def scan(scanner: Scanner, file: BinaryIO, name: str) -> Scan:
    """What a scanner says of an open file, which is at its beginning afterwards."""
    try:
        file.seek(0)
        found = Scan(name=scanner(file) or "")
        file.seek(0)
    except OSError as error:
        logger.error("%r could not be scanned: %s", name, error)
        with suppress(OSError):
            file.seek(0)
        return Scan(unknown=str(error) or type(error).__name__)
    return found


def scan_upload(file: Any) -> None:
    """Of an upload, unless nobody has to. Raises `UploadRefused`."""
    gate = gate_setting()
    if gate.scanner is not None:
        _check(_once(gate, file, lambda: file), gate.scanner_unreachable)


def is_clean(content: Any, draft: Readable, *, holds: bool) -> bool:
    """Whether a file that is about to be kept may be served; raises `UploadRefused` for one that must not be kept.

    `holds` is whether the storage can keep what it does not serve.
    """
    gate = gate_setting()
    if gate.scanner is None:
        return True
    found = _once(gate, content, draft.reading)
    _check(found, gate.scanner_unreachable if holds else "refuse")
    return found.clean


def _once(gate: Gate, content: Any, reading: Callable[[], Any]) -> Scan:
    """What is known of an upload already, or what the scanner says of the same octets."""
    known: Scan | None = getattr(content, "scan", None)
    scanner = scanner_of(gate)
    if known is not None or scanner is None:
        return known or Scan()
    file = reading()
    try:
        content.scan = found = scan(scanner, file, str(content.name))
    finally:
        if file is not content:
            file.close()
    return found


def _check(found: Scan, unreachable: str) -> None:
    if found.name:
        logger.warning("an upload is infected: %s", found.name)
        raise error_of("infected", {"name": found.name})
    if found.unknown and unreachable == "refuse":
        raise error_of("not_scanned", {})
