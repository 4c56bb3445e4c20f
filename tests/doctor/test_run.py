"""An examination: what is found, what is skipped and why, and what crashes."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.doctor.fake_facts import Fake

from clearway.doctor.facts import Facts, Unavailable
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.report import Checked, Status
from clearway.doctor.rule import Check, Layer, Rule
from clearway.doctor.run import run


def rule(id_: str, *facts: str, level: Level = Level.ERROR) -> Rule:
    return Rule(id_, f"bad-{id_.lower()}", "not-collected", level, Layer.COLLECTION, facts)


def finding(each: Rule) -> Finding:
    return each.finding("something is wrong", "proof", fix=Fix("mend it"))


def fires(id_: str, *facts: str, level: Level = Level.ERROR) -> Check:
    made = rule(id_, *facts, level=level)
    return Check(made, lambda _: iter([finding(made)]), "Page.")


def silent(id_: str, *facts: str) -> Check:
    return Check(rule(id_, *facts), lambda _: iter(()), "Page.")


def crashes(id_: str) -> Check:
    def look(_: Facts) -> Iterator[Finding]:
        yield finding(rule(id_))
        raise KeyError("what")

    return Check(rule(id_), look, "Page.")


def test_each_check_ends_in_one_way() -> None:
    report = run([fires("CW901"), silent("CW902"), silent("CW903", "manifest"), crashes("CW904")], Fake())
    assert list(report.checks) == [
        Checked("CW901", Status.FINDING),
        Checked("CW902", Status.PASSED),
        Checked("CW903", Status.SKIPPED, "manifest was not given"),
        Checked("CW904", Status.CRASHED, "KeyError: 'what'"),
    ]


def test_a_crash_keeps_no_other_check_from_its_work() -> None:
    report = run([crashes("CW901"), fires("CW902")], Fake())
    assert [each.finding.id for each in report.told] == ["CW902"]
    assert report.counts[Status.CRASHED] == 1


def test_a_fact_that_is_not_to_be_had_skips_before_anything_is_looked_at() -> None:
    report = run([fires("CW901", "settings", "front")], Fake(settings={}))
    assert list(report.told) == []
    assert report.checks[0].status == Status.SKIPPED


def test_what_was_left_out_of_a_fact_is_no_pass() -> None:
    facts = Fake(settings={})
    facts.left_out["settings"] = "only the first 10 lines were read"
    report = run([silent("CW901", "settings"), silent("CW902"), fires("CW903", "settings")], facts)
    assert list(report.checks) == [
        Checked("CW901", Status.SKIPPED, "only the first 10 lines were read"),
        Checked("CW902", Status.PASSED),
        Checked("CW903", Status.FINDING, "only the first 10 lines were read"),
    ]


def test_what_is_found_before_a_fact_is_missed_is_kept() -> None:
    made = rule("CW901")

    def look(_: Facts) -> Iterator[Finding]:
        yield finding(made)
        raise Unavailable("the rest is too much")

    report = run([Check(made, look, "Page.")], Fake())
    assert [each.finding.id for each in report.told] == ["CW901"]
    assert list(report.checks) == [Checked("CW901", Status.FINDING, "the rest is too much")]


@pytest.mark.parametrize(
    ("checks", "level", "fails"),
    [
        ([fires("CW901")], Level.WARNING, True),
        ([fires("CW901")], Level.ERROR, True),
        ([fires("CW901", level=Level.WARNING)], Level.WARNING, True),
        ([fires("CW901", level=Level.WARNING)], Level.ERROR, False),
        ([fires("CW901", level=Level.NOTE)], Level.WARNING, False),
        ([silent("CW901"), silent("CW902", "front")], Level.WARNING, False),
        ([crashes("CW901")], Level.ERROR, True),
    ],
)
def test_what_fails_an_examination(checks: list[Check], level: Level, fails: bool) -> None:
    report: Any = run(checks, Fake())
    assert report.fails(level) is fails
