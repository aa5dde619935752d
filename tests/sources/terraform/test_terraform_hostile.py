"""Files that are no plan, are broken, or mean harm: one clear line each, and never anything else."""

from __future__ import annotations

import copy
import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.files.errors import InputError
from auditor.model.inventory import Inventory
from auditor.model.values import encode
from auditor.sources.terraform import looks_like_plan, read_plan
from auditor.sources.terraform.document import MAX_DEPTH
from auditor.types import all_types
from tests.sources.terraform.plans import ESTATE, plan, read, resource

ROOT = "planned_values.root_module"
MODEL = resource("aws_sagemaker_model.m", {"name": "m"})


def _planned(root):
    return plan(planned_values={"root_module": root})


def _deep(levels):
    value: list = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ("{", ":1:2: not JSON: "),
        ("", ":1:1: not JSON: "),
        ("PK\x03\x04plan", ": a plan in Terraform's own binary form; write it with: terraform show -json PLAN"),
        ("[" * 5000 + "]" * 5000, ":1:10"),
        ('{"a": NaN}', ":1:7: not JSON: "),
        ("[1]", ": not a plan but a list; "),
        ("null", ": not a plan but nothing; "),
        ({}, ": not a plan: it has no format_version; "),
        ({"version": 4, "serial": 1, "lineage": "x", "resources": []}, ": a state file, not a plan; "),
        ({"format_version": "1.0", "values": {}}, ": a state as JSON, not a plan; "),
        ({"format_version": "1.0"}, ": the plan has no planned_values; "),
        ({"Resources": {}}, ": not a plan: "),
        (plan(format_version="2.0"), ": format_version: version 0 or 1 of the plan format expected, found '2.0'"),
        (plan(format_version=1), ": format_version: version 0 or 1 "),
        (plan(errored=True), ": planning failed, so this is only part of a plan; "),
        (plan(x=_deep(300)), ": nested deeper than 200 levels"),
        (plan(planned_values=[]), ": planned_values: a mapping expected, found a list"),
        (plan(planned_values={"root_module": 1}), f": {ROOT}: a mapping expected, found a number"),
        (_planned({"resources": {}}), f": {ROOT}.resources: a list expected, found a mapping"),
        (_planned({"resources": [True]}), f": {ROOT}.resources[0]: a mapping expected, found true or false"),
        (_planned({"resources": [{}]}), f": {ROOT}.resources[0].address: text expected, found nothing"),
        (_planned({"child_modules": [{}]}), f": {ROOT}.child_modules[0].address: text expected, found nothing"),
        (
            _planned({"child_modules": [{"address": "module.a", "resources": [{"address": "module.a.x.y", "type": 1}]}]}),
            f": {ROOT}.child_modules[0].resources[0].type: text expected, found a number",
        ),
        (
            _planned({"child_modules": [{"address": ".".join(["module.a"] * 51)}]}),
            f": {ROOT}.child_modules[0].address: more than 50 modules inside one another",
        ),
        (plan(MODEL, MODEL), ": aws_sagemaker_model.m: this address stands twice"),
        (plan(MODEL, resource_changes={}), ": resource_changes: a list expected, found a mapping"),
        (plan(MODEL, resource_changes=[{"address": "a"}]), ": resource_changes[0].change: a mapping expected, found nothing"),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path, document, error):
    with pytest.raises(InputError) as caught:
        read(document, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'plan.json'}{error}")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_plan(tmp_path / "none.json", all_types())


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.2", "1.99"])
def test_versions_that_are_read(tmp_path, version):
    assert len(read(plan(MODEL, format_version=version, complete=False), tmp_path).resources) == 1


def test_an_empty_plan_and_one_with_a_mark_before_it(tmp_path):
    assert read(plan(), tmp_path).resources == []
    path = tmp_path / "marked.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(plan(MODEL)).encode())
    assert len(read_plan(path, all_types()).resources) == 1


def test_what_is_deleted_or_deposed_is_not_there(tmp_path):
    gone = {"address": "aws_sagemaker_model.gone", "mode": "managed", "change": {"actions": ["delete"], "after": None}}
    deposed = {**MODEL["change"], "deposed": "12ab", "change": {"actions": ["delete"], "after_unknown": {"name": True}}}
    document = plan(MODEL, resource_changes=[MODEL["change"], gone, deposed])
    assert [(item.id, item.properties) for item in read(document, tmp_path)] == [("aws_sagemaker_model.m", {"ModelName": "m"})]


@pytest.mark.parametrize(
    "policy", ["[" * 100_000, '{"a":' * 5_000 + "1" + "}" * 5_000, "not json", "{", '{"Statement": NaN}', "[" * 150 + "]" * 150]
)
def test_a_document_that_is_none_stays_text_or_is_read(tmp_path, policy):
    inventory = read(plan(resource("aws_iam_policy.p", {"policy": policy})), tmp_path)
    assert encode(dict(inventory.resources[0].properties))


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}])
@pytest.mark.parametrize("attribute", ["tags_all", "primary_container", "environment", "name"])
def test_values_that_nest_as_deep_as_is_read(tmp_path, wrap, attribute):
    value: object = "x"
    for _ in range(MAX_DEPTH - 7):
        value = wrap(value)
    model = resource("aws_sagemaker_model.m", {attribute: value}, unknown={attribute: value}, sensitive={attribute: value})
    found = read(plan(model), tmp_path).resources[0]
    assert encode(dict(found.properties)) is not None


def test_names_without_end(tmp_path):
    names = [".".join(["a"] * 20_000), "[" * 40_000, *(f"aws_kms_key.k{index}.arn" for index in range(500))]
    topic = resource("aws_sns_topic.t", unknown={"name": True}, expressions={"name": {"references": names}})
    keys = [resource(f"aws_kms_key.k{index}", unknown={"arn": True}) for index in range(500)]
    reason = read(plan(topic, *keys), tmp_path).resources[0].properties["TopicName"].reason
    assert reason.endswith(" and 196 more")


def test_modules_that_pass_their_inputs_round_in_a_circle(tmp_path):
    given = {"references": ["var.in"]}
    block = {"type": "aws_sns_topic", "name": "t", "mode": "managed", "expressions": {"name": given}}
    circle = {
        name: {
            "expressions": {"in": {"references": [f"module.{other}.out", f"module.{other}"]}},
            "module": {"outputs": {"out": {"expression": given}}, "resources": [block]},
        }
        for name, other in (("a", "b"), ("b", "a"))
    }
    topics = [resource("aws_sns_topic.t", unknown={"name": True}) for _ in range(2)]
    for name, topic in zip("ab", topics, strict=True):
        for part in ("planned", "change"):
            topic[part]["address"] = f"module.{name}.aws_sns_topic.t"
    modules = [{"address": f"module.{name}", "resources": [topic["planned"]]} for name, topic in zip("ab", topics, strict=True)]
    document = plan(
        planned_values={"root_module": {"child_modules": modules}},
        resource_changes=[topic["change"] for topic in topics],
        configuration={"root_module": {"module_calls": circle}},
    )
    assert [item.properties["TopicName"].reason for item in read(document, tmp_path)] == ["known after apply"] * 2


def test_a_long_way_through_modules_ends(tmp_path):
    calls = {
        f"m{index}": {
            "module": {"outputs": {"out": {"expression": {"references": [f"var.in{index}"]}}}},
            "expressions": {f"in{index}": {"references": [f"module.m{index + 1}.out"]}},
        }
        for index in range(3000)
    }
    topic = resource("aws_sns_topic.t", unknown={"name": True}, expressions={"name": {"references": ["module.m0.out"]}})
    children = [{"address": f"module.m{index}", "resources": []} for index in range(3000)]
    document = plan(topic)
    document["planned_values"]["root_module"]["child_modules"] = [
        {**child, "resources": [{"address": f"{child['address']}.null_resource.x", "type": "null_resource", "name": "x"}]}
        for child in children
    ]
    document["configuration"]["root_module"]["module_calls"] = calls
    assert "known after apply" in read(document, tmp_path).resources[0].properties["TopicName"].reason


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ODD = st.sampled_from(
    [
        "each.value",
        "module.network.x",
        "var.",
        "data.",
        {"references": ["count.index", "aws_kms_key.models"]},
        [None],
        [True],
        [[]],
        {"references": [1]},
        {"constant_value": []},
        {"": {}},
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON_VALUES)
def test_any_json_is_an_inventory_or_an_error(tmp_path, document):
    with pytest.raises(InputError):
        read(document, tmp_path)


def _places(value, place=()):
    yield place
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*place, key))


PLAN = json.loads(ESTATE.read_text())
PLACES = [place for place in _places(PLAN) if place]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(PLACES), JSON_VALUES | ODD), min_size=1, max_size=3))
def test_a_plan_with_anything_changed_is_an_inventory_or_an_error(tmp_path, changes):
    document = copy.deepcopy(PLAN)
    for place, value in changes:
        holder = document
        try:
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue
    try:
        inventory = read(document, tmp_path)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert isinstance(inventory, Inventory)
        assert json.dumps([encode(dict(item.properties)) for item in inventory])


@pytest.mark.parametrize(
    ("document", "answer"),
    [
        (PLAN, True),
        (plan(), True),
        ({"format_version": "1.0", "values": {}}, False),
        ({"Resources": {}}, False),
        ([], False),
        (None, False),
    ],
)
def test_looks_like_plan(document, answer):
    assert looks_like_plan(document) is answer


def test_reading_a_plan_imports_nothing_large():
    code = (
        "import sys; from pathlib import Path; from auditor.sources.terraform import read_plan; from auditor.types import all_types;"
        f"read_plan(Path({str(ESTATE)!r}), all_types());"
        "print(sorted({'boto3', 'botocore', 'networkx', 'pydantic', 'jinja2', 'rich', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
