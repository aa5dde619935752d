"""AWS Glue: the data catalog."""

from auditor.model.resource_type import BOOLEAN, STRING, Call, Live, ResourceType, Terraform

_KEY = ("AWS::KMS::Key", "AWS::KMS::Alias")
_SETTINGS = "DataCatalogEncryptionSettings"

DATABASE = ResourceType(
    name="AWS::Glue::Database",
    title="catalog database",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-glue-database.html",
    identifiers=("DatabaseName",),
    properties={"DatabaseName": STRING, "DatabaseInput": {"LocationUri": STRING}},
    references={"DatabaseInput.LocationUri": ("AWS::S3::Bucket",)},
    # https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-offline.html
    marks={"DatabaseName": "^sagemaker_featurestore"},
    live=Live(
        listing=Call("glue:GetDatabases", result="DatabaseList[]"),
        names={"DatabaseName": "Name", "DatabaseInput": "."},
        arn="arn:{partition}:glue:{region}:{account}:database/{Name}",
    ),
    terraform=Terraform("aws_glue_catalog_database", names={"DatabaseName": "name", "DatabaseInput": "."}),
)

CATALOG_ENCRYPTION = ResourceType(
    name="AWS::Glue::DataCatalogEncryptionSettings",
    title="catalog's encryption settings",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-glue-datacatalogencryptionsettings.html",
    everywhere=True,
    properties={
        _SETTINGS: {
            "EncryptionAtRest": {
                "CatalogEncryptionMode": ("DISABLED", "SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE"),
                "SseAwsKmsKeyId": STRING,
            },
            "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": BOOLEAN, "KmsKeyId": STRING},
        }
    },
    references={
        f"{_SETTINGS}.EncryptionAtRest.SseAwsKmsKeyId": _KEY,
        f"{_SETTINGS}.ConnectionPasswordEncryption.KmsKeyId": _KEY,
    },
    live=Live(
        listing=Call("glue:GetDataCatalogEncryptionSettings", result=_SETTINGS),
        names={_SETTINGS: ".", f"{_SETTINGS}.ConnectionPasswordEncryption.KmsKeyId": "AwsKmsKeyId"},
    ),
    terraform=Terraform(
        "aws_glue_data_catalog_encryption_settings",
        names={f"{_SETTINGS}.ConnectionPasswordEncryption.KmsKeyId": "aws_kms_key_id"},
    ),
)
