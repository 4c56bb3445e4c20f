"""Names as they are asked for, and without the hash of a build."""

import pytest

from clearway.doctor.names import asked, builds, without_hash


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("css/site.css", "css/site.css"),
        ("css/site.css?v=3", "css/site.css"),
        ("icons.svg#cart", "icons.svg"),
        ("two%20words.css", "two words.css"),
        (" css/site.css ", "css/site.css"),
        ("/css/site.css", "/css/site.css"),
        ("img/", ""),
        ("", ""),
        ("#top", ""),
    ],
)
def test_what_a_storage_looks_for(written: str, name: str) -> None:
    assert asked(written) == name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("css/base.4f3c1d2a9b7e.css", "css/base.*.css"),
        ("a.123456789012.css", "a.*.css"),
        ("LICENSE.9dd4e461268c", "LICENSE.*"),
        ("a.tar.0123456789ab.gz", "a.tar.*.gz"),
        ("js/main.8c1f2b3d.chunk.js", "js/main.*.chunk.js"),
        ("assets/index-DKx3aZ9q.js", "assets/index-*.js"),
        ("index.ab12cd34.js.map", "index.*.js.map"),
    ],
)
def test_the_hash_of_a_build(name: str, plain: str) -> None:
    assert without_hash(name) == plain


@pytest.mark.parametrize(
    "name",
    ["css/site.css", "jquery-ui.js", "app-1.2.3.js", "main-settings.css", "photo-20240101.jpg", "facade.css", "a", ""],
)
def test_words_versions_and_dates_are_none(name: str) -> None:
    assert without_hash(name) is None


def test_builds_of_one_file_stand_together() -> None:
    names = ["a.111111111111.css", "b.js", "a.222222222222.css"]
    assert builds(names) == {"a.*.css": ["a.111111111111.css", "a.222222222222.css"]}
