"""Amazon SageMaker AI: notebooks, training jobs, models, endpoint configurations, endpoints."""

from auditor.model.resource_type import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    SCRIPT,
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
_FILE_SYSTEM = ("AWS::EFS::FileSystem", "AWS::FSx::FileSystem")
_IMAGE = ("AWS::ECR::Repository",)
_KEY = ("AWS::KMS::Key", "AWS::KMS::Alias")
_PACKAGE = ("AWS::SageMaker::ModelPackage",)
_REPOSITORY = ("AWS::SageMaker::CodeRepository",)
_ROLE = ("AWS::IAM::Role",)
_SECRET = ("AWS::SecretsManager::Secret",)
_SECURITY_GROUP = ("AWS::EC2::SecurityGroup",)
_SUBNET = ("AWS::EC2::Subnet",)
_TOPIC = ("AWS::SNS::Topic",)
_VPC_CONFIG: Schema = {"Subnets": [STRING], "SecurityGroupIds": [STRING]}
_S3_MODEL: dict[str, Schema] = {
    "S3DataSource": {"S3Uri": STRING, "S3DataType": ("S3Prefix", "S3Object"), "CompressionType": ("None", "Gzip")}
}
_ARTIFACTS: dict[str, Schema] = {
    "ModelDataUrl": STRING,
    "ModelDataSource": _S3_MODEL,
    "AdditionalModelDataSources": [{"ChannelName": STRING, **_S3_MODEL}],
}
_ARTIFACT_REFERENCES = {
    "Image": _IMAGE,
    "Environment[]": _SECRET,
    "ModelDataUrl": _BUCKET,
    "ModelDataSource.S3DataSource.S3Uri": _BUCKET,
    "AdditionalModelDataSources[].S3DataSource.S3Uri": _BUCKET,
}
_CONTAINER: dict[str, Schema] = {
    "ContainerHostname": STRING,
    "Environment": {"*": STRING},
    "Image": STRING,
    "ImageConfig": {
        "RepositoryAccessMode": ("Platform", "Vpc"),
        "RepositoryAuthConfig": {"RepositoryCredentialsProviderArn": STRING},
    },
    "Mode": ("SingleModel", "MultiModel"),
    **_ARTIFACTS,
    "ModelPackageName": STRING,
}
_CONTAINER_REFERENCES = {
    **_ARTIFACT_REFERENCES,
    "ImageConfig.RepositoryAuthConfig.RepositoryCredentialsProviderArn": ("AWS::Lambda::Function",),
    "ModelPackageName": _PACKAGE,
}
_VARIANT: dict[str, Schema] = {
    "VariantName": STRING,
    "ModelName": STRING,
    "InstanceType": STRING,
    "InstancePools": [{"InstanceType": STRING, "ModelNameOverride": STRING}],
    "InitialInstanceCount": INTEGER,
    "InitialVariantWeight": NUMBER,
    "ManagedInstanceScaling": {"Status": ("ENABLED", "DISABLED"), "MinInstanceCount": INTEGER, "MaxInstanceCount": INTEGER},
    "ServerlessConfig": {"MaxConcurrency": INTEGER, "MemorySizeInMB": INTEGER},
    "VolumeSizeInGB": INTEGER,
    "CoreDumpConfig": {"DestinationS3Uri": STRING, "KmsKeyId": STRING},
}
_VARIANT_REFERENCES = {
    "ModelName": ("AWS::SageMaker::Model",),
    "InstancePools[].ModelNameOverride": ("AWS::SageMaker::Model",),
    "CoreDumpConfig.DestinationS3Uri": _BUCKET,
    "CoreDumpConfig.KmsKeyId": _KEY,
}

NOTEBOOK_INSTANCE = ResourceType(
    name="AWS::SageMaker::NotebookInstance",
    title="notebook instance",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-notebookinstance.html",
    ml=True,
    identifiers=("NotebookInstanceName",),
    properties={
        "NotebookInstanceName": STRING,
        "InstanceType": STRING,
        "RoleArn": STRING,
        "SubnetId": STRING,
        "SecurityGroupIds": [STRING],
        "KmsKeyId": STRING,
        "DirectInternetAccess": ("Enabled", "Disabled"),
        "RootAccess": ("Enabled", "Disabled"),
        "LifecycleConfigName": STRING,
        "DefaultCodeRepository": STRING,
        "AdditionalCodeRepositories": [STRING],
        "PlatformIdentifier": STRING,
        "VolumeSizeInGB": INTEGER,
        "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": STRING},
    },
    runtime={"NotebookInstanceStatus": STRING, "NetworkInterfaceId": STRING, "CreationTime": TIMESTAMP},
    defaults={
        "DirectInternetAccess": "Enabled",
        "RootAccess": "Enabled",
        # since 2026-05-15: https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-al2.html
        "PlatformIdentifier": "notebook-al2023-v1",
        "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "1"},
    },
    references={
        "RoleArn": _ROLE,
        "SubnetId": _SUBNET,
        "SecurityGroupIds[]": _SECURITY_GROUP,
        "KmsKeyId": _KEY,
        "LifecycleConfigName": ("AWS::SageMaker::NotebookInstanceLifecycleConfig",),
        "DefaultCodeRepository": _REPOSITORY,
        "AdditionalCodeRepositories[]": _REPOSITORY,
    },
    live=Live(
        listing=Call("sagemaker:ListNotebookInstances", result="NotebookInstances[]"),
        each=(Call("sagemaker:DescribeNotebookInstance", args={"NotebookInstanceName": "NotebookInstanceName"}),),
        names={"SecurityGroupIds": "SecurityGroups", "LifecycleConfigName": "NotebookInstanceLifecycleConfigName"},
        arn="NotebookInstanceArn",
    ),
    terraform=Terraform(
        "aws_sagemaker_notebook_instance",
        names={"NotebookInstanceName": "name", "SecurityGroupIds": "security_groups", "VolumeSizeInGB": "volume_size"},
    ),
)

LIFECYCLE_CONFIG = ResourceType(
    name="AWS::SageMaker::NotebookInstanceLifecycleConfig",
    title="lifecycle configuration of notebook instances",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-notebookinstancelifecycleconfig.html",
    ml=True,
    identifiers=("NotebookInstanceLifecycleConfigName",),
    properties={
        "NotebookInstanceLifecycleConfigName": STRING,
        "OnCreate": [{"Content": SCRIPT}],
        "OnStart": [{"Content": SCRIPT}],
    },
    runtime={"CreationTime": TIMESTAMP},
    live=Live(
        listing=Call("sagemaker:ListNotebookInstanceLifecycleConfigs", result="NotebookInstanceLifecycleConfigs[]"),
        each=(
            Call(
                "sagemaker:DescribeNotebookInstanceLifecycleConfig",
                args={"NotebookInstanceLifecycleConfigName": "NotebookInstanceLifecycleConfigName"},
            ),
        ),
        arn="NotebookInstanceLifecycleConfigArn",
    ),
    terraform=Terraform(
        "aws_sagemaker_notebook_instance_lifecycle_configuration",
        names={
            "NotebookInstanceLifecycleConfigName": "name",
            "OnCreate": ".",
            "OnCreate[].Content": "on_create",
            "OnStart": ".",
            "OnStart[].Content": "on_start",
        },
    ),
)

CODE_REPOSITORY = ResourceType(
    name="AWS::SageMaker::CodeRepository",
    title="code repository",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-coderepository.html",
    ml=True,
    identifiers=("CodeRepositoryName",),
    properties={
        "CodeRepositoryName": STRING,
        "GitConfig": {"RepositoryUrl": STRING, "Branch": STRING, "SecretArn": STRING},
    },
    runtime={"CreationTime": TIMESTAMP},
    references={"GitConfig.SecretArn": _SECRET},
    live=Live(
        listing=Call("sagemaker:ListCodeRepositories", result="CodeRepositorySummaryList[]"),
        arn="CodeRepositoryArn",
    ),
    terraform=Terraform("aws_sagemaker_code_repository"),
)

TRAINING_JOB = ResourceType(
    name="AWS::SageMaker::TrainingJob",
    title="training job",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-trainingjob.html",
    ml=True,
    identifiers=("TrainingJobName",),
    properties={
        "TrainingJobName": STRING,
        "AlgorithmSpecification": {
            "TrainingImage": STRING,
            "AlgorithmName": STRING,
            "TrainingInputMode": STRING,
            "ContainerArguments": [STRING],
        },
        "RoleArn": STRING,
        "HyperParameters": {"*": STRING},
        "Environment": {"*": STRING},
        "InputDataConfig": [
            {
                "ChannelName": STRING,
                "DataSource": {
                    "S3DataSource": {"S3Uri": STRING, "S3DataType": STRING},
                    "FileSystemDataSource": {"FileSystemId": STRING, "FileSystemType": STRING},
                },
            }
        ],
        "OutputDataConfig": {"S3OutputPath": STRING, "KmsKeyId": STRING},
        "CheckpointConfig": {"S3Uri": STRING, "LocalPath": STRING},
        "DebugHookConfig": {"S3OutputPath": STRING},
        "DebugRuleConfigurations": [{"RuleEvaluatorImage": STRING, "S3OutputPath": STRING}],
        "ProfilerConfig": {"S3OutputPath": STRING},
        "TensorBoardOutputConfig": {"S3OutputPath": STRING},
        "ResourceConfig": {
            "InstanceCount": INTEGER,
            "InstanceType": STRING,
            "InstanceGroups": [{"InstanceGroupName": STRING, "InstanceType": STRING, "InstanceCount": INTEGER}],
            "InstancePreferences": [{"InstanceType": STRING, "InstanceCount": INTEGER}],
            "VolumeKmsKeyId": STRING,
            "VolumeSizeInGB": INTEGER,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": INTEGER, "MaxWaitTimeInSeconds": INTEGER},
        "VpcConfig": _VPC_CONFIG,
        "EnableNetworkIsolation": BOOLEAN,
        "EnableInterContainerTrafficEncryption": BOOLEAN,
        "EnableManagedSpotTraining": BOOLEAN,
    },
    runtime={
        "TrainingJobStatus": STRING,
        "CreationTime": TIMESTAMP,
        "TrainingEndTime": TIMESTAMP,
        "TuningJobArn": STRING,
        "AutoMLJobArn": STRING,
    },
    defaults={
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": False,
    },
    references={
        "RoleArn": _ROLE,
        "AlgorithmSpecification.TrainingImage": _IMAGE,
        "Environment[]": _SECRET,
        "VpcConfig.Subnets[]": _SUBNET,
        "VpcConfig.SecurityGroupIds[]": _SECURITY_GROUP,
        "InputDataConfig[].DataSource.S3DataSource.S3Uri": _BUCKET,
        "InputDataConfig[].DataSource.FileSystemDataSource.FileSystemId": _FILE_SYSTEM,
        "OutputDataConfig.S3OutputPath": _BUCKET,
        "OutputDataConfig.KmsKeyId": _KEY,
        "ResourceConfig.VolumeKmsKeyId": _KEY,
        "CheckpointConfig.S3Uri": _BUCKET,
        "DebugHookConfig.S3OutputPath": _BUCKET,
        "DebugRuleConfigurations[].RuleEvaluatorImage": _IMAGE,
        "DebugRuleConfigurations[].S3OutputPath": _BUCKET,
        "ProfilerConfig.S3OutputPath": _BUCKET,
        "TensorBoardOutputConfig.S3OutputPath": _BUCKET,
    },
    live=Live(
        listing=Call(
            "sagemaker:Search",
            params={
                "Resource": "TrainingJob",
                "SearchExpression": {"Filters": [{"Name": "CreationTime", "Operator": "GreaterThan", "Value": SINCE}]},
            },
            result="Results[].TrainingJob",
        ),
        arn="TrainingJobArn",
    ),
    # in the provider since its version 6:
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_training_job
    terraform=Terraform("aws_sagemaker_training_job"),
)

MODEL = ResourceType(
    name="AWS::SageMaker::Model",
    title="model",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-model.html",
    ml=True,
    identifiers=("ModelName",),
    properties={
        "ModelName": STRING,
        "ExecutionRoleArn": STRING,
        "EnableNetworkIsolation": BOOLEAN,
        "PrimaryContainer": _CONTAINER,
        "Containers": [_CONTAINER],
        "VpcConfig": _VPC_CONFIG,
    },
    runtime={"CreationTime": TIMESTAMP},
    defaults={"EnableNetworkIsolation": False},
    references={
        "ExecutionRoleArn": _ROLE,
        "VpcConfig.Subnets[]": _SUBNET,
        "VpcConfig.SecurityGroupIds[]": _SECURITY_GROUP,
        **{f"PrimaryContainer.{path}": targets for path, targets in _CONTAINER_REFERENCES.items()},
        **{f"Containers[].{path}": targets for path, targets in _CONTAINER_REFERENCES.items()},
    },
    live=Live(
        listing=Call("sagemaker:ListModels", result="Models[]"),
        each=(Call("sagemaker:DescribeModel", args={"ModelName": "ModelName"}),),
        arn="ModelArn",
    ),
    terraform=Terraform(
        "aws_sagemaker_model",
        names={
            "ModelName": "name",
            "Containers": "container",
            "PrimaryContainer.AdditionalModelDataSources": "additional_model_data_source",
            "Containers[].AdditionalModelDataSources": "additional_model_data_source",
        },
        computed=(
            "PrimaryContainer.ModelDataSource",
            "PrimaryContainer.AdditionalModelDataSources",
            "Containers[].ModelDataSource",
            "Containers[].AdditionalModelDataSources",
        ),
    ),
)

MODEL_PACKAGE = ResourceType(
    name="AWS::SageMaker::ModelPackage",
    title="model package",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-modelpackage.html",
    ml=True,
    identifiers=("ModelPackageArn",),
    properties={
        "ModelPackageArn": STRING,
        "ModelPackageName": STRING,
        "ModelPackageGroupName": STRING,
        "ModelApprovalStatus": ("Approved", "Rejected", "PendingManualApproval"),
        "InferenceSpecification": {"Containers": [{"Image": STRING, "Environment": {"*": STRING}, **_ARTIFACTS}]},
        "SecurityConfig": {"KmsKeyId": STRING},
    },
    runtime={"ModelPackageStatus": STRING, "CreationTime": TIMESTAMP},
    references={
        "ModelPackageGroupName": ("AWS::SageMaker::ModelPackageGroup",),
        "SecurityConfig.KmsKeyId": _KEY,
        **{f"InferenceSpecification.Containers[].{path}": targets for path, targets in _ARTIFACT_REFERENCES.items()},
    },
    live=Live(
        listing=Call("sagemaker:Search", params={"Resource": "ModelPackage"}, result="Results[].ModelPackage"),
        arn="ModelPackageArn",
    ),
)

ENDPOINT_CONFIG = ResourceType(
    name="AWS::SageMaker::EndpointConfig",
    title="endpoint configuration",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-endpointconfig.html",
    ml=True,
    identifiers=("EndpointConfigName",),
    properties={
        "EndpointConfigName": STRING,
        "KmsKeyId": STRING,
        "ProductionVariants": [_VARIANT],
        "ShadowProductionVariants": [_VARIANT],
        "DataCaptureConfig": {
            "EnableCapture": BOOLEAN,
            "InitialSamplingPercentage": INTEGER,
            "DestinationS3Uri": STRING,
            "KmsKeyId": STRING,
            "CaptureOptions": [{"CaptureMode": ("Input", "Output", "InputAndOutput")}],
        },
        "AsyncInferenceConfig": {
            "OutputConfig": {
                "S3OutputPath": STRING,
                "S3FailurePath": STRING,
                "KmsKeyId": STRING,
                "NotificationConfig": {"SuccessTopic": STRING, "ErrorTopic": STRING},
            }
        },
        "ExplainerConfig": {"ClarifyExplainerConfig": {"ShapConfig": {"ShapBaselineConfig": {"ShapBaselineUri": STRING}}}},
        "ExecutionRoleArn": STRING,
        "EnableNetworkIsolation": BOOLEAN,
        "VpcConfig": _VPC_CONFIG,
    },
    runtime={"CreationTime": TIMESTAMP},
    defaults={"EnableNetworkIsolation": False},
    references={
        "KmsKeyId": _KEY,
        **{f"ProductionVariants[].{path}": targets for path, targets in _VARIANT_REFERENCES.items()},
        **{f"ShadowProductionVariants[].{path}": targets for path, targets in _VARIANT_REFERENCES.items()},
        "DataCaptureConfig.DestinationS3Uri": _BUCKET,
        "DataCaptureConfig.KmsKeyId": _KEY,
        "AsyncInferenceConfig.OutputConfig.S3OutputPath": _BUCKET,
        "AsyncInferenceConfig.OutputConfig.S3FailurePath": _BUCKET,
        "AsyncInferenceConfig.OutputConfig.KmsKeyId": _KEY,
        "AsyncInferenceConfig.OutputConfig.NotificationConfig.SuccessTopic": _TOPIC,
        "AsyncInferenceConfig.OutputConfig.NotificationConfig.ErrorTopic": _TOPIC,
        "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.ShapBaselineConfig.ShapBaselineUri": _BUCKET,
        "ExecutionRoleArn": _ROLE,
        "VpcConfig.Subnets[]": _SUBNET,
        "VpcConfig.SecurityGroupIds[]": _SECURITY_GROUP,
    },
    live=Live(
        listing=Call("sagemaker:ListEndpointConfigs", result="EndpointConfigs[]"),
        each=(Call("sagemaker:DescribeEndpointConfig", args={"EndpointConfigName": "EndpointConfigName"}),),
        arn="EndpointConfigArn",
    ),
    terraform=Terraform(
        "aws_sagemaker_endpoint_configuration",
        names={
            "EndpointConfigName": "name",
            "KmsKeyId": "kms_key_arn",
            "EnableNetworkIsolation": "",
            "ExplainerConfig": "",
            "VpcConfig": "",
            "ProductionVariants[].InstancePools": "",
            "ShadowProductionVariants[].InstancePools": "",
        },
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_endpoint_configuration
        defaults={"DataCaptureConfig.EnableCapture": False},
    ),
)

ENDPOINT = ResourceType(
    name="AWS::SageMaker::Endpoint",
    title="endpoint",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-endpoint.html",
    ml=True,
    identifiers=("EndpointName",),
    properties={"EndpointName": STRING, "EndpointConfigName": STRING},
    runtime={
        "EndpointStatus": STRING,
        "CreationTime": TIMESTAMP,
        "DataCaptureConfig": {
            "EnableCapture": BOOLEAN,
            "CaptureStatus": ("Started", "Stopped"),
            "CurrentSamplingPercentage": INTEGER,
            "DestinationS3Uri": STRING,
            "KmsKeyId": STRING,
        },
    },
    references={"EndpointConfigName": ("AWS::SageMaker::EndpointConfig",)},
    live=Live(
        listing=Call("sagemaker:Search", params={"Resource": "Endpoint"}, result="Results[].Endpoint"),
        arn="EndpointArn",
    ),
    terraform=Terraform("aws_sagemaker_endpoint", names={"EndpointName": "name"}),
)
