"""What is known of the money: production is watched, the sandbox is not."""

from __future__ import annotations

from typing import Final

from auditor.demo.platform import OUTPOST, PRODUCTION, SANDBOX
from auditor.demo.steps import Site, Step, Steps, Told


def _budget(account: str, name: str, amount: str, *notified: str) -> Steps:
    """A monthly cost budget that tells the addresses ``notified``."""
    notification = {"NotificationType": "FORECASTED", "ComparisonOperator": "GREATER_THAN", "Threshold": 100.0}
    subscribers = [{"SubscriptionType": "EMAIL", "Address": address} for address in notified]
    params = {
        "AccountId": account,
        "Budget": {
            "BudgetName": name,
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": amount, "Unit": "USD"},
        },
        "NotificationsWithSubscribers": [{"Notification": notification, "Subscribers": subscribers}] if notified else [],
    }
    return (Step("budgets:CreateBudget", params),)


_MONITOR: Final = f"arn:aws:ce::{PRODUCTION}:anomalymonitor/1f7c2a50-halyard-services"

_WATCHED: Final = (
    Told(
        "ce:GetAnomalyMonitors",
        {"AnomalyMonitors": [{"MonitorArn": _MONITOR, "MonitorName": "services", "MonitorType": "DIMENSIONAL"}]},
    ),
    Told(
        "ce:GetAnomalySubscriptions",
        {
            "AnomalySubscriptions": [
                {
                    "SubscriptionArn": f"arn:aws:ce::{PRODUCTION}:anomalysubscription/daily",
                    "SubscriptionName": "daily",
                    "MonitorArnList": [_MONITOR],
                    "Subscribers": [{"Type": "EMAIL", "Address": "ml-spend@halyard.example", "Status": "CONFIRMED"}],
                    "Frequency": "DAILY",
                }
            ]
        },
    ),
    Told("compute-optimizer:GetEnrollmentStatus", {"status": "Active", "memberAccountsEnrolled": False}),
)

SITES: Final = (
    Site(PRODUCTION, OUTPOST, _budget(PRODUCTION, "ml-platform", "40000", "ml-spend@halyard.example"), _WATCHED),
    Site(
        SANDBOX,
        OUTPOST,
        _budget(SANDBOX, "try-outs", "500"),
        (Told("compute-optimizer:GetEnrollmentStatus", {"status": "Inactive", "memberAccountsEnrolled": False}),),
    ),
)
