"""The calls that build one piece of a platform each, with the boilerplate that AWS asks for and no reader wants to see."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Params: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands in a parameter for an id that AWS gives only when the thing is made; ``name`` is what an earlier step called it."""

    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One call. ``operation`` is ``service:Operation``; ``names`` maps a name to the place in the answer of the id it stands for."""

    operation: str
    params: Params
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What an account answers to ``operation`` where moto has no such operation.

    It is the answer to a request whose address or body holds ``asked`` (empty: to any); ``answer`` is in the shape of botocore's
    model, with a ``datetime`` for a time, and may hold ``Ref``.
    """

    operation: str
    answer: Params
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What one account holds in one region: ``steps`` in the order in which it is built, and what is ``told`` beside it."""

    account: str
    region: str
    steps: tuple[Step, ...] = ()
    told: tuple[Told, ...] = ()


Steps: TypeAlias = tuple[Step, ...]

_XGBOOST: Final = {"eu-west-1": "141502667606", "us-east-1": "683313688378"}
"""The accounts of SageMaker's own images: https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/ecr-eu-west-1.html"""


def _image(region: str) -> str:
    return f"{_XGBOOST[region]}.dkr.ecr.{region}.amazonaws.com/sagemaker-xgboost:1.7-1"


# -- keys, buckets, topics ------------------------------------------------------------------------------------------------------


def key(name: str, description: str) -> Steps:
    """A customer managed key with an alias of its name."""
    return (
        Step("kms:CreateKey", {"Description": description}, {f"key/{name}": "KeyMetadata.Arn"}),
        Step("kms:CreateAlias", {"AliasName": f"alias/{name}", "TargetKeyId": Ref(f"key/{name}")}),
    )


def bucket(name: str, region: str, *, key: Ref | None = None, managed_key: bool = False) -> Steps:
    """A bucket, encrypted by default with ``key``, with AWS's own ``aws/s3`` key, or as S3 does where nobody asks (SSE-S3)."""
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    default: dict[str, Any] = {"SSEAlgorithm": "aws:kms" if key or managed_key else "AES256"}
    if key:
        default["KMSMasterKeyID"] = key
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bool(key)}
    return (
        Step("s3:CreateBucket", {"Bucket": name, **place}),
        Step("s3:PutBucketEncryption", {"Bucket": name, "ServerSideEncryptionConfiguration": {"Rules": [rule]}}),
    )


def topic(name: str) -> Steps:
    """A topic."""
    return (Step("sns:CreateTopic", {"Name": name}),)


# -- network --------------------------------------------------------------------------------------------------------------------


def network(name: str, cidr: str) -> Steps:
    """A VPC with an internet gateway; its main route table keeps to the VPC."""
    vpc = Ref(f"vpc/{name}")
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    gateway = Ref(f"gateway/{name}")
    return (
        Step("ec2:CreateVpc", {"CidrBlock": cidr, **_named("vpc", name)}, {vpc.name: "Vpc.VpcId"}),
        Step("ec2:DescribeRouteTables", {"Filters": filters}, {f"routes/{name}/main": "RouteTables[0].RouteTableId"}),
        Step(
            "ec2:CreateInternetGateway", _named("internet-gateway", name), {gateway.name: "InternetGateway.InternetGatewayId"}
        ),
        Step("ec2:AttachInternetGateway", {"InternetGatewayId": gateway, "VpcId": vpc}),
        Step(
            "ec2:CreateSecurityGroup",
            {"GroupName": f"{name}-ml", "Description": "Notebooks, jobs and endpoints", "VpcId": vpc},
            {f"group/{name}": "GroupId"},
        ),
    )


def subnet(network: str, name: str, cidr: str, zone: str, *, routes: str = "") -> Steps:
    """A subnet, tied to the route table ``routes``, or to none and so left to the main one."""
    place = {"VpcId": Ref(f"vpc/{network}"), "CidrBlock": cidr, "AvailabilityZone": zone}
    made = Step("ec2:CreateSubnet", {**place, **_named("subnet", name)}, {f"subnet/{name}": "Subnet.SubnetId"})
    if not routes:
        return (made,)
    tie = {"RouteTableId": Ref(f"routes/{network}/{routes}"), "SubnetId": Ref(f"subnet/{name}")}
    return (made, Step("ec2:AssociateRouteTable", tie))


def routes(network: str, name: str) -> Steps:
    """A route table of its own beside the main one."""
    params = {"VpcId": Ref(f"vpc/{network}"), **_named("route-table", f"{network}-{name}")}
    return (Step("ec2:CreateRouteTable", params, {f"routes/{network}/{name}": "RouteTable.RouteTableId"}),)


def route_to_internet(network: str, table: str) -> Steps:
    """A default route to the internet gateway, which makes the table's subnets public."""
    target = {"RouteTableId": Ref(f"routes/{network}/{table}"), "GatewayId": Ref(f"gateway/{network}")}
    return (Step("ec2:CreateRoute", {**target, "DestinationCidrBlock": "0.0.0.0/0"}),)


def route_to_nat(network: str, table: str, *, public: str) -> Steps:
    """A default route to a NAT gateway in the ``public`` subnet: a way out and none in."""
    address, gateway = Ref(f"address/{network}"), Ref(f"nat/{network}")
    nat = {"SubnetId": Ref(f"subnet/{public}"), "AllocationId": address}
    route = {"RouteTableId": Ref(f"routes/{network}/{table}"), "NatGatewayId": gateway, "DestinationCidrBlock": "0.0.0.0/0"}
    return (
        Step("ec2:AllocateAddress", {"Domain": "vpc"}, {address.name: "AllocationId"}),
        Step("ec2:CreateNatGateway", nat, {gateway.name: "NatGateway.NatGatewayId"}),
        Step("ec2:CreateRoute", route),
    )


def _named(kind: str, name: str) -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]}


# -- roles ----------------------------------------------------------------------------------------------------------------------


def statement(actions: Sequence[str] | str, resources: Sequence[str] | str) -> dict[str, Any]:
    """A policy statement that allows."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def policy(name: str, *statements: dict[str, Any]) -> Steps:
    """A customer managed policy."""
    params = {"PolicyName": name, "PolicyDocument": _document(*statements)}
    return (Step("iam:CreatePolicy", params, {f"policy/{name}": "Policy.Arn"}),)


def role(
    name: str, *inline: dict[str, Any], trusts: str = "sagemaker.amazonaws.com", attached: Sequence[str | Ref] = ()
) -> Steps:
    """A role that the service ``trusts`` may assume, with one inline policy of the statements ``inline``."""
    trust = {"Effect": "Allow", "Principal": {"Service": trusts}, "Action": "sts:AssumeRole"}
    steps = [Step("iam:CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": _document(trust)})]
    if inline:
        own = {"RoleName": name, "PolicyName": "platform", "PolicyDocument": _document(*inline)}
        steps.append(Step("iam:PutRolePolicy", own))
    steps += [Step("iam:AttachRolePolicy", {"RoleName": name, "PolicyArn": arn}) for arn in attached]
    return tuple(steps)


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


# -- SageMaker ------------------------------------------------------------------------------------------------------------------


def notebook(name: str, role: str, *, team: str, direct_internet: bool, subnet: str = "", network: str = "") -> Steps:
    """A notebook instance, in SageMaker's own network where no ``subnet`` is given."""
    params: dict[str, Any] = {
        "NotebookInstanceName": name,
        "InstanceType": "ml.t3.xlarge",
        "RoleArn": role,
        "DirectInternetAccess": "Enabled" if direct_internet else "Disabled",
        "RootAccess": "Enabled" if direct_internet else "Disabled",
        "VolumeSizeInGB": 50,
        "Tags": _tags(team),
    }
    if subnet:
        params |= {"SubnetId": Ref(f"subnet/{subnet}"), "SecurityGroupIds": [Ref(f"group/{network}")]}
    return (Step("sagemaker:CreateNotebookInstance", params),)


def training_job(
    name: str,
    role: str,
    *,
    team: str,
    data: str,
    output: str,
    instances: int = 1,
    groups: Sequence[tuple[str, int]] = (),
    isolated: bool = False,
    encrypted_traffic: bool = False,
    volume_key: Ref | None = None,
    output_key: Ref | str | None = None,
) -> Steps:
    """A training job of equal ``instances``, or of ``groups`` of (instance type, count)."""
    resources: dict[str, Any] = {"VolumeSizeInGB": 100}
    if groups:
        resources["InstanceGroups"] = [
            {"InstanceGroupName": f"group-{number}", "InstanceType": kind, "InstanceCount": count}
            for number, (kind, count) in enumerate(groups, 1)
        ]
    else:
        resources |= {"InstanceType": "ml.m5.4xlarge", "InstanceCount": instances}
    if volume_key:
        resources["VolumeKmsKeyId"] = volume_key
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": data}}
    params = {
        "TrainingJobName": name,
        "AlgorithmSpecification": {"TrainingImage": _image("eu-west-1"), "TrainingInputMode": "File"},
        "RoleArn": role,
        "HyperParameters": {"max_depth": "8", "eta": "0.2", "num_round": "400"},
        "InputDataConfig": [{"ChannelName": "train", "DataSource": source}],
        "OutputDataConfig": {"S3OutputPath": output} | ({"KmsKeyId": output_key} if output_key else {}),
        "ResourceConfig": resources,
        "StoppingCondition": {"MaxRuntimeInSeconds": 14_400},
        "EnableNetworkIsolation": isolated,
        "EnableInterContainerTrafficEncryption": encrypted_traffic,
        "Tags": _tags(team),
    }
    return (Step("sagemaker:CreateTrainingJob", params),)


def model(
    name: str,
    role: str,
    *artifacts: str,
    team: str,
    isolated: bool,
    region: str = "eu-west-1",
    network: str = "",
    subnet: str = "",
) -> Steps:
    """A model of one container, or a pipeline of as many as there are ``artifacts``."""
    containers = [{"Image": _image(region), "ModelDataUrl": uri} for uri in artifacts]
    params: dict[str, Any] = {
        "ModelName": name,
        "ExecutionRoleArn": role,
        "EnableNetworkIsolation": isolated,
        "Tags": _tags(team),
        **({"PrimaryContainer": containers[0]} if len(containers) == 1 else {"Containers": containers}),
    }
    if subnet:
        params["VpcConfig"] = {"Subnets": [Ref(f"subnet/{subnet}")], "SecurityGroupIds": [Ref(f"group/{network}")]}
    return (Step("sagemaker:CreateModel", params),)


def endpoint(
    name: str,
    model: str,
    *,
    team: str,
    serverless: bool = False,
    capture_to: str = "",
    sampling: int = 0,
) -> Steps:
    """An endpoint with its configuration; without ``capture_to`` it captures nothing."""
    size: dict[str, Any] = (
        {"ServerlessConfig": {"MaxConcurrency": 10, "MemorySizeInMB": 4096}}
        if serverless
        else {"InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 2, "InitialVariantWeight": 1.0}
    )
    params: dict[str, Any] = {
        "EndpointConfigName": f"{name}-config",
        "ProductionVariants": [{"VariantName": "primary", "ModelName": model, **size}],
        "Tags": _tags(team),
    }
    if capture_to:
        params["DataCaptureConfig"] = {
            "EnableCapture": True,
            "InitialSamplingPercentage": sampling,
            "DestinationS3Uri": capture_to,
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        }
    return (
        Step("sagemaker:CreateEndpointConfig", params),
        Step("sagemaker:CreateEndpoint", {"EndpointName": name, "EndpointConfigName": f"{name}-config", "Tags": _tags(team)}),
    )


def _tags(team: str) -> list[dict[str, str]]:
    return [{"Key": "team", "Value": team}]


# -- watching -------------------------------------------------------------------------------------------------------------------


def alarm(endpoint: str, metric: str, threshold: float, *actions: str, enabled: bool = True) -> Steps:
    """An alarm on one metric of an endpoint."""
    params = {
        "Statistic": "Sum" if metric.endswith("Errors") else "Average",
        "Namespace": "AWS/SageMaker",
        "MetricName": metric,
        "Dimensions": _dimensions(endpoint),
        "Period": 300,
    }
    return (_alarm(f"{endpoint}-{metric}", threshold, actions, enabled, params),)


def error_rate_alarm(endpoint: str, threshold: float, *actions: str) -> Steps:
    """An alarm on a share that CloudWatch computes from two metrics of an endpoint."""

    def metric(name: str, label: str) -> dict[str, Any]:
        of = {"Namespace": "AWS/SageMaker", "MetricName": name, "Dimensions": _dimensions(endpoint)}
        return {"Id": label, "MetricStat": {"Metric": of, "Period": 300, "Stat": "Sum"}, "ReturnData": False}

    share = {"Id": "share", "Expression": "errors / calls", "Label": "Share of failed calls", "ReturnData": True}
    params = {"Metrics": [share, metric("Invocation5XXErrors", "errors"), metric("Invocations", "calls")]}
    return (_alarm(f"{endpoint}-error-rate", threshold, actions, True, params),)


def _alarm(name: str, threshold: float, actions: Sequence[str], enabled: bool, metric: Params) -> Step:
    params = {
        "AlarmName": name,
        "ActionsEnabled": enabled,
        "AlarmActions": list(actions),
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": threshold,
        "EvaluationPeriods": 2,
    }
    return Step("cloudwatch:PutMetricAlarm", {**params, **metric})


def _dimensions(endpoint: str) -> list[dict[str, str]]:
    return [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": "primary"}]


def trail(name: str, bucket: str, *, every_region: bool, key: Ref | None = None) -> Steps:
    """A trail that is recording."""
    params = {"Name": name, "S3BucketName": bucket, "IsMultiRegionTrail": every_region, "EnableLogFileValidation": every_region}
    return (
        Step("cloudtrail:CreateTrail", params | ({"KmsKeyId": key} if key else {})),
        Step("cloudtrail:StartLogging", {"Name": name}),
    )
