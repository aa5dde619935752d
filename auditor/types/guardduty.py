"""Amazon GuardDuty."""

from auditor.model.resource_type import BOOLEAN, STRING, Call, Fold, Live, ResourceType, Schema, Terraform

_FEATURES: Schema = [{"Name": STRING, "Status": ("ENABLED", "DISABLED")}]

DETECTOR = ResourceType(
    name="AWS::GuardDuty::Detector",
    title="detector",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-guardduty-detector.html",
    everywhere=True,
    properties={"Enable": BOOLEAN, "Features": _FEATURES},
    runtime={"Status": ("ENABLED", "DISABLED"), "Features": _FEATURES},
    live=Live(
        parents=Call("guardduty:ListDetectors", result="DetectorIds[]"),
        listing=Call("guardduty:GetDetector", args={"DetectorId": ""}),
        # an account tells it as the detector's status
        names={"Enable": ""},
    ),
    terraform=Terraform(
        "aws_guardduty_detector",
        names={"Features": ""},
        folds=(Fold("aws_guardduty_detector_feature", owner="detector_id", into="Features[]"),),
    ),
)
