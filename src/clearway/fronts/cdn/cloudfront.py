"""A CloudFormation template for Amazon CloudFront.

Sources: the references of AWS::CloudFront::Distribution, CachePolicy, ResponseHeadersPolicy, OriginAccessControl and
Function, and "Restrictions on CloudFront Functions" of the developer guide.
"""

import json
from typing import Any

from .cdn import Cdn, Printed, shared_notes
from .cloudfront_functions import LARGEST, request_function, response_function

_ERRORS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
_YEAR = 31_536_000  # seconds
# managed by Amazon for every account: no caching; all that the viewer sent
_UNCACHED, _ALL_VIEWER = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "216adef6-5c7f-47e4-b989-5492eafa07d3"
_SUB = "${AWS::StackName}"


def write(cdn: Cdn) -> Printed:
    """The template, in one part."""
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Static files of {cdn.origin_of}",
        "Parameters": _parameters(cdn),
        "Conditions": {"HasCertificate": {"Fn::Not": [{"Fn::Equals": [{"Ref": "CertificateArn"}, ""]}]}},
        "Resources": _resources(cdn),
        "Outputs": {
            "Distribution": {"Value": {"Ref": "Distribution"}},
            "DomainName": {"Value": _of("Distribution", "DomainName")},
        },
    }
    return Printed({"template": json.dumps(template, indent=2)}, _notes(cdn))


def _parameters(cdn: Cdn) -> dict[str, Any]:
    text = "The certificate in us-east-1 for the host; empty to try it under CloudFront's own name"
    found: dict[str, Any] = {
        "Host": {"Type": "String", "Default": cdn.host, "Description": "What browsers ask"},
        "CertificateArn": {"Type": "String", "Default": "", "Description": text},
    }
    if cdn.has_site:
        told = "A name of the application that does not lead to CloudFront, with a certificate for it"
        found["Application"] = {"Type": "String", "Description": told}
    if cdn.origin.is_amazon:
        found["Bucket"] = {"Type": "String", "Default": cdn.origin.bucket}
        where = {"Default": cdn.origin.region} if cdn.origin.region else {}
        found["BucketRegion"] = {"Type": "String", "Description": "Such as eu-central-1", **where}
    return found


def _resources(cdn: Cdn) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Distribution": _resource("Distribution", "DistributionConfig", _distribution(cdn)),
        "CachePolicy": _resource("CachePolicy", "CachePolicyConfig", _cache_policy()),
        "HeadersPolicy": _resource("ResponseHeadersPolicy", "ResponseHeadersPolicyConfig", _headers_policy()),
    }
    if cdn.origin.bucket:
        found["RequestFunction"] = _function("request", request_function(cdn))
        found["ResponseFunction"] = _function("response", response_function())
    if cdn.origin.is_amazon:
        access = {
            "Name": {"Fn::Sub": f"{_SUB}-static"},
            "OriginAccessControlOriginType": "s3",
            "SigningBehavior": "always",
            "SigningProtocol": "sigv4",
        }
        found["Access"] = _resource("OriginAccessControl", "OriginAccessControlConfig", access)
        found["BucketPolicy"] = {"Type": "AWS::S3::BucketPolicy", "Properties": _bucket_policy(cdn)}
    return found


def _resource(kind: str, key: str, told: dict[str, Any]) -> dict[str, Any]:
    return {"Type": f"AWS::CloudFront::{kind}", "Properties": {key: told}}


def _function(name: str, code: str) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudFront::Function",
        "Properties": {
            "Name": {"Fn::Sub": f"{_SUB}-{name}"},
            "AutoPublish": True,
            "FunctionCode": code,
            "FunctionConfig": {"Comment": f"Static files: the {name}", "Runtime": "cloudfront-js-2.0"},
        },
    }


def _of(name: str, attribute: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, attribute]}


def _distribution(cdn: Cdn) -> dict[str, Any]:
    static = _behaviour(cdn)
    origins, behaviours = [_origin(cdn)], {}
    default = static
    if cdn.has_site:
        behaviours = {"CacheBehaviors": [{"PathPattern": f"{cdn.prefix}*", **static}]}
        default = _site_behaviour("site" if cdn.origin.bucket else "static")
        if cdn.origin.bucket:
            origins.append(_custom_origin("site", {"Ref": "Application"}, ""))
    return {
        "Enabled": True,
        "Comment": {"Fn::Sub": "Static files of ${Host}"},
        "HttpVersion": "http2and3",
        "IPV6Enabled": True,
        "Aliases": {"Fn::If": ["HasCertificate", [{"Ref": "Host"}], {"Ref": "AWS::NoValue"}]},
        "ViewerCertificate": {"Fn::If": ["HasCertificate", _certificate(), {"CloudFrontDefaultCertificate": True}]},
        "Origins": origins,
        "DefaultCacheBehavior": default,
        **behaviours,
        "CustomErrorResponses": [{"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in _ERRORS],
    }


def _certificate() -> dict[str, Any]:
    told = {"Ref": "CertificateArn"}
    return {
        "AcmCertificateArn": told,
        "SslSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }


def _origin(cdn: Cdn) -> dict[str, Any]:
    if not cdn.origin.is_amazon:
        is_site = cdn.has_site and not cdn.origin.bucket
        if is_site:
            return _custom_origin("static", {"Ref": "Application"}, cdn.origin.path)
        return _custom_origin("static", cdn.origin.name, cdn.origin.path, cdn.origin.scheme, cdn.origin.port)
    bucket, path = cdn.origin.bucket, cdn.origin.path
    return {
        "Id": "static",
        "DomainName": {"Fn::Sub": "${Bucket}.s3.${BucketRegion}.${AWS::URLSuffix}"},
        "OriginPath": path if cdn.origin.name.startswith(f"{bucket}.") else path.removeprefix(f"/{bucket}"),
        "OriginAccessControlId": _of("Access", "Id"),
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }


def _custom_origin(
    id_: str, host: str | dict[str, str], path: str, scheme: str = "https", port: int | None = None
) -> dict[str, Any]:
    told: dict[str, Any] = {"OriginProtocolPolicy": f"{scheme}-only", "OriginSSLProtocols": ["TLSv1.2"]}
    told |= {f"{scheme.upper()}Port": port} if port else {}
    return {"Id": id_, "DomainName": host, "OriginPath": path, "CustomOriginConfig": told}


def _behaviour(cdn: Cdn) -> dict[str, Any]:
    functions = [("viewer-request", "RequestFunction"), ("viewer-response", "ResponseFunction")]
    told = [{"EventType": event, "FunctionARN": _of(name, "FunctionARN")} for event, name in functions]
    return {
        "TargetOriginId": "static",
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": ["GET", "HEAD", "OPTIONS"],
        "CachedMethods": ["GET", "HEAD"],
        "Compress": not cdn.coding,
        "CachePolicyId": {"Ref": "CachePolicy"},
        "ResponseHeadersPolicyId": {"Ref": "HeadersPolicy"},
        **({"FunctionAssociations": told} if cdn.origin.bucket else {}),
    }


def _site_behaviour(origin: str) -> dict[str, Any]:
    return {
        "TargetOriginId": origin,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
        "CachePolicyId": _UNCACHED,
        "OriginRequestPolicyId": _ALL_VIEWER,
    }


def _cache_policy() -> dict[str, Any]:
    """The path, and Accept-Encoding as CloudFront normalises it; no query, cookie or other field."""
    return {
        "Name": {"Fn::Sub": f"{_SUB}-static"},
        "MinTTL": 0,
        "DefaultTTL": 0,
        "MaxTTL": _YEAR,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingBrotli": True,
            "EnableAcceptEncodingGzip": True,
            "CookiesConfig": {"CookieBehavior": "none"},
            "HeadersConfig": {"HeaderBehavior": "none"},
            "QueryStringsConfig": {"QueryStringBehavior": "none"},
        },
    }


def _headers_policy() -> dict[str, Any]:
    return {
        "Name": {"Fn::Sub": f"{_SUB}-static"},
        "CorsConfig": {
            "AccessControlAllowCredentials": False,
            "AccessControlAllowHeaders": {"Items": ["*"]},
            "AccessControlAllowMethods": {"Items": ["GET", "HEAD", "OPTIONS"]},
            "AccessControlAllowOrigins": {"Items": ["*"]},
            "OriginOverride": True,
        },
        "SecurityHeadersConfig": {"ContentTypeOptions": {"Override": True}},
    }


def _bucket_policy(cdn: Cdn) -> dict[str, Any]:
    """May be read by this distribution; listing is what makes a missing object 404 and not 403."""
    arn = "arn:${AWS::Partition}:s3:::${Bucket}"
    distribution = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    condition = {"StringEquals": {"AWS:SourceArn": {"Fn::Sub": distribution}}}
    whose = {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Condition": condition}
    below = f"{arn}/{cdn.origin.below}*"
    statements = [
        {**whose, "Action": "s3:GetObject", "Resource": {"Fn::Sub": below}},
        {**whose, "Action": "s3:ListBucket", "Resource": {"Fn::Sub": arn}},
    ]
    return {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}


def _notes(cdn: Cdn) -> list[str]:
    notes = ["aws cloudformation deploy --stack-name … --template-file … (this template)"]
    if cdn.origin.is_amazon:
        notes.append("the template replaces the policy of the bucket: add its two statements to one that you have")
    elif cdn.origin.bucket:
        notes.append(f"{cdn.origin.host} is asked without a signature: its objects must be readable by anybody")
    if cdn.has_site:
        notes.append(f"Application: CloudFront answers for {cdn.host}, so it must ask the application by another name")
    if cdn.stripped:
        notes.append(
            f"browsers ask below {cdn.prefix}, and the bucket has no such names: CloudFront caches under the shorter "
            f'path, so CLEARWAY["publish"]["purge"] needs "strip": "{cdn.stripped}"'
        )
    if cdn.codings:
        notes.append(
            f"variants: {len(cdn.names):,} texts that have always had all are answered in the one that Accept-Encoding "
            f"allows (as many as fit into the {LARGEST:,} octets of a function, by size); others are compressed by "
            "CloudFront. Print it again after many files came or went, and before one of them becomes tiny"
        )
    return [*notes, *shared_notes(cdn)]
