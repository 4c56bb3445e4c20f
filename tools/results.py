"""What a pytest run did, read from its JUnit file: counts, and every test that did not run, by name."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

# A skip whose reason begins so belongs to the cell; any other means that the machine lacks something.
EXCUSED = "only on "


@dataclass(frozen=True)
class Skip:
    test: str
    reason: str

    @property
    def excused(self) -> bool:
        return self.reason.startswith(EXCUSED)


@dataclass(frozen=True)
class Failure:
    test: str
    message: str
    """The first line of it."""


@dataclass(frozen=True)
class Results:
    passed: int = 0
    failures: tuple[Failure, ...] = ()
    skips: tuple[Skip, ...] = ()

    def __add__(self, other: "Results") -> "Results":
        return Results(self.passed + other.passed, self.failures + other.failures, self.skips + other.skips)

    @property
    def not_run(self) -> list[Skip]:
        return [skip for skip in self.skips if not skip.excused]

    def line(self) -> str:
        skipped = f", {len(self.skips)} skipped" if self.skips else ""
        return f"{self.passed} passed, {len(self.failures)} failed{skipped}"


def read(path: Path) -> Results:
    """Nothing at all when pytest ended before it wrote the file."""
    if not path.is_file():
        return Results()
    return parse(path.read_text(encoding="utf-8"))


def parse(report: str) -> Results:
    cases = [(case, outcome(case)) for case in ET.fromstring(report).iter("testcase")]
    kinds = [kind for _, kind in cases]
    skips = tuple(skip(case) for case, kind in cases if kind == "skipped")
    return Results(kinds.count("passed"), tuple(failure(case) for case, kind in cases if kind == "failed"), skips)


def outcome(case: ET.Element) -> str:
    if trouble(case) is not None:
        return "failed"
    mark = case.find("skipped")
    if mark is None:
        return "passed"
    return "xfailed" if mark.get("type") == "pytest.xfail" else "skipped"


def trouble(case: ET.Element) -> ET.Element | None:
    failed = case.find("failure")
    return case.find("error") if failed is None else failed


def name(case: ET.Element) -> str:
    return "::".join(filter(None, [case.get("classname"), case.get("name")]))


def failure(case: ET.Element) -> Failure:
    mark = trouble(case)
    assert mark is not None
    return Failure(name(case), next(iter((mark.get("message") or "").splitlines()), ""))


def skip(case: ET.Element) -> Skip:
    mark = case.find("skipped")
    assert mark is not None
    reason = mark.get("message") or ""
    if reason == "collection skipped":  # a whole module: pytest leaves the reason at the end of the text
        reason = (mark.text or "").rpartition("Skipped: ")[2].rstrip("')\"\n ")
    return Skip(name(case), reason)
