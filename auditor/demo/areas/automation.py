"""What runs by itself: the fraud team retrains on drift and deploys what was approved; the organization that both accounts are in."""

from __future__ import annotations

import json
from typing import Final

from auditor.demo.platform import HOME, PRODUCTION
from auditor.demo.steps import Site, Step, role, statement

_RETRAIN: Final = f"arn:aws:states:{HOME}:{PRODUCTION}:stateMachine:fraud-retraining"
_ROLE: Final = f"arn:aws:iam::{PRODUCTION}:role/fraud-retraining"
_DELIVERY: Final = f"arn:aws:iam::{PRODUCTION}:role/fraud-delivery"

_TRAIN: Final = {
    "Comment": "Trains the scorer anew",
    "StartAt": "Train",
    "States": {
        "Train": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
            "Parameters": {"TrainingJobName.$": "$.name", "RoleArn": f"arn:aws:iam::{PRODUCTION}:role/fraud-training"},
            "End": True,
        }
    },
}
_DRIFT: Final = {
    "source": ["aws.cloudwatch"],
    "detail-type": ["CloudWatch Alarm State Change"],
    "detail": {"state": {"value": ["ALARM"]}},
}
_APPROVED: Final = {
    "source": ["aws.sagemaker"],
    "detail-type": ["SageMaker Model Package State Change"],
    "detail": {"ModelApprovalStatus": ["Approved"]},
}


def _action(name: str, category: str, provider: str, configuration: dict[str, str]) -> dict[str, object]:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, "configuration": configuration, "runOrder": 1}


_PIPELINE: Final = {
    "name": "sagemaker-fraud-delivery",
    "roleArn": _DELIVERY,
    "artifactStore": {"type": "S3", "location": "halyard-fraud-models"},
    "stages": [
        {
            "name": "Source",
            "actions": [_action("Template", "Source", "S3", {"S3Bucket": "halyard-fraud-models", "S3ObjectKey": "d.zip"})],
        },
        {"name": "Deploy", "actions": [_action("Endpoint", "Deploy", "CloudFormation", {"StackName": "fraud-scoring"})]},
    ],
    "version": 1,
}

_STEPS: Final = (
    *role("fraud-retraining", statement("sagemaker:CreateTrainingJob", "*"), trusts="states.amazonaws.com"),
    *role(
        "fraud-delivery", statement("s3:GetObject", "arn:aws:s3:::halyard-fraud-models/*"), trusts="codepipeline.amazonaws.com"
    ),
    Step(
        "stepfunctions:CreateStateMachine",
        {"name": "fraud-retraining", "definition": json.dumps(_TRAIN), "roleArn": _ROLE, "type": "STANDARD"},
    ),
    Step("events:PutRule", {"Name": "fraud-drift", "EventPattern": json.dumps(_DRIFT), "State": "ENABLED"}),
    Step("events:PutTargets", {"Rule": "fraud-drift", "Targets": [{"Id": "retrain", "Arn": _RETRAIN, "RoleArn": _ROLE}]}),
    Step("events:PutRule", {"Name": "fraud-approved", "EventPattern": json.dumps(_APPROVED), "State": "ENABLED"}),
    Step("events:PutTargets", {"Rule": "fraud-approved", "Targets": [{"Id": "deploy", "Arn": _RETRAIN, "RoleArn": _ROLE}]}),
    Step(
        "scheduler:CreateSchedule",
        {
            "Name": "fraud-weekly-retraining",
            "ScheduleExpression": "rate(7 days)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": _RETRAIN, "RoleArn": _ROLE},
        },
    ),
    Step("codepipeline:CreatePipeline", {"pipeline": _PIPELINE}),
)

SITES: Final = (
    Site(PRODUCTION, HOME, _STEPS),
    Site(PRODUCTION, "us-east-1", (Step("organizations:CreateOrganization", {"FeatureSet": "ALL"}),)),
)
