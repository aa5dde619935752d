"""What surrounds models: features, the registry, pipelines, configurations of endpoints, HyperPod clusters and MLflow."""

from __future__ import annotations

import datetime
import json
from typing import Any, Final

from auditor.demo.platform import CAPTURE_KEY, FRAUD_KEY, HOME, PRODUCTION
from auditor.demo.steps import Ref, Site, Step, Told, bucket

_MADE: Final = datetime.datetime(2026, 10, 20, 6, 15, tzinfo=datetime.UTC)
_XGBOOST: Final = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
_PRIVATE: Final = {
    "Subnets": [Ref("subnet/private-a"), Ref("subnet/private-b")],
    "SecurityGroupIds": [Ref("group/ml-platform")],
}
_PUBLIC: Final = {"Subnets": [Ref("subnet/public-a")], "SecurityGroupIds": [Ref("group/ml-platform")]}
_SCRIPTS: Final = "sagemaker-halyard-hyperpod"


def _role(name: str) -> str:
    return f"arn:aws:iam::{PRODUCTION}:role/{name}"


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{HOME}:{PRODUCTION}:{kind}/{name}"


# -- features -------------------------------------------------------------------------------------------------------------------


def _features(name: str, role: str, uri: str, key: Ref | None) -> dict[str, Any]:
    keyed = {"KmsKeyId": key} if key else {}
    return {
        "FeatureGroup": {
            "FeatureGroupArn": _arn("feature-group", name),
            "FeatureGroupName": name,
            "FeatureGroupStatus": "Created",
            "CreationTime": _MADE,
            "RoleArn": _role(role),
            "OnlineStoreConfig": {"EnableOnlineStore": True} | ({"SecurityConfig": keyed} if key else {}),
            "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": uri, **keyed}},
        }
    }


_FEATURES: Final = [
    _features("fraud-card-velocity", "fraud-training", "s3://halyard-fraud-features/store/", FRAUD_KEY),
    _features("recs-sessions", "recs-training", "s3://halyard-recs-clickstream/store/", None),
]

# -- registry and models --------------------------------------------------------------------------------------------------------


def _package(group: str, artifact: str, status: str, label: str, **more: Any) -> Step:
    container = {"Image": _XGBOOST, "ModelDataUrl": artifact, **more}
    types = {"SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}
    params = {
        "ModelPackageGroupName": group,
        "ModelApprovalStatus": status,
        "InferenceSpecification": {"Containers": [container], **types},
    }
    return Step("sagemaker:CreateModelPackage", params, {f"package/{label}": "ModelPackageArn"})


def _model(name: str, role: str, container: dict[str, Any], **more: Any) -> Step:
    params = {"ModelName": name, "ExecutionRoleArn": _role(role), "PrimaryContainer": container, **more}
    return Step("sagemaker:CreateModel", params)


_REGISTRY: Final = (
    Step("sagemaker:CreateModelPackageGroup", {"ModelPackageGroupName": "fraud-scorer"}),
    Step("sagemaker:CreateModelPackageGroup", {"ModelPackageGroupName": "recs-ranker"}),
    _package("fraud-scorer", "s3://halyard-fraud-models/xgboost/v8/model.tar.gz", "Approved", "fraud-scorer-8"),
    _package("recs-ranker", "s3://halyard-recs-models/ranker/v4/model.tar.gz", "PendingManualApproval", "recs-ranker-4"),
    _model(
        "fraud-scorer-v8",
        "fraud-serving",
        {"ModelPackageName": Ref("package/fraud-scorer-8")},
        EnableNetworkIsolation=True,
        VpcConfig=_PRIVATE,
    ),
    _model("recs-ranker-v4", "recs-serving", {"ModelPackageName": Ref("package/recs-ranker-4")}, VpcConfig=_PUBLIC),
    _model(
        "recs-reranker-v1",
        "recs-serving",
        {
            "Image": _XGBOOST,
            "ModelDataUrl": "s3://halyard-recs-models/reranker/v1/model.tar.gz",
            "Environment": {"CATALOG_URL": "https://catalog.halyard.example", "CATALOG_PASSWORD": "tangerine-ferry-42"},
        },
    ),
)

# -- configurations of endpoints ------------------------------------------------------------------------------------------------


def _config(name: str, model: str, instances: int, **more: Any) -> Step:
    variant = {
        "VariantName": "primary",
        "ModelName": model,
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": instances,
        "InitialVariantWeight": 1.0,
    }
    return Step("sagemaker:CreateEndpointConfig", {"EndpointConfigName": name, "ProductionVariants": [variant], **more})


def _capture(uri: str, **key: Ref) -> dict[str, Any]:
    options = [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}]
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": uri,
        "CaptureOptions": options,
        **key,
    }


_SHADOW: Final = {
    "VariantName": "shadow",
    "ModelName": "fraud-graph-v2",
    "InstanceType": "ml.g5.xlarge",
    "InitialInstanceCount": 1,
    "InitialVariantWeight": 0.2,
}
_CONFIGS: Final = (
    # what the next deployments will run with
    _config(
        "fraud-scoring-next",
        "fraud-scorer-v8",
        2,
        KmsKeyId=FRAUD_KEY,
        DataCaptureConfig=_capture("s3://halyard-inference-capture/fraud-next/", KmsKeyId=CAPTURE_KEY),
        ShadowProductionVariants=[_SHADOW],
    ),
    _config(
        "fraud-documents-async",
        "fraud-graph-v2",
        2,
        KmsKeyId=FRAUD_KEY,
        AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://halyard-fraud-models/documents/", "KmsKeyId": FRAUD_KEY}},
    ),
    _config(
        "recs-nightly-async",
        "recs-ranker-v4",
        1,
        AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://halyard-recs-models/nightly/"}},
    ),
)

# -- pipelines ------------------------------------------------------------------------------------------------------------------


def _pipeline(name: str, role: str, environment: dict[str, Any]) -> Step:
    train = {"RoleArn": _role(role), "Environment": environment}
    definition = {
        "Version": "2020-12-01",
        "Parameters": [{"Name": "Stage", "Type": "String", "DefaultValue": "production"}],
        "Steps": [{"Name": "train", "Type": "Training", "Arguments": train}],
    }
    params = {"PipelineName": name, "RoleArn": _role(role), "PipelineDefinition": json.dumps(definition)}
    return Step("sagemaker:CreatePipeline", {**params, "ClientRequestToken": f"{name}-0000000000000000000000000000000"})


_PIPELINES: Final = (
    _pipeline("fraud-retraining", "fraud-training", {"STAGE": {"Get": "Parameters.Stage"}}),
    _pipeline("recs-nightly", "recs-training", {"STAGE": "production", "TRACKING_PASSWORD": "lantern-orbit-77"}),
)


def _execution(pipeline: str, name: str, status: str) -> dict[str, Any]:
    return {
        "PipelineExecution": {
            "PipelineArn": _arn("pipeline", pipeline),
            "PipelineExecutionArn": _arn("pipeline", f"{pipeline}/execution/{name}"),
            "PipelineExecutionStatus": status,
            "CreationTime": _MADE,
            "PipelineParameters": [{"Name": "Stage", "Value": "production"}],
        }
    }


_EXECUTIONS: Final = [
    _execution("fraud-retraining", "f1k2m3n4p5q6", "Succeeded"),
    _execution("recs-nightly", "r7s8t9u0v1w2", "Failed"),
]

# -- inference components, Inference Recommender ----------------------------------------------------------------------------------


def _component(name: str, endpoint: str, artifact: str, environment: dict[str, str]) -> dict[str, Any]:
    return {
        "InferenceComponentName": name,
        "InferenceComponentArn": _arn("inference-component", name),
        "EndpointName": endpoint,
        "EndpointArn": _arn("endpoint", endpoint),
        "VariantName": "primary",
        "InferenceComponentStatus": "InService",
        "CreationTime": _MADE,
        "LastModifiedTime": _MADE,
        "Specification": {
            "Container": {
                "DeployedImage": {"SpecifiedImage": _XGBOOST},
                "ArtifactUrl": artifact,
                "Environment": environment,
            },
            "ComputeResourceRequirements": {"NumberOfCpuCoresRequired": 1.0, "MinMemoryRequiredInMb": 1024},
        },
        "RuntimeConfig": {"DesiredCopyCount": 1, "CurrentCopyCount": 1},
    }


_COMPONENTS: Final = (
    _component(
        "fraud-merchant-names",
        "fraud-scoring-production",
        "s3://halyard-fraud-models/names/model.tar.gz",
        {"STAGE": "production"},
    ),
    _component(
        "recs-embeddings",
        "recs-ranking-production",
        "s3://halyard-recs-models/embeddings/model.tar.gz",
        {"STAGE": "production", "HUB_TOKEN": "marigold-tunnel-19"},
    ),
)
_DETAILS: Final = frozenset(("Specification", "RuntimeConfig"))


def _recommendation(kind: str, instances: int, per_hour: float, invocations: int, latency: int) -> dict[str, Any]:
    metrics = {
        "CostPerHour": per_hour,
        "CostPerInference": per_hour / (invocations * 60),
        "MaxInvocations": invocations,
        "ModelLatency": latency,
    }
    configuration = {
        "EndpointName": f"sm-epc-{kind.replace('.', '-')}",
        "VariantName": "primary",
        "InstanceType": kind,
        "InitialInstanceCount": instances,
    }
    return {"Metrics": metrics, "EndpointConfiguration": configuration, "ModelConfiguration": {}}


_RECOMMENDER: Final = {
    "JobName": "fraud-scorer-sizing",
    "JobDescription": "Which instance for the scorer",
    "JobType": "Default",
    "JobArn": _arn("inference-recommendations-job", "fraud-scorer-sizing"),
    "RoleArn": _role("fraud-serving"),
    "Status": "COMPLETED",
    "CreationTime": _MADE,
    "LastModifiedTime": _MADE,
    "InputConfig": {"ModelName": "fraud-scorer-v7", "VolumeKmsKeyId": FRAUD_KEY, "VpcConfig": _PRIVATE},
    "InferenceRecommendations": [
        _recommendation("ml.c6i.large", 1, 0.12, 5_400, 9),
        _recommendation("ml.m5.xlarge", 1, 0.26, 6_100, 8),
        _recommendation("ml.c5.2xlarge", 1, 0.46, 14_900, 6),
    ],
}

# -- clusters and MLflow --------------------------------------------------------------------------------------------------------


def _cluster(name: str, role: str, vpc: dict[str, Any], *volumes: dict[str, Any]) -> Step:
    group: dict[str, Any] = {
        "InstanceGroupName": "workers",
        "InstanceType": "ml.g5.12xlarge",
        "InstanceCount": 4,
        "ThreadsPerCore": 2,
        "ExecutionRole": _role(role),
        "LifeCycleConfig": {"SourceS3Uri": f"s3://{_SCRIPTS}/{name}/", "OnCreate": "on_create.sh"},
    }
    if volumes:
        group["InstanceStorageConfigs"] = [{"EbsVolumeConfig": volume} for volume in volumes]
    return Step("sagemaker:CreateCluster", {"ClusterName": name, "InstanceGroups": [group], "VpcConfig": vpc})


_CLUSTERS: Final = (
    *bucket(_SCRIPTS, HOME, key=FRAUD_KEY),
    _cluster(
        "fraud-graph",
        "fraud-training",
        _PRIVATE,
        {"RootVolume": True, "VolumeKmsKeyId": FRAUD_KEY},
        {"VolumeSizeInGB": 500, "VolumeKmsKeyId": FRAUD_KEY},
    ),
    _cluster("recs-llm", "recs-training", _PUBLIC, {"VolumeSizeInGB": 2_000}),
)
_TRACKING: Final = {
    "TrackingServerArn": _arn("mlflow-tracking-server", "fraud-experiments"),
    "TrackingServerName": "fraud-experiments",
    "TrackingServerStatus": "Created",
    "IsActive": "Active",
    "MlflowVersion": "2.16.2",
    "CreationTime": _MADE,
}
_MLFLOW: Final = {
    "Arn": _arn("mlflow-app", "app-recs"),
    "Name": "recs-experiments",
    "Status": "Created",
    "MlflowVersion": "3.0.0",
    "CreationTime": _MADE,
}

_TOLD: Final = (
    Told("sagemaker:Search", {"Results": _FEATURES}, asked='"FeatureGroup"'),
    Told("sagemaker:Search", {"Results": _EXECUTIONS}, asked='"PipelineExecution"'),
    Told(
        "sagemaker:ListInferenceComponents",
        {
            "InferenceComponents": [
                {name: value for name, value in component.items() if name not in _DETAILS} for component in _COMPONENTS
            ]
        },
    ),
    *(
        Told("sagemaker:DescribeInferenceComponent", component, asked=f'"{component["InferenceComponentName"]}"')
        for component in _COMPONENTS
    ),
    Told(
        "sagemaker:ListInferenceRecommendationsJobs",
        {
            "InferenceRecommendationsJobs": [
                {name: value for name, value in _RECOMMENDER.items() if name not in ("InputConfig", "InferenceRecommendations")}
            ]
        },
    ),
    Told("sagemaker:DescribeInferenceRecommendationsJob", _RECOMMENDER),
    Told("sagemaker:ListMlflowTrackingServers", {"TrackingServerSummaries": [_TRACKING]}),
    Told(
        "sagemaker:DescribeMlflowTrackingServer",
        {**_TRACKING, "RoleArn": _role("fraud-training"), "ArtifactStoreUri": "s3://halyard-fraud-models/mlflow/"},
    ),
    Told("sagemaker:ListMlflowApps", {"Summaries": [_MLFLOW]}),
    Told(
        "sagemaker:DescribeMlflowApp",
        {**_MLFLOW, "RoleArn": _role("recs-training"), "ArtifactStoreUri": "s3://halyard-recs-models/mlflow/"},
    ),
)

SITES: Final = (Site(PRODUCTION, HOME, (*_REGISTRY, *_CONFIGS, *_PIPELINES, *_CLUSTERS), _TOLD),)
