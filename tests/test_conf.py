"""The setting `CLEARWAY`: what is right, what is wrong, and what is said about it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from clearway.conf import LATER, Conf, conf
from clearway.media.setting import Media
from clearway.policy.media import MediaPolicy
from clearway.publish_setting import Publish
from clearway.releasing.routine import Routine
from clearway.setting_readers import FAST, LEVELS, READERS

# key, value, what it becomes
RIGHT: list[tuple[str, Any, Any]] = [
    ("root", "www", (Path("www"),)),
    ("root", Path("www"), (Path("www"),)),
    ("root", ["a", Path("b")], (Path("a"), Path("b"))),
    ("root", [], ()),
    ("max_age", 0, 0),
    ("max_age", 3600, 3600),
    ("max_age", None, None),
    ("encodings", ["br"], ("br",)),
    ("encodings", (), ()),
    ("levels", {"br": 5}, {**LEVELS, "br": 5}),
    ("levels", {"zstd": 22, "gzip": 1, "br": 0}, {"zstd": 22, "gzip": 1, "br": 0}),
    ("levels", {}, LEVELS),
    ("skip", ["*.map", "vendor/*"], ("*.map", "vendor/*")),
    ("unhashed", False, False),
    ("misses", "pass", "pass"),
    ("misses", "answer", "answer"),
    ("live", ["CACHE", "/jsi18n/", "a/b/"], ("CACHE/", "jsi18n/", "a/b/")),
    ("live", [], ()),
    ("live", ["", "/"], ()),
    (
        "headers",
        {"*.pdf": {"X-Robots-Tag": "noindex", "ETag": None}},
        {"*.pdf": {"X-Robots-Tag": "noindex", "ETag": None}},
    ),
    ("headers", {}, {}),
    ("headers", {"*": {"X-É".replace("É", "E"): "é"}}, {"*": {"X-E": "é"}}),
    ("retain", 1, 1),
    ("retain_days", 0, 0),
    (
        "problems",
        {"CW202": "ignore", "CW201:a/*": "warn", "*.map": "error"},
        {"CW202": "ignore", "CW201:a/*": "warn", "*.map": "error"},
    ),
    ("records", "var/records", Path("var/records")),
    ("records", "s3://bucket/live/", "s3://bucket/live"),
    ("records", "https://cdn.shop.example/static/.clearway", "https://cdn.shop.example/static"),
    ("cache", "var/cache", Path("var/cache")),
    ("cache", None, None),
    ("minify", True, True),
    ("lane_ignores", ["shop.middleware.Quiet"], ("shop.middleware.Quiet",)),
    ("levels", "fast", FAST),
    ("index_file", True, "index.html"),
    ("index_file", "home.htm", "home.htm"),
    ("index_file", False, None),
    ("index_file", None, None),
    ("mimetypes", {".FOO": "text/x-foo", "Special.JSON": "a/b"}, {".foo": "text/x-foo", "special.json": "a/b"}),
    ("mimetypes", {".txt": "text/plain; charset=iso-8859-1"}, {".txt": "text/plain; charset=iso-8859-1"}),
    ("mimetypes", {".x": "application/vnd.a.b+json"}, {".x": "application/vnd.a.b+json"}),
    ("mimetypes", {}, {}),
    ("release", {"url": "https://shop.example"}, Routine(urls=("https://shop.example",))),
    ("publish", {}, Publish()),
    ("publish", {"target": "s3://b/p", "coding": "br"}, Publish("s3://b/p", "br")),
    ("publish", {"coding": None, "options": {"region": "eu"}}, Publish(options={"region": "eu"})),
    ("media", {}, Media()),
    ("media", {"serve": True, "max_age": 0}, Media(True, MediaPolicy(max_age=0))),
    ("media", {"max_age": None, "inline": ()}, Media()),
    ("media", {"inline": ["Application/PDF"]}, Media(policy=MediaPolicy(("application/pdf",)))),
    ("media", {"resource_policy": "same-site"}, Media(policy=MediaPolicy(resource_policy="same-site"))),
]

WRONG: list[tuple[str, Any]] = [
    ("root", 5),
    ("root", ""),
    ("root", [5]),
    ("root", None),
    ("max_age", -1),
    ("max_age", True),
    ("max_age", "60"),
    ("max_age", 1.5),
    ("encodings", "br"),
    ("encodings", ["brotli"]),
    ("encodings", ["identity"]),
    ("encodings", None),
    ("encodings", 5),
    ("levels", {"br": 12}),
    ("levels", {"gzip": 10}),
    ("levels", {"zstd": 0}),
    ("levels", {"zstd": "19"}),
    ("levels", {"br": 5.0}),
    ("levels", {"br": True}),
    ("levels", {"deflate": 5}),
    ("levels", 5),
    ("levels", None),
    ("skip", "*.map"),
    ("skip", [5]),
    ("skip", None),
    ("unhashed", "no"),
    ("unhashed", 1),
    ("misses", "ignore"),
    ("misses", None),
    ("misses", []),
    ("live", "CACHE/"),
    ("live", None),
    ("headers", {"*": {"X Y": "a"}}),
    ("headers", {"*": {"": "a"}}),
    ("headers", {"*": {"X-Ü": "a"}}),
    ("headers", {"*": {"X": "a\r\nSet-Cookie: b"}}),
    ("headers", {"*": {"X": "日本"}}),
    ("headers", {"*": {"X": 5}}),
    ("headers", {"*": {5: "x"}}),
    ("headers", {"*": "x"}),
    ("headers", ["x"]),
    ("headers", None),
    ("retain", 0),
    ("retain", -1),
    ("retain", "5"),
    ("retain_days", -1),
    ("retain_days", None),
    ("problems", {"CW999": "warn"}),
    ("problems", {"CW9:a/*": "warn"}),
    ("problems", {"CW221": "warn"}),
    ("problems", {"CW221:dist/*": "ignore"}),
    ("problems", {"*.map": "note"}),
    ("problems", {5: "warn"}),
    ("problems", "CW201"),
    ("problems", None),
    ("records", 5),
    ("records", ""),
    ("records", "ftp://host/live"),
    ("records", "https://me:word@cdn.shop.example/static"),
    ("cache", ""),
    ("cache", True),
    ("minify", "yes"),
    ("lane_ignores", "shop.middleware.Quiet"),
    ("levels", "quick"),
    ("index_file", ""),
    ("index_file", 1.5),
    ("index_file", "d/index.html"),
    ("index_file", ["index.html"]),
    ("mimetypes", {".x": 1}),
    ("mimetypes", {".x": "text"}),
    ("mimetypes", {".x": "a/b/c"}),
    ("mimetypes", {".x": "a b/c"}),
    ("mimetypes", {".x": "a/b\r\nX-Y: z"}),
    ("mimetypes", {1: "a/b"}),
    ("mimetypes", {"": "a/b"}),
    ("mimetypes", [".x"]),
    ("mimetypes", None),
    ("release", {"reloads": "kill"}),
    ("release", {"hooks": []}),
    ("publish", None),
    ("publish", "s3://bucket"),
    ("publish", {"target": "s3://key:word@bucket"}),
    ("publish", {"targets": "s3://bucket"}),
    ("publish", {"coding": "deflate"}),
    ("publish", {"options": "region"}),
    ("publish", {"options": {"region": 5}}),
    ("media", None),
    ("media", True),
    ("media", [("serve", True)]),
    ("media", {"serv": True}),
    ("media", {5: True}),
    ("media", {"serve": "yes"}),
    ("media", {"serve": 1}),
    ("media", {"max_age": -1}),
    ("media", {"max_age": True}),
    ("media", {"max_age": "60"}),
    ("media", {"inline": "application/pdf"}),
    ("media", {"inline": ["pdf"]}),
    ("media", {"inline": ["image/*"]}),
    ("media", {"inline": ["a/b/c"]}),
    ("media", {"inline": ["a/b; c=d"]}),
    ("media", {"inline": ["a/b\n"]}),
    ("media", {"inline": ['a/"b']}),
    ("media", {"inline": [5]}),
    ("media", {"resource_policy": "none"}),
    ("media", {"resource_policy": None}),
    ("media", {"resource_policy": []}),
]


@pytest.mark.parametrize(("key", "value", "read"), RIGHT)
def test_a_right_value_is_read(key: str, value: Any, read: Any) -> None:
    assert getattr(Conf.of({key: value}, debug=False), key) == read


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_a_wrong_value_is_refused_by_the_name_of_its_key(key: str, value: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^CLEARWAY\['{key}'\]"):
        Conf.of({key: value}, debug=False)


def test_every_key_has_a_row_in_both_tables() -> None:
    assert {row[0] for row in RIGHT} == {row[0] for row in WRONG} == set(READERS)


def test_every_field_has_a_reader() -> None:
    assert set(READERS) == set(Conf.__dataclass_fields__) - {"inherited"}


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("max_ago", "did you mean 'max_age'?"),
        ("mises", "did you mean 'misses'?"),
        ("retain_day", "did you mean 'retain_days'?"),
        ("minfy", "did you mean 'minify'?"),
        ("MAX_AGE", "the keys are"),
        ("zzz", "the keys are"),
        (5, "the keys are"),
    ],
)
def test_an_unknown_key_is_refused_with_a_hint(key: Any, hint: str) -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        Conf.of({key: 1}, debug=False)
    assert f"CLEARWAY has no key {key!r}" in str(raised.value)
    assert hint in str(raised.value)


def test_without_a_close_name_all_keys_are_listed() -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        Conf.of({"zzz": 1}, debug=False)
    for key in (*READERS, *LATER):
        assert key in str(raised.value)


@pytest.mark.parametrize("key", LATER)
def test_a_key_of_a_later_version_is_accepted_whatever_it_holds(key: str) -> None:
    assert Conf.of({key: object()}, debug=False) == Conf()


@pytest.mark.parametrize("given", [None, [], "x", [("max_age", 5)], 5])
def test_the_setting_must_be_a_dict(given: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="CLEARWAY must be a dict"):
        Conf.of(given, debug=False)


def test_the_defaults() -> None:
    assert Conf.of({}, debug=False) == Conf()
    assert (Conf().max_age, Conf().misses, Conf().live, Conf().retain) == (60, "answer", ("CACHE/",), 5)


@pytest.mark.parametrize(
    ("given", "debug", "max_age"),
    [({}, False, 60), ({}, True, 0), ({"max_age": 9}, True, 9), ({"max_age": None}, True, None)],
)
def test_under_debug_nothing_is_kept_unless_said_otherwise(given: Any, debug: bool, max_age: int | None) -> None:
    assert Conf.of(given, debug=debug).max_age == max_age


def test_the_setting_is_read_once() -> None:
    with override_settings(CLEARWAY={}):
        assert conf() is conf()


def test_it_may_be_absent() -> None:
    from django.conf import settings

    assert not hasattr(settings, "CLEARWAY")
    assert conf() == Conf()


def test_it_is_read_again_when_a_test_changes_it() -> None:
    before = conf()
    with override_settings(CLEARWAY={"max_age": 5}):
        assert conf().max_age == 5
        with override_settings(DEBUG=True):
            assert conf().max_age == 5
        with override_settings(CLEARWAY={"misses": "pass"}, DEBUG=True):
            assert (conf().max_age, conf().misses) == (0, "pass")
    assert conf() == before


def test_a_wrong_setting_is_wrong_every_time_it_is_read() -> None:
    with override_settings(CLEARWAY={"max_age": -1}):
        for _ in range(2):
            with pytest.raises(ImproperlyConfigured):
                conf()
