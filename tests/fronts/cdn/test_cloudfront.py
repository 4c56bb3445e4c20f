"""CloudFront: the shape of the template, and its functions under node. No account of Amazon was asked."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.fronts.cdn.edge import handled, needs_node
from tests.fronts.cdn.networks import (
    ALL,
    AMAZON,
    APPLICATION,
    BUCKET,
    FIELDS,
    FIRST_PARTY,
    ONE_CODING,
    OTHER_STORE,
    SAME_HOST,
    STARRED,
    STRIPPED,
    wanted,
)

from clearway.fronts.cdn.cdn import Cdn, Origin
from clearway.fronts.cdn.cloudfront import write
from clearway.fronts.cdn.cloudfront_functions import LARGEST, request_function, response_function

HASHED = "/css/site.4f3c1d2a9b7e.css"


def template(cdn: Cdn) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(write(cdn).parts["template"])
    return read


def resource(cdn: Cdn, name: str) -> Any:
    return template(cdn)["Resources"][name]["Properties"]


def distribution(cdn: Cdn) -> Any:
    return resource(cdn, "Distribution")["DistributionConfig"]


def references(told: Any) -> set[str]:
    """What a template refers to by name."""
    if isinstance(told, list):
        return set().union(*map(references, told)) if told else set()
    if not isinstance(told, dict):
        return set()
    own = {told["Ref"]} if "Ref" in told else {told["Fn::GetAtt"][0]} if "Fn::GetAtt" in told else set()
    if "Fn::Sub" in told:
        own = {part.partition("}")[0].partition(".")[0] for part in told["Fn::Sub"].split("${")[1:]}
    return own | references(list(told.values()))


@pytest.mark.parametrize("cdn", ALL.values(), ids=ALL)
def test_everything_that_is_referred_to_is_there(cdn: Cdn) -> None:
    told = template(cdn)
    known = told["Resources"].keys() | told["Parameters"].keys()
    assert {name for name in references(told) if not name.startswith("AWS::")} <= known
    ids = {each["Id"] for each in distribution(cdn)["Origins"]}
    behaviours = [distribution(cdn)["DefaultCacheBehavior"], *distribution(cdn).get("CacheBehaviors", [])]
    assert {each["TargetOriginId"] for each in behaviours} == ids


@pytest.mark.parametrize("cdn", ALL.values(), ids=ALL)
def test_the_key_is_the_path_and_the_encodings(cdn: Cdn) -> None:
    policy = resource(cdn, "CachePolicy")["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert [key[f"{name}Config"] for name in ("Cookies", "Headers", "QueryStrings")] == [
        {"CookieBehavior": "none"},
        {"HeaderBehavior": "none"},
        {"QueryStringBehavior": "none"},
    ]
    assert (policy["MinTTL"], policy["MaxTTL"]) == (0, 31_536_000)


@pytest.mark.parametrize("cdn", ALL.values(), ids=ALL)
def test_errors_are_not_kept_and_every_origin_may_read(cdn: Cdn) -> None:
    errors = {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in distribution(cdn)["CustomErrorResponses"]}
    assert (errors[403], errors[404], set(errors.values())) == (0, 0, {0})
    headers = resource(cdn, "HeadersPolicy")["ResponseHeadersPolicyConfig"]
    assert headers["CorsConfig"]["AccessControlAllowOrigins"] == {"Items": ["*"]}
    assert headers["SecurityHeadersConfig"]["ContentTypeOptions"] == {"Override": True}


@pytest.mark.parametrize("cdn", [BUCKET, STRIPPED, SAME_HOST])
def test_only_the_distribution_reads_the_bucket_and_only_what_is_published(cdn: Cdn) -> None:
    (origin, *_) = distribution(cdn)["Origins"]
    assert origin["OriginAccessControlId"] == {"Fn::GetAtt": ["Access", "Id"]}
    assert origin["OriginPath"] == "/live"
    read, listed = resource(cdn, "BucketPolicy")["PolicyDocument"]["Statement"]
    assert (read["Action"], listed["Action"]) == ("s3:GetObject", "s3:ListBucket")
    assert read["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/live/*"}
    assert all("distribution/${Distribution}" in str(each["Condition"]) for each in (read, listed))


def test_the_policy_has_the_names_of_the_bucket_and_the_origin_those_of_a_url() -> None:
    origin = replace(AMAZON, url="https://shop-static.s3.eu-central-1.amazonaws.com/my%20files", below="my files/")
    cdn = replace(BUCKET, origin=origin)
    read, _ = resource(cdn, "BucketPolicy")["PolicyDocument"]["Statement"]
    assert read["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/my files/*"}
    assert distribution(cdn)["Origins"][0]["OriginPath"] == "/my%20files"


def test_a_bucket_that_is_named_in_the_path_is_named_in_the_domain() -> None:
    origin = replace(
        AMAZON, url="https://s3.eu-central-1.amazonaws.com/cdn.shop.example/live", bucket="cdn.shop.example"
    )
    assert distribution(replace(BUCKET, origin=origin))["Origins"][0]["OriginPath"] == "/live"


@pytest.mark.parametrize(
    ("url", "policy"),
    [
        ("https://store.example/shop", {"OriginProtocolPolicy": "https-only"}),
        ("https://store.example:9000/shop", {"OriginProtocolPolicy": "https-only", "HTTPSPort": 9000}),
        ("http://store.example:7480/shop", {"OriginProtocolPolicy": "http-only", "HTTPPort": 7480}),
    ],
)
def test_the_scheme_and_the_port_of_another_store_are_told_apart(url: str, policy: dict[str, Any]) -> None:
    (origin,) = distribution(replace(OTHER_STORE, origin=Origin(url, "shop", "live/")))["Origins"]
    assert (origin["DomainName"], origin["OriginPath"]) == ("store.example", "/shop")
    assert origin["CustomOriginConfig"] == {**policy, "OriginSSLProtocols": ["TLSv1.2"]}


def test_a_bucket_of_another_store_has_no_policy_of_amazon() -> None:
    assert {"BucketPolicy", "Access"}.isdisjoint(template(OTHER_STORE)["Resources"])
    assert distribution(OTHER_STORE)["Origins"][0]["DomainName"] == "pub.r2.example"


def test_an_application_negotiates_itself() -> None:
    assert "FunctionAssociations" not in distribution(APPLICATION)["DefaultCacheBehavior"]
    assert distribution(APPLICATION)["DefaultCacheBehavior"]["Compress"] is True
    assert distribution(ONE_CODING)["DefaultCacheBehavior"]["Compress"] is False


@pytest.mark.parametrize("cdn", [SAME_HOST, FIRST_PARTY])
def test_on_the_host_of_the_site_everything_else_is_not_kept(cdn: Cdn) -> None:
    told = distribution(cdn)
    assert [each["PathPattern"] for each in told["CacheBehaviors"]] == ["/static/*"]
    (site,) = [each for each in told["Origins"] if each["Id"] == told["DefaultCacheBehavior"]["TargetOriginId"]]
    assert site["DomainName"] == {"Ref": "Application"}  # the host itself would ask CloudFront again
    assert "POST" in told["DefaultCacheBehavior"]["AllowedMethods"]
    assert told["DefaultCacheBehavior"]["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def test_what_is_true_is_said() -> None:
    assert any("deltas (dcz): none are published" in note for note in write(BUCKET).notes)
    assert any("Available-Dictionary" in note for note in write(APPLICATION).notes)
    assert any("br only" in note for note in write(ONE_CODING).notes)
    assert any('"strip": "/static' in note for note in write(STRIPPED).notes)


# --- the functions


def event(uri: str, accepted: str | None = None, **fields: str) -> dict[str, Any]:
    headers = {name: {"value": value} for name, value in fields.items()}
    headers |= {} if accepted is None else {"accept-encoding": {"value": accepted}}
    return {"request": {"method": "GET", "uri": uri, "headers": headers, "querystring": {}, "cookies": {}}}


@needs_node
def test_the_variant_is_one_that_our_negotiation_allows(tmp_path: Path) -> None:
    fields = [*FIELDS, *STARRED]
    found = handled(request_function(BUCKET), [event(HASHED, field) for field in fields], tmp_path)
    suffixes = {"br": ".br", "zstd": ".zst", "gzip": ".gz", "": ""}
    assert {f: each["uri"] for f, each in zip(fields, found, strict=True)} == {
        field: HASHED + suffixes[wanted(field)] for field in fields
    }


@needs_node
@pytest.mark.parametrize(
    ("told", "uri"),
    [
        (event(HASHED, "br", range="bytes=0-1"), HASHED),
        (event("/css/site.css", "br"), "/css/site.css.br"),
        (event("/js/a%20b.0123456789ab.js", "gzip"), "/js/a%20b.0123456789ab.js.gz"),
        (event("/css/other.4f3c1d2a9b7e.css", "br"), "/css/other.4f3c1d2a9b7e.css"),
        (event("/img/a.4f3c1d2a9b7e.png", "br"), "/img/a.4f3c1d2a9b7e.png"),
        (event("/__proto__", "br"), "/__proto__"),
        (event("/css/site.css.4f3c1d2a9b7e.br", "br"), "/css/site.css.4f3c1d2a9b7e.br"),
        (event(HASHED), HASHED),
        (event("/css/site.css?x", "br"), "/css/site.css?x"),
    ],
)
def test_what_may_have_no_variant_stays_plain(tmp_path: Path, told: dict[str, Any], uri: str) -> None:
    assert handled(request_function(BUCKET), [told], tmp_path)[0]["uri"] == uri


@needs_node
def test_fields_that_are_sent_twice_count_together(tmp_path: Path) -> None:
    told = event(HASHED, "gzip")
    told["request"]["headers"]["accept-encoding"] = {
        "value": "gzip",
        "multiValue": [{"value": "gzip"}, {"value": "br"}],
    }
    assert handled(request_function(BUCKET), [told], tmp_path)[0]["uri"] == f"{HASHED}.br"


@needs_node
@pytest.mark.parametrize(
    "uri",
    [
        "/",
        "/css/",
        "/.clearway/current",
        "/.clearway/releases/a.json",
        "/css/.env",
        "/%2Eclearway/current",
        "/css/%2e%2e/x",
    ],
)
def test_what_is_no_file_is_missing_and_not_kept(tmp_path: Path, uri: str) -> None:
    (found,) = handled(request_function(BUCKET), [event(uri, "br")], tmp_path)
    assert found["statusCode"] == 404
    assert found["headers"]["cache-control"] == {"value": "no-store"}


@needs_node
def test_names_that_a_bucket_has_without_the_prefix(tmp_path: Path) -> None:
    told = [event(f"/static{HASHED}", "br"), event("/static/other.css"), event("/elsewhere.css"), event("/static/.x")]
    found = handled(request_function(STRIPPED), told, tmp_path)
    assert [each.get("uri", each.get("statusCode")) for each in found] == [f"{HASHED}.br", "/other.css", 404, 404]


@needs_node
def test_every_answer_may_be_read_by_every_origin(tmp_path: Path) -> None:
    (found,) = handled(response_function(), [{"response": {"statusCode": 200, "headers": {}}}], tmp_path)
    assert found["headers"] == {"vary": {"value": "Accept-Encoding"}, "access-control-allow-origin": {"value": "*"}}


@needs_node
def test_a_function_has_room_for_the_largest_files_only(tmp_path: Path) -> None:
    names = [f"apps/some/long/folder/file-{number}.css" for number in range(2_000)]
    code = request_function(replace(BUCKET, names=names))
    assert LARGEST - 60 < len(code.encode()) <= LARGEST
    found = handled(code, [event(f"/{names[0]}", "br"), event(f"/{names[-1]}", "br")], tmp_path)
    assert [each["uri"].endswith(".br") for each in found] == [True, False]
