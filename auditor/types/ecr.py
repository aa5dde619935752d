"""Amazon Elastic Container Registry."""

from auditor.model.resource_type import BOOLEAN, JSON, STRING, Call, Fold, Live, ResourceType, Terraform

REPOSITORY = ResourceType(
    name="AWS::ECR::Repository",
    title="image repository",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ecr-repository.html",
    identifiers=("RepositoryName",),
    properties={
        "RepositoryName": STRING,
        "EncryptionConfiguration": {"EncryptionType": ("AES256", "KMS", "KMS_DSSE"), "KmsKey": STRING},
        "ImageScanningConfiguration": {"ScanOnPush": BOOLEAN},
        "ImageTagMutability": ("MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"),
        "RepositoryPolicyText": JSON,
    },
    defaults={
        "EncryptionConfiguration": {"EncryptionType": "AES256"},
        "ImageScanningConfiguration.ScanOnPush": False,
        "ImageTagMutability": "MUTABLE",
    },
    references={"EncryptionConfiguration.KmsKey": ("AWS::KMS::Key", "AWS::KMS::Alias")},
    live=Live(
        listing=Call("ecr:DescribeRepositories", result="repositories[]"),
        each=(
            Call(
                "ecr:GetRepositoryPolicy",
                args={"repositoryName": "repositoryName"},
                result="policyText",
                into="policyText",
                absent=("RepositoryPolicyNotFoundException",),
                provides=("RepositoryPolicyText",),
            ),
        ),
        names={
            "RepositoryName": "repositoryName",
            "EncryptionConfiguration": "encryptionConfiguration",
            "EncryptionConfiguration.EncryptionType": "encryptionType",
            "EncryptionConfiguration.KmsKey": "kmsKey",
            "ImageScanningConfiguration": "imageScanningConfiguration",
            "ImageScanningConfiguration.ScanOnPush": "scanOnPush",
            "ImageTagMutability": "imageTagMutability",
            "RepositoryPolicyText": "policyText",
        },
        arn="repositoryArn",
    ),
    terraform=Terraform(
        "aws_ecr_repository",
        names={"RepositoryName": "name", "RepositoryPolicyText": ""},
        folds=(Fold("aws_ecr_repository_policy", owner="repository", into="RepositoryPolicyText", names={"": "policy"}),),
    ),
)

REGISTRY_SCANNING = ResourceType(
    name="AWS::ECR::RegistryScanningConfiguration",
    title="registry's scanning configuration",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ecr-registryscanningconfiguration.html",
    everywhere=True,
    properties={
        "ScanType": ("BASIC", "ENHANCED"),
        "Rules": [
            {
                "ScanFrequency": ("SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"),
                "RepositoryFilters": [{"Filter": STRING, "FilterType": STRING}],
            }
        ],
    },
    live=Live(
        listing=Call("ecr:GetRegistryScanningConfiguration", result="scanningConfiguration"),
        names={
            "ScanType": "scanType",
            "Rules": "rules",
            "Rules[].ScanFrequency": "scanFrequency",
            "Rules[].RepositoryFilters": "repositoryFilters",
            "Rules[].RepositoryFilters[].Filter": "filter",
            "Rules[].RepositoryFilters[].FilterType": "filterType",
        },
    ),
    terraform=Terraform(
        "aws_ecr_registry_scanning_configuration", names={"Rules": "rule", "Rules[].RepositoryFilters": "repository_filter"}
    ),
)
