"""`clearway.media.validate_upload` and `UploadLimits`: the gate as a validator of fields."""

from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.deconstruct import deconstructible

from clearway.media.gate_setting import LIMIT_KEYS, limits_of
from clearway.media.setting import gate_setting
from clearway.policy.inspection.verdict import findings
from clearway.policy.limits import Limits

from .refusal import refused
from .scanned import scan_upload
from .seen import attached, inspected
from .unread import RefusedUpload


@deconstructible(path="clearway.media.UploadLimits")
class UploadLimits:
    """A validator of file fields of models, forms and serializers: the project's limits, with some of its own.

    Takes the keys of `clearway.policy.limits.Limits`; those that are not given are the project's, asked at each upload.
    Where `UploadHandler` has read the file, a field can be stricter than the project and not looser. Else the file is
    read once, and is at its beginning again. Raises `ImproperlyConfigured` for what is no limit.
    """

    def __init__(self, **limits: Any) -> None:
        for key, value in limits.items():
            _check(key, value)
        self._limits = limits

    def __call__(self, value: Any) -> None:
        """Raises `UploadRefused`, a `ValidationError`, for a file or for any of several."""
        limits = limits_of(self._limits, gate_setting().limits)
        for file in value if isinstance(value, list | tuple) else (value,):
            if not getattr(file, "_committed", False):  # what the storage has already was validated when it came
                _validate(file, limits)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UploadLimits) and self._limits == other._limits

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._limits)))


def _validate(file: Any, limits: Limits) -> None:
    upload = getattr(file, "file", None) if hasattr(file, "_committed") else file  # a field of a model wraps it
    if isinstance(upload, RefusedUpload):
        raise upload.refusal
    seen = inspected(upload)
    found = findings(seen, limits)
    if getattr(upload, "findings", None) != found:
        attached(upload, seen, found)
    if refusal := refused(found):
        raise refusal
    scan_upload(upload)


def _check(key: str, value: Any) -> None:
    if key not in LIMIT_KEYS:
        names = [field.name for field in fields(Limits)]
        close = get_close_matches(key, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"these are {', '.join(names)}."
        raise ImproperlyConfigured(f"UploadLimits has no {key!r}: {hint}")
    right, wanted = LIMIT_KEYS[key]
    if not right(value):
        raise ImproperlyConfigured(f"UploadLimits({key}=…) must be {wanted}, not {value!r}.")


validate_upload = UploadLimits()
