"""Amazon S3."""

from auditor.model.resource_type import BOOLEAN, STRING, Call, Fold, Live, ResourceType, Terraform

BUCKET = ResourceType(
    name="AWS::S3::Bucket",
    title="bucket",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-s3-bucket.html",
    identifiers=("BucketName",),
    properties={
        "BucketName": STRING,
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {
                    "BucketKeyEnabled": BOOLEAN,
                    "ServerSideEncryptionByDefault": {
                        "SSEAlgorithm": ("AES256", "aws:kms", "aws:kms:dsse"),
                        "KMSMasterKeyID": STRING,
                    },
                }
            ]
        },
    },
    # every new object is encrypted with SSE-S3 since 2023-01-05, whatever the bucket says:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
    defaults={
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        }
    },
    references={
        "BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.KMSMasterKeyID": (
            "AWS::KMS::Key",
            "AWS::KMS::Alias",
        )
    },
    live=Live(
        scope="global",
        listing=Call("s3:ListBuckets", result="Buckets[]"),
        each=(
            Call(
                "s3:GetBucketEncryption",
                args={"Bucket": "Name"},
                result="ServerSideEncryptionConfiguration",
                into="ServerSideEncryptionConfiguration",
                absent=("ServerSideEncryptionConfigurationNotFoundError",),
                provides=("BucketEncryption",),
            ),
        ),
        names={
            "BucketName": "Name",
            "BucketEncryption": "ServerSideEncryptionConfiguration",
            "BucketEncryption.ServerSideEncryptionConfiguration": "Rules",
            "BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault": (
                "ApplyServerSideEncryptionByDefault"
            ),
        },
        arn="arn:{partition}:s3:::{Name}",
        region="BucketRegion",
        actions={"s3:ListBuckets": "s3:ListAllMyBuckets", "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration"},
    ),
    terraform=Terraform(
        "aws_s3_bucket",
        names={
            "BucketName": "bucket",
            "BucketEncryption": "server_side_encryption_configuration",
            "BucketEncryption.ServerSideEncryptionConfiguration": "rule",
            "BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault": (
                "apply_server_side_encryption_by_default"
            ),
        },
        folds=(
            Fold(
                "aws_s3_bucket_server_side_encryption_configuration",
                owner="bucket",
                into="BucketEncryption",
                names={
                    "ServerSideEncryptionConfiguration": "rule",
                    "ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault": (
                        "apply_server_side_encryption_by_default"
                    ),
                },
            ),
        ),
    ),
)
