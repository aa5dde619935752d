"""The account and its regions, as subjects of their own."""

from auditor.model.resource_type import INTEGER, STRING, Call, Live, ResourceType

ACCOUNT = ResourceType(
    name="Auditor::Account",
    title="account",
    source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html",
    cloudformation=False,
    everywhere=True,
    properties={
        "AccountMFAEnabled": INTEGER,
        "AccountAccessKeysPresent": INTEGER,
        "AccountPasswordPresent": INTEGER,
        "AccountSigningCertificatesPresent": INTEGER,
    },
    live=Live(
        scope="global",
        listing=Call("iam:GetAccountSummary", result="SummaryMap"),
        arn="arn:{partition}:iam::{account}:root",
    ),
)

REGION = ResourceType(
    name="Auditor::Region",
    title="region",
    source="https://docs.aws.amazon.com/general/latest/gr/rande-manage.html",
    cloudformation=False,
    everywhere=True,
    identifiers=("RegionName",),
    properties={"RegionName": STRING},
)
