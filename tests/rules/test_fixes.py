"""Fixes are generated from the properties that a rule sets, and lead back to them."""

from __future__ import annotations

import pytest
import yaml

from auditor.rules.fixes import generated
from auditor.types import all_types

TERRAFORM = [
    (
        "AWS::SageMaker::NotebookInstance",
        {"DirectInternetAccess": "Disabled", "SecurityGroupIds": ["sg-1", "sg-2"], "VolumeSizeInGB": 20},
        """\
resource "aws_sagemaker_notebook_instance" "example" {
  direct_internet_access = "Disabled"
  security_groups = ["sg-1", "sg-2"]
  volume_size = 20
}
""",
    ),
    (
        "AWS::SageMaker::Model",
        {"EnableNetworkIsolation": True, "PrimaryContainer": {"Environment": {"A": "${x}"}}},
        """\
resource "aws_sagemaker_model" "example" {
  enable_network_isolation = true
  primary_container {
    environment = { "A" = "$${x}" }
  }
}
""",
    ),
    (
        "AWS::S3::Bucket",
        {
            "BucketName": "b",
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
            },
        },
        """\
resource "aws_s3_bucket" "example" {
  bucket = "b"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "example" {
  bucket = aws_s3_bucket.example.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}
""",
    ),
    (
        "AWS::S3::Bucket",
        {"VersioningConfiguration": {"Status": "Enabled"}},
        """\
resource "aws_s3_bucket_versioning" "example" {
  bucket = aws_s3_bucket.example.id
  versioning_configuration {
    status = "Enabled"
  }
}
""",
    ),
]


@pytest.mark.parametrize(("name", "properties", "text"), TERRAFORM, ids=[name for name, _, _ in TERRAFORM])
def test_the_terraform_fix_is_as_the_provider_has_it(name: str, properties: dict[str, object], text: str) -> None:
    assert generated(properties, all_types()[name])["terraform"] == text


@pytest.mark.parametrize(("name", "properties"), [(name, properties) for name, properties, _ in TERRAFORM])
def test_the_cloudformation_fix_holds_the_properties(name: str, properties: dict[str, object]) -> None:
    template = yaml.safe_load(generated(properties, all_types()[name])["cloudformation"])
    assert template == {name.rpartition(":")[2]: {"Type": name, "Properties": properties}}


def test_a_type_has_fixes_only_where_it_exists() -> None:
    types = all_types()
    assert set(generated({"ModelPackageName": "churn"}, types["AWS::SageMaker::ModelPackage"])) == {"cloudformation"}
    assert generated({"AccountMFAEnabled": 1}, types["Auditor::Account"]) == {}
