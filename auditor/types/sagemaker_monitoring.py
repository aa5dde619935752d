"""Amazon SageMaker Model Monitor: the four kinds of job definition, schedules and their executions.

Closed to new customers since 2026-07-30: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-availability-change.html
"""

from typing import Final

from auditor.model.resource_type import (
    BOOLEAN,
    INTEGER,
    SINCE,
    STRING,
    TIMESTAMP,
    Call,
    Live,
    ResourceType,
    Schema,
    Terraform,
)

_BUCKET = ("AWS::S3::Bucket",)
_ENDPOINT = ("AWS::SageMaker::Endpoint",)
_KEY = ("AWS::KMS::Key", "AWS::KMS::Alias")
_ROLE = ("AWS::IAM::Role",)
_SCHEDULE = ("AWS::SageMaker::MonitoringSchedule",)
_DEFINITIONS: Final = tuple(
    f"AWS::SageMaker::{kind}JobDefinition" for kind in ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")
)
_KINDS: Schema = ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")

_INPUT: dict[str, Schema] = {
    "EndpointInput": {"EndpointName": STRING, "LocalPath": STRING},
    "BatchTransformInput": {"DataCapturedDestinationS3Uri": STRING, "LocalPath": STRING},
}
_GROUND_TRUTH: dict[str, Schema] = {"GroundTruthS3Input": {"S3Uri": STRING}}
_OUTPUT: Schema = {"KmsKeyId": STRING, "MonitoringOutputs": [{"S3Output": {"S3Uri": STRING, "LocalPath": STRING}}]}
_RESOURCES: Schema = {
    "ClusterConfig": {"InstanceCount": INTEGER, "InstanceType": STRING, "VolumeSizeInGB": INTEGER, "VolumeKmsKeyId": STRING}
}
_NETWORK: Schema = {
    "EnableInterContainerTrafficEncryption": BOOLEAN,
    "EnableNetworkIsolation": BOOLEAN,
    "VpcConfig": {"SecurityGroupIds": [STRING], "Subnets": [STRING]},
}
_CONSTRAINTS: dict[str, Schema] = {"BaseliningJobName": STRING, "ConstraintsResource": {"S3Uri": STRING}}
_STATISTICS: dict[str, Schema] = {"StatisticsResource": {"S3Uri": STRING}}
_SCRIPTS: dict[str, Schema] = {
    "ImageUri": STRING,
    "Environment": {"*": STRING},
    "RecordPreprocessorSourceUri": STRING,
    "PostAnalyticsProcessorSourceUri": STRING,
}
_ANALYSIS: dict[str, Schema] = {"ImageUri": STRING, "Environment": {"*": STRING}, "ConfigUri": STRING}


def _open_network(at: str = "") -> dict[str, object]:
    return {f"{at}NetworkConfig.{name}": False for name in ("EnableInterContainerTrafficEncryption", "EnableNetworkIsolation")}


def _running(
    at: str = "", resources: str = "JobResources", output: str = "MonitoringOutputConfig"
) -> dict[str, tuple[str, ...]]:
    """What a monitoring job names, whatever its kind, where its settings stand at the path ``at``."""
    return {
        f"{at}RoleArn": _ROLE,
        f"{at}NetworkConfig.VpcConfig.Subnets[]": ("AWS::EC2::Subnet",),
        f"{at}NetworkConfig.VpcConfig.SecurityGroupIds[]": ("AWS::EC2::SecurityGroup",),
        f"{at}{resources}.ClusterConfig.VolumeKmsKeyId": _KEY,
        f"{at}{output}.KmsKeyId": _KEY,
        f"{at}{output}.MonitoringOutputs[].S3Output.S3Uri": _BUCKET,
    }


def _job_definition(
    kind: str,
    title: str,
    *,
    baseline: dict[str, Schema],
    specification: dict[str, Schema],
    scripts: tuple[str, ...],
    ground_truth: bool,
    terraform: Terraform | None = None,
) -> ResourceType:
    """The record of a kind of definition: they differ in what their properties are called and in what they compare with."""
    given = f"{kind}JobInput"
    return ResourceType(
        name=f"AWS::SageMaker::{kind}JobDefinition",
        title=title,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
        f"aws-resource-sagemaker-{kind.lower()}jobdefinition.html",
        ml=True,
        identifiers=("JobDefinitionName",),
        properties={
            "JobDefinitionName": STRING,
            f"{kind}AppSpecification": specification,
            f"{kind}BaselineConfig": baseline,
            given: {**_INPUT, **(_GROUND_TRUTH if ground_truth else {})},
            f"{kind}JobOutputConfig": _OUTPUT,
            "JobResources": _RESOURCES,
            "NetworkConfig": _NETWORK,
            "RoleArn": STRING,
        },
        runtime={"CreationTime": TIMESTAMP},
        defaults=_open_network(),
        references={
            **_running(output=f"{kind}JobOutputConfig"),
            f"{given}.EndpointInput.EndpointName": _ENDPOINT,
            f"{given}.BatchTransformInput.DataCapturedDestinationS3Uri": _BUCKET,
            **({f"{given}.GroundTruthS3Input.S3Uri": _BUCKET} if ground_truth else {}),
            **{f"{kind}BaselineConfig.{name}.S3Uri": _BUCKET for name in baseline if name.endswith("Resource")},
            **{f"{kind}AppSpecification.{name}": _BUCKET for name in scripts},
            f"{kind}AppSpecification.ImageUri": ("AWS::ECR::Repository",),
        },
        live=Live(
            listing=Call(f"sagemaker:List{kind}JobDefinitions", result="JobDefinitionSummaries[]"),
            each=(Call(f"sagemaker:Describe{kind}JobDefinition", args={"JobDefinitionName": "MonitoringJobDefinitionName"}),),
            names={"JobDefinitionName": "MonitoringJobDefinitionName"},
            arn="MonitoringJobDefinitionArn",
        ),
        terraform=terraform,
    )


_PROCESSORS: Final = ("RecordPreprocessorSourceUri", "PostAnalyticsProcessorSourceUri")

DATA_QUALITY_JOB_DEFINITION = _job_definition(
    "DataQuality",
    "data quality job definition",
    baseline={**_CONSTRAINTS, **_STATISTICS},
    specification=_SCRIPTS,
    scripts=_PROCESSORS,
    ground_truth=False,
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_data_quality_job_definition
    terraform=Terraform(
        "aws_sagemaker_data_quality_job_definition",
        names={
            "JobDefinitionName": "name",
        },
    ),
)

MODEL_QUALITY_JOB_DEFINITION = _job_definition(
    "ModelQuality",
    "model quality job definition",
    baseline=_CONSTRAINTS,
    specification={**_SCRIPTS, "ProblemType": ("BinaryClassification", "MulticlassClassification", "Regression")},
    scripts=_PROCESSORS,
    ground_truth=True,
)

MODEL_BIAS_JOB_DEFINITION = _job_definition(
    "ModelBias",
    "model bias job definition",
    baseline=_CONSTRAINTS,
    specification=_ANALYSIS,
    scripts=("ConfigUri",),
    ground_truth=True,
)

MODEL_EXPLAINABILITY_JOB_DEFINITION = _job_definition(
    "ModelExplainability",
    "model explainability job definition",
    baseline=_CONSTRAINTS,
    specification=_ANALYSIS,
    scripts=("ConfigUri",),
    ground_truth=False,
)

_INLINE: Final = "MonitoringScheduleConfig.MonitoringJobDefinition."
_SUMMARY: dict[str, Schema] = {
    "ScheduledTime": TIMESTAMP,
    "CreationTime": TIMESTAMP,
    "MonitoringExecutionStatus": (
        "Pending",
        "Completed",
        "CompletedWithViolations",
        "InProgress",
        "Failed",
        "Stopping",
        "Stopped",
    ),
    "ProcessingJobArn": STRING,
    "FailureReason": STRING,
}

MONITORING_SCHEDULE = ResourceType(
    name="AWS::SageMaker::MonitoringSchedule",
    title="monitoring schedule",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-monitoringschedule.html",
    ml=True,
    identifiers=("MonitoringScheduleName",),
    properties={
        "MonitoringScheduleName": STRING,
        "EndpointName": STRING,
        "MonitoringScheduleConfig": {
            "MonitoringType": _KINDS,
            "MonitoringJobDefinitionName": STRING,
            "ScheduleConfig": {"ScheduleExpression": STRING},
            "MonitoringJobDefinition": {
                "BaselineConfig": {**_CONSTRAINTS, **_STATISTICS},
                "Environment": {"*": STRING},
                "MonitoringAppSpecification": {name: inner for name, inner in _SCRIPTS.items() if name != "Environment"},
                "MonitoringInputs": [_INPUT],
                "MonitoringOutputConfig": _OUTPUT,
                "MonitoringResources": _RESOURCES,
                "NetworkConfig": _NETWORK,
                "RoleArn": STRING,
            },
        },
    },
    runtime={
        "MonitoringScheduleStatus": ("Pending", "Failed", "Scheduled", "Stopped"),
        "FailureReason": STRING,
        "CreationTime": TIMESTAMP,
        "LastMonitoringExecutionSummary": _SUMMARY,
    },
    defaults=_open_network(_INLINE),
    references={
        "EndpointName": _ENDPOINT,
        "MonitoringScheduleConfig.MonitoringJobDefinitionName": _DEFINITIONS,
        **_running(_INLINE, resources="MonitoringResources"),
        f"{_INLINE}MonitoringInputs[].EndpointInput.EndpointName": _ENDPOINT,
        f"{_INLINE}MonitoringInputs[].BatchTransformInput.DataCapturedDestinationS3Uri": _BUCKET,
        f"{_INLINE}BaselineConfig.ConstraintsResource.S3Uri": _BUCKET,
        f"{_INLINE}BaselineConfig.StatisticsResource.S3Uri": _BUCKET,
        f"{_INLINE}MonitoringAppSpecification.ImageUri": ("AWS::ECR::Repository",),
        **{f"{_INLINE}MonitoringAppSpecification.{name}": _BUCKET for name in _PROCESSORS},
    },
    live=Live(
        listing=Call("sagemaker:ListMonitoringSchedules", result="MonitoringScheduleSummaries[]"),
        each=(Call("sagemaker:DescribeMonitoringSchedule", args={"MonitoringScheduleName": "MonitoringScheduleName"}),),
        arn="MonitoringScheduleArn",
    ),
    # the provider knows schedules of a definition of its own only:
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_monitoring_schedule
    terraform=Terraform(
        "aws_sagemaker_monitoring_schedule",
        names={
            "MonitoringScheduleName": "name",
            "EndpointName": "",
        },
    ),
)

MONITORING_EXECUTION = ResourceType(
    name="AWS::SageMaker::MonitoringExecution",
    title="monitoring execution",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MonitoringExecutionSummary.html",
    cloudformation=False,
    ml=True,
    identifiers=("MonitoringScheduleName",),
    properties={
        "MonitoringScheduleName": STRING,
        "EndpointName": STRING,
        "MonitoringJobDefinitionName": STRING,
        "MonitoringType": _KINDS,
    },
    runtime=_SUMMARY,
    references={
        "MonitoringScheduleName": _SCHEDULE,
        "EndpointName": _ENDPOINT,
        "MonitoringJobDefinitionName": _DEFINITIONS,
    },
    live=Live(
        listing=Call(
            "sagemaker:ListMonitoringExecutions",
            params={"CreationTimeAfter": SINCE},
            result="MonitoringExecutionSummaries[]",
        ),
        # an execution has no ARN: its schedule and its hour tell it from others, also where it never got as far as a job
        arn="arn:{partition}:sagemaker:{region}:{account}:monitoring-schedule/{MonitoringScheduleName}/{ScheduledTime}",
    ),
)
