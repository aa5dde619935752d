"""AWS Key Management Service."""

from auditor.model.resource_type import BOOLEAN, JSON, STRING, TIMESTAMP, Call, Fold, Live, ResourceType, Terraform

KEY = ResourceType(
    name="AWS::KMS::Key",
    title="key",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kms-key.html",
    identifiers=("KeyId",),
    properties={
        "KeyId": STRING,
        "Description": STRING,
        "Enabled": BOOLEAN,
        "KeySpec": STRING,
        "KeyUsage": STRING,
        "Origin": STRING,
        "CustomKeyStoreId": STRING,
        "MultiRegion": BOOLEAN,
        "KeyPolicy": JSON,
        "EnableKeyRotation": BOOLEAN,
    },
    runtime={
        "KeyManager": ("AWS", "CUSTOMER"),
        "KeyState": STRING,
        "CreationDate": TIMESTAMP,
        "DeletionDate": TIMESTAMP,
        "ExpirationModel": ("KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"),
        "ValidTo": TIMESTAMP,
    },
    defaults={
        "Enabled": True,
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "Origin": "AWS_KMS",
        "MultiRegion": False,
        "EnableKeyRotation": False,
    },
    live=Live(
        listing=Call("kms:ListKeys", result="Keys[]"),
        each=(
            Call("kms:DescribeKey", args={"KeyId": "KeyId"}, result="KeyMetadata"),
            Call(
                "kms:GetKeyPolicy",
                params={"PolicyName": "default"},
                args={"KeyId": "KeyId"},
                result="Policy",
                into="Policy",
                provides=("KeyPolicy",),
            ),
            # asymmetric and HMAC keys, and those of custom key stores, cannot rotate:
            # https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
            Call(
                "kms:GetKeyRotationStatus",
                args={"KeyId": "KeyId"},
                absent=("UnsupportedOperationException",),
                provides=("EnableKeyRotation",),
            ),
        ),
        names={"KeyPolicy": "Policy", "EnableKeyRotation": "KeyRotationEnabled"},
        arn="KeyArn",
    ),
    terraform=Terraform(
        "aws_kms_key",
        names={
            "KeyId": "key_id",
            "Enabled": "is_enabled",
            "KeySpec": "customer_master_key_spec",
            "KeyPolicy": "policy",
            "Origin": "",
        },
        folds=(Fold("aws_kms_key_policy", owner="key_id", into="KeyPolicy", names={"": "policy"}),),
    ),
)

ALIAS = ResourceType(
    name="AWS::KMS::Alias",
    title="key alias",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kms-alias.html",
    identifiers=("AliasName",),
    properties={"AliasName": STRING, "TargetKeyId": STRING},
    references={"TargetKeyId": ("AWS::KMS::Key",)},
    live=Live(listing=Call("kms:ListAliases", result="Aliases[]"), arn="AliasArn"),
    terraform=Terraform("aws_kms_alias", names={"AliasName": "name"}),
)
