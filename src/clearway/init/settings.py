"""The settings of a project, edited one after the other, each on what the last one left."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .apps import NAME as APPS
from .apps import edit_apps
from .middleware import NAME as MIDDLEWARE
from .middleware import edit_middleware
from .modules import Modules
from .refusal import Refusal
from .static_root import NAME as ROOT
from .static_root import anchor, edit_static_root, edit_static_url
from .storages import NAME as STORAGES
from .storages import edit_old_setting, edit_storages
from .values import Values


def edit_settings(modules: Modules, values: Values) -> tuple[Mapping[str, Any], list[Refusal]]:
    """What the settings are to be after the edits, which are in `modules`, and what is left, by lines on the disk."""
    refusals: list[Refusal] = []

    def leave(left: Iterable[Refusal]) -> None:
        refusals.extend(replace(each, line=modules.line_on_disk(each.path, each.line)) for each in left)

    apps, left = edit_apps(modules, values.installed_apps, values.commanding)
    leave(left)
    order, left = edit_middleware(modules, values.middleware, values.built_on_peers)
    leave(left)
    unrooted = edit_static_root(modules, values)
    leave(unrooted)
    leave(edit_static_url(modules, values))
    backend, left = edit_storages(modules, values, anchor(modules))
    leave(left)
    leave(edit_old_setting(modules))
    wanted = {APPS: apps, MIDDLEWARE: order, STORAGES: backend, ROOT: not unrooted}
    return wanted, refusals
