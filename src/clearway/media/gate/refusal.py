"""Why an upload is refused, in sentences for the person who sent it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from clearway.policy.inspection.verdict import Finding

_MILLION = 1_000_000
_TOO_MANY_MILLIONS = _(
    "This picture is %(width)d × %(height)d pixels; at most %(millions)s million pixels are accepted."
)
_MESSAGES: dict[str, Any] = {
    "too_large": _("This file is too large; at most %(size)s are accepted."),
    "too_many_pixels": _("This picture is %(width)d × %(height)d pixels; at most %(limit)d pixels are accepted."),
    "too_many_frames": _("This picture has more than %(limit)d frames."),
    "too_many_files": _("Too many files at once; at most %(limit)d are accepted."),
    "type_not_accepted": _("Files of the type %(type)s are not accepted here. Accepted are: %(accepted)s."),
    "wrong_type": _("The name of this file promises %(named)s, and its content is %(found)s."),
    "other_type": _("The name of this file promises %(named)s, and its content is %(found)s."),
    "unreadable": _("This picture cannot be read. Save it again, or as another format."),
    "hidden_markup": _("This file has a program in it that browsers or servers could run."),
    "hidden_archive": _("This file has an archive in it."),
    "hidden_document": _("This picture is a document as well."),
    "location_kept": _("The place where this picture was taken cannot be removed from it. Save it as JPEG or PNG."),
    "truncated": _("The end of this file is missing."),
    "malformed": _("This file is damaged."),
    "trailing": _("Something follows the end of this picture."),
    "disk_full": _("There is no room for this file at the moment. Try again later."),
    "infected": _("This file is infected: %(name)s."),
    "not_scanned": _("This file could not be checked for viruses at the moment. Try again later."),
}


class UploadRefused(ValidationError, SuspiciousFileOperation):  # noqa: N818 - as Django names its own
    """An upload that is refused: an error of a form; where there is none, Django answers 400."""


def refused(findings: Iterable[Finding]) -> UploadRefused | None:
    """The error of what is refused, with a sentence, a code and params for each; None where nothing is."""
    errors: list[Any] = [error_of(finding.code, finding.params) for finding in findings if finding.refused]
    return UploadRefused(errors) if errors else None


def error_of(code: str, params: Mapping[str, Any]) -> UploadRefused:
    """The error of one finding."""
    more = dict(params)
    message = _MESSAGES[code]
    if code == "too_large":
        more["size"] = filesizeformat(more["limit"])
    elif code == "too_many_pixels" and more["limit"] >= _MILLION and more["limit"] % (_MILLION // 10) == 0:
        message, more["millions"] = _TOO_MANY_MILLIONS, f"{more['limit'] / _MILLION:g}"
    return UploadRefused(message, code=code, params=more)
