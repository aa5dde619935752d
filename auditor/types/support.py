"""AWS Support."""

from auditor.model.resource_type import BOOLEAN, INTEGER, NUMBER, STRING, Call, Live, ResourceType

# Trusted Advisor speaks to accounts with a support plan alone: of another it is known that there is nothing, not unread
_WITHOUT_PLAN = ("SubscriptionRequiredException",)

TRUSTED_ADVISOR_CHECK = ResourceType(
    name="AWS::Support::TrustedAdvisorCheck",
    title="Trusted Advisor check",
    source="https://docs.aws.amazon.com/awssupport/latest/APIReference/API_TrustedAdvisorCheckSummary.html",
    cloudformation=False,
    everywhere=True,
    identifiers=("CheckId",),
    properties={"CheckId": STRING, "Status": STRING},
    runtime={
        "Timestamp": STRING,
        "HasFlaggedResources": BOOLEAN,
        "ResourcesSummary": {"ResourcesProcessed": INTEGER, "ResourcesFlagged": INTEGER},
        "EstimatedMonthlySavings": NUMBER,
    },
    live=Live(
        # it answers in us-east-1 alone:
        # https://docs.aws.amazon.com/awssupport/latest/APIReference/API_DescribeTrustedAdvisorCheckSummaries.html
        scope="global",
        parents=Call("support:DescribeTrustedAdvisorChecks", params={"language": "en"}, absent=_WITHOUT_PLAN),
        listing=Call(
            "support:DescribeTrustedAdvisorCheckSummaries",
            args={"checkIds": "checks[].id"},
            result="summaries[]",
            absent=_WITHOUT_PLAN,
        ),
        names={
            "CheckId": "checkId",
            "Status": "status",
            "runtime.Timestamp": "timestamp",
            "runtime.HasFlaggedResources": "hasFlaggedResources",
            "runtime.ResourcesSummary": "resourcesSummary",
            "runtime.ResourcesSummary.ResourcesProcessed": "resourcesProcessed",
            "runtime.ResourcesSummary.ResourcesFlagged": "resourcesFlagged",
            "runtime.EstimatedMonthlySavings": "categorySpecificSummary.costOptimizing.estimatedMonthlySavings",
        },
        arn="arn:{partition}:trustedadvisor:::check/{checkId}",
    ),
)
