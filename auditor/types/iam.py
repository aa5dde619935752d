"""AWS Identity and Access Management."""

from auditor.model.resource_type import (
    BOOLEAN,
    INTEGER,
    JSON,
    STRING,
    TIMESTAMP,
    Call,
    Fold,
    Live,
    ResourceType,
    Schema,
    Terraform,
)

_MANAGED_POLICY = ("AWS::IAM::ManagedPolicy",)
_POLICIES: Schema = [{"PolicyName": STRING, "PolicyDocument": JSON}]

ROLE = ResourceType(
    name="AWS::IAM::Role",
    title="role",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-role.html",
    identifiers=("RoleName",),
    properties={
        "RoleName": STRING,
        "Path": STRING,
        "AssumeRolePolicyDocument": JSON,
        "ManagedPolicyArns": [STRING],
        "Policies": _POLICIES,
        "PermissionsBoundary": STRING,
        "MaxSessionDuration": INTEGER,
    },
    runtime={"CreateDate": TIMESTAMP, "LastUsedDate": TIMESTAMP},
    references={"ManagedPolicyArns[]": _MANAGED_POLICY, "PermissionsBoundary": _MANAGED_POLICY},
    # whom SageMaker and Bedrock run as: sagemaker.amazonaws.com, bedrock.amazonaws.com, bedrock-agentcore.amazonaws.com
    marks={"AssumeRolePolicyDocument": r"\b(?:sagemaker|bedrock)[a-z.-]*\.amazonaws\.com"},
    folds=(
        Fold("AWS::IAM::Policy", owner="Roles[]", into="Policies[]"),
        Fold("AWS::IAM::RolePolicy", owner="RoleName", into="Policies[]"),
    ),
    live=Live(
        scope="global",
        listing=Call("iam:GetAccountAuthorizationDetails", params={"Filter": ["Role"]}, result="RoleDetailList[]"),
        names={
            "Policies": "RolePolicyList",
            "ManagedPolicyArns": "AttachedManagedPolicies",
            "ManagedPolicyArns[]": "PolicyArn",
            "PermissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn",
            "runtime.LastUsedDate": "RoleLastUsed.LastUsedDate",
        },
        untold=("MaxSessionDuration",),
        arn="Arn",
    ),
    terraform=Terraform(
        "aws_iam_role",
        names={
            "RoleName": "name",
            "AssumeRolePolicyDocument": "assume_role_policy",
            "Policies": "inline_policy",
            "Policies[].PolicyName": "name",
            "Policies[].PolicyDocument": "policy",
        },
        folds=(
            Fold(
                "aws_iam_role_policy",
                owner="role",
                into="Policies[]",
                names={"PolicyName": "name", "PolicyDocument": "policy"},
            ),
            Fold("aws_iam_role_policy_attachment", owner="role", into="ManagedPolicyArns[]", names={"": "policy_arn"}),
            Fold(
                "aws_iam_role_policy_attachments_exclusive",
                owner="role_name",
                into="ManagedPolicyArns",
                names={"": "policy_arns"},
            ),
            Fold("aws_iam_policy_attachment", owner="roles[]", into="ManagedPolicyArns[]", names={"": "policy_arn"}),
        ),
    ),
)

MANAGED_POLICY = ResourceType(
    name="AWS::IAM::ManagedPolicy",
    title="managed policy",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-managedpolicy.html",
    identifiers=("ManagedPolicyName",),
    properties={
        "ManagedPolicyName": STRING,
        "Path": STRING,
        "PolicyDocument": JSON,
        "Roles": [STRING],
        "Users": [STRING],
        "Groups": [STRING],
    },
    references={"Roles[]": ("AWS::IAM::Role",), "Users[]": ("AWS::IAM::User",), "Groups[]": ("AWS::IAM::Group",)},
    part_of=("Roles[]", "Users[]", "Groups[]"),
    live=Live(
        scope="global",
        listing=Call(
            "iam:GetAccountAuthorizationDetails",
            params={"Filter": ["LocalManagedPolicy", "AWSManagedPolicy"]},
            result="Policies[]",
        ),
        names={
            "ManagedPolicyName": "PolicyName",
            "PolicyDocument": "PolicyVersionList[IsDefaultVersion=true].Document",
            # an account tells attachments with the roles, users and groups, and all of them
            "Roles": "",
            "Users": "",
            "Groups": "",
        },
        arn="Arn",
    ),
    terraform=Terraform(
        "aws_iam_policy",
        names={"ManagedPolicyName": "name", "PolicyDocument": "policy", "Roles": "", "Users": "", "Groups": ""},
    ),
)

USER = ResourceType(
    name="AWS::IAM::User",
    title="user",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html",
    everywhere=True,
    identifiers=("UserName",),
    properties={
        "UserName": STRING,
        "Path": STRING,
        "Groups": [STRING],
        "ManagedPolicyArns": [STRING],
        "Policies": _POLICIES,
        "PermissionsBoundary": STRING,
    },
    runtime={"CreateDate": TIMESTAMP},
    references={
        "Groups[]": ("AWS::IAM::Group",),
        "ManagedPolicyArns[]": _MANAGED_POLICY,
        "PermissionsBoundary": _MANAGED_POLICY,
    },
    folds=(
        Fold("AWS::IAM::Policy", owner="Users[]", into="Policies[]"),
        Fold("AWS::IAM::UserPolicy", owner="UserName", into="Policies[]"),
        Fold("AWS::IAM::UserToGroupAddition", owner="Users[]", into="Groups[]", names={"": "GroupName"}),
    ),
    live=Live(
        scope="global",
        listing=Call("iam:GetAccountAuthorizationDetails", params={"Filter": ["User"]}, result="UserDetailList[]"),
        names={
            "Groups": "GroupList",
            "ManagedPolicyArns": "AttachedManagedPolicies",
            "ManagedPolicyArns[]": "PolicyArn",
            "Policies": "UserPolicyList",
            "PermissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn",
        },
        arn="Arn",
    ),
    terraform=Terraform(
        "aws_iam_user",
        names={"UserName": "name", "Groups": "", "ManagedPolicyArns": "", "Policies": ""},
        folds=(
            Fold(
                "aws_iam_user_policy",
                owner="user",
                into="Policies[]",
                names={"PolicyName": "name", "PolicyDocument": "policy"},
            ),
            Fold("aws_iam_user_policy_attachment", owner="user", into="ManagedPolicyArns[]", names={"": "policy_arn"}),
            Fold("aws_iam_policy_attachment", owner="users[]", into="ManagedPolicyArns[]", names={"": "policy_arn"}),
            Fold("aws_iam_user_group_membership", owner="user", into="Groups", names={"": "groups"}),
            Fold("aws_iam_group_membership", owner="users[]", into="Groups[]", names={"": "group"}),
        ),
    ),
)

GROUP = ResourceType(
    name="AWS::IAM::Group",
    title="group",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html",
    identifiers=("GroupName",),
    properties={"GroupName": STRING, "Path": STRING, "ManagedPolicyArns": [STRING], "Policies": _POLICIES},
    references={"ManagedPolicyArns[]": _MANAGED_POLICY},
    folds=(
        Fold("AWS::IAM::Policy", owner="Groups[]", into="Policies[]"),
        Fold("AWS::IAM::GroupPolicy", owner="GroupName", into="Policies[]"),
    ),
    live=Live(
        scope="global",
        listing=Call("iam:GetAccountAuthorizationDetails", params={"Filter": ["Group"]}, result="GroupDetailList[]"),
        names={
            "ManagedPolicyArns": "AttachedManagedPolicies",
            "ManagedPolicyArns[]": "PolicyArn",
            "Policies": "GroupPolicyList",
        },
        arn="Arn",
    ),
    terraform=Terraform(
        "aws_iam_group",
        names={"GroupName": "name", "ManagedPolicyArns": "", "Policies": ""},
        folds=(
            Fold(
                "aws_iam_group_policy",
                owner="group",
                into="Policies[]",
                names={"PolicyName": "name", "PolicyDocument": "policy"},
            ),
            Fold("aws_iam_group_policy_attachment", owner="group", into="ManagedPolicyArns[]", names={"": "policy_arn"}),
            Fold("aws_iam_policy_attachment", owner="groups[]", into="ManagedPolicyArns[]", names={"": "policy_arn"}),
        ),
    ),
)

CREDENTIALS = ResourceType(
    name="AWS::IAM::CredentialReport",
    title="credentials",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html",
    cloudformation=False,
    everywhere=True,
    identifiers=("User",),
    properties={
        "User": STRING,
        "PasswordEnabled": BOOLEAN,
        "PasswordLastUsed": TIMESTAMP,
        "PasswordLastChanged": TIMESTAMP,
        "MfaActive": BOOLEAN,
        "AccessKey1Active": BOOLEAN,
        "AccessKey1LastRotated": TIMESTAMP,
        "AccessKey1LastUsedDate": TIMESTAMP,
        "AccessKey2Active": BOOLEAN,
        "AccessKey2LastRotated": TIMESTAMP,
        "AccessKey2LastUsedDate": TIMESTAMP,
    },
    references={"User": ("AWS::IAM::User",)},
    live=Live(
        scope="global",
        prepare=Call("iam:GenerateCredentialReport"),
        listing=Call("iam:GetCredentialReport", result="Content", form="csv"),
        names={
            "User": "user",
            "PasswordEnabled": "password_enabled",
            "PasswordLastUsed": "password_last_used",
            "PasswordLastChanged": "password_last_changed",
            "MfaActive": "mfa_active",
            "AccessKey1Active": "access_key_1_active",
            "AccessKey1LastRotated": "access_key_1_last_rotated",
            "AccessKey1LastUsedDate": "access_key_1_last_used_date",
            "AccessKey2Active": "access_key_2_active",
            "AccessKey2LastRotated": "access_key_2_last_rotated",
            "AccessKey2LastUsedDate": "access_key_2_last_used_date",
        },
        arn="arn",
    ),
)
