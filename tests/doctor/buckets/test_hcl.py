"""Blocks of Terraform."""

from clearway.doctor.buckets.hcl import blocks

TEXT = """
# resource "aws_s3_bucket" "commented" {}
variable "x" { default = "a" }

resource "aws_s3_bucket" "files" {
  bucket = "shop-${var.stage}" # a comment
  tags = {
    Name = "x{y}"
  }
  count  = 2
}

resource "aws_s3_bucket_cors_configuration" "files" {
  bucket = aws_s3_bucket.files.id
  cors_rule {
    allowed_methods = ["GET", "HEAD"]
    allowed_origins = [
      "https://a.example",
      "https://b.example",
    ]
  }
  cors_rule { allowed_methods = ["PUT"] }
  enabled = true
}

module "s3" {
  source = "x"
}
"""


def test_resources_and_modules_with_their_values() -> None:
    bucket, cors, module = blocks(TEXT)
    assert (bucket.type, bucket.name, bucket.line) == ("aws_s3_bucket", "files", 5)
    assert bucket.values["bucket"] == "shop-${var.stage}"
    assert bucket.values["tags"] == [{"Name": "x{y}"}]
    assert cors.values["bucket"] == "${aws_s3_bucket.files.id}"
    assert [each["allowed_methods"] for each in cors.values["cors_rule"]] == [["GET", "HEAD"], ["PUT"]]
    assert cors.values["cors_rule"][0]["allowed_origins"] == ["https://a.example", "https://b.example"]
    assert cors.values["enabled"] is True
    assert (module.type, module.values) == ("module", {"source": "x"})


def test_what_is_not_closed_is_read_as_far_as_it_goes() -> None:
    (block,) = blocks('resource "a" "b" {\n  bucket = "x"\n')
    assert block.values == {"bucket": "x"}
    assert list(blocks("")) == []
