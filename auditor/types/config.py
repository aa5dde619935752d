"""AWS Config."""

from auditor.model.resource_type import BOOLEAN, STRING, Call, Live, ResourceType, Terraform

RECORDER = ResourceType(
    name="AWS::Config::ConfigurationRecorder",
    title="configuration recorder",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-config-configurationrecorder.html",
    everywhere=True,
    identifiers=("Name",),
    properties={"Name": STRING, "RoleARN": STRING, "RecordingGroup": {"AllSupported": BOOLEAN, "ResourceTypes": [STRING]}},
    runtime={"Recording": BOOLEAN, "LastStatus": STRING},
    references={"RoleARN": ("AWS::IAM::Role",)},
    live=Live(
        listing=Call("config:DescribeConfigurationRecorders", result="ConfigurationRecorders[]"),
        # a region has one of the customer's, and without a name both calls are about that one:
        # https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorderStatus.html
        each=(
            Call(
                "config:DescribeConfigurationRecorderStatus",
                result="ConfigurationRecordersStatus[0]",
                into="Status",
                provides=("runtime.Recording", "runtime.LastStatus"),
            ),
        ),
        names={
            "Name": "name",
            "RoleARN": "roleARN",
            "RecordingGroup": "recordingGroup",
            "RecordingGroup.AllSupported": "allSupported",
            "RecordingGroup.ResourceTypes": "resourceTypes",
            "runtime.Recording": "Status.recording",
            "runtime.LastStatus": "Status.lastStatus",
        },
        arn="arn",
    ),
    terraform=Terraform("aws_config_configuration_recorder"),
)
