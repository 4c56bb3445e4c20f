"""`clearway front cloudfront|cloudflare|fastly|bunny` from the command line: what the settings decide."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from tests.releases.sites import write

from clearway.cli import main
from clearway.front_arguments import NETWORKS
from clearway.front_cdn import cdn_of
from clearway.fronts.cdn.cdn import Cdn
from clearway.fronts.errors import FrontError
from clearway.project import Project

LARGE = b"h1 { color: red }\n" * 200
OPTIONS: dict[str, Any] = {
    "ALLOWED_HOSTS": [".shop.example", "www.shop.example", "cdn.example"],
    "STATIC_URL": "https://cdn.example/static/",
    "INSTALLED_APPS": ["clearway", "django.contrib.staticfiles"],
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"},
    },
    "DEBUG": False,
}


def publishing(target: str, **options: Any) -> dict[str, Any]:
    return {"levels": {"br": 1, "gzip": 1, "zstd": 1}, "publish": {"target": target, **options}}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A collected project."""
    files = {"css/site.css": LARGE, "css/a b.css": LARGE * 2, "css/tiny.css": b"a{}", "img/a.png": b"\x89PNG" * 500}
    write(tmp_path / "assets", files)
    more = {"STATIC_ROOT": tmp_path / "static", "STATICFILES_DIRS": [tmp_path / "assets"]}
    with override_settings(**OPTIONS, **more, CLEARWAY=publishing("s3://shop-static/static")):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield tmp_path


def told(application: str = "", bucket: str = "", **settings: Any) -> Cdn:
    with override_settings(**settings):
        return cdn_of(Project.from_settings(), application, bucket)


@pytest.mark.parametrize("network", NETWORKS)
def test_each_network_has_a_configuration_with_its_notes_apart(
    home: Path, capsys: pytest.CaptureFixture[str], network: str
) -> None:
    assert main(["front", network]) == 0
    printed = capsys.readouterr()
    assert "cdn.example" in printed.out + printed.err
    assert printed.err.startswith("clearway: ")
    assert main(["front", network, "--format", "json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert (read["schema"], read["front"]) == (1, network)
    assert read["notes"] == [line.removeprefix("clearway: ") for line in printed.err.splitlines()]
    for name, text in read["parts"].items():
        assert main(["front", network, "--part", name]) == 0
        assert capsys.readouterr().out.strip() == text.strip()


def test_a_template_is_printed_as_it_is_pasted(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["front", "cloudfront"])
    template = json.loads(capsys.readouterr().out)
    assert template["Parameters"]["Bucket"]["Default"] == "shop-static"


@pytest.mark.parametrize(
    ("static_url", "target", "url", "stripped"),
    [
        ("https://cdn.example/", "s3://b", "https://b.s3.amazonaws.com", ""),
        ("https://cdn.example/", "s3://b/live", "https://b.s3.amazonaws.com/live", ""),
        ("https://cdn.example/static/", "s3://b/static", "https://b.s3.amazonaws.com", ""),
        ("https://cdn.example/static/", "s3://b/live/static", "https://b.s3.amazonaws.com/live", ""),
        ("https://cdn.example/static/", "s3://b/livestatic", "https://b.s3.amazonaws.com/livestatic", "/static/"),
        ("https://cdn.example/static/", "s3://b", "https://b.s3.amazonaws.com", "/static/"),
        ("https://cdn.example/static/", "gs://b/live", "https://storage.googleapis.com/b/live", "/static/"),
        ("https://cdn.example/s/", "az://b/s", "https://ACCOUNT.blob.core.windows.net/b", ""),
        ("//cdn.example/static/", "s3://b/static", "https://b.s3.amazonaws.com", ""),
        ("/static/", "s3://b/static", "https://b.s3.amazonaws.com", ""),
    ],
)
def test_where_a_name_lies_in_the_bucket(home: Path, static_url: str, target: str, url: str, stripped: str) -> None:
    cdn = told(STATIC_URL=static_url, CLEARWAY=publishing(target))
    assert (cdn.origin.url, cdn.stripped) == (url, stripped)
    assert cdn.has_site is (static_url == "/static/")
    assert cdn.host == ("www.shop.example" if cdn.has_site else "cdn.example")


def test_a_region_and_an_endpoint(home: Path) -> None:
    there = told(CLEARWAY=publishing("s3://b/static", options={"region": "eu-west-1"}))
    assert (there.origin.host, there.origin.region) == ("b.s3.eu-west-1.amazonaws.com", "eu-west-1")
    other = told(CLEARWAY=publishing("s3://b/static", options={"endpoint": "https://store.example"}))
    assert (other.origin.url, other.origin.is_amazon) == ("https://store.example/b", False)


def test_a_bucket_whose_name_has_a_dot_is_named_in_the_path(home: Path) -> None:
    there = told(CLEARWAY=publishing("s3://cdn.shop.example/static", options={"region": "eu-west-1"}))
    assert there.origin.url == "https://s3.eu-west-1.amazonaws.com/cdn.shop.example"


@pytest.mark.parametrize(
    ("target", "address", "url", "stripped"),
    [
        ("s3://b/static", "https://files.example", "https://files.example", "/static/"),
        ("s3://b/static", "https://files.example/live/static/", "https://files.example/live", ""),
        ("", "http://files.example:9000/live", "http://files.example:9000/live", "/static/"),
    ],
)
def test_the_bucket_may_be_read_at_another_address(
    home: Path, target: str, address: str, url: str, stripped: str
) -> None:
    cdn = told(bucket=address, CLEARWAY=publishing(target, options={"endpoint": "https://id.r2.example"}))
    assert (cdn.origin.url, cdn.stripped, cdn.origin.is_amazon) == (url, stripped, False)
    assert [*cdn.codings] == ["gzip", "br", "zstd"]


def test_a_path_is_as_browsers_send_it_and_as_the_bucket_has_it(home: Path) -> None:
    cdn = told(STATIC_URL="https://cdn.example/stätic%20files/", CLEARWAY=publishing("s3://b/a é/100%25"))
    assert cdn.prefix == cdn.stripped == "/st%C3%A4tic%20files/"
    assert (cdn.origin.path, cdn.origin.below) == ("/a%20%C3%A9/100%2525", "a é/100%25/")


def test_the_host_of_a_network_has_no_port(home: Path) -> None:
    cdn = told(STATIC_URL="https://cdn.example:8443/static/")
    assert (cdn.host, cdn.name) == ("cdn.example", "cdn-example")


def test_an_application_of_this_machine_is_none_for_a_network(home: Path) -> None:
    hosts = ["localhost", "127.0.0.1", "[::1]"]
    assert told(ALLOWED_HOSTS=[*hosts, "www.shop.example"], CLEARWAY={}).origin.url == "https://www.shop.example"
    with pytest.raises(FrontError, match="which application"):
        told(ALLOWED_HOSTS=hosts, CLEARWAY={})


def test_without_a_bucket_the_application_is_asked(home: Path) -> None:
    for target in ("", "/mnt/share"):
        cdn = told(CLEARWAY=publishing(target))
        assert (cdn.origin.url, cdn.origin.bucket, list(cdn.codings)) == ("https://www.shop.example", "", [])
    assert told("https://other.example", CLEARWAY={}).origin.url == "https://other.example"


def test_only_texts_that_have_always_had_all_variants_are_named(home: Path) -> None:
    assert [*told().names] == ["css/a%20b.css", "css/site.css"]
    write(home / "assets", {"css/site.css": b"b{}"})
    call_command("collectstatic", interactive=False, verbosity=0)
    assert [*told().names] == ["css/a%20b.css"]
    assert [*told(CLEARWAY=publishing("s3://b", coding="br")).names] == []


def test_before_anything_was_collected_no_text_is_named(home: Path) -> None:
    cdn = told(STATIC_ROOT=home / "other")
    assert ([*cdn.names], [*cdn.codings]) == ([], ["gzip", "br", "zstd"])


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        (["fastly", "--part", "worker"], {}, "has no part 'worker', only vcl"),
        (["bunny", "--check", "file"], {}, "not read here"),
        (["bunny", "--upstream", "127.0.0.1:8000"], {}, "an address such as https://"),
        (["bunny", "--origin", "files.example"], {}, "files.example is not the address of an origin"),
        (["fastly", "--upstream", "https://shop.example:x"], {"CLEARWAY": {}}, "not the address of an origin"),
        (["fastly"], {"CLEARWAY": publishing("s3://b", options={"endpoint": "store.example"})}, "not the address"),
        (["bunny"], {"STATIC_URL": "/static/", "ALLOWED_HOSTS": ["*"]}, "which host"),
        (["bunny"], {"CLEARWAY": {}, "ALLOWED_HOSTS": [".shop.example"]}, "which application"),
    ],
)
def test_what_cannot_be_written_is_said(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str], settings: dict[str, Any], said: str
) -> None:
    with override_settings(**settings):
        assert main(["front", *words]) == 2
    assert said in capsys.readouterr().err
