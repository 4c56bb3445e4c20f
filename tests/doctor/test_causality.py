"""Which finding is the cause: order across levels and layers, and what is attached to what."""

from itertools import permutations

import pytest

from clearway.doctor.causality import ordered
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.report import Report
from clearway.doctor.rule import Check, Layer, Rule


def found(id_: str, layer: Layer, *breaks: str, level: Level = Level.ERROR) -> tuple[Check, Finding]:
    rule = Rule(id_, f"bad-{id_.lower()}", None, level, layer, ())
    return Check(rule, lambda _: iter(()), ""), rule.finding(id_, fix=Fix(""), breaks=frozenset(breaks))


def told(*each: tuple[Check, Finding]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.finding.id, one.consequences) for one in ordered(each)]


ROOT = found("CW901", Layer.SETTINGS, "static")
EMPTY = found("CW902", Layer.COLLECTION, "static")
ONE = found("CW903", Layer.FRONT, "static:a.css")
MEDIA = found("CW904", Layer.FRONT, "media")


@pytest.mark.parametrize("order", list(permutations([ROOT, EMPTY, ONE])))
def test_the_first_stretch_that_is_broken_explains_the_rest(order: tuple[tuple[Check, Finding], ...]) -> None:
    assert told(*order) == [("CW901", ("CW902", "CW903")), ("CW902", ()), ("CW903", ())]
    assert [each.finding.id for each in Report(ordered(order), ()).roots] == ["CW901"]


def test_another_stretch_is_a_cause_of_its_own() -> None:
    assert told(MEDIA, EMPTY) == [("CW902", ()), ("CW904", ())]


def test_one_file_does_not_explain_all() -> None:
    earlier = found("CW905", Layer.SOURCE, "static:a.css")
    assert told(EMPTY, earlier) == [("CW905", ()), ("CW902", ())]


def test_a_file_explains_the_same_file_further_on() -> None:
    earlier = found("CW905", Layer.SOURCE, "static:a.css", "static:b.css")
    assert told(ONE, earlier) == [("CW905", ("CW903",)), ("CW903", ())]


def test_two_of_one_layer_explain_nothing_of_each_other() -> None:
    assert told(EMPTY, found("CW906", Layer.COLLECTION, "static")) == [("CW902", ()), ("CW906", ())]


def test_the_worse_comes_before_the_earlier() -> None:
    warning = found("CW907", Layer.SETTINGS, "static", level=Level.WARNING)
    note = found("CW908", Layer.SETTINGS, level=Level.NOTE)
    assert [id_ for id_, _ in told(note, warning, EMPTY)] == ["CW902", "CW907", "CW908"]


def test_a_warning_explains_nothing_and_advice_follows_from_nothing() -> None:
    warning = found("CW907", Layer.SETTINGS, "static", level=Level.WARNING)
    advice = found("CW908", Layer.FRONT, "static", level=Level.NOTE)
    assert told(warning, found("CW909", Layer.FRONT, "static", level=Level.WARNING)) == [("CW907", ()), ("CW909", ())]
    assert told(EMPTY, advice) == [("CW902", ()), ("CW908", ())]


def test_what_breaks_nothing_follows_from_nothing() -> None:
    assert told(ROOT, found("CW910", Layer.ANSWER)) == [("CW901", ()), ("CW910", ())]


def test_several_findings_of_one_rule_are_counted_once() -> None:
    again = found("CW903", Layer.FRONT, "static:b.css")
    assert told(EMPTY, ONE, again) == [("CW902", ("CW903",)), ("CW903", ()), ("CW903", ())]


# --- what was foretold, and what was seen of a live site


def caused(id_: str, layer: Layer, cause: str, *breaks: str, level: Level = Level.ERROR) -> tuple[Check, Finding]:
    rule = Rule(id_, f"bad-{id_.lower()}", cause, level, layer, ())
    return Check(rule, lambda _: iter(()), ""), rule.finding(id_, fix=Fix(""), breaks=frozenset(breaks))


SEEN = caused("CW990", Layer.SEEN, "wrong-directory", "static:a.css", "static:b.css")


def test_what_is_seen_follows_from_what_breaks_the_same() -> None:
    assert told(SEEN, found("CW903", Layer.BROWSER, "static")) == [("CW903", ("CW990",)), ("CW990", ())]


def test_what_is_seen_confirms_the_same_cause_whatever_else_it_breaks() -> None:
    foretold = caused("CW907", Layer.BROWSER, "wrong-directory", "static:x.css", level=Level.WARNING)
    assert told(SEEN, foretold) == [("CW907", ("CW990",)), ("CW990", ())]


def test_what_is_seen_alone_comes_before_warnings_of_other_causes() -> None:
    other = caused("CW907", Layer.FRONT, "cache-errors", "static:x.css", level=Level.WARNING)
    assert told(other, SEEN) == [("CW990", ()), ("CW907", ())]


def test_advice_of_the_same_cause_explains_nothing() -> None:
    advice = caused("CW907", Layer.FRONT, "wrong-directory", "static", level=Level.NOTE)
    assert told(advice, SEEN) == [("CW990", ()), ("CW907", ())]
