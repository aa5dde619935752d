"""Whatever AWS answers: nothing is raised, and "there is none" is only said where it was answered."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.values import Unknown
from auditor.sources.aws.shapes import flaw
from tests.sources.aws.wire import Wire, answer, only, read, shared

MODEL = "AWS::SageMaker::Model"
KEYS = st.sampled_from(
    ["Models", "ModelName", "ModelArn", "NextToken", "VpcConfig", "Subnets", "Containers", "Environment", "x"]
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), st.just("model"))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
BODIES = st.one_of(VALUES.map(json.dumps).map(str.encode), st.binary(max_size=40))
relaxed = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@relaxed
@given(body=BODIES)
def test_any_listing(account, body):
    inventory = read(Wire({"sagemaker.ListModels": answer(200, body)}), types=[MODEL])
    listed = [gap for gap in inventory.gaps if not gap.resource]
    if not inventory.of_type(MODEL) and not listed:
        assert json.loads(body)["Models"] == []


@relaxed
@given(body=BODIES)
def test_any_description(account, body):
    inventory = read(Wire({"sagemaker.DescribeModel": answer(200, body)}), types=[MODEL])
    model = only(inventory, MODEL)
    if not any(isinstance(value, Unknown) for value in model.properties.values()):
        assert json.loads(body)["ModelName"] == "model"
    else:
        assert [gap.resource for gap in inventory.gaps] == ["model"]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(value=VALUES)
def test_a_flaw_is_told_in_words_or_the_value_fits(account, value):
    shape = shared().model("sagemaker:DescribeModel").output_shape
    found = flaw(value, shape)
    assert found.startswith("answer") if found else isinstance(value, dict)
