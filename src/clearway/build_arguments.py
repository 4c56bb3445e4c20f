"""The arguments of `clearway build` and `clearway compress`, named and checked like the settings they stand for."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from .retention_arguments import add_retention


def add_build_arguments(parser: ArgumentParser) -> None:
    """Those of `clearway build`."""
    parser.add_argument("directory", metavar="DIR", help="the directory of the sources; nothing in it is changed")
    parser.add_argument("--out", required=True, metavar="OUT", help="the directory to publish into")
    parser.add_argument(
        "--url",
        type=_url,
        default="/static/",
        metavar="URL",
        help="below which the files are served; references in them that begin with / are below it (/static/)",
    )
    parser.add_argument("-n", "--dry-run", action="store_true", help="print the plan and change nothing")
    _add_choices_of_files(parser)
    _add_encodings(parser)
    parser.add_argument("--minify", action="store_true", help="minify CSS and JavaScript (the extra minify)")
    parser.add_argument(
        "--no-unhashed", action="store_false", dest="unhashed", help="publish under names with a hash only"
    )
    parser.add_argument(
        "--problems",
        action="append",
        type=_problem,
        default=[],
        metavar="RULE=LEVEL",
        help="error, warn or ignore by id, glob of names or both: CW202=ignore, 'CW201:vendor/*=warn'; may be repeated",
    )
    add_retention(parser)


def add_compress_arguments(parser: ArgumentParser) -> None:
    """Those of `clearway compress`."""
    parser.add_argument("directory", metavar="DIR", help="the directory; encoded files are written beside its files")
    _add_choices_of_files(parser)
    _add_encodings(parser)


def _add_choices_of_files(parser: ArgumentParser) -> None:
    parser.add_argument(
        "-i",
        "--ignore",
        action="append",
        default=[],
        metavar="PATTERN",
        help="leave out files and directories by a glob of their name; may be repeated",
    )
    parser.add_argument(
        "--no-default-ignore",
        action="store_false",
        dest="default_ignore",
        help="do not leave out CVS, .* and *~",
    )


def _add_encodings(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--encodings",
        type=_encodings,
        default=("gzip", "br", "zstd"),
        metavar="LIST",
        help="which variants to make, of gzip,br,zstd (all), or none",
    )
    parser.add_argument(
        "--levels", type=_levels, metavar="LEVELS", help="fast, or levels such as br=9,gzip=6 (br=11,gzip=9,zstd=19)"
    )
    parser.add_argument(
        "--skip",
        action="append",
        default=[],
        metavar="GLOB",
        help="do not encode files by a glob of their name: '*.map'; may be repeated",
    )


def _url(text: str) -> str:
    parts = urlsplit(text)
    if not text or parts.query or parts.fragment or parts.scheme not in ("", "http", "https"):
        raise ArgumentTypeError(f"{text!r} is neither a path such as /static/ nor the address of a site")
    whole = text if parts.scheme or parts.netloc else "/" + text.lstrip("/")
    return whole if whole.endswith("/") else f"{whole}/"


def _encodings(text: str) -> tuple[str, ...]:
    found: tuple[str, ...] = _checked("encodings", [] if text == "none" else [each.strip() for each in text.split(",")])
    return found


def _levels(text: str) -> Mapping[str, int]:
    if text != "fast" and not all("=" in row for row in text.split(",")):
        raise ArgumentTypeError(f"{text!r} is neither fast nor levels such as br=9,gzip=6")
    rows = (row.partition("=") for row in text.split(","))
    found: Mapping[str, int] = _checked(
        "levels", text if text == "fast" else {coding.strip(): _number(level) for coding, _, level in rows}
    )
    return found


def _number(text: str) -> int | str:
    return int(text) if text.strip().isascii() and text.strip().isdigit() else text


def _problem(text: str) -> tuple[str, str]:
    rule, separator, level = text.rpartition("=")
    if not separator or not rule:
        raise ArgumentTypeError(f"{text!r} is no rule such as CW202=ignore")
    _checked("problems", {rule: level})
    return rule, level


def _checked(key: str, value: Any) -> Any:
    """The value as the setting of this name reads it."""
    from django.core.exceptions import ImproperlyConfigured

    from .setting_readers import READERS

    try:
        return READERS[key](value, "it")  # the parser says of which argument
    except (ImproperlyConfigured, TypeError, ValueError) as error:
        raise ArgumentTypeError(str(error)) from None
