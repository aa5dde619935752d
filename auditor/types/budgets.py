"""AWS Budgets. It is one service for all regions."""

from auditor.model.resource_type import ACCOUNT_ID, NUMBER, STRING, TIMESTAMP, Call, Live, ResourceType, Schema

_SPEND: Schema = {"Amount": STRING, "Unit": STRING}

BUDGET = ResourceType(
    name="AWS::Budgets::Budget",
    title="budget",
    source="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html",
    # a template's has another shape, in which its name is no property of its own
    cloudformation=False,
    everywhere=True,
    identifiers=("BudgetName",),
    properties={
        "BudgetName": STRING,
        "BudgetType": STRING,
        "BudgetLimit": _SPEND,
        "TimeUnit": STRING,
        "Notifications": [
            {"NotificationType": STRING, "ComparisonOperator": STRING, "Threshold": NUMBER, "ThresholdType": STRING}
        ],
    },
    runtime={"CalculatedSpend": {"ActualSpend": _SPEND, "ForecastedSpend": _SPEND}, "LastUpdatedTime": TIMESTAMP},
    live=Live(
        scope="global",
        listing=Call("budgets:DescribeBudgets", params={"AccountId": ACCOUNT_ID}, result="Budgets[]"),
        each=(
            Call(
                "budgets:DescribeNotificationsForBudget",
                params={"AccountId": ACCOUNT_ID},
                args={"BudgetName": "BudgetName"},
                result="Notifications[]",
                into="Notifications",
                provides=("Notifications",),
            ),
        ),
        arn="arn:{partition}:budgets::{account}:budget/{BudgetName}",
        # one action lets both be read:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html
        actions=dict.fromkeys(("budgets:DescribeBudgets", "budgets:DescribeNotificationsForBudget"), "budgets:ViewBudget"),
    ),
)
