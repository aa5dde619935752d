"""Amazon SageMaker AI around models: feature store, registry, pipelines, inference components, HyperPod clusters, MLflow."""

from typing import Final

from auditor.model.resource_type import (
    BOOLEAN,
    INTEGER,
    JSON,
    NUMBER,
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
_IMAGE = ("AWS::ECR::Repository",)
_KEY = ("AWS::KMS::Key", "AWS::KMS::Alias")
_MODEL = ("AWS::SageMaker::Model",)
_PACKAGE = ("AWS::SageMaker::ModelPackage",)
_ROLE = ("AWS::IAM::Role",)
_SECRET = ("AWS::SecretsManager::Secret",)
_SECURITY_GROUP = ("AWS::EC2::SecurityGroup",)
_SUBNET = ("AWS::EC2::Subnet",)
_VPC_CONFIG: Final[Schema] = {"Subnets": [STRING], "SecurityGroupIds": [STRING]}

FEATURE_GROUP = ResourceType(
    name="AWS::SageMaker::FeatureGroup",
    title="feature group",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-featuregroup.html",
    ml=True,
    identifiers=("FeatureGroupName",),
    properties={
        "FeatureGroupName": STRING,
        "RoleArn": STRING,
        "OnlineStoreConfig": {
            "EnableOnlineStore": BOOLEAN,
            "StorageType": STRING,
            "SecurityConfig": {"KmsKeyId": STRING},
        },
        "OfflineStoreConfig": {
            "S3StorageConfig": {"S3Uri": STRING, "KmsKeyId": STRING},
            "DataCatalogConfig": {"Catalog": STRING, "Database": STRING, "TableName": STRING},
        },
    },
    runtime={"FeatureGroupStatus": STRING, "CreationTime": TIMESTAMP},
    defaults={"OnlineStoreConfig.EnableOnlineStore": False, "OnlineStoreConfig.StorageType": "Standard"},
    references={
        "RoleArn": _ROLE,
        "OnlineStoreConfig.SecurityConfig.KmsKeyId": _KEY,
        "OfflineStoreConfig.S3StorageConfig.S3Uri": _BUCKET,
        "OfflineStoreConfig.S3StorageConfig.KmsKeyId": _KEY,
    },
    live=Live(
        listing=Call("sagemaker:Search", params={"Resource": "FeatureGroup"}, result="Results[].FeatureGroup"),
        arn="FeatureGroupArn",
    ),
    terraform=Terraform("aws_sagemaker_feature_group", computed=("OfflineStoreConfig.DataCatalogConfig",)),
)

MODEL_PACKAGE_GROUP = ResourceType(
    name="AWS::SageMaker::ModelPackageGroup",
    title="model package group",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-modelpackagegroup.html",
    ml=True,
    identifiers=("ModelPackageGroupName",),
    properties={"ModelPackageGroupName": STRING},
    runtime={"ModelPackageGroupStatus": STRING, "CreationTime": TIMESTAMP},
    live=Live(
        listing=Call("sagemaker:ListModelPackageGroups", result="ModelPackageGroupSummaryList[]"),
        arn="ModelPackageGroupArn",
    ),
    terraform=Terraform("aws_sagemaker_model_package_group"),
)

PIPELINE = ResourceType(
    name="AWS::SageMaker::Pipeline",
    title="pipeline",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-pipeline.html",
    ml=True,
    identifiers=("PipelineName",),
    properties={
        "PipelineName": STRING,
        "RoleArn": STRING,
        "PipelineDefinition": {
            "PipelineDefinitionBody": JSON,
            "PipelineDefinitionS3Location": {"Bucket": STRING, "Key": STRING},
        },
    },
    runtime={"CreationTime": TIMESTAMP, "LastModifiedTime": TIMESTAMP, "LastRunTime": TIMESTAMP},
    references={
        "RoleArn": _ROLE,
        "PipelineDefinition.PipelineDefinitionS3Location.Bucket": _BUCKET,
    },
    live=Live(
        listing=Call("sagemaker:ListPipelines", result="PipelineSummaries[]"),
        each=(Call("sagemaker:DescribePipeline", args={"PipelineName": "PipelineName"}),),
        # wherever it was defined, an account tells the definition itself
        names={
            "PipelineDefinition": ".",
            "PipelineDefinition.PipelineDefinitionBody": "PipelineDefinition",
            "PipelineDefinition.PipelineDefinitionS3Location": "",
        },
        arn="PipelineArn",
    ),
    terraform=Terraform(
        "aws_sagemaker_pipeline",
        names={
            "PipelineDefinition": ".",
            "PipelineDefinition.PipelineDefinitionBody": "pipeline_definition",
            "PipelineDefinition.PipelineDefinitionS3Location": "pipeline_definition_s3_location",
            "PipelineDefinition.PipelineDefinitionS3Location.Key": "object_key",
        },
    ),
)

PIPELINE_EXECUTION = ResourceType(
    name="AWS::SageMaker::PipelineExecution",
    title="pipeline execution",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineExecution.html",
    ml=True,
    identifiers=("PipelineExecutionArn",),
    properties={
        "PipelineExecutionArn": STRING,
        "PipelineArn": STRING,
        "PipelineParameters": [{"Name": STRING, "Value": STRING}],
    },
    runtime={"PipelineExecutionStatus": STRING, "FailureReason": STRING, "CreationTime": TIMESTAMP},
    references={"PipelineArn": ("AWS::SageMaker::Pipeline",), "PipelineParameters[].Value": _BUCKET},
    live=Live(
        listing=Call(
            "sagemaker:Search",
            params={
                "Resource": "PipelineExecution",
                "SearchExpression": {"Filters": [{"Name": "CreationTime", "Operator": "GreaterThan", "Value": SINCE}]},
            },
            result="Results[].PipelineExecution",
        ),
        arn="PipelineExecutionArn",
    ),
    cloudformation=False,
)

INFERENCE_COMPONENT = ResourceType(
    name="AWS::SageMaker::InferenceComponent",
    title="inference component",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-inferencecomponent.html",
    ml=True,
    identifiers=("InferenceComponentName",),
    properties={
        "InferenceComponentName": STRING,
        "EndpointName": STRING,
        "VariantName": STRING,
        "Specification": {
            "ModelName": STRING,
            "Container": {"Image": STRING, "ArtifactUrl": STRING, "Environment": {"*": STRING}},
            "ComputeResourceRequirements": {
                "NumberOfCpuCoresRequired": NUMBER,
                "NumberOfAcceleratorDevicesRequired": NUMBER,
                "MinMemoryRequiredInMb": INTEGER,
            },
        },
        "RuntimeConfig": {"CopyCount": INTEGER},
    },
    runtime={"InferenceComponentStatus": STRING, "CreationTime": TIMESTAMP},
    references={
        "EndpointName": _ENDPOINT,
        "Specification.ModelName": _MODEL,
        "Specification.Container.Image": _IMAGE,
        "Specification.Container.ArtifactUrl": _BUCKET,
        "Specification.Container.Environment[]": _SECRET,
    },
    live=Live(
        listing=Call("sagemaker:ListInferenceComponents", result="InferenceComponents[]"),
        each=(Call("sagemaker:DescribeInferenceComponent", args={"InferenceComponentName": "InferenceComponentName"}),),
        names={
            "Specification.Container.Image": "DeployedImage.SpecifiedImage",
            "RuntimeConfig.CopyCount": "DesiredCopyCount",
        },
        arn="InferenceComponentArn",
    ),
)

INFERENCE_RECOMMENDATIONS_JOB = ResourceType(
    name="AWS::SageMaker::InferenceRecommendationsJob",
    title="Inference Recommender job",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeInferenceRecommendationsJob.html",
    ml=True,
    identifiers=("JobName",),
    properties={
        "JobName": STRING,
        "JobType": ("Default", "Advanced"),
        "RoleArn": STRING,
        "InputConfig": {
            "ModelName": STRING,
            "ModelPackageVersionArn": STRING,
            "VolumeKmsKeyId": STRING,
            "VpcConfig": _VPC_CONFIG,
        },
    },
    runtime={
        "Status": STRING,
        "CreationTime": TIMESTAMP,
        "InferenceRecommendations": [
            {
                "Metrics": {
                    "CostPerHour": NUMBER,
                    "CostPerInference": NUMBER,
                    "MaxInvocations": INTEGER,
                    "ModelLatency": INTEGER,
                    "CpuUtilization": NUMBER,
                    "MemoryUtilization": NUMBER,
                },
                "EndpointConfiguration": {
                    "EndpointName": STRING,
                    "VariantName": STRING,
                    "InstanceType": STRING,
                    "InitialInstanceCount": INTEGER,
                    "ServerlessConfig": {"MaxConcurrency": INTEGER, "MemorySizeInMB": INTEGER},
                },
            }
        ],
    },
    references={
        "RoleArn": _ROLE,
        "InputConfig.ModelName": _MODEL,
        "InputConfig.ModelPackageVersionArn": _PACKAGE,
        "InputConfig.VolumeKmsKeyId": _KEY,
        "InputConfig.VpcConfig.Subnets[]": _SUBNET,
        "InputConfig.VpcConfig.SecurityGroupIds[]": _SECURITY_GROUP,
    },
    live=Live(
        listing=Call(
            "sagemaker:ListInferenceRecommendationsJobs",
            params={"CreationTimeAfter": SINCE},
            result="InferenceRecommendationsJobs[]",
        ),
        each=(Call("sagemaker:DescribeInferenceRecommendationsJob", args={"JobName": "JobName"}),),
        arn="JobArn",
    ),
    cloudformation=False,
)

_VOLUMES: Final[Schema] = [{"EbsVolumeConfig": {"VolumeSizeInGB": INTEGER, "VolumeKmsKeyId": STRING, "RootVolume": BOOLEAN}}]
_INSTANCE_GROUP: Final[dict[str, Schema]] = {
    "InstanceGroupName": STRING,
    "InstanceType": STRING,
    "ExecutionRole": STRING,
    "InstanceStorageConfigs": _VOLUMES,
    "OverrideVpcConfig": _VPC_CONFIG,
}

CLUSTER = ResourceType(
    name="AWS::SageMaker::Cluster",
    title="HyperPod cluster",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-cluster.html",
    ml=True,
    identifiers=("ClusterName",),
    properties={
        "ClusterName": STRING,
        "ClusterRole": STRING,
        "VpcConfig": _VPC_CONFIG,
        "InstanceGroups": [{**_INSTANCE_GROUP, "LifeCycleConfig": {"SourceS3Uri": STRING, "OnCreate": STRING}}],
        "RestrictedInstanceGroups": [_INSTANCE_GROUP],
    },
    runtime={"ClusterStatus": STRING, "CreationTime": TIMESTAMP},
    references={
        "ClusterRole": _ROLE,
        "VpcConfig.Subnets[]": _SUBNET,
        "VpcConfig.SecurityGroupIds[]": _SECURITY_GROUP,
        "InstanceGroups[].LifeCycleConfig.SourceS3Uri": _BUCKET,
        **{
            f"{groups}[].{path}": targets
            for groups in ("InstanceGroups", "RestrictedInstanceGroups")
            for path, targets in {
                "ExecutionRole": _ROLE,
                "InstanceStorageConfigs[].EbsVolumeConfig.VolumeKmsKeyId": _KEY,
                "OverrideVpcConfig.Subnets[]": _SUBNET,
                "OverrideVpcConfig.SecurityGroupIds[]": _SECURITY_GROUP,
            }.items()
        },
    },
    live=Live(
        listing=Call("sagemaker:ListClusters", result="ClusterSummaries[]"),
        each=(Call("sagemaker:DescribeCluster", args={"ClusterName": "ClusterName"}),),
        arn="ClusterArn",
    ),
)

MLFLOW_TRACKING_SERVER = ResourceType(
    name="AWS::SageMaker::MlflowTrackingServer",
    title="MLflow tracking server",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-mlflowtrackingserver.html",
    ml=True,
    identifiers=("TrackingServerName",),
    properties={
        "TrackingServerName": STRING,
        "TrackingServerSize": STRING,
        "MlflowVersion": STRING,
        "RoleArn": STRING,
        "ArtifactStoreUri": STRING,
    },
    runtime={"TrackingServerStatus": STRING, "IsActive": STRING, "CreationTime": TIMESTAMP},
    references={"RoleArn": _ROLE, "ArtifactStoreUri": _BUCKET},
    live=Live(
        listing=Call("sagemaker:ListMlflowTrackingServers", result="TrackingServerSummaries[]"),
        each=(Call("sagemaker:DescribeMlflowTrackingServer", args={"TrackingServerName": "TrackingServerName"}),),
        arn="TrackingServerArn",
    ),
    terraform=Terraform("aws_sagemaker_mlflow_tracking_server"),
)

MLFLOW_APP = ResourceType(
    name="AWS::SageMaker::MlflowApp",
    title="MLflow app",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-mlflowapp.html",
    ml=True,
    identifiers=("Name",),
    properties={"Name": STRING, "RoleArn": STRING, "ArtifactStoreUri": STRING},
    runtime={"Status": STRING, "MlflowVersion": STRING, "CreationTime": TIMESTAMP},
    references={"RoleArn": _ROLE, "ArtifactStoreUri": _BUCKET},
    live=Live(
        listing=Call("sagemaker:ListMlflowApps", result="Summaries[]"),
        each=(Call("sagemaker:DescribeMlflowApp", args={"Arn": "Arn"}),),
        arn="Arn",
    ),
    terraform=Terraform("aws_sagemaker_mlflow_app"),
)
