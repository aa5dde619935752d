"""Amazon Macie."""

from auditor.model.resource_type import STRING, TIMESTAMP, Call, Live, ResourceType, Terraform

_OFF = ("AccessDeniedException: Macie is not enabled",)
"""What Macie answers to everything where it is off."""

SESSION = ResourceType(
    name="AWS::Macie::Session",
    title="Macie session",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-macie-session.html",
    everywhere=True,
    properties={"Status": ("ENABLED", "PAUSED"), "FindingPublishingFrequency": STRING},
    defaults={"Status": "ENABLED"},
    live=Live(
        listing=Call("macie2:GetMacieSession", absent=_OFF),
        names={
            "Status": "status",
            "FindingPublishingFrequency": "findingPublishingFrequency",
        },
    ),
    terraform=Terraform("aws_macie2_account"),
)

BUCKET = ResourceType(
    name="AWS::Macie::BucketMetadata",
    title="bucket as Macie sees it",
    source="https://docs.aws.amazon.com/macie/latest/APIReference/datasources-s3.html",
    cloudformation=False,
    identifiers=("BucketArn",),
    properties={"BucketArn": STRING},
    runtime={
        "AutomatedDiscoveryMonitoringStatus": ("MONITORED", "NOT_MONITORED"),
        "LastAutomatedDiscoveryTime": TIMESTAMP,
        "IsDefinedInJob": ("TRUE", "FALSE", "UNKNOWN"),
        "IsMonitoredByJob": ("TRUE", "FALSE", "UNKNOWN"),
        "LastJobRunTime": TIMESTAMP,
        "ErrorCode": STRING,
    },
    references={"BucketArn": ("AWS::S3::Bucket",)},
    part_of=("BucketArn",),
    live=Live(
        listing=Call("macie2:DescribeBuckets", result="buckets[]", absent=_OFF),
        names={
            "BucketArn": "bucketArn",
            "runtime.AutomatedDiscoveryMonitoringStatus": "automatedDiscoveryMonitoringStatus",
            "runtime.LastAutomatedDiscoveryTime": "lastAutomatedDiscoveryTime",
            "runtime.IsDefinedInJob": "jobDetails.isDefinedInJob",
            "runtime.IsMonitoredByJob": "jobDetails.isMonitoredByJob",
            "runtime.LastJobRunTime": "jobDetails.lastJobRunTime",
            "runtime.ErrorCode": "errorCode",
        },
        arn="bucketArn",
    ),
)
