"""A Dockerfile: its stages, what runs in them, and where the files of the project are in the image."""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

_END = (0, ";")  # of a file whose last line would go on
_HEREDOC = re.compile(r"<<-?[\"']?(\w+)[\"']?")


@dataclass(frozen=True)
class Instruction:
    """One instruction, with its variables replaced where they are known."""

    name: str
    text: str
    line: int

    @property
    def words(self) -> list[str]:
        """The arguments, of either form, without options."""
        if self.text.startswith("["):
            try:
                return [str(word) for word in json.loads(self.text)]
            except ValueError:
                pass
        return [word for word in self.text.split() if not word.startswith("--")]

    @property
    def command(self) -> str:
        """As a shell would be given it."""
        return " ".join(self.words) if self.text.startswith("[") else self.text


@dataclass(frozen=True)
class Stage:
    """From one FROM to the next."""

    name: str
    base: str
    instructions: tuple[Instruction, ...]


@dataclass(frozen=True)
class Dockerfile:
    """The stages that lead to an image. `file` is its name below the project."""

    file: str
    stages: tuple[Stage, ...]

    @cached_property
    def chain(self) -> tuple[Stage, ...]:
        """The last stage and those it is built on, the first one first."""
        chain = [self.stages[-1]]
        while base := self._called(chain[-1].base, len(chain)):
            chain.append(base)
        return tuple(reversed(chain))

    @cached_property
    def reached(self) -> tuple[Stage, ...]:
        """The stages whose results are in the image: by FROM, or by COPY --from."""
        seen = list(self.chain)
        for stage in seen:
            below = self._below(stage)
            seen += [below] if below and below not in seen else []
            for each in stage.instructions:
                if each.name == "COPY" and (found := re.search(r"--from=(\S+)", each.text)):
                    other = self._called(found[1], 0)
                    seen += [other] if other and other not in seen else []
        return tuple(seen)

    def leaves_behind(self, line: int, inside: str) -> bool:
        """Whether what a line writes to a path of the project is in a stage of which only other paths are copied."""
        made = next((each for each in self.stages if any(one.line == line for one in each.instructions)), None)
        if made is None or made in self.chain:
            return False
        until = Dockerfile(self.file, self.stages[: self.stages.index(made) + 1])
        written = until.place(inside)
        return bool(made in self.reached and not any(_touches(each, written) for each in self._taken_from(made)))

    def _taken_from(self, stage: Stage) -> Iterator[str]:
        """What COPY --from takes out of a stage, or out of one that is built on it."""
        for each in self.reached:
            if self._below(each) is stage:
                yield from self._taken_from(each)
            for one in each.instructions:
                found = re.search(r"--from=(\S+)", one.text) if one.name == "COPY" else None
                if found and self._called(found[1], 0) is stage:
                    yield from one.words[:-1]

    @cached_property
    def placed(self) -> tuple[tuple[str, str], ...]:
        """(directory of the project, directory in the image) of what is copied from the project."""
        return tuple(self._placed())

    @cached_property
    def workdir(self) -> str:
        """Where its processes start."""
        here = "/"
        for stage in self.chain:
            for each in stage.instructions:
                if each.name == "WORKDIR":
                    here = posixpath.join(here, each.text.strip("\"'"))
        return posixpath.normpath(here)

    def place(self, inside: str) -> str:
        """Where a path of the project, relative to it, is in the image."""
        for source, target in sorted(self.placed, key=lambda pair: -len(pair[0])):
            if source == "." or inside == source or inside.startswith(f"{source}/"):
                rest = inside if source == "." else inside[len(source) :].strip("/")
                return posixpath.normpath(posixpath.join(target, rest))
        return posixpath.normpath(posixpath.join(self.workdir, inside))

    def started(self) -> Iterator[Instruction]:
        """ENTRYPOINT and CMD, the last of each."""
        for name in ("ENTRYPOINT", "CMD"):
            found = [each for stage in self.chain for each in stage.instructions if each.name == name]
            yield from found[-1:]

    def environment(self) -> dict[str, str]:
        """What ENV sets in the image."""
        made: dict[str, str] = {}
        for stage in self.chain:
            for each in stage.instructions:
                made.update(assignments(each.text) if each.name == "ENV" else {})
        return made

    def _below(self, stage: Stage) -> Stage | None:
        """The stage that a stage is built on."""
        return next((each for each in self.stages[: self.stages.index(stage)] if each.name == stage.base), None)

    def _called(self, name: str, after: int) -> Stage | None:
        known = self.stages[: len(self.stages) - after] if after else self.stages
        by_number = {str(number): stage for number, stage in enumerate(self.stages)}
        return next((stage for stage in known if stage.name == name.lower()), by_number.get(name))

    def _placed(self) -> Iterator[tuple[str, str]]:
        here = "/"
        for stage in self.chain:
            for each in stage.instructions:
                if each.name == "WORKDIR":
                    here = posixpath.join(here, each.text.strip("\"'"))
                elif each.name in ("COPY", "ADD") and "--from=" not in each.text and len(each.words) > 1:
                    *sources, target = each.words
                    for source in sources:
                        yield posixpath.normpath(source.lstrip("/") or "."), posixpath.join(here, target)


def _touches(copied: str, written: str) -> bool:
    """Whether a path that is copied may hold the other one, or a part of it."""
    if re.search(r"[$*?\[]", copied):
        return True
    path = posixpath.normpath(posixpath.join("/", copied))
    return path == "/" or f"{written}/".startswith(f"{path}/") or f"{path}/".startswith(f"{written}/")


def parse(file: str, text: str) -> Dockerfile | None:
    """None for a file without a stage."""
    stages: list[Stage] = []
    known: dict[str, str] = {}
    for name, words, line in _instructions(text):
        rest = _replaced(words, known)
        if name == "FROM":
            base, _, called = re.sub(r"--\S+\s+", "", rest).strip().partition(" ")
            stages.append(Stage(called.lower().removeprefix("as ").strip(), base.lower(), ()))
            continue
        if name in ("ENV", "ARG"):
            known.update(assignments(rest))
        if stages:
            last = stages[-1]
            stages[-1] = Stage(last.name, last.base, (*last.instructions, Instruction(name, rest, line)))
    return Dockerfile(file, tuple(stages)) if stages else None


def assignments(text: str) -> dict[str, str]:
    """Of ENV and ARG, in both of their forms."""
    if re.match(r"\w+\s+[^=]+$", text) and "=" not in text.split(maxsplit=1)[0]:
        name, _, value = text.partition(" ")
        return {name: value.strip()}
    return {name: value.strip("\"'") for name, value in re.findall(r"(\w+)=(\"[^\"]*\"|'[^']*'|\S*)", text)}


def _replaced(text: str, known: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        return known.get(found[1] or found[3], found[2] if found[2] is not None else found[0])

    return re.sub(r"\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))", value, text)


def _instructions(text: str) -> Iterator[tuple[str, str, int]]:
    """(name, arguments, line); comments inside of a continued line are left out."""
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        whole = line.strip()
        if not whole or whole.startswith("#"):
            continue
        while whole.endswith("\\"):
            following = next(lines, _END)[1].strip()
            if following and not following.startswith("#"):
                whole = f"{whole[:-1].rstrip()} {following}"
        if found := _HEREDOC.search(whole):
            for _, inner in lines:
                if inner.strip() == found[1]:
                    break
                whole += f" {inner.strip()};"
        name, _, rest = whole.partition(" ")
        yield name.upper(), rest.strip(), number
