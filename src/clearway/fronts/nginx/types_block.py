"""The table of media types as a `types` block: that of Clearway, since what is shipped beside nginx lacks some."""

from collections.abc import Mapping

from clearway.http.media_types import BY_EXTENSION, DEFAULT, with_charset

from .quoting import quoted


def types_block(more: Mapping[str, str], charset: str) -> list[str]:
    """`more` maps extensions with their dot to types, and wins; names without a dot are not for this table."""
    by_extension = {**BY_EXTENSION, **{key.lower(): value for key, value in more.items() if key.startswith(".")}}
    by_type: dict[str, list[str]] = {}
    for extension, type_ in sorted(by_extension.items()):
        by_type.setdefault(type_, []).append(extension[1:])
    rows = [(_type(type_, charset), " ".join(extensions)) for type_, extensions in sorted(by_type.items())]
    return [
        f"default_type {DEFAULT};",
        "types_hash_max_size 4096;",
        "types_hash_bucket_size 128;",
        "types {",
        *(f"    {type_} {extensions};" for type_, extensions in rows),
        "}",
    ]


def _type(type_: str, charset: str) -> str:
    written = with_charset(type_, charset)
    return written if written == type_ and " " not in type_ else quoted(written)
