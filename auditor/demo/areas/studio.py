"""Amazon SageMaker Studio: the fraud team's domain as it should be, that of recommendations open, the sandbox's wide open."""

from __future__ import annotations

import base64
import datetime
from typing import Any, Final

from auditor.demo.platform import FRAUD_KEY, HOME, PRODUCTION, SANDBOX
from auditor.demo.steps import Ref, Site, Step, Told, bucket

_SET_UP: Final = datetime.datetime(2026, 2, 9, 8, 30, tzinfo=datetime.UTC)
_WHEN_IDLE: Final = {
    "AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 120}}
}
_SHARED: Final = "halyard-studio-shared"


def _role(name: str, account: str = PRODUCTION) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def _arn(kind: str, name: str, account: str = PRODUCTION) -> str:
    return f"arn:aws:sagemaker:{HOME}:{account}:{kind}/{name}"


# -- domains --------------------------------------------------------------------------------------------------------------------


def _domain(name: str, network: str, subnets: tuple[str, ...], settings: dict[str, Any], **more: Any) -> Step:
    """A domain; moto makes its id of its name (``d-<name>``)."""
    params = {
        "DomainName": name,
        "VpcId": Ref(f"vpc/{network}"),
        "SubnetIds": [Ref(f"subnet/{subnet}") for subnet in subnets],
        "DefaultUserSettings": settings,
        **more,
    }
    return Step("sagemaker:CreateDomain", params)


_DOMAINS: Final = (
    *bucket(_SHARED, HOME),
    _domain(
        "fraud-studio",
        "ml-platform",
        ("private-a", "private-b"),
        {
            "ExecutionRole": _role("fraud-notebooks"),
            "SecurityGroups": [Ref("group/ml-platform")],
            "JupyterLabAppSettings": {
                **_WHEN_IDLE,
                "LifecycleConfigArns": [_arn("studio-lifecycle-config", "fraud-proxy")],
            },
            "CodeEditorAppSettings": _WHEN_IDLE,
        },
        AuthMode="SSO",
        AppNetworkAccessType="VpcOnly",
        KmsKeyId=FRAUD_KEY,
        DomainSettings={"ExecutionRoleIdentityConfig": "USER_PROFILE_NAME"},
    ),
    _domain(
        "recs-studio",
        "ml-platform",
        ("private-a", "public-a"),
        {
            "ExecutionRole": _role("recs-notebooks"),
            "JupyterLabAppSettings": {"LifecycleConfigArns": [_arn("studio-lifecycle-config", "recs-setup")]},
            "SharingSettings": {"NotebookOutputOption": "Allowed", "S3OutputPath": f"s3://{_SHARED}/recs/"},
        },
        AuthMode="IAM",
        DomainSettings={"DockerSettings": {"EnableDockerAccess": "ENABLED"}},
    ),
)

# -- people and what they work in -------------------------------------------------------------------------------------------------


def _profile(name: str, domain: str, **settings: Any) -> dict[str, Any]:
    return {
        "DomainId": f"d-{domain}",
        "UserProfileArn": _arn("user-profile", f"d-{domain}/{name}"),
        "UserProfileName": name,
        "Status": "InService",
        "CreationTime": _SET_UP,
        "UserSettings": settings,
    }


_PROFILES: Final = (
    _profile(
        "amara",
        "fraud-studio",
        ExecutionRole=_role("fraud-notebooks"),
        SharingSettings={"NotebookOutputOption": "Allowed", "S3OutputPath": f"s3://{_SHARED}/fraud/", "S3KmsKeyId": FRAUD_KEY},
    ),
    _profile(
        "joris",
        "recs-studio",
        ExecutionRole=_role("recs-training"),
        SharingSettings={"NotebookOutputOption": "Allowed", "S3OutputPath": f"s3://{_SHARED}/recs/"},
    ),
)
_LISTED: Final = ("DomainId", "UserProfileName", "Status", "CreationTime")


def _space(name: str, domain: str, owner: str, sharing: str) -> dict[str, Any]:
    return {
        "DomainId": f"d-{domain}",
        "SpaceName": name,
        "Status": "InService",
        "CreationTime": _SET_UP,
        "SpaceSettingsSummary": {"AppType": "JupyterLab", "RemoteAccess": "DISABLED"},
        "SpaceSharingSettingsSummary": {"SharingType": sharing},
        "OwnershipSettingsSummary": {"OwnerUserProfileName": owner},
    }


def _app(space: str, domain: str, kind: str) -> dict[str, Any]:
    return {
        "DomainId": f"d-{domain}",
        "SpaceName": space,
        "AppType": "JupyterLab",
        "AppName": "default",
        "Status": "InService",
        "CreationTime": _SET_UP,
        "ResourceSpec": {"InstanceType": kind},
    }


def _script(name: str, text: str) -> dict[str, Any]:
    return {
        "StudioLifecycleConfigArn": _arn("studio-lifecycle-config", name),
        "StudioLifecycleConfigName": name,
        "StudioLifecycleConfigAppType": "JupyterLab",
        "StudioLifecycleConfigContent": base64.b64encode(text.encode()).decode(),
        "CreationTime": _SET_UP,
    }


_SCRIPTS: Final = (
    _script(
        "fraud-proxy", "#!/bin/bash\necho 'index-url = https://packages.halyard.example/simple' > ~/.config/pip/pip.conf\n"
    ),
    _script("recs-setup", "#!/bin/bash\nexport WANDB_API_KEY=c91f07a4d2b84e5590aa\npip install -q wandb implicit\n"),
)
_IMAGES: Final = (
    {
        "ImageArn": _arn("image", "fraud-graph"),
        "ImageName": "fraud-graph",
        "ImageStatus": "CREATED",
        "RoleArn": _role("fraud-notebooks"),
        "CreationTime": _SET_UP,
        "LastModifiedTime": _SET_UP,
    },
)


def _without(member: str, items: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    return [{name: value for name, value in item.items() if name != member} for item in items]


_TOLD: Final = (
    Told(
        "sagemaker:ListUserProfiles",
        {"UserProfiles": [{name: profile[name] for name in _LISTED} for profile in _PROFILES]},
    ),
    *(Told("sagemaker:DescribeUserProfile", profile, asked=f'"{profile["UserProfileName"]}"') for profile in _PROFILES),
    Told(
        "sagemaker:ListSpaces",
        {
            "Spaces": [
                _space("amara-notebooks", "fraud-studio", "amara", "Private"),
                _space("recs-shared", "recs-studio", "joris", "Shared"),
            ]
        },
    ),
    Told(
        "sagemaker:ListApps",
        {
            "Apps": [
                _app("amara-notebooks", "fraud-studio", "ml.t3.xlarge"),
                _app("recs-shared", "recs-studio", "ml.g5.12xlarge"),
            ]
        },
    ),
    Told(
        "sagemaker:ListStudioLifecycleConfigs",
        {"StudioLifecycleConfigs": _without("StudioLifecycleConfigContent", _SCRIPTS)},
    ),
    *(
        Told("sagemaker:DescribeStudioLifecycleConfig", script, asked=f'"{script["StudioLifecycleConfigName"]}"')
        for script in _SCRIPTS
    ),
    Told("sagemaker:ListImages", {"Images": _without("RoleArn", _IMAGES)}),
    *(Told("sagemaker:DescribeImage", image, asked=f'"{image["ImageName"]}"') for image in _IMAGES),
)

SITES: Final = (
    Site(PRODUCTION, HOME, _DOMAINS, _TOLD),
    Site(
        SANDBOX,
        HOME,
        (
            Step(
                "ec2:DescribeVpcs", {"Filters": [{"Name": "is-default", "Values": ["true"]}]}, {"vpc/default": "Vpcs[0].VpcId"}
            ),
            Step(
                "ec2:DescribeSubnets",
                {"Filters": [{"Name": "default-for-az", "Values": ["true"]}]},
                {"subnet/default": "Subnets[0].SubnetId"},
            ),
            _domain(
                "sandbox-studio",
                "default",
                ("default",),
                {"ExecutionRole": _role("sandbox-everything", SANDBOX)},
                AuthMode="IAM",
            ),
        ),
    ),
)
