"""An account in this process, with one region that holds machine learning."""

from __future__ import annotations

import json
from unittest.mock import patch

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

from auditor.demo.backend import Backend
from auditor.demo.beside import Beside
from auditor.sources.aws.permissions import operations
from auditor.types import all_types

HERE, QUIET = "eu-west-1", "eu-central-1"
HELD = {
    *("Auditor::Account", "Auditor::Region", "AWS::CloudTrail::Trail", "AWS::CloudWatch::Alarm", "AWS::IAM::ManagedPolicy"),
    *("AWS::EC2::InternetGateway", "AWS::EC2::RouteTable", "AWS::EC2::Subnet", "AWS::EC2::VPC", "AWS::IAM::Role"),
    *("AWS::KMS::Alias", "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::SageMaker::Endpoint"),
    *("AWS::SageMaker::EndpointConfig", "AWS::SageMaker::Model", "AWS::SageMaker::NotebookInstance"),
    "AWS::SageMaker::TrainingJob",
}
"""The types of what the account holds."""
TYPES = {name: all_types()[name] for name in sorted({*HELD, "AWS::SageMaker::ModelPackage"})}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture(scope="module", autouse=True)
def _environment(tmp_path_factory):
    nowhere = str(tmp_path_factory.mktemp("aws") / "none")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_REGION"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", HERE)
        patch.setenv("AWS_CONFIG_FILE", nowhere)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", nowhere)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
        patch.setattr(BotocoreStubber, "process_request", _answered)
        yield


_MOTO = BotocoreStubber.process_request


def _answered(self, request):
    """What moto answers; of what it lacks, what its server does. In this process it would raise, whoever answered before."""
    try:
        return _MOTO(self, request)
    except (NotImplementedError, ImportError):
        return AWSResponse(request.url, 501, {}, MockRawResponse(b""))


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """The pauses before retries, in seconds: noted, not slept."""
    slept: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", slept.append)
    return slept


@pytest.fixture(scope="module")
def cloud():
    """An empty account. What moto answers wrongly or not at all, the demo's backend puts right."""
    backend = Backend(BotocoreStubber.__call__, Beside(frozenset(operations(all_types()))))
    with mock_aws(), patch.object(BotocoreStubber, "__call__", backend.handler()):
        yield boto3.Session(region_name=HERE)


@pytest.fixture(scope="module")
def account(cloud):
    """An account with one resource of every kind in ``HELD`` in one region, two training jobs and a secret. Tests only read it."""
    iam, role = cloud.client("iam"), create_role(cloud, "runner")
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    policy = iam.create_policy(PolicyName="everything", PolicyDocument=json.dumps(everything))
    iam.attach_role_policy(RoleName="runner", PolicyArn=policy["Policy"]["Arn"])
    location = {"LocationConstraint": HERE}
    cloud.client("s3").create_bucket(Bucket="models", CreateBucketConfiguration=location)
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/models", TargetKeyId=key)
    _sagemaker(cloud.client("sagemaker"), role)
    cloud.client("cloudtrail").create_trail(Name="trail", S3BucketName="models")
    cloud.client("cloudtrail").start_logging(Name="trail")
    cloud.client("cloudwatch").put_metric_alarm(
        AlarmName="slow",
        Namespace="AWS/SageMaker",
        MetricName="ModelLatency",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Statistic="Average",
    )
    cloud.client("sns").create_topic(Name="pager")
    gateway = cloud.client("ec2").create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    vpc = cloud.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    cloud.client("ec2").attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return cloud


def create_role(cloud, name):
    """The ARN of a new role that SageMaker may assume."""
    tags = [{"Key": "team", "Value": "ml"}]
    made = cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), Tags=tags)
    return made["Role"]["Arn"]


def _sagemaker(sagemaker, role):
    sagemaker.create_notebook_instance(
        NotebookInstanceName="lab",
        InstanceType="ml.t3.medium",
        RoleArn=role,
        KmsKeyId="alias/models",
        Tags=[{"Key": "team", "Value": "ml"}],
    )
    container = {"Image": "image", "ModelDataUrl": "s3://models/one", "Environment": {"DB_PASSWORD": "correct-horse"}}
    sagemaker.create_model(ModelName="model", ExecutionRoleArn=role, PrimaryContainer=container)
    variant = {"VariantName": "all", "ModelName": "model", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    sagemaker.create_endpoint_config(EndpointConfigName="config", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName="endpoint", EndpointConfigName="config")
    for name in ("train-1", "train-2"):
        sagemaker.create_training_job(
            TrainingJobName=name,
            AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
            RoleArn=role,
            OutputDataConfig={"S3OutputPath": "s3://models/out"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 10},
            StoppingCondition={"MaxRuntimeInSeconds": 600},
        )
