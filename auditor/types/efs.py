"""Amazon Elastic File System."""

from auditor.model.resource_type import BOOLEAN, JSON, STRING, Call, Fold, Live, ResourceType, Terraform

FILE_SYSTEM = ResourceType(
    name="AWS::EFS::FileSystem",
    title="EFS file system",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-efs-filesystem.html",
    identifiers=("FileSystemId",),
    properties={"FileSystemId": STRING, "Encrypted": BOOLEAN, "KmsKeyId": STRING, "FileSystemPolicy": JSON},
    defaults={"Encrypted": False},
    references={"KmsKeyId": ("AWS::KMS::Key", "AWS::KMS::Alias")},
    live=Live(
        listing=Call("efs:DescribeFileSystems", result="FileSystems[]"),
        each=(
            Call(
                "efs:DescribeFileSystemPolicy",
                args={"FileSystemId": "FileSystemId"},
                absent=("PolicyNotFound",),
                provides=("FileSystemPolicy",),
            ),
        ),
        names={"FileSystemPolicy": "Policy"},
        arn="FileSystemArn",
        actions={
            "efs:DescribeFileSystems": "elasticfilesystem:DescribeFileSystems",
            "efs:DescribeFileSystemPolicy": "elasticfilesystem:DescribeFileSystemPolicy",
        },
    ),
    terraform=Terraform(
        "aws_efs_file_system",
        names={"FileSystemId": "id", "FileSystemPolicy": ""},
        folds=(Fold("aws_efs_file_system_policy", owner="file_system_id", into="FileSystemPolicy", names={"": "policy"}),),
    ),
)
