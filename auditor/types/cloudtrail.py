"""AWS CloudTrail."""

from auditor.model.resource_type import BOOLEAN, STRING, TIMESTAMP, Call, Live, ResourceType, Terraform

TRAIL = ResourceType(
    name="AWS::CloudTrail::Trail",
    title="trail",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudtrail-trail.html",
    everywhere=True,
    identifiers=("TrailName",),
    properties={
        "TrailName": STRING,
        "IsLogging": BOOLEAN,
        "IsMultiRegionTrail": BOOLEAN,
        "IsOrganizationTrail": BOOLEAN,
        "IncludeGlobalServiceEvents": BOOLEAN,
        "EnableLogFileValidation": BOOLEAN,
        "KMSKeyId": STRING,
        "S3BucketName": STRING,
        "CloudWatchLogsLogGroupArn": STRING,
        "CloudWatchLogsRoleArn": STRING,
        "EventSelectors": [
            {
                "IncludeManagementEvents": BOOLEAN,
                "ReadWriteType": ("All", "ReadOnly", "WriteOnly"),
                "ExcludeManagementEventSources": [STRING],
                "DataResources": [{"Type": STRING, "Values": [STRING]}],
            }
        ],
        "AdvancedEventSelectors": [
            {
                "FieldSelectors": [
                    {
                        "Field": STRING,
                        "Equals": [STRING],
                        "StartsWith": [STRING],
                        "EndsWith": [STRING],
                        "NotEquals": [STRING],
                        "NotStartsWith": [STRING],
                        "NotEndsWith": [STRING],
                    }
                ]
            }
        ],
    },
    runtime={"HomeRegion": STRING, "LatestDeliveryTime": TIMESTAMP, "LatestDeliveryError": STRING},
    defaults={
        "IsMultiRegionTrail": False,
        "IncludeGlobalServiceEvents": True,
        "EnableLogFileValidation": False,
        "EventSelectors[].IncludeManagementEvents": True,
        "EventSelectors[].ReadWriteType": "All",
    },
    references={
        "KMSKeyId": ("AWS::KMS::Key", "AWS::KMS::Alias"),
        "S3BucketName": ("AWS::S3::Bucket",),
        "CloudWatchLogsLogGroupArn": ("AWS::Logs::LogGroup",),
        "CloudWatchLogsRoleArn": ("AWS::IAM::Role",),
    },
    live=Live(
        # the answer holds the trails of other regions and of the organisation that cover this one, so a region's
        # trails are those that record it:
        # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
        listing=Call("cloudtrail:DescribeTrails", result="trailList[]"),
        each=(
            Call(
                "cloudtrail:GetTrailStatus",
                args={"Name": "TrailARN"},
                provides=("IsLogging", "runtime.LatestDeliveryTime", "runtime.LatestDeliveryError"),
            ),
            Call(
                "cloudtrail:GetEventSelectors",
                args={"TrailName": "TrailARN"},
                provides=("EventSelectors", "AdvancedEventSelectors"),
            ),
        ),
        names={"TrailName": "Name", "EnableLogFileValidation": "LogFileValidationEnabled", "KMSKeyId": "KmsKeyId"},
        arn="TrailARN",
    ),
    terraform=Terraform(
        "aws_cloudtrail",
        names={
            "TrailName": "name",
            "IsLogging": "enable_logging",
            "KMSKeyId": "kms_key_id",
            "CloudWatchLogsLogGroupArn": "cloud_watch_logs_group_arn",
            "CloudWatchLogsRoleArn": "cloud_watch_logs_role_arn",
            "EventSelectors": "event_selector",
            "EventSelectors[].DataResources": "data_resource",
            "AdvancedEventSelectors": "advanced_event_selector",
            "AdvancedEventSelectors[].FieldSelectors": "field_selector",
        },
    ),
)
