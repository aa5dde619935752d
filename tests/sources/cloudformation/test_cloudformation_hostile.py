"""Whatever a file holds, reading it ends soon, in an inventory or in one clear line."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.files.errors import InputError
from auditor.model.values import decode, encode
from auditor.sources.cloudformation import read_template
from auditor.sources.cloudformation.intrinsics import FUNCTIONS
from auditor.types import all_types


def nested(open_, close, depth, middle="a"):
    return open_ * depth + middle + close * depth


BOMBS = {
    "deep lists": "Resources: {A: {Type: b, Properties: {c: " + nested("[", "]", 3000) + "}}}",
    "deep functions": "Resources: {A: {Type: b, Properties: {c: " + nested("{'Fn::Base64': ", "}", 3000) + "}}}",
    "a long chain of conditions": "Conditions:\n"
    + "".join(f"  C{i}: !Not [!Condition C{i + 1}]\n" for i in range(5000))
    + "  C5000: !Equals [a, a]\nResources: {}",
    "text that doubles": "Resources: {A: {Type: b, Properties: {c: "
    + nested("!Sub ['${x}${x}${x}${x}', {x: ", "}]", 40, "long")
    + "}}}",
    "loops in loops": "Resources: "
    + "".join(f"{{'Fn::ForEach::L{i}': [N{i}, {list(range(40))}, " for i in range(8))
    + "{'A': {Type: b}}"
    + "]}" * 8,
    "loops in loops of a property": "Resources: {A: {Type: b, Properties: "
    + "".join(f"{{'Fn::ForEach::L{i}': [N{i}, {list(range(40))}, " for i in range(8))
    + "{'A': b}"
    + "]}" * 8
    + "}}",
    "aliases": "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(9))
    + "Resources: {}",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused(read, text):
    with pytest.raises(InputError, match=r"t\.yaml:\d+:\d+: .*(more than|deeper than|deep in|nesting depth)"):
        read(text)


ENDLESS = {
    "openings of a variable": ("!Sub '{}'", "${"),
    "dynamic references": ("'{}'", "{{resolve:}}"),
    "beginnings of a web token": ("'{}'", "eyJ-"),
}


@pytest.mark.parametrize(("value", "part"), ENDLESS.values(), ids=ENDLESS)
def test_what_could_take_hours_does_not(read, value, part):
    text = value.format(part * 200_000)
    (key,) = read(f"Resources: {{Key: {{Type: AWS::KMS::Key, Properties: {{Description: {text}}}}}}}").resources
    assert key.properties["Description"]


@pytest.mark.parametrize(
    ("open_", "close", "depth"),
    [("{a: ", "}", 92), ("[", "]", 92), ("{'Fn::Join': ['', [", "]]}", 30), ("!If [Is, ", ", b]", 92)],
)
def test_as_deep_as_is_read_at_all_is_evaluated(read, open_, close, depth):
    document = nested(open_, close, depth)
    text = "Conditions: {Is: !Equals [a, a]}\nResources: {Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: "
    (role,) = read(text + document + "}}}").resources
    assert decode(encode(role.properties)) == role.properties


def test_conditions_rest_on_each_other_as_deep_as_is_read(read):
    names = "".join(f"  C{i}: !Not [!Condition C{i + 1}]\n" for i in range(50))
    (key,) = read(
        f"Conditions:\n{names}  C50: !Equals [a, a]\n"
        "Resources: {Key: {Type: AWS::KMS::Key, Properties: {Enabled: !If [C0, true, false]}}}"
    ).resources
    assert key.properties == {"Enabled": True}


def test_many_possibilities_are_simply_unknown(read):
    values = ", ".join(f"v{i}" for i in range(20))
    (key,) = read(f"""\
        Parameters: {{A: {{Type: String, AllowedValues: [{values}]}}}}
        Resources: {{Key: {{Type: AWS::KMS::Key, Properties: {{Description: !Sub '${{A}}${{A}}${{A}}'}}}}}}
        """).resources
    assert [part.reason for part in key.properties["Description"].parts] == ["one of 20 values"] * 3


# -- anything at all -----------------------------------------------------------------------------------------------------------

NAMES = [
    "Free",
    "Choice",
    "Key",
    "Role",
    "Is",
    "Map",
    "a",
    "AWS::Region",
    "AWS::NoValue",
    "Key.Arn",
    "${Free}-${Key.Arn}",
    "{{resolve:x}}",
]
SCALARS = st.sampled_from([*NAMES, "", "x,y", 0, 1, -1, 2.5, True, None]) | st.text(max_size=5)
KEYS = st.sampled_from([*sorted(FUNCTIONS), "Fn::ForEach::L", "Fn::Nothing", "Key", "Value", *NAMES])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.tuples(KEYS, inner).map(lambda pair: dict([pair]))
        | st.tuples(st.sampled_from(["Fn::Sub", "Ref", "Fn::GetAtt"]), SCALARS).map(lambda pair: dict([pair]))
        | st.tuples(
            st.sampled_from(["Fn::Join", "Fn::Split", "Fn::Select", "Fn::Equals"]), st.lists(inner, min_size=2, max_size=2)
        ).map(lambda pair: dict([pair]))
        | st.tuples(
            st.sampled_from(["Fn::FindInMap", "Fn::If", "Fn::ForEach::M", "Fn::Cidr"]), st.lists(inner, min_size=3, max_size=3)
        ).map(lambda pair: dict([pair]))
    ),
    max_leaves=12,
)
RECORDS = [record for record in all_types().values() if record.cloudformation]
SATELLITES = sorted({(fold.type, fold.owner.removesuffix("[]")) for record in RECORDS for fold in record.folds})


@st.composite
def resources(draw):
    if draw(st.booleans()):
        kind, owner = draw(st.sampled_from(SATELLITES))
        properties = {owner: draw(VALUES), "PolicyName": draw(VALUES)}
    else:
        record = draw(st.sampled_from(RECORDS))
        kind = record.name
        names = draw(st.lists(st.sampled_from(sorted(record.properties)), max_size=3, unique=True))
        properties = {name: draw(VALUES) for name in [*names, *draw(st.sampled_from([[], ["Tags"]]))]}
    found = {"Type": kind, "Properties": draw(VALUES) if draw(st.integers(0, 9)) == 0 else properties}
    if draw(st.integers(0, 3)) == 0:
        found["Condition"] = draw(st.sampled_from(["Is", "Maybe", "Drawn", "Nothing"]))
    return found


@st.composite
def templates(draw):
    fixed = {
        "Parameters": {"Free": {"Type": "String"}, "Choice": {"Type": "String", "AllowedValues": ["a", "x,y", ""]}},
        "Mappings": {"Map": {"a": {"a": "x", "Free": [1, 2]}, "x": {"a": 1}}},
        "Conditions": {"Is": {"Fn::Equals": [1, 1]}, "Maybe": {"Fn::Equals": [{"Ref": "Free"}, "x"]}},
        "Resources": {"Key": {"Type": "AWS::KMS::Key"}, "Role": {"Type": "AWS::IAM::Role"}, "Drawn": draw(resources())},
    }
    if draw(st.integers(0, 3)) == 0:
        fixed["Conditions"]["Drawn"] = draw(VALUES)
    if draw(st.booleans()):
        fixed["Transform"] = draw(st.sampled_from(["Mine", "AWS::LanguageExtensions", ["AWS::Serverless-2016-10-31"]]))
    if draw(st.integers(0, 4)) == 0:
        section = draw(st.sampled_from([*fixed, "Outputs"]))
        fixed[section] = draw(VALUES)
    return fixed


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(template=templates())
def test_any_template_is_an_inventory_or_one_line(tmp_path, template):
    path = tmp_path / "t.json"
    path.write_text(json.dumps(template), encoding="utf-8")
    try:
        inventory = read_template(path, all_types())
    except InputError as error:
        assert error.file == str(path)
        assert "\n" not in str(error)
        return
    for resource in inventory.resources:
        assert decode(encode(resource.properties)) == resource.properties
        for path_in, origin in resource.origins.items():
            assert origin.line > 0, path_in
        for name in all_types()[resource.type].references.values():
            inventory.referrers(resource, resource.type)
            inventory.resolve(next(iter(resource.properties.values()), None), name, resource)


# -- real ones -----------------------------------------------------------------------------------------------------------------

SHARED = Path(os.environ.get("AUDITOR_SHARED", Path(__file__).parents[4] / "shared")) / "cases" / "gate" / "templates"
REAL = sorted(SHARED.iterdir()) if SHARED.is_dir() else []


@pytest.mark.skipif(not REAL, reason="the folder of real templates is not beside the checkout")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_a_real_template_is_read(path):
    inventory = read_template(path, all_types())
    text = path.read_text(encoding="utf-8")
    for resource in inventory.resources:
        line = text.splitlines()[resource.origin.line - 1]
        assert line[resource.origin.column - 1 :].lstrip("\"'").startswith(resource.id)
