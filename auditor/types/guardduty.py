"""Amazon GuardDuty."""

from auditor.model.resource_type import BOOLEAN, STRING, Call, Fold, Live, ResourceType, Schema, Terraform

_FEATURES: Schema = [{"Name": STRING, "Status": ("ENABLED", "DISABLED")}]

DETECTOR = ResourceType(
    name="AWS::GuardDuty::Detector",
    title="detector",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-guardduty-detector.html",
    everywhere=True,
    # a template says it as a feature or, in the older way, as a data source
    properties={"Enable": BOOLEAN, "Features": _FEATURES, "DataSources": {"S3Logs": {"Enable": BOOLEAN}}},
    runtime={"Status": ("ENABLED", "DISABLED"), "Features": _FEATURES},
    live=Live(
        parents=Call("guardduty:ListDetectors", result="DetectorIds[]"),
        listing=Call("guardduty:GetDetector", args={"DetectorId": ""}),
        # an account tells it as the detector's status, and each data source as a feature
        names={"Enable": "", "DataSources": ""},
    ),
    terraform=Terraform(
        "aws_guardduty_detector",
        names={"Features": "", "DataSources": "datasources"},
        folds=(Fold("aws_guardduty_detector_feature", owner="detector_id", into="Features[]"),),
    ),
)
