"""Settings of WhiteNoise and ServeStatic as a fallback: what each becomes, what is refused, what is said of them."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from clearway import peer_settings
from clearway.conf import Conf, conf
from clearway.peer_settings import KNOWN, OVERRULED, PREFIXES, READ, WITHOUT_EFFECT, InUse, in_use
from clearway.setting_readers import LEVELS

PEERS = pytest.mark.parametrize("prefix", PREFIXES)


def add_headers(headers: Any, path: str, url: str) -> None:
    """A function, as projects have it."""


def is_immutable(path: str, url: str) -> bool:
    return "v2" in url


# name, value, the key of CLEARWAY or the field of Inherited, what it becomes
RIGHT: list[tuple[str, Any, str, Any]] = [
    ("ROOT", "/srv/www", "root", (Path("/srv/www"),)),
    ("ROOT", Path("/srv/www"), "root", (Path("/srv/www"),)),
    ("ROOT", "", "root", ()),
    ("MAX_AGE", 600, "max_age", 600),
    ("MAX_AGE", "600", "max_age", 600),
    ("MAX_AGE", None, "max_age", None),
    ("INDEX_FILE", True, "index_file", "index.html"),
    ("INDEX_FILE", "home.htm", "index_file", "home.htm"),
    ("INDEX_FILE", False, "index_file", None),
    ("MIMETYPES", {".Foo": "application/x-foo"}, "mimetypes", {".foo": "application/x-foo"}),
    ("SKIP_COMPRESS_EXTENSIONS", ("map", ".7z"), "skip", ("*.[mM][aA][pP]", "*.7[zZ]")),
    ("SKIP_COMPRESS_EXTENSIONS", [], "skip", ()),
    ("KEEP_ONLY_HASHED_FILES", True, "unhashed", False),
    ("KEEP_ONLY_HASHED_FILES", False, "unhashed", True),
    ("MINIFY", True, "minify", True),
    ("ZSTD_LEVEL", 3, "levels", {**LEVELS, "zstd": 3}),
    ("USE_GZIP", False, "encodings", ("br", "zstd")),
    ("USE_BROTLI", False, "encodings", ("zstd", "gzip")),
    ("USE_ZSTD", False, "encodings", ("br", "gzip")),
    ("USE_ZSTD", True, "encodings", ("br", "zstd", "gzip")),
    ("AUTOREFRESH", True, "autorefresh", True),
    ("AUTOREFRESH", 0, "autorefresh", False),
    ("USE_FINDERS", True, "finders", True),
    ("STATIC_PREFIX", "assets", "static_prefix", "/assets/"),
    ("STATIC_PREFIX", "/a/b/", "static_prefix", "/a/b/"),
    ("CHARSET", "iso-8859-1", "charset", "iso-8859-1"),
    ("ALLOW_ALL_ORIGINS", False, "any_origin", False),
    ("ADD_HEADERS_FUNCTION", add_headers, "add_headers", add_headers),
    ("IMMUTABLE_FILE_TEST", is_immutable, "immutable", is_immutable),
    ("ALLOW_UNSAFE_SYMLINKS", True, "outward_links", True),
    ("MANIFEST_STRICT", False, "strict", False),
]

WRONG: list[tuple[str, Any]] = [
    ("ROOT", 5),
    ("MAX_AGE", -1),
    ("MAX_AGE", "soon"),
    ("MAX_AGE", True),
    ("MAX_AGE", 1.5),
    ("INDEX_FILE", ""),
    ("INDEX_FILE", ["index.html"]),
    ("MIMETYPES", {".x": 1}),
    ("MIMETYPES", [(".x", "a/b")]),
    ("MIMETYPES", {1: "a/b"}),
    ("MIMETYPES", "a/b"),
    ("SKIP_COMPRESS_EXTENSIONS", "jpg,png"),
    ("SKIP_COMPRESS_EXTENSIONS", [1]),
    ("SKIP_COMPRESS_EXTENSIONS", 1),
    ("KEEP_ONLY_HASHED_FILES", "yes"),
    ("MINIFY", "yes"),
    ("ZSTD_LEVEL", True),
    ("ZSTD_LEVEL", 40),
    ("USE_GZIP", "no"),
    ("USE_BROTLI", 2),
    ("USE_ZSTD", "no"),
    ("AUTOREFRESH", "true"),
    ("USE_FINDERS", []),
    ("STATIC_PREFIX", 5),
    ("CHARSET", ""),
    ("CHARSET", "utf-8\r\nX: y"),
    ("CHARSET", 8),
    ("ALLOW_ALL_ORIGINS", "*"),
    ("ADD_HEADERS_FUNCTION", "shop.headers.add"),
    ("IMMUTABLE_FILE_TEST", "("),
    ("IMMUTABLE_FILE_TEST", object()),
    ("ALLOW_UNSAFE_SYMLINKS", "yes"),
    ("MANIFEST_STRICT", "yes"),
]
IDLE = [name for name, known in KNOWN.items() if not known.has_effect]


def read(**settings: Any) -> Conf:
    with override_settings(**settings):
        return conf()


@PEERS
@pytest.mark.parametrize(("name", "value", "place", "becomes"), RIGHT)
def test_a_setting_of_a_peer_is_read(prefix: str, name: str, value: Any, place: str, becomes: Any) -> None:
    made = read(**{prefix + name: value})
    assert getattr(made if hasattr(made, place) else made.inherited, place) == becomes


@PEERS
@pytest.mark.parametrize(("name", "value"), WRONG)
def test_one_that_cannot_be_read_is_an_error_that_names_it(prefix: str, name: str, value: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^{prefix}{name}\b"):
        read(**{prefix + name: value})


def test_every_setting_with_an_effect_has_rows_in_both_tables() -> None:
    assert {row[0] for row in RIGHT} == {row[0] for row in WRONG} == set(KNOWN) - set(IDLE)


@pytest.mark.parametrize("peer", ["whitenoise", "servestatic"])
def test_no_setting_of_a_peer_is_unknown(peer: str) -> None:
    package = pytest.importorskip(peer, reason=f"needs {peer}")
    (where,) = package.__path__
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(where).glob("*.py"))
    named = set(re.findall(rf"(?:settings\.|\"){peer.upper()}_([A-Z_]+)\b", sources))
    assert len(named) >= 14
    assert named - set(KNOWN) == set()


@PEERS
@pytest.mark.parametrize("name", sorted(set(KNOWN) - {"MAX_AGE"}))
def test_none_means_that_a_setting_was_not_made(prefix: str, name: str) -> None:
    assert read(**{prefix + name: None}) == Conf()


@PEERS
@pytest.mark.parametrize("name", IDLE)
def test_what_has_no_effect_cannot_be_wrong(prefix: str, name: str) -> None:
    assert read(**{prefix + name: object()}) == Conf()


@PEERS
@pytest.mark.parametrize(
    ("name", "theirs", "key", "ours"),
    [
        ("MAX_AGE", 600, "max_age", 5),
        ("ROOT", "/srv/theirs", "root", (Path("ours"),)),
        ("INDEX_FILE", True, "index_file", None),
        ("USE_GZIP", False, "encodings", ("gzip",)),
        ("KEEP_ONLY_HASHED_FILES", True, "unhashed", True),
    ],
)
def test_a_key_of_clearway_goes_before_it(prefix: str, name: str, theirs: Any, key: str, ours: Any) -> None:
    given = "ours" if key == "root" else ours
    made = read(**{prefix + name: theirs}, CLEARWAY={key: given})
    assert getattr(made, key) == ours


def test_servestatic_goes_before_whitenoise() -> None:
    assert read(WHITENOISE_MAX_AGE=1, SERVESTATIC_MAX_AGE=2).max_age == 2
    assert read(WHITENOISE_MAX_AGE=1, SERVESTATIC_MAX_AGE=None).max_age is None
    assert read(WHITENOISE_CHARSET="latin-1", SERVESTATIC_CHARSET=None).inherited.charset == "latin-1"


@pytest.mark.parametrize(("settings", "max_age"), [({}, 0), ({"WHITENOISE_MAX_AGE": 9}, 9)])
def test_under_debug_a_lifetime_of_a_peer_counts_too(settings: dict[str, Any], max_age: int) -> None:
    assert read(DEBUG=True, **settings).max_age == max_age


def test_codings_that_are_off_add_up() -> None:
    assert read(SERVESTATIC_USE_GZIP=False, SERVESTATIC_USE_ZSTD=False).encodings == ("br",)
    assert read(SERVESTATIC_USE_GZIP=False, SERVESTATIC_USE_ZSTD=False, SERVESTATIC_USE_BROTLI=False).encodings == ()


def test_a_regular_expression_is_searched_in_the_url() -> None:
    test = read(WHITENOISE_IMMUTABLE_FILE_TEST=r"^/static/v\d/").inherited.immutable
    assert test is not None
    assert [test("/srv/x.js", url) for url in ("/static/v2/x.js", "/static/x.js")] == [True, False]


def test_it_is_read_again_when_a_test_changes_it() -> None:
    with override_settings(WHITENOISE_MAX_AGE=5):
        assert conf().max_age == 5
        with override_settings(WHITENOISE_MAX_AGE=6):
            assert conf().max_age == 6
        assert conf().max_age == 5
    assert conf() == Conf()


# --- which are in use


def state_of(**settings: Any) -> dict[str, str]:
    with override_settings(**settings):
        return {each.name: each.state for each in in_use()}


def test_a_project_of_its_own_has_none() -> None:
    assert in_use() == ()


@PEERS
@pytest.mark.parametrize("name", sorted(KNOWN))
def test_each_says_what_to_write_instead(prefix: str, name: str) -> None:
    with override_settings(**{prefix + name: None}):
        (found,) = in_use()
    assert found.name == prefix + name
    assert found.instead
    assert not found.key or found.instead == f'CLEARWAY["{found.key}"]'


def test_one_is_read_overruled_or_without_effect() -> None:
    assert state_of(WHITENOISE_MAX_AGE=5) == {"WHITENOISE_MAX_AGE": READ}
    assert state_of(WHITENOISE_MAX_AGE=5, CLEARWAY={"max_age": 6}) == {"WHITENOISE_MAX_AGE": OVERRULED}
    assert state_of(WHITENOISE_MAX_AGE=5, SERVESTATIC_MAX_AGE=6) == {
        "SERVESTATIC_MAX_AGE": READ,
        "WHITENOISE_MAX_AGE": OVERRULED,
    }
    assert state_of(SERVESTATIC_USE_MANIFEST=True) == {"SERVESTATIC_USE_MANIFEST": WITHOUT_EFFECT}
    assert state_of(WHITENOISE_CHARSET="utf-8", CLEARWAY={}) == {"WHITENOISE_CHARSET": READ}


def test_what_cannot_be_read_is_listed_all_the_same() -> None:
    with override_settings(WHITENOISE_MAX_AGE="soon", CLEARWAY=None):
        assert in_use() == (InUse("WHITENOISE_MAX_AGE", "max_age", 'CLEARWAY["max_age"]', READ),)


def messages(*, deploy: bool, **settings: Any) -> list[tuple[str, str | None]]:
    with override_settings(**settings):
        found = run_checks(tags=["clearway"], include_deployment_checks=deploy)
        return [(each.msg, each.hint) for each in found if each.id == "clearway.I108"]


def test_the_check_says_so_before_a_deployment_and_only_then() -> None:
    settings = {"WHITENOISE_MAX_AGE": 5, "SERVESTATIC_USE_MANIFEST": True}
    assert messages(deploy=False, **settings) == []
    assert messages(deploy=True, **settings) == [
        (
            "SERVESTATIC_USE_MANIFEST is without effect in Clearway.",
            "To write instead: nothing: the record of the release is always read.",
        ),
        (
            "WHITENOISE_MAX_AGE is read, because CLEARWAY does not say the same.",
            'To write instead: CLEARWAY["max_age"].',
        ),
    ]
    assert messages(deploy=True) == []


def test_one_that_cannot_be_read_is_an_error_of_the_check() -> None:
    with override_settings(WHITENOISE_MAX_AGE="soon"):
        errors = [each.msg for each in run_checks(tags=["clearway"]) if each.id == "clearway.E101"]
    assert errors == ["WHITENOISE_MAX_AGE must be a whole number, 0 or more, not 'soon'."]


def test_the_storage_reads_its_own_alone() -> None:
    with override_settings(WHITENOISE_MANIFEST_STRICT=False, CLEARWAY={"nonsense": 1}):
        assert peer_settings.strict() is False
    assert peer_settings.strict() is None
