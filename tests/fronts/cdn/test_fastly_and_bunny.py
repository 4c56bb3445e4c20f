"""Fastly and bunny.net: what is written, by its shape; neither service was asked, and no compiler of VCL was there."""

import json
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from tests.fronts.cdn.networks import (
    ALL,
    APPLICATION,
    BUCKET,
    FIELDS,
    ONE_CODING,
    OTHER_STORE,
    SAME_HOST,
    STRIPPED,
    wanted,
)

from clearway.fronts.cdn import bunny, fastly
from clearway.fronts.cdn.cdn import Cdn, Origin


def vcl(cdn: Cdn) -> str:
    return fastly.write(cdn).parts["vcl"]


@pytest.mark.parametrize("cdn", ALL.values(), ids=ALL)
def test_the_vcl_is_whole(cdn: Cdn) -> None:
    text = vcl(cdn)
    assert text.count("{") == text.count("}")
    for name in ("recv", "hash", "miss", "pass", "fetch", "deliver", "error"):
        assert text.count(f"sub vcl_{name} {{") == text.count(f"#FASTLY {name}\n") == 1
    assert "%" not in text  # which begins an escape in a text of VCL


def test_the_variant_is_one_that_our_negotiation_allows() -> None:
    """The expressions of the VCL, as Python reads them; `*` and what is named twice are left to the plain file."""
    rules = re.findall(r'var\.accepted ~ "([^"]+)"\) \{\n\s*set req\.url = req\.url "(\.\w+)"', vcl(BUCKET))
    assert [suffix for _, suffix in rules] == [".br", ".zst", ".gz"]
    suffixes = {"br": ".br", "zstd": ".zst", "gzip": ".gz", "": ""}
    for field in FIELDS:
        found = next((suffix for pattern, suffix in rules if re.search(pattern, field.lower())), "")
        assert found == suffixes[wanted(field)], field


def test_fastly_asks_for_the_plain_file_where_there_is_no_variant() -> None:
    assert "restart;" in vcl(BUCKET)
    assert 'set resp.http.Vary = "Accept-Encoding";' in vcl(BUCKET)
    assert "Vary" not in vcl(ONE_CODING)
    assert "var.accepted" not in vcl(APPLICATION)


def test_fastly_asks_the_bucket_by_its_names() -> None:
    assert 'set bereq.url = "/live" bereq.url;' in vcl(BUCKET)
    assert 'regsub(bereq.url, "^/static/", "/")' in vcl(STRIPPED)
    assert "bereq" not in vcl(APPLICATION)


def test_on_the_host_of_the_site_fastly_leaves_everything_else_alone() -> None:
    text = vcl(SAME_HOST)
    assert text.index("unset req.http.X-Static-Plain") < text.index('if (req.url.path !~ "^/static/")')


@pytest.mark.parametrize(
    ("path", "is_file"),
    [
        ("/static/a.css", True),
        ("/static/", False),
        ("/static/a/", False),
        ("/static/.clearway/current", False),
        ("/static/%2Eclearway/current", False),
        ("/other/a.css", False),
    ],
)
def test_what_fastly_takes_for_a_file(path: str, is_file: bool) -> None:
    found = re.search(r'if \(req\.url\.path !~ "([^"]+)" \|\| urldecode\(req\.url\.path\) ~ "([^"]+)"\)', vcl(STRIPPED))
    assert found
    assert (bool(re.search(found[1], path)) and not re.search(found[2], unquote(path))) is is_file


def test_fastly_answers_methods_itself_and_passes_none_to_a_bucket() -> None:
    received = vcl(BUCKET).partition("sub vcl_hash")[0]
    assert "return(pass)" not in received
    assert received.index('req.method == "OPTIONS"') < received.index("error 605") < received.index("error 606")
    same = vcl(SAME_HOST)
    assert same.index("return(pass)") < same.index("error 605")  # the application's own


def test_a_shield_of_fastly_is_asked_for_the_same_url() -> None:
    missed = vcl(STRIPPED).partition("sub vcl_miss")[2].partition("sub vcl_pass")[0]
    assert re.search(r"if \(req\.backend\.is_origin\) \{\n(    set bereq\.\S+ = .*\n){3}  \}\n", missed)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://store.example/shop", "store.example, port 443, with TLS"),
        ("https://store.example:9000/shop", "store.example, port 9000, with TLS"),
        ("http://store.example:7480/shop", "store.example, port 7480, without TLS"),
        ("http://store.example/shop", "store.example, port 80, without TLS"),
    ],
)
def test_the_backend_of_fastly_is_the_origin(url: str, told: str) -> None:
    written = fastly.write(replace(OTHER_STORE, origin=Origin(url, "shop")))
    assert written.notes[0].startswith(f"backend: {told}")
    assert f'set bereq.http.Host = "{url.split("/")[2]}";' in written.parts["vcl"]


def test_fastly_reads_paths_as_they_are_written() -> None:
    """In a text of VCL, %25 is a percent sign."""
    origin = Origin("https://store.example/a%20b%22", "shop", 'a b"/')
    text = vcl(replace(STRIPPED, prefix="/my%20files/", stripped="/my%20files/", origin=origin))
    assert r'req.url.path !~ "^/my\x2520files/[^?]*[^/]$"' in text
    assert re.search(r"^/my\x2520files/", "/my%20files/a.css")
    assert 'set bereq.url = "/a%2520b%2522" bereq.url;' in text


@pytest.mark.parametrize("cdn", ALL.values(), ids=ALL)
def test_a_zone_of_bunny_keeps_what_files_say_and_no_errors(cdn: Cdn) -> None:
    zone = json.loads(bunny.write(cdn).parts["zone"])
    assert zone["OriginUrl"] == cdn.origin.url
    assert (zone["CacheErrorResponses"], zone["IgnoreQueryStrings"], zone["DisableCookies"]) == (False, True, True)
    assert zone["CacheControlMaxAgeOverride"] == zone["CacheControlPublicMaxAgeOverride"] == -1
    assert zone.get("AWSSigningEnabled", False) is cdn.origin.is_amazon
    assert not re.search("Key|Secret", json.dumps(zone))


def test_rules_of_bunny_give_every_answer_the_fields_and_hide_records() -> None:
    rules = json.loads(bunny.write(STRIPPED).parts["edge-rules"])
    told = [(each["ActionType"], each["ActionParameter1"], each["ActionParameter2"]) for each in rules]
    assert told == [(5, "Access-Control-Allow-Origin", "*"), (5, "X-Content-Type-Options", "nosniff"), (4, "", "")]
    assert rules[-1]["Triggers"][0]["PatternMatches"] == ["https://cdn.example/static/.clearway/*"]


def test_bunny_says_that_it_does_not_choose_between_objects() -> None:
    assert any("published variants are not used" in note for note in bunny.write(BUCKET).notes)
    assert not any("variants" in note for note in bunny.write(APPLICATION).notes)
