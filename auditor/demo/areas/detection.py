"""Who watches the platform: everything at home, half of it in the outpost, nothing in the sandbox."""

from __future__ import annotations

import datetime
from typing import Any, Final

from auditor.demo.platform import HOME, OUTPOST, PRODUCTION, SANDBOX
from auditor.demo.steps import Ref, Site, Step, Steps, Told

_NOW: Final = datetime.datetime.now(datetime.UTC)
_YESTERDAY: Final = _NOW - datetime.timedelta(days=1)
_TRAIL: Final = f"arn:aws:cloudtrail:{HOME}:{PRODUCTION}:trail/organisation-audit"
_BEST_PRACTICES: Final = f"arn:aws:securityhub:{HOME}::standards/aws-foundational-security-best-practices/v/1.0.0"

# -- the trail ------------------------------------------------------------------------------------------------------------------


def _data_events(kind: str) -> dict[str, Any]:
    return {
        "Name": kind,
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": [kind]},
        ],
    }


_SELECTORS: Final = {
    "TrailARN": _TRAIL,
    "AdvancedEventSelectors": [
        {"Name": "management", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
        _data_events("AWS::SageMaker::FeatureGroup"),
    ],
}
_TO_LOG_GROUP: Final = (
    Step("logs:CreateLogGroup", {"logGroupName": "organisation-audit", "kmsKeyId": Ref("key/audit-logs")}),
    Step("logs:PutRetentionPolicy", {"logGroupName": "organisation-audit", "retentionInDays": 731}),
    Step(
        "cloudtrail:UpdateTrail",
        {
            "Name": "organisation-audit",
            "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{HOME}:{PRODUCTION}:log-group:organisation-audit:*",
            "CloudWatchLogsRoleArn": f"arn:aws:iam::{PRODUCTION}:role/audit-delivery",
        },
    ),
)
_US_FEATURES: Final = {
    "FeatureGroup": {
        "FeatureGroupArn": f"arn:aws:sagemaker:{OUTPOST}:{PRODUCTION}:feature-group/us-prices",
        "FeatureGroupName": "us-prices",
        "FeatureGroupStatus": "Created",
        "OnlineStoreConfig": {"EnableOnlineStore": True},
        "CreationTime": _NOW - datetime.timedelta(days=41),
    }
}

# -- Macie ----------------------------------------------------------------------------------------------------------------------


def _seen(name: str, *, searched: bool) -> dict[str, Any]:
    """A bucket as Macie sees it."""
    return {
        "accountId": PRODUCTION,
        "bucketArn": f"arn:aws:s3:::{name}",
        "bucketName": name,
        "automatedDiscoveryMonitoringStatus": "MONITORED" if searched else "NOT_MONITORED",
        "jobDetails": {"isDefinedInJob": "FALSE", "isMonitoredByJob": "FALSE"},
        **({"lastAutomatedDiscoveryTime": _YESTERDAY} if searched else {}),
    }


_MACIE: Final = (
    Told(
        "macie2:DescribeBuckets",
        {
            "buckets": [
                _seen("halyard-fraud-features", searched=True),
                _seen("halyard-fraud-models", searched=True),
                _seen("halyard-inference-capture", searched=True),
                # left out because it is large
                _seen("halyard-recs-clickstream", searched=False),
                _seen("halyard-recs-models", searched=False),
            ]
        },
    ),
)

# -- detectors ------------------------------------------------------------------------------------------------------------------


def _guardduty(*, objects: bool) -> Steps:
    """A detector that does or does not look at what is done to objects."""
    status = "ENABLED" if objects else "DISABLED"
    return (Step("guardduty:CreateDetector", {"Enable": True, "Features": [{"Name": "S3_DATA_EVENTS", "Status": status}]}),)


_CONFIG: Final = (
    Step(
        "config:PutConfigurationRecorder",
        {
            "ConfigurationRecorder": {
                "name": "default",
                "roleARN": f"arn:aws:iam::{PRODUCTION}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
                "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
            }
        },
    ),
    Step("config:PutDeliveryChannel", {"DeliveryChannel": {"name": "default", "s3BucketName": "halyard-audit-logs"}}),
    Step("config:StartConfigurationRecorder", {"ConfigurationRecorderName": "default"}),
)
_HUB: Final = (Step("securityhub:EnableSecurityHub", {}),)
_STANDARD: Final = {
    "StandardsSubscriptionArn": f"arn:aws:securityhub:{HOME}:{PRODUCTION}:subscription/aws-foundational-security-best-practices",
    "StandardsArn": _BEST_PRACTICES,
    "StandardsInput": {},
    "StandardsStatus": "READY",
}

SITES: Final = (
    Site(
        PRODUCTION,
        HOME,
        (*_TO_LOG_GROUP, *_guardduty(objects=True), *_CONFIG, *_HUB),
        (
            Told("cloudtrail:GetEventSelectors", _SELECTORS),
            Told("securityhub:GetEnabledStandards", {"StandardsSubscriptions": [_STANDARD]}),
            *_MACIE,
        ),
    ),
    Site(
        PRODUCTION,
        OUTPOST,
        _guardduty(objects=False),
        (Told("sagemaker:Search", {"Results": [_US_FEATURES]}, asked='"FeatureGroup"'),),
    ),
    # moto has Macie on everywhere
    Site(SANDBOX, HOME, told=(Told("macie2:GetMacieSession", {"status": "PAUSED", "createdAt": _YESTERDAY}),)),
)
