"""Amazon EventBridge."""

from auditor.model.resource_type import JSON, STRING, Call, Fold, Live, ResourceType, Terraform

_BUCKET = "EventPattern.detail.bucket.name[]"

RULE = ResourceType(
    name="AWS::Events::Rule",
    title="event rule",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-events-rule.html",
    identifiers=("Name",),
    properties={
        "Name": STRING,
        "EventBusName": STRING,
        "EventPattern": JSON,
        "ScheduleExpression": STRING,
        "State": ("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),
        "RoleArn": STRING,
        "Targets": [{"Id": STRING, "Arn": STRING, "RoleArn": STRING, "Input": JSON}],
    },
    defaults={"State": "ENABLED", "EventBusName": "default"},
    references={
        _BUCKET: ("AWS::S3::Bucket",),
        "RoleArn": ("AWS::IAM::Role",),
        "Targets[].Arn": (
            "AWS::Lambda::Function",
            "AWS::SNS::Topic",
            "AWS::StepFunctions::StateMachine",
            "AWS::CodePipeline::Pipeline",
            "AWS::SageMaker::Pipeline",
        ),
        "Targets[].RoleArn": ("AWS::IAM::Role",),
    },
    part_of=(_BUCKET,),
    marks={"EventPattern": r"aws\.(?:sagemaker|bedrock|macie)"},
    # what AWS's own services tell arrives on the default bus, which is the one listed where none is named:
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus.html
    live=Live(
        listing=Call("events:ListRules", result="Rules[]"),
        each=(
            Call(
                "events:ListTargetsByRule",
                args={"Rule": "Name", "EventBusName": "EventBusName"},
                result="Targets[]",
                into="Targets",
                provides=("Targets",),
            ),
        ),
        arn="Arn",
    ),
    terraform=Terraform(
        "aws_cloudwatch_event_rule",
        names={"Targets": ""},
        folds=(Fold("aws_cloudwatch_event_target", owner="rule", into="Targets[]", names={"Id": "target_id"}),),
    ),
)
