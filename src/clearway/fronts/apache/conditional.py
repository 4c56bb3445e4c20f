"""The sections that are decided while a configuration is read: IfModule, IfDefine, IfVersion, IfFile."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clearway.fronts.path_map import PathMap

from .lines import words
from .modules import Modules

_USUAL = (2, 4, 60)  # where no httpd is installed that could be asked


@dataclass(frozen=True)
class Conditions:
    """What they are about."""

    modules: Modules
    defined: dict[str, str]
    paths: PathMap
    full: Callable[[str], str]

    def module(self, rest: str) -> bool:
        name, is_not = _negated(rest)
        return self.modules.has(name) != is_not

    def define(self, rest: str) -> bool:
        name, is_not = _negated(rest)
        return (name in self.defined) != is_not

    def file(self, rest: str) -> bool:
        name, is_not = _negated(rest)
        return Path(self.paths.here(self.full(name))).exists() != is_not

    def version(self, rest: str) -> bool:
        given = words(rest)
        operator, wanted = given if len(given) == 2 else ("=", given[0])
        is_not = operator.startswith("!")
        return _compared(operator.removeprefix("!") or "=", wanted) != is_not

    def nothing(self, rest: str) -> bool:
        return True


def _negated(rest: str) -> tuple[str, bool]:
    name = words(rest)[0] if words(rest) else ""
    return name.removeprefix("!"), name.startswith("!")


def _compared(operator: str, wanted: str) -> bool:
    version = _USUAL
    if operator == "~" or wanted.startswith("/"):
        return re.search(wanted.strip("/"), ".".join(map(str, version))) is not None
    numbers = tuple(int(each) for each in re.findall(r"\d+", wanted))
    mine = version[: len(numbers)]
    return {
        "=": mine == numbers,
        "==": mine == numbers,
        ">": mine > numbers,
        ">=": mine >= numbers,
        "<": mine < numbers,
        "<=": mine <= numbers,
    }.get(operator, False)


CONDITIONS: dict[str, Callable[[Conditions, str], bool]] = {
    "ifmodule": Conditions.module,
    "ifdefine": Conditions.define,
    "ifversion": Conditions.version,
    "iffile": Conditions.file,
    "ifdirective": Conditions.nothing,
    "ifsection": Conditions.nothing,
}
