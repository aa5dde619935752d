"""Application Auto Scaling, as far as it scales what SageMaker serves with."""

from typing import Final

from auditor.model.resource_type import BOOLEAN, INTEGER, NUMBER, STRING, Call, Live, ResourceType, Terraform

_SAGEMAKER: Final = {"ServiceNamespace": "sagemaker"}
_MARKS: Final = {"ServiceNamespace": "^sagemaker$"}

SCALABLE_TARGET = ResourceType(
    name="AWS::ApplicationAutoScaling::ScalableTarget",
    title="scalable target",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-applicationautoscaling-scalabletarget.html",
    identifiers=("ResourceId",),
    properties={
        "ResourceId": STRING,
        "ServiceNamespace": STRING,
        "ScalableDimension": STRING,
        "MinCapacity": INTEGER,
        "MaxCapacity": INTEGER,
        "RoleARN": STRING,
        "SuspendedState": {
            "DynamicScalingInSuspended": BOOLEAN,
            "DynamicScalingOutSuspended": BOOLEAN,
            "ScheduledScalingSuspended": BOOLEAN,
        },
    },
    references={"RoleARN": ("AWS::IAM::Role",)},
    marks=_MARKS,
    live=Live(
        listing=Call("application-autoscaling:DescribeScalableTargets", params=_SAGEMAKER, result="ScalableTargets[]"),
        arn="ScalableTargetARN",
    ),
    terraform=Terraform("aws_appautoscaling_target", names={"RoleARN": "role_arn"}),
)

SCALING_POLICY = ResourceType(
    name="AWS::ApplicationAutoScaling::ScalingPolicy",
    title="scaling policy",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-applicationautoscaling-scalingpolicy.html",
    identifiers=("PolicyName",),
    properties={
        "PolicyName": STRING,
        "PolicyType": ("StepScaling", "TargetTrackingScaling", "PredictiveScaling"),
        "ResourceId": STRING,
        "ServiceNamespace": STRING,
        "ScalableDimension": STRING,
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": NUMBER,
            "PredefinedMetricSpecification": {"PredefinedMetricType": STRING},
        },
    },
    references={"ResourceId": ("AWS::ApplicationAutoScaling::ScalableTarget",)},
    marks=_MARKS,
    live=Live(
        listing=Call("application-autoscaling:DescribeScalingPolicies", params=_SAGEMAKER, result="ScalingPolicies[]"),
        arn="PolicyARN",
    ),
    terraform=Terraform("aws_appautoscaling_policy", names={"PolicyName": "name"}),
)
