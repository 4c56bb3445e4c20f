"""CW701: an ACL is sent to a bucket that takes none."""

from typing import Any

import pytest
from tests.doctor.checks.stores.buckets import GCS, OWNED, S3, STATIC, facts, kept
from tests.doctor.fake_facts import found

ACL = {"AWS_DEFAULT_ACL": "public-read"}
LOG = {"a.log": "ClientError: An error occurred (AccessControlListNotSupported) when calling the PutObject operation"}
TERRAFORM = """
resource "aws_s3_bucket" "assets" {
  bucket = "%s"
}
resource "aws_s3_bucket_ownership_controls" "x" {
  bucket = aws_s3_bucket.assets.id
  rule { object_ownership = "%s" }
}
"""
CLOUD = """
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: shop
      OwnershipControls:
        Rules:
          - ObjectOwnership: BucketOwnerEnforced
"""
SCRIPT = """
aws s3api put-bucket-ownership-controls --bucket shop \\
  --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
"""


@pytest.mark.parametrize(
    "papers",
    [
        OWNED,
        LOG,
        {"s3.tf": TERRAFORM % ("shop", "BucketOwnerEnforced")},
        {"stack.yaml": CLOUD},
        {"bucket.sh": SCRIPT},
        {"x.tf": 'module "s3" {\n  bucket = "shop"\n  object_ownership = "BucketOwnerEnforced"\n}\n'},
    ],
    ids=["aws s3api", "log", "terraform", "cloudformation", "script", "module"],
)
def test_it_fires(papers: dict[str, str]) -> None:
    [finding] = found("CW701", facts(papers, static=kept(STATIC), settings=ACL))
    assert finding.evidence[0] == "AWS_DEFAULT_ACL = 'public-read'"
    assert finding.evidence[1].startswith(f"/srv/shop/{next(iter(papers))}:")
    assert finding.breaks == {"static"}


@pytest.mark.parametrize(
    ("settings", "options", "attributes"),
    [
        (ACL, {}, {}),
        ({}, {"default_acl": "public-read"}, {}),
        ({"AWS_DEFAULT_ACL": None}, {"default_acl": "private"}, {}),
        ({}, {}, {"default_acl": "public-read"}),
        ({"AWS_S3_OBJECT_PARAMETERS": {"ACL": "public-read"}}, {}, {}),
    ],
)
def test_every_spelling_counts(settings: dict[str, Any], options: dict[str, Any], attributes: dict[str, Any]) -> None:
    given = facts(OWNED, media=kept(S3, **attributes), settings=settings, options={"default": options})
    [finding] = found("CW701", given)
    assert finding.breaks == {"media", "uploads"}


def test_a_bucket_of_google_with_uniform_access_refuses_too() -> None:
    plan = {
        "main.tf": 'resource "google_storage_bucket" "x" {\n  name = "shop"\n  uniform_bucket_level_access = true\n}\n'
    }
    given = facts(plan, static=kept(GCS), settings={"GS_BUCKET_NAME": "shop", "GS_DEFAULT_ACL": "publicRead"})
    assert [each.cause for each in found("CW701", given)] == ["s3-acl-disabled"]


@pytest.mark.parametrize(
    ("papers", "settings", "options"),
    [
        ({}, ACL, {}),
        (OWNED, {}, {}),
        (LOG, {}, {}),
        (OWNED, ACL, {"default_acl": None}),
        (OWNED, ACL | {"DEBUG": True}, {}),
        ({"s3.tf": TERRAFORM % ("backup", "BucketOwnerEnforced")}, ACL, {}),
        ({"s3.tf": TERRAFORM % ("shop", "BucketOwnerPreferred")}, ACL, {}),
        ({"s3.tf": TERRAFORM % ("shop", "ObjectWriter"), **LOG}, ACL, {}),
        ({"s3.tf": "# " + (TERRAFORM % ("shop", "BucketOwnerEnforced")).strip().replace("\n", "\n# ")}, ACL, {}),
        ({**OWNED, "b.json": OWNED["own.json"].replace("Enforced", "Preferred")}, ACL, {}),
        ({"own.json": "{not json"}, ACL, {}),
    ],
)
def test_it_is_silent(papers: dict[str, str], settings: dict[str, Any], options: dict[str, Any]) -> None:
    given = facts(papers, static=kept(STATIC), settings=settings, options={"staticfiles": options})
    assert found("CW701", given) == []
