"""Cloudflare: the shape of its rules, and the Worker under node over a table of objects. No zone was asked."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.fronts.cdn.edge import fetched, needs_node
from tests.fronts.cdn.networks import ALL, APPLICATION, BUCKET, FIELDS, ONE_CODING, STARRED, STRIPPED, wanted

from clearway.fronts.cdn.cdn import Cdn
from clearway.fronts.cdn.cloudflare import write
from clearway.http.negotiation import SUFFIXES
from clearway.stores.purging.configured import purger_of

STORE = "https://shop-static.s3.eu-central-1.amazonaws.com/live"
NAME = "css/site.4f3c1d2a9b7e.css"


def stored(*names: str) -> dict[str, Any]:
    """Objects with their variants; the body says which it is."""
    fields = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Type": "text/css; charset=utf-8"}
    found: dict[str, Any] = {}
    for name in names:
        found[f"{STORE}/{name}"] = {"body": "plain", "headers": fields}
        for coding, suffix in SUFFIXES.items():
            # the coding itself is not told: node would decode the body
            found[f"{STORE}/{name}{suffix}"] = {"body": coding, "headers": fields}
    return found


def answers(cdn: Cdn, objects: dict[str, Any], folder: Path, *requests: Any) -> list[dict[str, Any]]:
    return fetched(write(cdn).parts["worker"], objects, requests, folder)


@pytest.mark.parametrize("cdn", ALL.values(), ids=ALL)
def test_the_rules_are_about_static_files_only(cdn: Cdn) -> None:
    rules = json.loads(write(cdn).parts["rules"])
    assert rules.keys() == {
        "http_request_firewall_custom",
        "http_request_cache_settings",
        "http_response_headers_transform",
    }
    for phase in rules.values():
        for rule in phase["rules"]:
            assert f'http.host eq "{cdn.host}"' in rule["expression"]
            assert f'starts_with(http.request.uri.path, "{cdn.prefix}' in rule["expression"]


def test_errors_are_not_kept_and_what_files_say_is_respected() -> None:
    (rule,) = json.loads(write(APPLICATION).parts["rules"])["http_request_cache_settings"]["rules"]
    told = rule["action_parameters"]
    assert told["edge_ttl"]["mode"] == told["browser_ttl"]["mode"] == "respect_origin"
    assert told["edge_ttl"]["status_code_ttl"] == [{"status_code_range": {"from": 400, "to": 599}, "value": -1}]


def test_an_application_needs_no_worker() -> None:
    assert write(APPLICATION).parts.keys() == {"rules"}


@needs_node
def test_the_variant_is_one_that_our_negotiation_allows(tmp_path: Path) -> None:
    fields = [*FIELDS, *STARRED]
    requests = [("GET", f"https://cdn.example/{NAME}?v=1", {"Accept-Encoding": field}) for field in fields]
    found = answers(BUCKET, stored(NAME), tmp_path, *requests)
    assert {f: each["body"] for f, each in zip(fields, found, strict=True)} == {f: wanted(f) or "plain" for f in fields}
    for each in found:
        assert each["headers"]["vary"] == "Accept-Encoding"
        assert each["headers"]["access-control-allow-origin"] == "*"
        assert each["headers"]["x-content-type-options"] == "nosniff"
        assert "immutable" in each["headers"]["cache-control"]
        assert "?" not in each["asked"][0][1]


@needs_node
@pytest.mark.parametrize("missing", [404, 403])
def test_what_has_no_variant_is_answered_plain(tmp_path: Path, missing: int) -> None:
    tiny = "css/tiny.0123456789ab.css"
    objects = {f"{STORE}/{tiny}": {"body": "plain", "headers": {}}, "missing": missing}
    (found,) = answers(BUCKET, objects, tmp_path, ("GET", f"https://cdn.example/{tiny}", {"Accept-Encoding": "br"}))
    assert (found["status"], found["body"]) == (200, "plain")
    assert [target for _, target, _ in found["asked"]] == [f"{STORE}/{tiny}.br", f"{STORE}/{tiny}"]


@needs_node
def test_a_missing_file_is_not_kept_and_sets_no_cookie(tmp_path: Path) -> None:
    (found,) = answers(
        BUCKET, {}, tmp_path, ("GET", "https://cdn.example/gone.css", {"Origin": "https://shop.example"})
    )
    assert (found["status"], found["headers"]["cache-control"]) == (404, "no-store")
    assert found["headers"]["access-control-allow-origin"] == "*"
    assert "set-cookie" not in found["headers"]


@needs_node
def test_nothing_of_the_visitor_is_passed_on_but_conditions_and_ranges(tmp_path: Path) -> None:
    fields = {"Origin": "https://a.example", "X-Other": "b", "If-None-Match": '"x"', "Range": "bytes=0-1"}
    fields["Accept-Encoding"] = "br"
    (found,) = answers(BUCKET, stored(NAME), tmp_path, ("GET", f"https://cdn.example/{NAME}", fields))
    assert found["asked"] == [["GET", f"{STORE}/{NAME}", ['if-none-match: "x"', "range: bytes=0-1"]]]


@needs_node
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", f"/{NAME}", 200),
        ("POST", f"/{NAME}", 405),
        ("OPTIONS", f"/{NAME}", 204),
        ("GET", "/.clearway/current", 404),
        ("GET", "/%2Eclearway/current", 404),
        ("GET", "/css/.env", 404),
        ("GET", "/css/", 404),
        ("GET", "/", 404),
    ],
)
def test_methods_and_names_that_are_no_files(tmp_path: Path, method: str, path: str, status: int) -> None:
    (found,) = answers(BUCKET, stored(NAME), tmp_path, (method, f"https://cdn.example{path}", {}))
    assert found["status"] == status
    assert len(found["asked"]) == (status == 200)
    assert found["headers"]["access-control-allow-origin"] == "*"


@needs_node
def test_names_that_a_bucket_has_without_the_prefix(tmp_path: Path) -> None:
    asked = [("GET", f"https://cdn.example/static/{NAME}", {}), ("GET", f"https://cdn.example/{NAME}", {})]
    assert [each["status"] for each in answers(STRIPPED, stored(NAME), tmp_path, *asked)] == [200, 404]


@needs_node
@pytest.mark.parametrize("cdn", [BUCKET, STRIPPED])
def test_the_worker_and_the_purge_that_it_needs_agree_on_an_address(cdn: Cdn, tmp_path: Path) -> None:
    url = f"https://cdn.example{cdn.prefix}staticfiles.json"
    (found,) = answers(cdn, {}, tmp_path, ("GET", url, {}))
    told = re.findall(r'"(fetched|strip)": "([^"]*)"', " ".join(write(cdn).notes))
    purger = purger_of({"kind": "cloudflare", "zone": "z", **dict(told)}, {"CLOUDFLARE_API_TOKEN": "t"})
    (call,) = purger.calls([url], 0)
    assert found["asked"][-1][1] in json.loads(call.body)["files"]


@needs_node
def test_one_coding_is_not_looked_for_beside(tmp_path: Path) -> None:
    asked = ("GET", f"https://cdn.example/{NAME}", {"Accept-Encoding": "br"})
    (found,) = answers(ONE_CODING, stored(NAME), tmp_path, asked)
    assert [target for _, target, _ in found["asked"]] == [f"{STORE}/{NAME}"]
