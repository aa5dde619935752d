"""AWS Secrets Manager."""

from auditor.model.resource_type import BOOLEAN, INTEGER, JSON, STRING, TIMESTAMP, Call, Fold, Live, ResourceType, Terraform

SECRET = ResourceType(
    name="AWS::SecretsManager::Secret",
    title="secret",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secret.html",
    identifiers=("Name",),
    properties={
        "Name": STRING,
        "KmsKeyId": STRING,
        "RotationLambdaARN": STRING,
        "RotationRules": {"AutomaticallyAfterDays": INTEGER, "ScheduleExpression": STRING},
        "ResourcePolicy": JSON,
    },
    runtime={
        "RotationEnabled": BOOLEAN,
        "OwningService": STRING,
        "CreatedDate": TIMESTAMP,
        "LastRotatedDate": TIMESTAMP,
        "LastAccessedDate": TIMESTAMP,
    },
    references={"KmsKeyId": ("AWS::KMS::Key", "AWS::KMS::Alias"), "RotationLambdaARN": ("AWS::Lambda::Function",)},
    # https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-git-resource.html
    marks={"Name": "(?i)sagemaker|bedrock|mlflow"},
    folds=(
        Fold("AWS::SecretsManager::RotationSchedule", owner="SecretId", into="RotationRules", names={"": "RotationRules"}),
        Fold(
            "AWS::SecretsManager::RotationSchedule",
            owner="SecretId",
            into="RotationLambdaARN",
            names={"": "RotationLambdaARN"},
        ),
        Fold("AWS::SecretsManager::ResourcePolicy", owner="SecretId", into="ResourcePolicy", names={"": "ResourcePolicy"}),
    ),
    live=Live(
        listing=Call("secretsmanager:ListSecrets", result="SecretList[]"),
        each=(Call("secretsmanager:GetResourcePolicy", args={"SecretId": "ARN"}, provides=("ResourcePolicy",)),),
        arn="ARN",
    ),
    terraform=Terraform(
        "aws_secretsmanager_secret",
        names={"RotationRules": "", "RotationLambdaARN": "", "ResourcePolicy": "policy"},
        folds=(
            Fold("aws_secretsmanager_secret_rotation", owner="secret_id", into="RotationRules", names={"": "rotation_rules"}),
            Fold(
                "aws_secretsmanager_secret_rotation",
                owner="secret_id",
                into="RotationLambdaARN",
                names={"": "rotation_lambda_arn"},
            ),
            Fold("aws_secretsmanager_secret_policy", owner="secret_arn", into="ResourcePolicy", names={"": "policy"}),
        ),
    ),
)
