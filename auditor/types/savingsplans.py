"""AWS Savings Plans. It is one service for all regions."""

from auditor.model.resource_type import STRING, Call, Live, ResourceType

SAVINGS_PLAN = ResourceType(
    name="AWS::SavingsPlans::SavingsPlan",
    title="savings plan",
    source="https://docs.aws.amazon.com/savingsplans/latest/APIReference/API_SavingsPlan.html",
    cloudformation=False,
    everywhere=True,
    identifiers=("SavingsPlanId",),
    properties={
        "SavingsPlanId": STRING,
        "SavingsPlanType": STRING,
        "PaymentOption": STRING,
        "Commitment": STRING,
        "Currency": STRING,
        "Region": STRING,
        "Start": STRING,
        "End": STRING,
    },
    runtime={"State": STRING},
    live=Live(
        scope="global",
        # what is over commits to nothing
        listing=Call(
            "savingsplans:DescribeSavingsPlans",
            params={"states": ["active", "queued", "payment-pending"], "maxResults": 1000},
            result="savingsPlans[]",
        ),
        names={
            "SavingsPlanId": "savingsPlanId",
            "SavingsPlanType": "savingsPlanType",
            "PaymentOption": "paymentOption",
            "Commitment": "commitment",
            "Currency": "currency",
            "Region": "region",
            "Start": "start",
            "End": "end",
            "runtime.State": "state",
        },
        arn="savingsPlanArn",
    ),
)
