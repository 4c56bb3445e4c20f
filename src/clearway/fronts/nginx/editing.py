"""A configuration as texts that can be edited, and read again."""

import tempfile
from dataclasses import replace
from pathlib import Path

from clearway.fronts.texts import Texts, walk

from .reading import Configuration, read


def texts_of(configuration: Configuration) -> Texts:
    """Every file that a directive of the configuration stands in."""
    return Texts.of(configuration.main, walk(configuration.directives), configuration.paths)


def read_again(texts: Texts, original: Configuration) -> Configuration:
    """The configuration of these texts. Raises `ConfigurationError`."""
    parts = (
        f"# configuration file {texts.paths.there(name)}:\n" + "\n".join(texts.files[name]) for name in texts.files
    )
    with tempfile.TemporaryDirectory(prefix="clearway-") as folder:
        dump = Path(folder, "nginx.conf")
        dump.write_bytes("\n".join([*parts, ""]).encode("utf-8", "surrogateescape"))
        again = replace(
            read(str(dump), texts.paths),
            main=original.main,
            given_prefix=original.prefix,
            given_version=original.given_version,
            is_here=original.is_here,
        )
    if len(again.problems) > len(original.problems):
        raise again.problems[-1]
    return again
