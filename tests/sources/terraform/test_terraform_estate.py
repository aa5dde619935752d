"""A plan that Terraform made of the configuration beside it: modules, instances, satellites, what is not known, what is sensitive."""

from __future__ import annotations

import datetime
import json

import pytest

from auditor.model.inventory import SourceKind
from auditor.model.paths import walk
from auditor.model.resource import GLOBAL, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Unknown, encode
from auditor.sources.terraform import read_plan
from auditor.types import all_types
from tests.sources.terraform.plans import ESTATE

BLUE = 'module.team["blue"].module.notebook.aws_sagemaker_notebook_instance.main'
FIRST, SECOND = (f"module.network.aws_subnet.private[{index}]" for index in (0, 1))
KEY = "BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault"


@pytest.fixture(scope="module")
def inventory():
    return read_plan(ESTATE, all_types())


@pytest.fixture(scope="module")
def found(inventory):
    return {item.id: item for item in inventory}


def at(resource: Resource, path: str):
    return [value for _, value in walk(resource.properties, path)]


@pytest.mark.parametrize(
    ("address", "path", "value"),
    [
        # what is known when the plan is made
        ("aws_s3_bucket.models", "BucketName", "acme-models"),
        ("aws_sagemaker_endpoint.fraud", "EndpointConfigName", "fraud"),
        ("aws_sagemaker_model.fraud[1]", "ModelName", "fraud-1"),
        ("aws_sagemaker_model.fraud[1]", "PrimaryContainer.ModelDataUrl", "s3://acme-models/fraud.tar.gz"),
        ("aws_sagemaker_model.fraud[0]", "PrimaryContainer.Environment.EMPTY", ""),
        ("aws_sagemaker_model.fraud[0]", "VpcConfig.SecurityGroupIds", ["sg-0123456789abcdef0"]),
        ("aws_sagemaker_endpoint_configuration.fraud", "DataCaptureConfig.CaptureOptions[1].CaptureMode", "Output"),
        ("aws_cloudwatch_metric_alarm.errors", "Dimensions[Name=EndpointName].Value", "fraud"),
        ("aws_cloudwatch_metric_alarm.ratio", "Metrics[Id=errors].MetricStat.Metric.Namespace", "AWS/SageMaker"),
        ("aws_iam_role.run", "AssumeRolePolicyDocument.Statement[0].Principal.Service", "sagemaker.amazonaws.com"),
        # references, through variables and outputs of modules, and to instances
        ("aws_kms_alias.models", "TargetKeyId", Reference("aws_kms_key.models", "key_id")),
        ("aws_cloudtrail.main", "S3BucketName", Reference("aws_s3_bucket.plain", "id")),
        ("aws_cloudtrail.main", "KMSKeyId", Reference("aws_kms_key.models", "arn")),
        (BLUE, "RoleArn", Reference("aws_iam_role.run", "arn")),
        (BLUE, "SubnetId", Reference(FIRST, "id")),
        (BLUE, "KmsKeyId", Reference("aws_kms_key.models", "id")),
        ("aws_sagemaker_model.fraud[0]", "VpcConfig.Subnets[0]", OneOf((Reference(FIRST), Reference(SECOND)))),
        (
            "aws_sagemaker_endpoint_configuration.fraud",
            "ProductionVariants[VariantName=b].ModelName",
            Reference("aws_sagemaker_model.generated", "name"),
        ),
        (
            "aws_sagemaker_endpoint_configuration.fraud",
            "DataCaptureConfig.DestinationS3Uri",
            Reference('aws_s3_bucket.data["raw"]', "id"),
        ),
        ("aws_cloudwatch_metric_alarm.errors", "AlarmActions[0]", Reference("aws_sns_topic.alarms", "arn")),
        (
            "module.network.aws_route_table.inline",
            "Routes[0].GatewayId",
            Reference("module.network.aws_internet_gateway.main", "id"),
        ),
        # satellites in their owners, found by reference, by each instance's key, by index and by name
        ("aws_s3_bucket.models", f"{KEY}.KMSMasterKeyID", Reference("aws_kms_key.models", "arn")),
        ('aws_s3_bucket.data["raw"]', f"{KEY}.SSEAlgorithm", "aws:kms"),
        ('aws_s3_bucket.data["clean"]', f"{KEY}.SSEAlgorithm", "aws:kms:dsse"),
        ("module.network.aws_route_table.main", "Routes[0].DestinationCidrBlock", "0.0.0.0/0"),
        (
            "module.network.aws_route_table.main",
            "Associations",
            [{"SubnetId": Reference(FIRST)}, {"SubnetId": Reference(SECOND)}],
        ),
        ("module.network.aws_internet_gateway.main", "Attachments[0].VpcId", Reference("module.network.aws_vpc.main", "id")),
        (
            "module.network.aws_internet_gateway.loose",
            "Attachments",
            [{"VpcId": Reference("module.network.aws_vpc.main", "id")}],
        ),
        ("aws_iam_role.run", "Policies[PolicyName=all].PolicyDocument.Statement[0].Action", "*"),
        (
            "aws_iam_role.run",
            "ManagedPolicyArns",
            [
                "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
                "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
                Reference("aws_iam_policy.read", "arn"),
            ],
        ),
        ("aws_kms_key.models", "KeyPolicy.Statement[0].Action", "kms:*"),
        # a policy whose text is not known for one ARN in it
        ("aws_iam_policy.read", "PolicyDocument.Statement[0].Action", ["s3:GetObject", "s3:ListBucket"]),
        (
            "aws_iam_policy.read",
            "PolicyDocument.Statement[0].Condition",
            {"StringEquals": {"aws:PrincipalOrgID": ["o-example"]}},
        ),
        (
            "aws_iam_policy.read",
            "PolicyDocument.Statement[1]",
            {"Effect": "Deny", "NotAction": ["iam:*", "s3:*"], "Resource": ["*"]},
        ),
        # a sensitive string is redacted where it stands
        ("aws_sagemaker_model.fraud[0]", "PrimaryContainer.Environment.DATABASE", Redacted("sensitive", "c689")),
    ],
)
def test_values(found, address, path, value):
    assert at(found[address], path) == [value]


@pytest.mark.parametrize(
    ("address", "path", "reason", "present"),
    [
        ("aws_sagemaker_notebook_instance.mixed", "SubnetId", "known after apply, from local.subnet", Presence.YES),
        (
            "aws_sagemaker_notebook_instance.mixed",
            "KmsKeyId",
            "known after apply, from aws_kms_key.models.id, aws_iam_role.other.unique_id",
            Presence.YES,
        ),
        (
            "aws_cloudwatch_metric_alarm.errors",
            "AlarmActions[1]",
            "a plan does not tell constants beside references in a list",
            Presence.MAYBE,
        ),
        (
            "aws_cloudwatch_metric_alarm.ratio",
            "Metrics[Id=errors].MetricStat.Metric.Dimensions",
            "known after apply, from aws_sagemaker_endpoint.unnamed.name",
            Presence.YES,
        ),
        (
            "aws_iam_policy.read",
            "PolicyDocument.Statement[0].Resource[0]",
            "known after apply, from aws_s3_bucket.models.arn",
            Presence.YES,
        ),
        # dynamic blocks are not in a plan's configuration
        ("aws_sagemaker_model.generated", "VpcConfig", "known after apply", Presence.MAYBE),
        (
            "aws_sagemaker_endpoint_configuration.dynamic",
            "ProductionVariants[VariantName=b].ModelName",
            "known after apply",
            Presence.MAYBE,
        ),
    ],
)
def test_unknowns(found, address, path, reason, present):
    assert at(found[address], path) == [Unknown(Kind.DEFERRED, reason, present)]


@pytest.mark.parametrize(("address", "index"), [("aws_route_table.left", 0), ("module.network.aws_route_table.main", 1)])
def test_a_route_whose_table_nobody_can_tell_may_be_in_any(found, address, index):
    route = {"DestinationCidrBlock": "10.9.0.0/16", "VpcPeeringConnectionId": "pcx-1"}
    assert at(found[address], f"Routes[{index}]") == [OneOf((route, ABSENT))]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("aws_kms_key.models", "KeyId"),
        ("aws_sagemaker_endpoint.unnamed", "EndpointName"),
        ("aws_s3_bucket.plain", "BucketEncryption"),
        ("aws_iam_role.other", "Policies"),
        ("aws_cloudwatch_metric_alarm.ratio", "AlarmActions"),
        ("aws_iam_role.other", "ManagedPolicyArns"),
        ("aws_sagemaker_model.generated", "PrimaryContainer.ModelDataSource"),
        ("aws_sagemaker_model.generated", "Containers"),
        ("module.network.aws_route_table.inline", "Routes[0].NatGatewayId"),
        ("module.network.aws_subnet.private[0]", "SubnetId"),
    ],
)
def test_what_is_not_set_or_left_to_the_provider_is_absent(found, address, path):
    assert at(found[address], path) == []


def test_sensitive_values_are_nowhere(inventory):
    everything = json.dumps([encode({"properties": dict(item.properties), "tags": dict(item.tags)}) for item in inventory])
    assert "planted" in ESTATE.read_text()
    assert "planted" not in everything
    assert "planted" not in repr(inventory)


@pytest.mark.parametrize(
    ("address", "region", "tags"),
    [
        ("aws_s3_bucket.models", "eu-west-1", {"Team": "fraud"}),
        ("aws_s3_bucket.plain", "us-west-2", {}),
        (BLUE, "eu-west-1", {"Team": "fraud"}),
        ("aws_iam_role.run", GLOBAL, {"Team": "fraud"}),
    ],
)
def test_region_and_tags(found, address, region, tags):
    assert (found[address].region, found[address].tags) == (region, tags)


def test_names_and_references_lead_to_their_resources(inventory, found):
    def led(address, path, *targets):
        value = next(value for _, value in walk(found[address].properties, path))
        return inventory.resolve(value, targets, found[address])

    assert led(BLUE, "SubnetId", "AWS::EC2::Subnet") is found[FIRST]
    assert led("aws_sagemaker_endpoint.fraud", "EndpointConfigName", "AWS::SageMaker::EndpointConfig").id.endswith(".fraud")
    assert (
        led("aws_sagemaker_model.fraud[0]", "PrimaryContainer.ModelDataUrl", "AWS::S3::Bucket") is found["aws_s3_bucket.models"]
    )
    assert led("aws_sagemaker_notebook_instance.mixed", "RoleArn", "AWS::IAM::Role").kind is Kind.OUTSIDE
    alarms = inventory.referrers(found["aws_sagemaker_endpoint.fraud"], "AWS::CloudWatch::Alarm")
    assert [item.id for item in alarms.known] == ["aws_cloudwatch_metric_alarm.errors"]


def test_the_inventory_is_of_a_plan(inventory):
    assert (inventory.kind, inventory.name, inventory.read) == (SourceKind.TERRAFORM, str(ESTATE), frozenset())
    assert inventory.collected_at.tzinfo is datetime.UTC
    assert inventory.collected_at == datetime.datetime.fromisoformat(json.loads(ESTATE.read_text())["timestamp"])


def test_a_place_is_told_where_the_plan_has_lines(tmp_path, found):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(json.loads(ESTATE.read_text()), indent=2))
    lines = path.read_text().splitlines()
    for item in read_plan(path, all_types()):
        assert lines[item.origin.line - 1][item.origin.column - 1 :].startswith(f'"address": {json.dumps(item.id)}')
    assert {item.origin.line for item in found.values()} == {0}
