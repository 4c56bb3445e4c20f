"""A server that speaks S3: where it is, and what may be asked of it besides publishing."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

_numbers = count()


@dataclass
class S3Endpoint:
    url: str
    key: str
    secret: str
    region: str = "us-east-1"

    @property
    def options(self) -> dict[str, str]:
        """Those of the client."""
        secrets = {"access_key_id": self.key, "secret_access_key": self.secret}
        return {"endpoint": self.url, "region": self.region, **secrets}

    def environ(self) -> dict[str, str]:
        """The same for a process."""
        keys = {"AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret}
        return {"AWS_ENDPOINT_URL": self.url, "AWS_REGION": self.region, **keys}

    def client(self) -> Any:
        """Of boto3, for what is no business of a publisher: buckets, their rights and rules."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=self.region,
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
            config=Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required"),
        )

    def new_bucket(self, acl: str = "private") -> str:
        """The URL of a bucket that nobody used yet."""
        name = f"bucket-{next(_numbers)}-{uuid4().hex[:6]}"
        self.client().create_bucket(Bucket=name, ACL=acl)
        return f"s3://{name}"

    def headers(self, url: str, name: str) -> Mapping[str, str]:
        """The header fields with which the store answers for an object below a URL, by lower-case name."""
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        answer = self.client().head_object(Bucket=bucket, Key=f"{prefix}/{name}" if prefix else name)
        found: dict[str, str] = answer["ResponseMetadata"]["HTTPHeaders"]
        return found
