"""AWS Step Functions."""

from typing import Final

from auditor.model.resource_type import BOOLEAN, JSON, STRING, Call, Live, ResourceType, Schema, Terraform
from auditor.types.spelling import camel

_CALLED: Final = ("AWS::Lambda::Function", "AWS::SNS::Topic", "AWS::StepFunctions::StateMachine", "AWS::SageMaker::Pipeline")
_ROLE: Final = ("AWS::IAM::Role",)
# a task names what it calls as its resource or, of an integration, in its parameters (JSONPath) or arguments (JSONata):
# https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
_STATE: Final = {
    "Resource": _CALLED,
    **{
        f"{block}.{name}": targets
        for block in ("Parameters", "Arguments")
        for name, targets in {
            "FunctionName": _CALLED,
            "TopicArn": _CALLED,
            "StateMachineArn": _CALLED,
            "PipelineName": _CALLED,
            "RoleArn": _ROLE,
            "ExecutionRoleArn": _ROLE,
        }.items()
    },
}
_DEFINITIONS: Final = ("DefinitionString", "Definition")
_PROPERTIES: Final[dict[str, Schema]] = {
    "StateMachineName": STRING,
    "DefinitionString": JSON,
    "Definition": JSON,
    "RoleArn": STRING,
    "StateMachineType": ("STANDARD", "EXPRESS"),
    "EncryptionConfiguration": {"Type": ("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"), "KmsKeyId": STRING},
    "LoggingConfiguration": {
        "Level": ("ALL", "ERROR", "FATAL", "OFF"),
        "IncludeExecutionData": BOOLEAN,
        "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": STRING}}],
    },
}

STATE_MACHINE = ResourceType(
    name="AWS::StepFunctions::StateMachine",
    title="state machine",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-stepfunctions-statemachine.html",
    identifiers=("StateMachineName",),
    properties=_PROPERTIES,
    defaults={"StateMachineType": "STANDARD", "LoggingConfiguration.Level": "OFF"},
    references={
        "RoleArn": _ROLE,
        "EncryptionConfiguration.KmsKeyId": ("AWS::KMS::Key", "AWS::KMS::Alias"),
        "LoggingConfiguration.Destinations[].CloudWatchLogsLogGroup.LogGroupArn": ("AWS::Logs::LogGroup",),
        **{f"{definition}.States[].{path}": targets for definition in _DEFINITIONS for path, targets in _STATE.items()},
    },
    marks=dict.fromkeys(_DEFINITIONS, "(?i)sagemaker|bedrock"),
    live=Live(
        listing=Call("stepfunctions:ListStateMachines", result="stateMachines[]"),
        # the listing does not tell what a state machine does
        each=(Call("stepfunctions:DescribeStateMachine", args={"stateMachineArn": "stateMachineArn"}, scout=True),),
        names={
            **camel(_PROPERTIES),
            "StateMachineName": "name",
            "StateMachineType": "type",
            "DefinitionString": "definition",
            "Definition": "",
        },
        arn="stateMachineArn",
        actions={
            "stepfunctions:ListStateMachines": "states:ListStateMachines",
            "stepfunctions:DescribeStateMachine": "states:DescribeStateMachine",
        },
    ),
    terraform=Terraform(
        "aws_sfn_state_machine",
        names={
            "StateMachineName": "name",
            "StateMachineType": "type",
            "DefinitionString": "definition",
            "Definition": "",
            # one text there, with ":*" at its end
            "LoggingConfiguration.Destinations": "",
        },
    ),
)
