"""What reading an account takes in calls: the cheap listings are what this program is proud of."""

from __future__ import annotations

from collections import Counter
from unittest.mock import patch

import pytest
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from auditor.demo.backend import Backend
from auditor.demo.beside import Beside
from auditor.sources.aws import collect
from auditor.sources.aws.permissions import operations
from auditor.types import all_types
from benchmarks.live_scan import build
from tests.sources.aws.conftest import HERE
from tests.sources.aws.wire import session


def cost(size):
    """The calls, by operation, and the number of resources of an account with ``size`` of each kind of machine learning."""
    calls, resources = Counter(), 0
    backend = Backend(BotocoreStubber.__call__, Beside(frozenset(operations(all_types()))))
    with mock_aws(), patch.object(BotocoreStubber, "__call__", backend.handler()):
        build(size)
        for batch in collect(session(), all_types(), [HERE]):
            calls.update(batch.calls)
            resources += len(batch.resources)
    return calls, resources


@pytest.fixture(scope="module")
def costs():
    return cost(1), cost(12)


def test_at_most_a_call_and_a_fifth_for_each_resource(costs):
    (few, one), (many, dozen) = costs
    assert (many.total() - few.total()) / (dozen - one) <= 1.2


def test_nothing_is_asked_about_but_what_cannot_be_listed_whole(costs):
    (few, _), (many, _) = costs
    of_each = {operation for operation, count in many.items() if count - few[operation] >= 11}
    assert of_each == {f"sagemaker:Describe{kind}" for kind in ("NotebookInstance", "Model", "EndpointConfig")}
