"""Amazon EventBridge Scheduler."""

from auditor.model.resource_type import JSON, STRING, Call, Live, ResourceType, Terraform

SCHEDULE = ResourceType(
    name="AWS::Scheduler::Schedule",
    title="schedule",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-scheduler-schedule.html",
    identifiers=("Name",),
    properties={
        "Name": STRING,
        "GroupName": STRING,
        "ScheduleExpression": STRING,
        "State": ("ENABLED", "DISABLED"),
        "KmsKeyArn": STRING,
        "Target": {"Arn": STRING, "RoleArn": STRING, "Input": JSON},
    },
    defaults={"State": "ENABLED", "GroupName": "default"},
    references={
        "KmsKeyArn": ("AWS::KMS::Key", "AWS::KMS::Alias"),
        "Target.Arn": ("AWS::Lambda::Function", "AWS::StepFunctions::StateMachine", "AWS::SageMaker::Pipeline"),
        "Target.RoleArn": ("AWS::IAM::Role",),
    },
    part_of=("Target.Arn",),
    # a universal target names the API: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
    marks={"Target.Arn": r":(?:sagemaker|bedrock)"},
    live=Live(
        listing=Call("scheduler:ListSchedules", result="Schedules[]"),
        each=(Call("scheduler:GetSchedule", args={"Name": "Name", "GroupName": "GroupName"}),),
        arn="Arn",
    ),
    terraform=Terraform("aws_scheduler_schedule"),
)
