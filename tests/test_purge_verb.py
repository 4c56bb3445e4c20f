"""URLs that a new current release changes, and caches that are told of them: `publish`, `rollback` and `purge`.

The caches are stand-ins.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import override_settings
from tests.helpers.cdn_interfaces import TOKEN, ZONE, Interfaces, interfaces
from tests.releases.sites import write

from clearway.cli import main
from clearway.publish_setting import read_publish
from clearway.releases import publish_text

Capture = pytest.CaptureFixture[str]
BASE = "https://cdn.example/static/"
OPTIONS: dict[str, Any] = {
    "STATIC_URL": BASE,
    "INSTALLED_APPS": ["clearway", "django.contrib.staticfiles"],
    "STORAGES": {"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}},
    "DEBUG": False,
}


@dataclass
class Home:
    """A project that publishes to a directory, and a cache that it tells."""

    root: Path
    cache: Interfaces
    capture: Capture

    def collect(self, **files: bytes) -> None:
        write(self.root / "assets", {name.replace("__", "."): data for name, data in files.items()})
        call_command("collectstatic", interactive=False, verbosity=0)

    def run(self, *words: str, code: int = 0) -> Any:
        self.capture.readouterr()
        assert main([*words, "--format", "json"]) == code
        return json.loads(self.capture.readouterr().out)

    def text(self, *words: str, code: int = 0) -> str:
        self.capture.readouterr()
        assert main([*words]) == code
        return self.capture.readouterr().out

    @property
    def target(self) -> str:
        return str(self.root / "share")


@pytest.fixture
def home(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
    with interfaces() as cache:
        purge = {"kind": "cloudflare", "zone": ZONE, "api": cache.url}
        told = {"publish": {"target": str(tmp_path / "share"), "purge": purge}, "encodings": []}
        roots = {"STATIC_ROOT": tmp_path / "static", "STATICFILES_DIRS": [tmp_path / "assets"]}
        with override_settings(**OPTIONS, **roots, CLEARWAY=told):
            made = Home(tmp_path, cache, capsys)
            made.collect(site__css=b"a{}", logo__svg=b"<svg/>")
            yield made


MANIFEST = f"{BASE}staticfiles.json"


def test_publishing_tells_the_cache_what_changed_once(home: Home) -> None:
    planned = home.run("publish")
    assert (planned["changed"], planned["purged"], home.cache.asked) == ([MANIFEST], None, [])
    done = home.run("publish", "--apply")
    assert done["changed"] == home.cache.purged == [MANIFEST]
    assert done["purged"] == {"cache": f"Cloudflare (zone {ZONE})", "urls": 1, "left": [], "problems": []}
    again = home.run("publish", "--apply")
    assert (again["changed"], again["purged"], len(home.cache.asked)) == ([], None, 1)


def test_a_rollback_of_a_target_tells_it_too(home: Home) -> None:
    home.run("publish", "--apply")
    home.collect(site__css=b"b{}")
    home.run("publish", "--apply")
    assert home.run("rollback", "--target", home.target, "--dry-run")["changed"] == [MANIFEST]
    assert len(home.cache.asked) == 2
    done = home.run("rollback", "--target", home.target)
    assert (done["changed"], done["purged"]["left"], len(home.cache.asked)) == ([MANIFEST], [], 3)
    assert "changed" not in home.run("rollback")


def test_a_cache_that_refuses_leaves_the_release_and_is_told_again(home: Home) -> None:
    home.cache.failing = [(403, {}, b'{"success": false, "errors": [{"message": "no"}]}')] * 2
    done = home.run("publish", "--apply", code=1)
    assert (done["done"], done["purged"]["left"]) == (True, [MANIFEST])
    text = home.text("purge", "--apply", code=1)
    assert "not purged" in text
    assert "permission" in text
    told = home.run("purge", "--apply")
    assert (told["urls"], told["done"], home.cache.purged) == ([MANIFEST], True, [MANIFEST])


def test_the_command_that_repeats_a_purge_does(home: Home) -> None:
    home.run("publish", "--apply")
    home.collect(site__css=b"b{}")
    home.cache.failing = [(403, {}, b"")]
    (said,) = [line for line in home.text("publish", "--apply", code=1).splitlines() if "this repeats it" in line]
    home.cache.purged.clear()
    assert home.run(*said.partition(": clearway ")[2].split())["urls"] == home.cache.purged == [MANIFEST]


def test_without_its_secret_nothing_is_published(home: Home, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
    assert main(["publish", "--apply"]) == 2
    assert "CLOUDFLARE_API_TOKEN is not in the environment" in capsys.readouterr().err
    assert not (home.root / "share" / "staticfiles.json").exists()
    assert main(["publish"]) == 0  # a plan needs no secret


def test_urls_without_a_host_are_not_sent(home: Home, capsys: Capture) -> None:
    with override_settings(STATIC_URL="/static/"):
        home.collect()
        assert home.run("publish")["changed"] == ["/static/staticfiles.json"]
        assert main(["publish", "--apply"]) == 2
    assert 'CLEARWAY["publish"]["purge"]["url"]' in capsys.readouterr().err
    assert not (home.root / "share" / "staticfiles.json").exists()


def test_people_are_shown_what_changes_and_who_was_told(home: Home) -> None:
    assert f"\n  changed   {MANIFEST}\n" in home.text("publish")
    assert home.text("publish", "--apply").endswith(f"\nCloudflare (zone {ZONE}) was told to forget 1 URL\n")
    home.collect(site__css=b"b{}")
    home.run("publish", "--apply")
    text = home.text("rollback", "--target", home.target)
    assert text.endswith(f"\n  changed   {MANIFEST}\nCloudflare (zone {ZONE}) was told to forget 1 URL\n")


def test_of_many_urls_people_are_shown_the_first() -> None:
    urls = [f"{BASE}{number}" for number in range(23)]
    assert publish_text.shown(urls) == [*urls[:20], "and 3 more; --format json has all"]
    assert publish_text.shown([]) == ["no URL without a hash"]


# --- `clearway purge`


def test_names_without_a_hash_are_listed_where_they_are_served(home: Home) -> None:
    """By whoever serves STATIC_ROOT: for a network that pulls from there."""
    with override_settings(CLEARWAY={"encodings": [], "publish": {"purge": {"kind": "plain"}}}):
        (first,) = [each["id"] for each in home.run("releases")["releases"]]
        home.collect(site__css=b"b{}", new__js=b"let a", **{"a b__css": b"x{}"})
        assert home.text("purge").split() == [f"{BASE}{name}" for name in _SORTED]
        home.collect(site__css=b"c{}")
        assert home.run("purge")["urls"] == [f"{BASE}site.css", MANIFEST]
        assert len(home.run("purge", "--since", first[:6])["urls"]) == 4


_SORTED = ["a%20b.css", "new.js", "site.css", "staticfiles.json"]


def test_a_site_whose_url_is_a_path(home: Home) -> None:
    purge = {"kind": "plain", "url": "https://shop.example"}
    with override_settings(STATIC_URL="/static/", CLEARWAY={"encodings": [], "publish": {"purge": purge}}):
        home.collect(site__css=b"b{}")
        base = "https://shop.example/static/"
        assert f"{base}site.css" in home.run("purge")["urls"]
        assert home.run("purge", "/robots.txt", "https://a.example/b")["urls"] == [
            "https://shop.example/robots.txt",
            "https://a.example/b",
        ]


def test_urls_by_name(home: Home) -> None:
    told = home.run("purge", "/robots.txt", "--apply")
    assert told["urls"] == home.cache.purged == ["https://cdn.example/robots.txt"]


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("/été.js", "https://cdn.example/%C3%A9t%C3%A9.js"),
        ("été.js", f"{BASE}%C3%A9t%C3%A9.js"),
        ("a%20b.js", f"{BASE}a%20b.js"),
        ("/a b.js?x=[1]", "https://cdn.example/a%20b.js?x=[1]"),
    ],
)
def test_a_url_is_sent_as_browsers_would(home: Home, typed: str, url: str) -> None:
    assert home.run("purge", typed)["urls"] == [url]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["purge", "--since", "zz"], "0 releases there begin with 'zz'"),
        (["purge", "--target", "{root}/nothing"], "holds no current release"),
    ],
)
def test_what_cannot_be_compared(home: Home, capsys: Capture, words: list[str], said: str) -> None:
    home.run("publish", "--apply")
    assert main([word.format(root=home.root) for word in words]) == 2
    assert said in capsys.readouterr().err


def test_no_cache_is_told_that_is_not_named(home: Home, capsys: Capture) -> None:
    with override_settings(CLEARWAY={"encodings": []}):
        assert main(["purge", "--apply"]) == 2
    assert "no cache is named" in capsys.readouterr().err


# --- the setting


@pytest.mark.parametrize(
    ("purge", "said"),
    [
        ("cloudflare", "must be a dict"),
        ({"zone": "z"}, "'kind'] must be one of cloudfront, cloudflare, fastly, bunny, plain, not None"),
        ({"kind": "akamai"}, "must be one of"),
        ({"kind": "cloudflare"}, "needs 'zone'"),
        ({"kind": "cloudfront", "zone": "z"}, "no key 'zone'"),
        ({"kind": "cloudflare", "zone": "z", "token": "t"}, "secrets belong into the environment"),
        ({"kind": "plain", "addresses": "http://a"}, "must be a list of texts"),
        ({"kind": "cloudflare", "zone": 7}, "must be a text, not int"),
        ({"kind": "plain", "adresses": []}, "did you mean 'addresses'"),
    ],
)
def test_a_setting_that_is_wrong_says_what_is_right(purge: Any, said: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read_publish({"purge": purge}, "it")
    assert said in str(refused.value)
