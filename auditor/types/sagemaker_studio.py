"""Amazon SageMaker Studio: domains, user profiles, spaces, apps, lifecycle configurations, images."""

from collections.abc import Mapping
from typing import Final

from auditor.model.resource_type import INTEGER, SCRIPT, STRING, TIMESTAMP, Call, Live, ResourceType, Schema, Terraform

_BUCKET = ("AWS::S3::Bucket",)
_DOMAIN = ("AWS::SageMaker::Domain",)
_FILE_SYSTEM = ("AWS::EFS::FileSystem",)
_KEY = ("AWS::KMS::Key", "AWS::KMS::Alias")
_LIFECYCLE = ("AWS::SageMaker::StudioLifecycleConfig",)
_PROFILE = ("AWS::SageMaker::UserProfile",)
_ROLE = ("AWS::IAM::Role",)
_SECURITY_GROUP = ("AWS::EC2::SecurityGroup",)
_SWITCH = ("ENABLED", "DISABLED")

_APP: Final[dict[str, Schema]] = {
    "DefaultResourceSpec": {"InstanceType": STRING, "LifecycleConfigArn": STRING},
    "LifecycleConfigArns": [STRING],
}
_STOPPED_WHEN_IDLE: Final[dict[str, Schema]] = {
    **_APP,
    "AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": _SWITCH, "IdleTimeoutInMinutes": INTEGER}},
}
_SPACE_SETTINGS: Final[dict[str, Schema]] = {
    "ExecutionRole": STRING,
    "SecurityGroups": [STRING],
    "JupyterServerAppSettings": _APP,
    "KernelGatewayAppSettings": _APP,
    "JupyterLabAppSettings": _STOPPED_WHEN_IDLE,
    "CustomFileSystemConfigs": [
        {"EFSFileSystemConfig": {"FileSystemId": STRING}, "S3FileSystemConfig": {"S3Uri": STRING}},
    ],
}
_USER_SETTINGS: Final[dict[str, Schema]] = {
    **_SPACE_SETTINGS,
    "CodeEditorAppSettings": _STOPPED_WHEN_IDLE,
    "SharingSettings": {
        "NotebookOutputOption": ("Allowed", "Disabled"),
        "S3OutputPath": STRING,
        "S3KmsKeyId": STRING,
    },
}
_SETTINGS_REFERENCES: Final = {
    "ExecutionRole": _ROLE,
    "SecurityGroups[]": _SECURITY_GROUP,
    **{
        f"{app}AppSettings.{path}": _LIFECYCLE
        for app in ("JupyterServer", "KernelGateway", "JupyterLab", "CodeEditor")
        for path in ("DefaultResourceSpec.LifecycleConfigArn", "LifecycleConfigArns[]")
    },
    "CustomFileSystemConfigs[].EFSFileSystemConfig.FileSystemId": _FILE_SYSTEM,
    "CustomFileSystemConfigs[].S3FileSystemConfig.S3Uri": _BUCKET,
    "SharingSettings.S3OutputPath": _BUCKET,
    "SharingSettings.S3KmsKeyId": _KEY,
}


def _within(block: str, references: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {f"{block}.{path}": targets for path, targets in references.items()}


DOMAIN = ResourceType(
    name="AWS::SageMaker::Domain",
    title="Studio domain",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-domain.html",
    ml=True,
    identifiers=("DomainId",),
    properties={
        "DomainId": STRING,
        "DomainName": STRING,
        "AuthMode": ("SSO", "IAM"),
        "AppNetworkAccessType": ("PublicInternetOnly", "VpcOnly"),
        "VpcId": STRING,
        "SubnetIds": [STRING],
        "KmsKeyId": STRING,
        "HomeEfsFileSystemId": STRING,
        "DefaultUserSettings": _USER_SETTINGS,
        "DefaultSpaceSettings": _SPACE_SETTINGS,
        "DomainSettings": {
            "SecurityGroupIds": [STRING],
            "ExecutionRoleIdentityConfig": ("USER_PROFILE_NAME", "DISABLED"),
            "TrustedIdentityPropagationSettings": {"Status": _SWITCH},
            "DockerSettings": {"EnableDockerAccess": _SWITCH, "VpcOnlyTrustedAccounts": [STRING]},
            "RStudioServerProDomainSettings": {"DomainExecutionRoleArn": STRING},
        },
    },
    runtime={"Status": STRING, "CreationTime": TIMESTAMP},
    defaults={
        "AppNetworkAccessType": "PublicInternetOnly",
        "DefaultUserSettings.SharingSettings.NotebookOutputOption": "Disabled",
        "DomainSettings.DockerSettings.EnableDockerAccess": "DISABLED",
        "DomainSettings.ExecutionRoleIdentityConfig": "DISABLED",
        "DomainSettings.TrustedIdentityPropagationSettings.Status": "DISABLED",
    },
    references={
        "VpcId": ("AWS::EC2::VPC",),
        "SubnetIds[]": ("AWS::EC2::Subnet",),
        "KmsKeyId": _KEY,
        "HomeEfsFileSystemId": _FILE_SYSTEM,
        "DomainSettings.SecurityGroupIds[]": _SECURITY_GROUP,
        "DomainSettings.RStudioServerProDomainSettings.DomainExecutionRoleArn": _ROLE,
        **_within("DefaultUserSettings", _SETTINGS_REFERENCES),
        **_within("DefaultSpaceSettings", _SETTINGS_REFERENCES),
    },
    live=Live(
        listing=Call("sagemaker:ListDomains", result="Domains[]"),
        each=(Call("sagemaker:DescribeDomain", args={"DomainId": "DomainId"}),),
        arn="DomainArn",
    ),
    terraform=Terraform(
        "aws_sagemaker_domain",
        names={
            "DomainId": "id",
            "DefaultUserSettings.CustomFileSystemConfigs": "custom_file_system_config",
            "DefaultSpaceSettings.CustomFileSystemConfigs": "custom_file_system_config",
        },
    ),
)

USER_PROFILE = ResourceType(
    name="AWS::SageMaker::UserProfile",
    title="Studio user profile",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-userprofile.html",
    ml=True,
    identifiers=("UserProfileName",),
    properties={
        "UserProfileName": STRING,
        "DomainId": STRING,
        "SingleSignOnUserIdentifier": STRING,
        "UserSettings": _USER_SETTINGS,
    },
    runtime={"Status": STRING, "CreationTime": TIMESTAMP},
    defaults={"UserSettings.SharingSettings.NotebookOutputOption": "Disabled"},
    references={"DomainId": _DOMAIN, **_within("UserSettings", _SETTINGS_REFERENCES)},
    live=Live(
        listing=Call("sagemaker:ListUserProfiles", result="UserProfiles[]"),
        each=(
            Call(
                "sagemaker:DescribeUserProfile",
                args={"DomainId": "DomainId", "UserProfileName": "UserProfileName"},
            ),
        ),
        arn="arn:{partition}:sagemaker:{region}:{account}:user-profile/{DomainId}/{UserProfileName}",
    ),
    terraform=Terraform(
        "aws_sagemaker_user_profile", names={"UserSettings.CustomFileSystemConfigs": "custom_file_system_config"}
    ),
)

SPACE = ResourceType(
    name="AWS::SageMaker::Space",
    title="Studio space",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-space.html",
    ml=True,
    identifiers=("SpaceName",),
    properties={
        "SpaceName": STRING,
        "DomainId": STRING,
        "OwnershipSettings": {"OwnerUserProfileName": STRING},
        "SpaceSharingSettings": {"SharingType": ("Private", "Shared")},
        "SpaceSettings": {"AppType": STRING, "RemoteAccess": _SWITCH},
    },
    runtime={"Status": STRING, "CreationTime": TIMESTAMP},
    references={"DomainId": _DOMAIN, "OwnershipSettings.OwnerUserProfileName": _PROFILE},
    live=Live(
        listing=Call("sagemaker:ListSpaces", result="Spaces[]"),
        names={
            "OwnershipSettings": "OwnershipSettingsSummary",
            "SpaceSharingSettings": "SpaceSharingSettingsSummary",
            "SpaceSettings": "SpaceSettingsSummary",
        },
        arn="arn:{partition}:sagemaker:{region}:{account}:space/{DomainId}/{SpaceName}",
    ),
    terraform=Terraform("aws_sagemaker_space"),
)

# what ListApps tells has no ARN, and apps of one name are many: an app is known by all of these together
APP = ResourceType(
    name="AWS::SageMaker::App",
    title="Studio app",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-app.html",
    ml=True,
    identifiers=("AppName", "AppType", "UserProfileName", "SpaceName", "DomainId"),
    properties={
        "AppName": STRING,
        "AppType": STRING,
        "DomainId": STRING,
        "UserProfileName": STRING,
        "SpaceName": STRING,
        "ResourceSpec": {"InstanceType": STRING, "LifecycleConfigArn": STRING},
    },
    runtime={"Status": STRING, "CreationTime": TIMESTAMP},
    references={
        "DomainId": _DOMAIN,
        "UserProfileName": _PROFILE,
        "SpaceName": ("AWS::SageMaker::Space",),
        "ResourceSpec.LifecycleConfigArn": _LIFECYCLE,
    },
    live=Live(listing=Call("sagemaker:ListApps", result="Apps[]")),
    terraform=Terraform("aws_sagemaker_app"),
)

STUDIO_LIFECYCLE_CONFIG = ResourceType(
    name="AWS::SageMaker::StudioLifecycleConfig",
    title="Studio lifecycle configuration",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-studiolifecycleconfig.html",
    ml=True,
    identifiers=("StudioLifecycleConfigName",),
    properties={
        "StudioLifecycleConfigName": STRING,
        "StudioLifecycleConfigAppType": ("JupyterServer", "KernelGateway", "CodeEditor", "JupyterLab"),
        "StudioLifecycleConfigContent": SCRIPT,
    },
    runtime={"CreationTime": TIMESTAMP},
    live=Live(
        listing=Call("sagemaker:ListStudioLifecycleConfigs", result="StudioLifecycleConfigs[]"),
        each=(
            Call(
                "sagemaker:DescribeStudioLifecycleConfig",
                args={"StudioLifecycleConfigName": "StudioLifecycleConfigName"},
            ),
        ),
        arn="StudioLifecycleConfigArn",
    ),
    terraform=Terraform("aws_sagemaker_studio_lifecycle_config"),
)

IMAGE = ResourceType(
    name="AWS::SageMaker::Image",
    title="Studio image",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sagemaker-image.html",
    ml=True,
    identifiers=("ImageName",),
    properties={"ImageName": STRING, "ImageRoleArn": STRING},
    runtime={"ImageStatus": STRING, "CreationTime": TIMESTAMP},
    references={"ImageRoleArn": _ROLE},
    live=Live(
        listing=Call("sagemaker:ListImages", result="Images[]"),
        each=(Call("sagemaker:DescribeImage", args={"ImageName": "ImageName"}),),
        names={"ImageRoleArn": "RoleArn"},
        arn="ImageArn",
    ),
    terraform=Terraform("aws_sagemaker_image", names={"ImageRoleArn": "role_arn"}),
)
