"""The jobs beside training, and what notebooks are set up with: the fraud team's as they should be, the others' as they came."""

from __future__ import annotations

import base64
import datetime
from typing import Any, Final

from auditor.demo.platform import FRAUD_KEY, HOME, PRODUCTION, SANDBOX
from auditor.demo.steps import Ref, Site, Step, Told

_XGBOOST: Final = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
_SKLEARN: Final = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1.2-1"
_VPC: Final = {"Subnets": [Ref("subnet/private-a"), Ref("subnet/private-b")], "SecurityGroupIds": [Ref("group/ml-platform")]}
_PUBLIC: Final = {"Subnets": [Ref("subnet/private-a"), Ref("subnet/public-a")], "SecurityGroupIds": [Ref("group/ml-platform")]}
_SET_UP: Final = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
_GIT_SECRET: Final = f"arn:aws:secretsmanager:{HOME}:{PRODUCTION}:secret:AmazonSageMaker-fraud-git"


def _role(name: str, account: str = PRODUCTION) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def _arn(kind: str, name: str, account: str = PRODUCTION) -> str:
    return f"arn:aws:sagemaker:{HOME}:{account}:{kind}/{name}"


def _s3(uri: str) -> dict[str, Any]:
    return {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}


# -- training and tuning --------------------------------------------------------------------------------------------------------


def _training(name: str, role: str, data: str, output: dict[str, Any], **more: Any) -> Step:
    params = {
        "TrainingJobName": name,
        "AlgorithmSpecification": {"TrainingImage": _XGBOOST, "TrainingInputMode": "File"},
        "RoleArn": role,
        "InputDataConfig": [{"ChannelName": "train", "DataSource": _s3(data)}],
        "OutputDataConfig": output,
        "ResourceConfig": {"InstanceType": "ml.g5.2xlarge", "InstanceCount": 1, "VolumeSizeInGB": 100},
        "StoppingCondition": {"MaxRuntimeInSeconds": 14_400, "MaxWaitTimeInSeconds": 28_800},
        "EnableManagedSpotTraining": True,
        **more,
    }
    return Step("sagemaker:CreateTrainingJob", params)


_TRAINING: Final = (
    _training(
        "fraud-embeddings-run-12",
        _role("fraud-training"),
        "s3://halyard-fraud-features/transactions/",
        {"S3OutputPath": "s3://halyard-fraud-models/embeddings/", "KmsKeyId": FRAUD_KEY},
        VpcConfig=_VPC,
        EnableNetworkIsolation=True,
        HyperParameters={"epochs": "20", "pad_token": "<pad>"},
        CheckpointConfig={"S3Uri": "s3://halyard-fraud-models/checkpoints/"},
    ),
    _training(
        "recs-embeddings-run-88",
        _role("recs-training"),
        "s3://halyard-recs-clickstream/sessions/",
        {"S3OutputPath": "s3://halyard-recs-models/embeddings/"},
        VpcConfig=_PUBLIC,
        HyperParameters={"epochs": "40", "tracking_api_key": "5f2e9c71d8b04a36"},
        StoppingCondition={"MaxRuntimeInSeconds": 2_419_200, "MaxWaitTimeInSeconds": 2_419_200},
    ),
)


def _definition(name: str, role: str, data: str, output: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "DefinitionName": name,
        "AlgorithmSpecification": {"TrainingImage": _XGBOOST, "TrainingInputMode": "File"},
        "RoleArn": role,
        "InputDataConfig": [{"ChannelName": "train", "DataSource": _s3(data)}],
        "OutputDataConfig": output,
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        **more,
    }


def _tuning(name: str, *definitions: dict[str, Any]) -> dict[str, Any]:
    one = {"TrainingJobDefinition": definitions[0]} if len(definitions) == 1 else {"TrainingJobDefinitions": list(definitions)}
    return {
        "HyperParameterTuningJob": {
            "HyperParameterTuningJobName": name,
            "HyperParameterTuningJobArn": _arn("hyper-parameter-tuning-job", name),
            "HyperParameterTuningJobStatus": "Completed",
            **one,
        }
    }


_FRAUD_DEFINITION: Final = _definition(
    "depth",
    _role("fraud-training"),
    "s3://halyard-fraud-features/2026/11/",
    {"S3OutputPath": "s3://halyard-fraud-models/tuning/", "KmsKeyId": FRAUD_KEY},
    ResourceConfig={"InstanceType": "ml.m5.4xlarge", "InstanceCount": 2, "VolumeSizeInGB": 50, "VolumeKmsKeyId": FRAUD_KEY},
    StaticHyperParameters={"objective": "binary:logistic"},
    VpcConfig=_VPC,
    EnableNetworkIsolation=True,
    EnableInterContainerTrafficEncryption=True,
)
_RECS_DEFINITION: Final = _definition(
    "ranker",
    _role("recs-training"),
    "s3://halyard-recs-clickstream/2026/",
    {"S3OutputPath": "s3://halyard-recs-models/tuning/"},
    ResourceConfig={"InstanceType": "ml.m5.4xlarge", "InstanceCount": 4, "VolumeSizeInGB": 50},
    StaticHyperParameters={"objective": "rank:ndcg", "tracking_api_key": "5f2e9c71d8b04a36"},
)
_TUNING: Final = Told(
    "sagemaker:Search",
    {"Results": [_tuning("fraud-depth-search", _FRAUD_DEFINITION), _tuning("recs-ranker-search", _RECS_DEFINITION)]},
    asked='"HyperParameterTuningJob"',
)


# -- processing, transform, AutoML, compilation -------------------------------------------------------------------------------


def _processing(name: str, role: str, read: str, written: str, cluster: dict[str, Any], **more: Any) -> Step:
    output = {"OutputName": "features", "S3Output": {"S3Uri": written, "LocalPath": "/out", "S3UploadMode": "EndOfJob"}}
    source = {"S3Uri": read, "LocalPath": "/in", "S3DataType": "S3Prefix", "S3InputMode": "File"}
    params = {
        "ProcessingJobName": name,
        "AppSpecification": {"ImageUri": _SKLEARN, "ContainerArguments": ["--days", "30"]},
        "RoleArn": role,
        "ProcessingInputs": [{"InputName": "raw", "S3Input": source}],
        "ProcessingOutputConfig": {"Outputs": [output]} | more.pop("output", {}),
        "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.4xlarge", "VolumeSizeInGB": 200, **cluster}},
        **more,
    }
    return Step("sagemaker:CreateProcessingJob", params)


_PROCESSING: Final = (
    _processing(
        "fraud-features-2026-11",
        _role("fraud-training"),
        "s3://halyard-fraud-features/raw/",
        "s3://halyard-fraud-features/2026/11/",
        {"InstanceCount": 4, "VolumeKmsKeyId": FRAUD_KEY},
        output={"KmsKeyId": FRAUD_KEY},
        Environment={"STAGE": "production", "DB_SECRET": f"arn:aws:secretsmanager:{HOME}:{PRODUCTION}:secret:fraud-ledger"},
        NetworkConfig={"EnableNetworkIsolation": True, "EnableInterContainerTrafficEncryption": True, "VpcConfig": _VPC},
    ),
    _processing(
        "recs-sessionize-412",
        _role("recs-training"),
        "s3://halyard-recs-clickstream/raw/",
        "s3://halyard-recs-clickstream/sessions/",
        {"InstanceCount": 8},
        Environment={"STAGE": "production", "WAREHOUSE_PASSWORD": "clicks-and-bricks-2024"},
    ),
)


def _transform(name: str, model: str, read: str, output: dict[str, Any], resources: dict[str, Any], **more: Any) -> Step:
    params = {
        "TransformJobName": name,
        "ModelName": model,
        "TransformInput": {"DataSource": _s3(read)},
        "TransformOutput": output,
        "TransformResources": {"InstanceType": "ml.m5.2xlarge", "InstanceCount": 1, **resources},
        **more,
    }
    return Step("sagemaker:CreateTransformJob", params)


_TRANSFORM: Final = (
    _transform(
        "fraud-rescore-2026-q3",
        "fraud-scorer-v7",
        "s3://halyard-fraud-features/2026/q3/",
        {"S3OutputPath": "s3://halyard-fraud-models/scores/", "KmsKeyId": FRAUD_KEY},
        {"VolumeKmsKeyId": FRAUD_KEY},
        Environment={"STAGE": "production"},
    ),
    _transform(
        "recs-weekly-ranking-47",
        "recs-ranker-v3",
        "s3://halyard-recs-clickstream/weekly/",
        {"S3OutputPath": "s3://halyard-recs-models/rankings/"},
        {},
        Environment={"STAGE": "production", "CACHE_TOKEN": "e41f0c6ab9d2"},
    ),
)


def _automl(name: str, role: str, read: str, output: dict[str, Any], **more: Any) -> Step:
    channel = {"ChannelType": "training", "ContentType": "text/csv;header=present", "DataSource": _s3(read)}
    limits = {"MaxCandidates": 50}
    tabular = {"TargetAttributeName": "label", "ProblemType": "BinaryClassification", "CompletionCriteria": limits}
    params = {
        "AutoMLJobName": name,
        "RoleArn": role,
        "AutoMLJobInputDataConfig": [channel],
        "OutputDataConfig": output,
        "AutoMLProblemTypeConfig": {"TabularJobConfig": tabular},
        "AutoMLJobObjective": {"MetricName": "F1"},
        **more,
    }
    return Step("sagemaker:CreateAutoMLJobV2", params)


_AUTOML: Final = (
    _automl(
        "fraud-baseline-automl",
        _role("fraud-training"),
        "s3://halyard-fraud-features/labelled/",
        {"S3OutputPath": "s3://halyard-fraud-models/automl/", "KmsKeyId": FRAUD_KEY},
        SecurityConfig={"VolumeKmsKeyId": FRAUD_KEY, "EnableInterContainerTrafficEncryption": True, "VpcConfig": _VPC},
    ),
    _automl(
        "recs-churn-automl",
        _role("recs-training"),
        "s3://halyard-recs-clickstream/churn/",
        {"S3OutputPath": "s3://halyard-recs-models/automl/"},
    ),
)


def _compilation(name: str, role: str, artifact: str, output: dict[str, Any]) -> Step:
    params = {
        "CompilationJobName": name,
        "RoleArn": role,
        "InputConfig": {"S3Uri": artifact, "DataInputConfig": '{"input": [1, 64]}', "Framework": "XGBOOST"},
        "OutputConfig": {"TargetDevice": "ml_c5", **output},
        "StoppingCondition": {"MaxRuntimeInSeconds": 900},
    }
    return Step("sagemaker:CreateCompilationJob", params)


_COMPILATION: Final = (
    _compilation(
        "fraud-scorer-v7-c5",
        _role("fraud-training"),
        "s3://halyard-fraud-models/xgboost/v7/model.tar.gz",
        {"S3OutputLocation": "s3://halyard-fraud-models/compiled/", "KmsKeyId": FRAUD_KEY},
    ),
    _compilation(
        "recs-ranker-v3-c5",
        _role("recs-training"),
        "s3://halyard-recs-models/ranker/v3/model.tar.gz",
        {"S3OutputLocation": "s3://halyard-recs-models/compiled/"},
    ),
)


# -- notebooks ----------------------------------------------------------------------------------------------------------------


def _lifecycle(name: str, on_start: str) -> Step:
    script = base64.b64encode(on_start.encode()).decode()
    params = {"NotebookInstanceLifecycleConfigName": name, "OnStart": [{"Content": script}]}
    return Step("sagemaker:CreateNotebookInstanceLifecycleConfig", params)


def _lifecycles(account: str, *names: str) -> Told:
    listed = [
        {
            "NotebookInstanceLifecycleConfigName": name,
            "NotebookInstanceLifecycleConfigArn": _arn("notebook-instance-lifecycle-config", name, account),
        }
        for name in names
    ]
    return Told("sagemaker:ListNotebookInstanceLifecycleConfigs", {"NotebookInstanceLifecycleConfigs": listed})


def _repository(name: str, git: dict[str, str]) -> dict[str, Any]:
    times = {"CreationTime": _SET_UP, "LastModifiedTime": _SET_UP}
    return {"CodeRepositoryName": name, "CodeRepositoryArn": _arn("code-repository", name), "GitConfig": git, **times}


_REPOSITORIES: Final = Told(
    "sagemaker:ListCodeRepositories",
    {
        "CodeRepositorySummaryList": [
            _repository("fraud-features", {"RepositoryUrl": "https://git.example.com/fraud.git", "SecretArn": _GIT_SECRET}),
            _repository("recs-ranking", {"RepositoryUrl": "https://recs-ci:wh4t-c0uld-g0@git.example.com/recs.git"}),
        ]
    },
)


def _notebook(name: str, role: str, **more: Any) -> Step:
    params = {"NotebookInstanceName": name, "InstanceType": "ml.t3.large", "RoleArn": role, "VolumeSizeInGB": 50, **more}
    return Step("sagemaker:CreateNotebookInstance", params)


_FETCH: Final = "export LEDGER=$(aws secretsmanager get-secret-value --secret-id fraud-ledger --query SecretString)\n"
_NOTEBOOKS: Final = (
    _lifecycle("fraud-setup", _FETCH),
    _lifecycle("recs-setup", "pip install --quiet implicit\nexport WAREHOUSE_PASSWORD=clicks-and-bricks-2024\n"),
    _notebook(
        "fraud-review",
        _role("fraud-notebooks"),
        KmsKeyId=FRAUD_KEY,
        SubnetId=Ref("subnet/private-b"),
        SecurityGroupIds=[Ref("group/ml-platform")],
        DirectInternetAccess="Disabled",
        RootAccess="Disabled",
        PlatformIdentifier="notebook-al2023-v1",
        InstanceMetadataServiceConfiguration={"MinimumInstanceMetadataServiceVersion": "2"},
        LifecycleConfigName="fraud-setup",
        DefaultCodeRepository="fraud-features",
    ),
    _notebook(
        "recs-ranking-lab",
        _role("recs-notebooks"),
        PlatformIdentifier="notebook-al2-v2",
        LifecycleConfigName="recs-setup",
        DefaultCodeRepository="recs-ranking",
    ),
)
_HACKDAY: Final = (
    _lifecycle("hackday", "pip install openai\n"),
    _notebook("sandbox-llm", _role("sandbox-everything", SANDBOX), PlatformIdentifier="notebook-al1-v1"),
)

SITES: Final = (
    Site(
        PRODUCTION,
        HOME,
        (*_TRAINING, *_PROCESSING, *_TRANSFORM, *_AUTOML, *_COMPILATION, *_NOTEBOOKS),
        (_TUNING, _REPOSITORIES, _lifecycles(PRODUCTION, "fraud-setup", "recs-setup")),
    ),
    Site(SANDBOX, HOME, _HACKDAY, (_lifecycles(SANDBOX, "hackday"),)),
)
