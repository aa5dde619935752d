"""Amazon SageMaker AI: processing, transform, tuning, AutoML and compilation jobs."""

from auditor.model.resource_type import BOOLEAN, INTEGER, SINCE, STRING, TIMESTAMP, Call, Live, ResourceType, Schema, Terraform

_BUCKET = ("AWS::S3::Bucket",)
_FILE_SYSTEM = ("AWS::EFS::FileSystem", "AWS::FSx::FileSystem")
_IMAGE = ("AWS::ECR::Repository",)
_KEY = ("AWS::KMS::Key", "AWS::KMS::Alias")
_ROLE = ("AWS::IAM::Role",)
_SECRET = ("AWS::SecretsManager::Secret",)
_SECURITY_GROUP = ("AWS::EC2::SecurityGroup",)
_SUBNET = ("AWS::EC2::Subnet",)
_VPC_CONFIG: Schema = {"Subnets": [STRING], "SecurityGroupIds": [STRING]}
_RUNTIME_LIMIT: Schema = {"MaxRuntimeInSeconds": INTEGER}
_SINCE = {"CreationTimeAfter": SINCE}
_INSTANCES: Schema = [{"InstanceType": STRING, "InstanceCount": INTEGER}]

PROCESSING_JOB = ResourceType(
    name="AWS::SageMaker::ProcessingJob",
    title="processing job",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-processingjob.html",
    ml=True,
    identifiers=("ProcessingJobName",),
    properties={
        "ProcessingJobName": STRING,
        "AppSpecification": {"ImageUri": STRING, "ContainerEntrypoint": [STRING], "ContainerArguments": [STRING]},
        "RoleArn": STRING,
        "Environment": {"*": STRING},
        "ProcessingInputs": [
            {
                "InputName": STRING,
                "S3Input": {"S3Uri": STRING},
                "DatasetDefinition": {
                    "AthenaDatasetDefinition": {"OutputS3Uri": STRING, "KmsKeyId": STRING},
                    "RedshiftDatasetDefinition": {"OutputS3Uri": STRING, "KmsKeyId": STRING, "ClusterRoleArn": STRING},
                },
            }
        ],
        "ProcessingOutputConfig": {
            "KmsKeyId": STRING,
            "Outputs": [
                {"OutputName": STRING, "S3Output": {"S3Uri": STRING}, "FeatureStoreOutput": {"FeatureGroupName": STRING}}
            ],
        },
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": INTEGER,
                "InstanceType": STRING,
                "InstancePreferences": _INSTANCES,
                "VolumeKmsKeyId": STRING,
                "VolumeSizeInGB": INTEGER,
            }
        },
        "NetworkConfig": {
            "EnableNetworkIsolation": BOOLEAN,
            "EnableInterContainerTrafficEncryption": BOOLEAN,
            "VpcConfig": _VPC_CONFIG,
        },
        "StoppingCondition": _RUNTIME_LIMIT,
    },
    runtime={
        "ProcessingJobStatus": STRING,
        "CreationTime": TIMESTAMP,
        "MonitoringScheduleArn": STRING,
        "AutoMLJobArn": STRING,
        "TrainingJobArn": STRING,
    },
    references={
        "RoleArn": _ROLE,
        "AppSpecification.ImageUri": _IMAGE,
        "Environment[]": _SECRET,
        "ProcessingInputs[].S3Input.S3Uri": _BUCKET,
        "ProcessingInputs[].DatasetDefinition.AthenaDatasetDefinition.OutputS3Uri": _BUCKET,
        "ProcessingInputs[].DatasetDefinition.AthenaDatasetDefinition.KmsKeyId": _KEY,
        "ProcessingInputs[].DatasetDefinition.RedshiftDatasetDefinition.OutputS3Uri": _BUCKET,
        "ProcessingInputs[].DatasetDefinition.RedshiftDatasetDefinition.KmsKeyId": _KEY,
        "ProcessingInputs[].DatasetDefinition.RedshiftDatasetDefinition.ClusterRoleArn": _ROLE,
        "ProcessingOutputConfig.KmsKeyId": _KEY,
        "ProcessingOutputConfig.Outputs[].S3Output.S3Uri": _BUCKET,
        "ProcessingOutputConfig.Outputs[].FeatureStoreOutput.FeatureGroupName": ("AWS::SageMaker::FeatureGroup",),
        "ProcessingResources.ClusterConfig.VolumeKmsKeyId": _KEY,
        "NetworkConfig.VpcConfig.Subnets[]": _SUBNET,
        "NetworkConfig.VpcConfig.SecurityGroupIds[]": _SECURITY_GROUP,
    },
    live=Live(
        listing=Call("sagemaker:ListProcessingJobs", params=_SINCE, result="ProcessingJobSummaries[]"),
        each=(Call("sagemaker:DescribeProcessingJob", args={"ProcessingJobName": "ProcessingJobName"}),),
        arn="ProcessingJobArn",
    ),
)

TRANSFORM_JOB = ResourceType(
    name="AWS::SageMaker::TransformJob",
    title="transform job",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-transformjob.html",
    ml=True,
    identifiers=("TransformJobName",),
    properties={
        "TransformJobName": STRING,
        "ModelName": STRING,
        "Environment": {"*": STRING},
        "TransformInput": {"DataSource": {"S3DataSource": {"S3Uri": STRING}}},
        "TransformOutput": {"S3OutputPath": STRING, "KmsKeyId": STRING},
        "TransformResources": {"InstanceType": STRING, "InstanceCount": INTEGER, "VolumeKmsKeyId": STRING},
        "DataCaptureConfig": {"DestinationS3Uri": STRING, "KmsKeyId": STRING},
    },
    runtime={"TransformJobStatus": STRING, "CreationTime": TIMESTAMP, "AutoMLJobArn": STRING},
    references={
        "ModelName": ("AWS::SageMaker::Model",),
        "Environment[]": _SECRET,
        "TransformInput.DataSource.S3DataSource.S3Uri": _BUCKET,
        "TransformOutput.S3OutputPath": _BUCKET,
        "TransformOutput.KmsKeyId": _KEY,
        "TransformResources.VolumeKmsKeyId": _KEY,
        "DataCaptureConfig.DestinationS3Uri": _BUCKET,
        "DataCaptureConfig.KmsKeyId": _KEY,
    },
    live=Live(
        listing=Call("sagemaker:ListTransformJobs", params=_SINCE, result="TransformJobSummaries[]"),
        each=(Call("sagemaker:DescribeTransformJob", args={"TransformJobName": "TransformJobName"}),),
        arn="TransformJobArn",
    ),
)

_DEFINITION: dict[str, Schema] = {
    "DefinitionName": STRING,
    "AlgorithmSpecification": {"TrainingImage": STRING, "AlgorithmName": STRING},
    "RoleArn": STRING,
    "StaticHyperParameters": {"*": STRING},
    "Environment": {"*": STRING},
    "InputDataConfig": [
        {
            "ChannelName": STRING,
            "DataSource": {
                "S3DataSource": {"S3Uri": STRING},
                "FileSystemDataSource": {"FileSystemId": STRING, "FileSystemType": STRING},
            },
        }
    ],
    "OutputDataConfig": {"S3OutputPath": STRING, "KmsKeyId": STRING},
    "CheckpointConfig": {"S3Uri": STRING},
    "ResourceConfig": {
        "InstanceCount": INTEGER,
        "InstanceType": STRING,
        "InstanceGroups": _INSTANCES,
        "VolumeKmsKeyId": STRING,
        "VolumeSizeInGB": INTEGER,
    },
    "HyperParameterTuningResourceConfig": {
        "InstanceCount": INTEGER,
        "InstanceType": STRING,
        "InstanceConfigs": _INSTANCES,
        "VolumeKmsKeyId": STRING,
        "VolumeSizeInGB": INTEGER,
    },
    "StoppingCondition": {"MaxRuntimeInSeconds": INTEGER, "MaxWaitTimeInSeconds": INTEGER},
    "VpcConfig": _VPC_CONFIG,
    "EnableNetworkIsolation": BOOLEAN,
    "EnableInterContainerTrafficEncryption": BOOLEAN,
    "EnableManagedSpotTraining": BOOLEAN,
}
_OF_A_DEFINITION = {
    "RoleArn": _ROLE,
    "AlgorithmSpecification.TrainingImage": _IMAGE,
    "Environment[]": _SECRET,
    "InputDataConfig[].DataSource.S3DataSource.S3Uri": _BUCKET,
    "InputDataConfig[].DataSource.FileSystemDataSource.FileSystemId": _FILE_SYSTEM,
    "OutputDataConfig.S3OutputPath": _BUCKET,
    "OutputDataConfig.KmsKeyId": _KEY,
    "CheckpointConfig.S3Uri": _BUCKET,
    "ResourceConfig.VolumeKmsKeyId": _KEY,
    "HyperParameterTuningResourceConfig.VolumeKmsKeyId": _KEY,
    "VpcConfig.Subnets[]": _SUBNET,
    "VpcConfig.SecurityGroupIds[]": _SECURITY_GROUP,
}

TUNING_JOB = ResourceType(
    name="AWS::SageMaker::HyperParameterTuningJob",
    title="hyperparameter tuning job",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-hyperparametertuningjob.html",
    ml=True,
    identifiers=("HyperParameterTuningJobName",),
    properties={
        "HyperParameterTuningJobName": STRING,
        "HyperParameterTuningJobConfig": {
            "ResourceLimits": {
                "MaxNumberOfTrainingJobs": INTEGER,
                "MaxParallelTrainingJobs": INTEGER,
                "MaxRuntimeInSeconds": INTEGER,
            }
        },
        "TrainingJobDefinition": _DEFINITION,
        "TrainingJobDefinitions": [_DEFINITION],
    },
    runtime={"HyperParameterTuningJobStatus": STRING, "CreationTime": TIMESTAMP},
    references={
        f"{definition}.{path}": targets
        for definition in ("TrainingJobDefinition", "TrainingJobDefinitions[]")
        for path, targets in _OF_A_DEFINITION.items()
    },
    live=Live(
        listing=Call(
            "sagemaker:Search",
            params={
                "Resource": "HyperParameterTuningJob",
                "SearchExpression": {"Filters": [{"Name": "CreationTime", "Operator": "GreaterThan", "Value": SINCE}]},
            },
            result="Results[].HyperParameterTuningJob",
        ),
        arn="HyperParameterTuningJobArn",
    ),
    terraform=Terraform(
        "aws_sagemaker_hyper_parameter_tuning_job",
        names={"HyperParameterTuningJobName": "name", "HyperParameterTuningJobConfig": "config"},
    ),
)

AUTOML_JOB = ResourceType(
    name="AWS::SageMaker::AutoMLJob",
    title="AutoML job",
    # CloudFormation has the shape of CreateAutoMLJob; DescribeAutoMLJobV2 answers for jobs of both versions
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-automljob.html",
    ml=True,
    identifiers=("AutoMLJobName",),
    properties={
        "AutoMLJobName": STRING,
        "RoleArn": STRING,
        "InputDataConfig": [{"DataSource": {"S3DataSource": {"S3Uri": STRING}}}],
        "OutputDataConfig": {"S3OutputPath": STRING, "KmsKeyId": STRING},
        "AutoMLJobConfig": {
            "SecurityConfig": {
                "VolumeKmsKeyId": STRING,
                "EnableInterContainerTrafficEncryption": BOOLEAN,
                "VpcConfig": _VPC_CONFIG,
            }
        },
    },
    runtime={"AutoMLJobStatus": STRING, "CreationTime": TIMESTAMP},
    references={
        "RoleArn": _ROLE,
        "InputDataConfig[].DataSource.S3DataSource.S3Uri": _BUCKET,
        "OutputDataConfig.S3OutputPath": _BUCKET,
        "OutputDataConfig.KmsKeyId": _KEY,
        "AutoMLJobConfig.SecurityConfig.VolumeKmsKeyId": _KEY,
        "AutoMLJobConfig.SecurityConfig.VpcConfig.Subnets[]": _SUBNET,
        "AutoMLJobConfig.SecurityConfig.VpcConfig.SecurityGroupIds[]": _SECURITY_GROUP,
    },
    live=Live(
        listing=Call("sagemaker:ListAutoMLJobs", params=_SINCE, result="AutoMLJobSummaries[]"),
        each=(Call("sagemaker:DescribeAutoMLJobV2", args={"AutoMLJobName": "AutoMLJobName"}),),
        names={"InputDataConfig": "AutoMLJobInputDataConfig", "AutoMLJobConfig": "."},
        arn="AutoMLJobArn",
    ),
)

COMPILATION_JOB = ResourceType(
    name="AWS::SageMaker::CompilationJob",
    title="compilation job",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeCompilationJob.html",
    ml=True,
    cloudformation=False,
    identifiers=("CompilationJobName",),
    properties={
        "CompilationJobName": STRING,
        "RoleArn": STRING,
        "ModelPackageVersionArn": STRING,
        "InputConfig": {"S3Uri": STRING, "Framework": STRING},
        "OutputConfig": {"S3OutputLocation": STRING, "TargetDevice": STRING, "KmsKeyId": STRING},
        "VpcConfig": _VPC_CONFIG,
    },
    runtime={"CompilationJobStatus": STRING, "CreationTime": TIMESTAMP},
    references={
        "RoleArn": _ROLE,
        "ModelPackageVersionArn": ("AWS::SageMaker::ModelPackage",),
        "InputConfig.S3Uri": _BUCKET,
        "OutputConfig.S3OutputLocation": _BUCKET,
        "OutputConfig.KmsKeyId": _KEY,
        "VpcConfig.Subnets[]": _SUBNET,
        "VpcConfig.SecurityGroupIds[]": _SECURITY_GROUP,
    },
    live=Live(
        listing=Call("sagemaker:ListCompilationJobs", params=_SINCE, result="CompilationJobSummaries[]"),
        each=(Call("sagemaker:DescribeCompilationJob", args={"CompilationJobName": "CompilationJobName"}),),
        arn="CompilationJobArn",
    ),
)
