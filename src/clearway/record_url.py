"""The STATIC_URL for which the release was built whose record a process reads."""

import os

from .catalog.errors import RecordError
from .conf import conf
from .fetched import copy_folder
from .stores.directory import Directory
from .stores.records import Records


def recorded_url() -> str:
    """As the record here has it, or the copy of what was fetched last; empty where none is, or can be read."""
    folder = conf().records_folder or copy_folder(conf())
    if folder is None:
        return ""
    records = Records(Directory(folder))
    try:
        return records.index(os.environ.get("CLEARWAY_RELEASE") or records.current() or "").static_url
    except (OSError, RecordError, ValueError):
        return ""
