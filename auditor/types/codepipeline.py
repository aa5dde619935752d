"""AWS CodePipeline."""

from typing import Final

from auditor.model.resource_type import STRING, Call, Live, ResourceType, Schema, Terraform
from auditor.types.spelling import camel

_ROLE = ("AWS::IAM::Role",)
_PROPERTIES: Final[dict[str, Schema]] = {
    "Name": STRING,
    "RoleArn": STRING,
    "ArtifactStore": {"Type": STRING, "Location": STRING, "EncryptionKey": {"Id": STRING, "Type": STRING}},
    "Stages": [
        {
            "Name": STRING,
            "Actions": [
                {
                    "Name": STRING,
                    "ActionTypeId": {"Category": STRING, "Owner": STRING, "Provider": STRING, "Version": STRING},
                    "Configuration": {"*": STRING},
                    "RoleArn": STRING,
                }
            ],
        }
    ],
}

PIPELINE = ResourceType(
    name="AWS::CodePipeline::Pipeline",
    title="delivery pipeline",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-codepipeline-pipeline.html",
    identifiers=("Name",),
    properties=_PROPERTIES,
    references={
        "RoleArn": _ROLE,
        "ArtifactStore.Location": ("AWS::S3::Bucket",),
        "ArtifactStore.EncryptionKey.Id": ("AWS::KMS::Key", "AWS::KMS::Alias"),
        "Stages[].Actions[].RoleArn": _ROLE,
        # https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference.html
        "Stages[].Actions[].Configuration.FunctionName": ("AWS::Lambda::Function",),
        "Stages[].Actions[].Configuration.StateMachineArn": ("AWS::StepFunctions::StateMachine",),
        "Stages[].Actions[].Configuration.NotificationArn": ("AWS::SNS::Topic",),
    },
    # SageMaker's own project templates name their pipelines so:
    # https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-projects-templates-sm.html
    marks={"Name": "(?i)sagemaker|bedrock", "Stages": "(?i)sagemaker|bedrock"},
    live=Live(
        listing=Call("codepipeline:ListPipelines", result="pipelines[]"),
        # the listing does not tell what a pipeline does
        each=(Call("codepipeline:GetPipeline", args={"name": "name"}, result="pipeline", scout=True),),
        names=camel(_PROPERTIES),
        arn="arn:{partition}:codepipeline:{region}:{account}:{name}",
    ),
    terraform=Terraform(
        "aws_codepipeline",
        names={"Stages": "stage", "Stages[].Actions": "action", "Stages[].Actions[].ActionTypeId": "."},
    ),
)
