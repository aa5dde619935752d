"""Amazon S3."""

from auditor.model.resource_type import ACCOUNT_ID, BOOLEAN, JSON, STRING, Call, Fold, Live, ResourceType, Schema, Terraform

_ENCRYPTION_RULE = "BucketEncryption.ServerSideEncryptionConfiguration"
_BLOCKS: dict[str, Schema] = {
    "BlockPublicAcls": BOOLEAN,
    "BlockPublicPolicy": BOOLEAN,
    "IgnorePublicAcls": BOOLEAN,
    "RestrictPublicBuckets": BOOLEAN,
}
_NOT_BLOCKED = ("NoSuchPublicAccessBlockConfiguration",)

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
        "VersioningConfiguration": {"Status": ("Enabled", "Suspended")},
        "PublicAccessBlockConfiguration": _BLOCKS,
        "LoggingConfiguration": {"DestinationBucketName": STRING, "LogFilePrefix": STRING},
        "PolicyDocument": JSON,
    },
    # every new object is encrypted with SSE-S3 since 2023-01-05, whatever the bucket says:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
    defaults={
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        }
    },
    references={
        f"{_ENCRYPTION_RULE}[].ServerSideEncryptionByDefault.KMSMasterKeyID": ("AWS::KMS::Key", "AWS::KMS::Alias"),
        "LoggingConfiguration.DestinationBucketName": ("AWS::S3::Bucket",),
    },
    folds=(Fold("AWS::S3::BucketPolicy", owner="Bucket", into="PolicyDocument", names={"": "PolicyDocument"}),),
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
            # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
            Call(
                "s3:GetBucketVersioning",
                args={"Bucket": "Name"},
                into="Versioning",
                empty="VersioningConfiguration",
                provides=("VersioningConfiguration",),
            ),
            Call(
                "s3:GetPublicAccessBlock",
                args={"Bucket": "Name"},
                result="PublicAccessBlockConfiguration",
                into="PublicAccessBlock",
                absent=_NOT_BLOCKED,
                provides=("PublicAccessBlockConfiguration",),
            ),
            # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html
            Call(
                "s3:GetBucketLogging",
                args={"Bucket": "Name"},
                result="LoggingEnabled",
                into="LoggingEnabled",
                empty="BucketLoggingStatus",
                provides=("LoggingConfiguration",),
            ),
            Call(
                "s3:GetBucketPolicy",
                args={"Bucket": "Name"},
                result="Policy",
                into="Policy",
                absent=("NoSuchBucketPolicy",),
                provides=("PolicyDocument",),
            ),
        ),
        names={
            "BucketName": "Name",
            "BucketEncryption": "ServerSideEncryptionConfiguration",
            _ENCRYPTION_RULE: "Rules",
            f"{_ENCRYPTION_RULE}[].ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault",
            "VersioningConfiguration": "Versioning",
            "PublicAccessBlockConfiguration": "PublicAccessBlock",
            "LoggingConfiguration": "LoggingEnabled",
            "LoggingConfiguration.DestinationBucketName": "TargetBucket",
            "LoggingConfiguration.LogFilePrefix": "TargetPrefix",
            "PolicyDocument": "Policy",
        },
        arn="arn:{partition}:s3:::{Name}",
        region="BucketRegion",
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
        actions={
            "s3:ListBuckets": "s3:ListAllMyBuckets",
            "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
            "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
        },
    ),
    terraform=Terraform(
        "aws_s3_bucket",
        names={
            "BucketName": "bucket",
            "BucketEncryption": "server_side_encryption_configuration",
            _ENCRYPTION_RULE: "rule",
            f"{_ENCRYPTION_RULE}[].ServerSideEncryptionByDefault": "apply_server_side_encryption_by_default",
            # its own block of that name says enabled = true, and is deprecated
            "VersioningConfiguration": "versioning",
            "VersioningConfiguration.Status": "enabled",
            "PublicAccessBlockConfiguration": "",
            "LoggingConfiguration": "logging",
            "LoggingConfiguration.DestinationBucketName": "target_bucket",
            "LoggingConfiguration.LogFilePrefix": "target_prefix",
            "PolicyDocument": "policy",
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
            Fold(
                "aws_s3_bucket_versioning",
                owner="bucket",
                into="VersioningConfiguration",
                names={"": "versioning_configuration"},
            ),
            Fold("aws_s3_bucket_public_access_block", owner="bucket", into="PublicAccessBlockConfiguration"),
            Fold(
                "aws_s3_bucket_logging",
                owner="bucket",
                into="LoggingConfiguration",
                names={"DestinationBucketName": "target_bucket", "LogFilePrefix": "target_prefix"},
            ),
            Fold("aws_s3_bucket_policy", owner="bucket", into="PolicyDocument", names={"": "policy"}),
        ),
    ),
)

ACCOUNT_PUBLIC_ACCESS_BLOCK = ResourceType(
    name="AWS::S3::AccountPublicAccessBlock",
    title="account's public access block",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html",
    cloudformation=False,
    everywhere=True,
    properties=_BLOCKS,
    live=Live(
        scope="global",
        listing=Call(
            "s3control:GetPublicAccessBlock",
            params={"AccountId": ACCOUNT_ID},
            result="PublicAccessBlockConfiguration",
            absent=_NOT_BLOCKED,
        ),
        actions={"s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock"},
    ),
    terraform=Terraform("aws_s3_account_public_access_block"),
)
