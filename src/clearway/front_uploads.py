"""How large a request may be that a front hands on: one rule for every front.

A front must take what the application takes, or a person sees an error that no form explains. Where
`CLEARWAY["media"]["max_size"]` limits a file, that is as many files as one form sends, the other fields, and what
`multipart/form-data` puts around them.
"""

from collections import Counter
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db.models import FileField

from .fronts.too_large import size
from .policy.limits import Limits

_AROUND = 1024 * 1024  # octets: Django takes 1,000 fields, each with 1,024 octets of header fields at most


@dataclass(frozen=True)
class Upload:
    """Octets of the largest request and of the largest file, 0 for no limit; `reason` is where they come from."""

    octets: int
    file: int
    reason: str


def upload(limits: Limits) -> Upload:
    """Of the project, where these are the limits of a user's file."""
    fields, file = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, limits.max_size or 0
    if fields is None:
        return Upload(0, file, "DATA_UPLOAD_MAX_MEMORY_SIZE is None: Django limits no request.")
    if file:
        count, why = _files(limits)
        most = f"{count} files of {size(file)} each" if count > 1 else f"one file of {size(file)}"
        reason = f"Uploads: {most} ({why}), {size(fields)} of other fields, and what a form adds."
        return Upload(count * file + fields + _AROUND, file, reason)
    if _fields():
        return Upload(0, 0, _UNLIMITED)
    return Upload(fields, 0, "As DATA_UPLOAD_MAX_MEMORY_SIZE: no model here has a file field.")


_UNLIMITED = (
    'Uploads: Django limits no files. CLEARWAY["media"]["max_size"] would, here too; or put what the disk bears.'
)


def _files(limits: Limits) -> tuple[int, str]:
    """How many files one form sends, and how that is known."""
    if limits.max_files:
        return limits.max_files, 'CLEARWAY["media"]: max_size, max_files'
    model, count = max(_fields().items(), key=lambda each: each[1], default=("", 1))
    if count > 1:
        return count, f'CLEARWAY["media"]["max_size"], fields of {model}; max_files may say more'
    return 1, 'CLEARWAY["media"]["max_size"]; max_files may say more'


def _fields() -> Counter[str]:
    """The number of file fields, by model."""
    models = ((model, field) for model in apps.get_models() for field in model._meta.get_fields())
    return Counter(model._meta.label for model, field in models if isinstance(field, FileField))
