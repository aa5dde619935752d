"""AWS Compute Optimizer."""

from auditor.model.resource_type import BOOLEAN, NUMBER, STRING, Call, Live, ResourceType

ENROLLMENT = ResourceType(
    name="AWS::ComputeOptimizer::EnrollmentStatus",
    title="Compute Optimizer enrollment",
    source="https://docs.aws.amazon.com/compute-optimizer/latest/APIReference/API_GetEnrollmentStatus.html",
    cloudformation=False,
    everywhere=True,
    properties={
        "Status": ("Active", "Inactive", "Pending", "Failed"),
        "StatusReason": STRING,
        "MemberAccountsEnrolled": BOOLEAN,
    },
    live=Live(
        # an account is enrolled as a whole
        scope="global",
        listing=Call("compute-optimizer:GetEnrollmentStatus"),
        names={
            "Status": "status",
            "StatusReason": "statusReason",
            "MemberAccountsEnrolled": "memberAccountsEnrolled",
        },
    ),
)

RECOMMENDATION_SUMMARY = ResourceType(
    name="AWS::ComputeOptimizer::RecommendationSummary",
    title="Compute Optimizer summary",
    source="https://docs.aws.amazon.com/compute-optimizer/latest/APIReference/API_RecommendationSummary.html",
    cloudformation=False,
    everywhere=True,
    identifiers=("ResourceType",),
    properties={
        "ResourceType": STRING,
        "Summaries": [{"Name": STRING, "Value": NUMBER}],
        "SavingsOpportunity": {
            "SavingsOpportunityPercentage": NUMBER,
            "EstimatedMonthlySavings": {"Currency": STRING, "Value": NUMBER},
        },
    },
    live=Live(
        listing=Call(
            "compute-optimizer:GetRecommendationSummaries",
            result="recommendationSummaries[]",
            # an account that is not enrolled has none
            absent=("OptInRequiredException",),
        ),
        names={
            "ResourceType": "recommendationResourceType",
            "Summaries": "summaries",
            "Summaries[].Name": "name",
            "Summaries[].Value": "value",
            "SavingsOpportunity": "savingsOpportunity",
            "SavingsOpportunity.SavingsOpportunityPercentage": "savingsOpportunityPercentage",
            "SavingsOpportunity.EstimatedMonthlySavings": "estimatedMonthlySavings",
            "SavingsOpportunity.EstimatedMonthlySavings.Currency": "currency",
            "SavingsOpportunity.EstimatedMonthlySavings.Value": "value",
        },
    ),
)
