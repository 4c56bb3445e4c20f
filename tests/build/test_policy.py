"""How bad a problem is: by its kind, by who ships it, and by the project's rules."""

import json
import re
from dataclasses import replace

import pytest

from clearway.build import kinds
from clearway.build.kinds import CHANGED, KINDS, MISSING_FILE, MISSING_MAP, SECRET
from clearway.build.plan import plan
from clearway.build.policy import Policy, is_fixed, unknown_id
from clearway.build.problems import Names, Problem, error, listed
from clearway.build.sources import Source

MAP = Problem(MISSING_MAP, "vendor/a.css", "there is no static file vendor/a.css.map", 3, target="vendor/a.css.map")
FILE = Problem(MISSING_FILE, "css/a.css", "there is no static file css/x.png", 1, url="x.png", target="css/x.png")


def test_ids_are_unique_and_of_the_family_of_builds() -> None:
    every = [each for each in vars(kinds).values() if isinstance(each, kinds.Kind)]
    assert len({each.id for each in every}) == len({each.name for each in every}) == len(every) == len(KINDS)
    assert all(re.fullmatch(r"CW2\d\d", id_) for id_ in KINDS)
    assert all(re.fullmatch(r"[a-z-]+", each.name) and each.fix for each in every)


@pytest.mark.parametrize(
    ("problem", "level"),
    [
        (MAP, "error"),
        (replace(MAP, third_party=True), "warn"),
        (FILE, "error"),
        (replace(FILE, third_party=True), "error"),
    ],
)
def test_own_code_errs_and_a_source_map_of_others_is_a_warning(problem: Problem, level: str) -> None:
    assert Policy().level(problem) == level


@pytest.mark.parametrize(
    ("rules", "level"),
    [
        ({"CW202": "ignore"}, "ignore"),
        ({"vendor/*": "warn"}, "warn"),
        ({"*.map": "ignore"}, "ignore"),
        ({"CW202:vendor/*": "warn", "CW202": "ignore"}, "warn"),
        ({"CW202": "ignore", "CW202:vendor/*": "warn"}, "ignore"),
        ({"CW201": "ignore", "CW202:css/*": "ignore", "css/*": "ignore", "VENDOR/*": "ignore"}, "error"),
    ],
)
def test_the_first_rule_that_matches_decides(rules: dict[str, str], level: str) -> None:
    assert Policy(rules).level(MAP) == level


def test_a_rule_makes_errors_of_warnings_too() -> None:
    assert Policy({"*.map": "error"}).level(replace(MAP, third_party=True)) == "error"


def test_what_the_installed_apps_make_pointless_is_ignored_unless_a_rule_says_otherwise() -> None:
    accepted = frozenset({MISSING_MAP.id})
    assert Policy(accepted=accepted).level(MAP) == "ignore"
    assert Policy({"*.map": "warn"}, accepted).level(MAP) == "warn"


def test_ids_in_keys() -> None:
    assert unknown_id("CW999") == unknown_id("CW999:a/*") == "CW999"
    assert unknown_id("CW202") is unknown_id("CW202:*") is unknown_id("css/CW999") is None


@pytest.mark.parametrize("rules", [{"CW221": "warn"}, {"CW221:*": "ignore"}, {"dist/*": "ignore"}])
@pytest.mark.parametrize("third_party", [False, True])
def test_no_rule_lets_a_published_name_change_its_content(rules: dict[str, str], third_party: bool) -> None:
    problem = Problem(CHANGED, "dist/a-BcxfLoik.js", "has other content", third_party=third_party)
    assert Policy(rules).level(problem) == "error"
    assert Policy(accepted=frozenset({CHANGED.id})).level(problem) == "error"


def test_a_key_that_names_what_no_rule_changes() -> None:
    assert is_fixed("CW221") and is_fixed("CW221:dist/*")
    assert not any(map(is_fixed, ["CW201", "dist/*", "CW999", "css/CW221"]))


def test_a_plan_judges() -> None:
    files = [Source("a.css", lambda: b"a{b:url(x.png)}"), Source("b.css", lambda: b"/*# sourceMappingURL=m.map */")]
    made = plan(files, "/static/", policy=Policy({"a.css": "warn", "CW202": "ignore"}))
    assert [str(each) for each in made.warnings] == ["a.css:1: 'x.png': there is no static file x.png"]
    assert made.problems == made.notes == ()
    assert made.names().keys() == {"a.css", "b.css"}


def test_the_list_is_by_kind_with_one_remedy_each_within_eighty_columns() -> None:
    problems = [replace(FILE, file=f"css/{number}.css", app="shop") for number in range(7)] + [MAP]
    text = listed(problems, 2)
    assert text.splitlines() == [
        "error CW201 missing-reference (7)",
        "  css/0.css:1 (shop): 'x.png'",
        "    there is no static file css/x.png",
        "  css/1.css:1 (shop): 'x.png'",
        "    there is no static file css/x.png",
        "  … and 5 more: --verbosity 2 lists them",
        "  fix: correct the reference, or add the file to a static directory",
        "error CW202 missing-source-map",
        "  vendor/a.css:3",
        "    there is no static file vendor/a.css.map",
        "  fix: add the map, remove the comment that names it, or ignore it:",
        "    CLEARWAY['problems'] = {'CW202': 'ignore'}",
    ]
    assert all(len(line) <= 80 for line in listed([replace(FILE, kind=kind) for kind in KINDS.values()]).splitlines())


def test_an_error_names_its_files_once() -> None:
    made = error([FILE, replace(FILE, line=2), MAP])
    assert made.files == ("css/a.css", "vendor/a.css")
    assert str(made).startswith(
        "3 problems stop the build; no release was made.\n\nerror CW201 missing-reference (2)\n"
    )
    assert str(error([MAP])).startswith("1 problem stops the build; no release was made.\n")


def test_json_has_everything() -> None:
    data = json.loads(json.dumps(replace(FILE, level="warn", suggestion="css/y.png").to_json()))
    assert data["id"] == "CW201"
    assert (data["level"], data["file"], data["line"], data["suggestion"]) == ("warning", "css/a.css", 1, "css/y.png")
    assert Problem(SECRET, ".env", "text").to_json()["line"] is None


@pytest.mark.parametrize(
    ("wanted", "suggestion"),
    [
        ("img/logo.pgn", "img/logo.png"),
        ("css/logo.png", "img/logo.png"),
        ("shop/catalogue/static/css/gone.png", ""),
        ("zzz", ""),
    ],
)
def test_a_suggestion_is_a_name_like_the_one_that_is_missing(wanted: str, suggestion: str) -> None:
    assert Names(["img/logo.png", "shop/catalogue/static/css/fonts.css"]).suggestion(wanted) == suggestion
