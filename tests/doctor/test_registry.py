"""Ids, names, pages, tests and declared facts of all checks agree."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from clearway.build.kinds import KINDS
from clearway.checks import CHECKS, DEPLOY_CHECKS, URL_CHECKS
from clearway.doctor import checks
from clearway.doctor.causes import CAUSES
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Level
from clearway.doctor.registry import RETIRED, UnknownIdError, all_checks, check_of
from clearway.doctor.rule import Check, Layer

HEADINGS = (
    "What it means",
    "Why it breaks in production but not locally",
    "See it yourself",
    "Fix",
    "When to ignore",
)
OF_ANY_CAUSE = {
    "application-does-not-start",
    "settings-import-fails",
    "site-unreachable",
    "certificate-untrusted",
    "answer-fails",
}
FACTS = {name for name in vars(Facts) if not name.startswith("_")}
TESTS = Path(__file__).parent / "checks"
each_check = pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.rule.id)


def module_of(check: Check) -> str:
    return check.look.__module__.removeprefix(f"{checks.__name__}.")


def test_there_are_checks_of_several_families() -> None:
    assert {module_of(check).partition(".")[0] for check in all_checks()} >= {"settings", "collection"}


def test_ids_and_names_are_unique() -> None:
    for names in ([check.rule.id for check in all_checks()], [check.rule.name for check in all_checks()]):
        assert sorted({name for name in names if names.count(name) > 1}) == []


def test_ids_of_the_build_and_retired_ones_are_not_given_again() -> None:
    given = {check.rule.id for check in all_checks()}
    assert sorted(given & RETIRED) == []
    assert sorted(given & set(KINDS)) == []


@each_check
def test_an_id_is_a_number_and_a_name_is_in_words(check: Check) -> None:
    assert re.fullmatch(r"CW[1-9]\d\d", check.rule.id)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", check.rule.name)


@each_check
def test_a_cause_is_one_of_the_catalogue(check: Check) -> None:
    if check.rule.cause is None:
        assert check.rule.level == Level.NOTE or check.rule.name in OF_ANY_CAUSE
    else:
        assert check.rule.cause in CAUSES
    assert check.rule.layer in Layer


@each_check
def test_a_page_has_a_title_and_all_headings_in_order(check: Check) -> None:
    lines = check.page.splitlines()
    assert lines[0].endswith(".")
    assert not lines[1]
    assert tuple(line for line in lines[1:] if line and not line.startswith(" ")) == HEADINGS
    for heading in HEADINGS:
        after = lines[lines.index(heading) + 1]
        assert after.startswith("    "), f"nothing stands below {heading!r}"
        assert after.strip()


@each_check
def test_declared_facts_exist(check: Check) -> None:
    declared = (*check.rule.facts, *check.rule.optional)
    assert set(declared) <= FACTS
    assert len(declared) == len(set(declared))


@each_check
def test_facts_that_are_read_are_declared(check: Check) -> None:
    """Attributes of `facts` in the module, its helpers included."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(check.look)))  # type: ignore[arg-type]
    read = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "facts"
    }
    assert read & FACTS <= {*check.rule.facts, *check.rule.optional}


@each_check
def test_a_check_has_tests_that_fire_and_tests_that_stay_silent(check: Check) -> None:
    family, _, module = module_of(check).rpartition(".")
    file = TESTS / family.replace(".", "/") / f"test_{module}.py"
    assert file.is_file(), f"{file} is not there"
    tests = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
    bodies = [ast.unparse(node) for node in tests if node.name.startswith("test_")]
    silent = [body for body in bodies if re.search(r"== \[\]|assert not ", body)]
    assert silent, f"no test in {file} shows that it stays silent"
    assert len(bodies) > len(silent), f"no test in {file} shows that it fires"


@pytest.mark.parametrize("written", ["CW230", "cw230", "not-collected", "Not-Collected"])
def test_a_check_is_found_by_id_and_by_name(written: str) -> None:
    assert check_of(written).rule.id == "CW230"


@pytest.mark.parametrize(
    ("written", "near"), [("CW2300", "CW230"), ("not-colected", "not-collected"), ("xyz", "clearway explain")]
)
def test_an_unknown_id_names_one_that_is_near(written: str, near: str) -> None:
    with pytest.raises(UnknownIdError, match=near):
        check_of(written)


def test_system_checks_and_the_doctor_share_no_number_for_different_things() -> None:
    """A number that both have is about the same: the page says what the system check's docstring does."""
    numbers = [re.match(r"CW\d+", inspect.getdoc(each) or "") for each in (*CHECKS, *URL_CHECKS, *DEPLOY_CHECKS)]
    shared = {found[0] for found in numbers if found} & {check.rule.id for check in all_checks()}
    assert shared <= {"CW103", "CW104", "CW107", "CW109"}
