"""Trusted Advisor in two calls, and what an account without a support plan for it has: nothing, which is known."""

import pytest

from auditor.types.support import TRUSTED_ADVISOR_CHECK
from tests.sources.aws.test_calls import body, gaps, ok, read
from tests.sources.aws.wire import Wire, error

CHECKS, SUMMARIES = "support.DescribeTrustedAdvisorChecks", "support.DescribeTrustedAdvisorCheckSummaries"


def check(name):
    return {"id": name, "name": name, "description": "", "category": "cost_optimizing", "metadata": []}


def summary(name):
    return {
        "checkId": name,
        "timestamp": "2026-11-24T08:00:00Z",
        "status": "warning",
        "hasFlaggedResources": True,
        "resourcesSummary": dict.fromkeys(
            ("resourcesProcessed", "resourcesFlagged", "resourcesIgnored", "resourcesSuppressed"), 2
        ),
        "categorySpecificSummary": {"costOptimizing": {"estimatedMonthlySavings": 40.5, "estimatedPercentMonthlySavings": 0.1}},
    }


def test_all_checks_are_asked_about_at_once():
    def summaries(request, count):
        return ok(summaries=[summary(name) for name in body(request)["checkIds"]])(request, count)

    wire = Wire({CHECKS: ok(checks=[check("one"), check("two")]), SUMMARIES: summaries})
    found = {item.id: item for item in read(TRUSTED_ADVISOR_CHECK, wire).of_type(TRUSTED_ADVISOR_CHECK.name)}
    assert sorted(found) == ["one", "two"]
    assert found["one"].properties == {"CheckId": "one", "Status": "warning"}
    assert found["one"].runtime["EstimatedMonthlySavings"] == 40.5
    assert wire.asked.count(SUMMARIES) == 1


@pytest.mark.parametrize(
    ("code", "unread"),
    [("SubscriptionRequiredException", []), ("AccessDeniedException", ["support:DescribeTrustedAdvisorChecks"])],
)
def test_without_a_support_plan_there_is_nothing_and_without_the_right_nobody_knows(code, unread):
    inventory = read(TRUSTED_ADVISOR_CHECK, Wire({CHECKS: error(code)}))
    assert list(inventory.of_type(TRUSTED_ADVISOR_CHECK.name)) == []
    assert [operation for operation, *_ in gaps(inventory)] == unread
