"""AWS Identity and Access Management."""

from auditor.model.resource_type import INTEGER, JSON, STRING, TIMESTAMP, Call, Fold, Live, ResourceType, Terraform

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
        "Policies": [{"PolicyName": STRING, "PolicyDocument": JSON}],
        "PermissionsBoundary": STRING,
        "MaxSessionDuration": INTEGER,
    },
    runtime={"CreateDate": TIMESTAMP},
    references={
        "ManagedPolicyArns[]": ("AWS::IAM::ManagedPolicy",),
        "PermissionsBoundary": ("AWS::IAM::ManagedPolicy",),
    },
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
    properties={"ManagedPolicyName": STRING, "Path": STRING, "PolicyDocument": JSON, "Roles": [STRING]},
    references={"Roles[]": ("AWS::IAM::Role",)},
    live=Live(
        scope="global",
        listing=Call("iam:GetAccountAuthorizationDetails", params={"Filter": ["LocalManagedPolicy"]}, result="Policies[]"),
        names={
            "ManagedPolicyName": "PolicyName",
            "PolicyDocument": "PolicyVersionList[IsDefaultVersion=true].Document",
            # an account tells attachments with the roles, and all of them
            "Roles": "",
        },
        arn="Arn",
    ),
    terraform=Terraform("aws_iam_policy", names={"ManagedPolicyName": "name", "PolicyDocument": "policy", "Roles": ""}),
)
