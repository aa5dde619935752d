"""What a plan's masks and the configuration's mentions make of one attribute."""

from __future__ import annotations

import json
from functools import reduce

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.resource_type import BOOLEAN, INTEGER, JSON, NUMBER, SCRIPT
from auditor.model.shape import snake
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Reference, Unknown, encode
from auditor.types import all_types
from tests.sources.terraform.plans import declared, mention, plan, properties, read, resource

NOTEBOOK = "aws_sagemaker_notebook_instance.n"
KEY = resource("aws_kms_key.k", unknown={"arn": True, "id": True, "key_id": True})
OTHER = resource("aws_kms_key.other", unknown={"arn": True})
NAMED = resource("aws_kms_key.named", {"arn": "arn:aws:kms:eu-west-1:123456789012:key/1"}, unknown={"arn": False})
EACH = [resource("aws_kms_key.each", unknown={"arn": True}, key=key) for key in ("a", "b")]
DATA = resource("data.aws_kms_key.late", unknown={"arn": True})
TWO = {"references": ["aws_kms_key.k.arn", "aws_kms_key.other.arn"]}
BOTH = Reference('aws_kms_key.each["a"]', "arn"), Reference('aws_kms_key.each["b"]', "arn")


def deferred(reason: str, present: Presence = Presence.YES) -> Unknown:
    return Unknown(Kind.DEFERRED, reason, present)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (mention("aws_kms_key.k.arn"), Reference("aws_kms_key.k", "arn")),
        ({"references": ["aws_kms_key.k"]}, Reference("aws_kms_key.k")),
        # what is known does not make a value unknown, so it is not what the value comes from
        ({"references": ["var.prefix", "aws_kms_key.k.arn", "aws_kms_key.k"]}, Reference("aws_kms_key.k", "arn")),
        ({"references": ["path.module", "aws_kms_key.named.arn", "aws_kms_key.k.arn"]}, Reference("aws_kms_key.k", "arn")),
        (TWO, deferred("known after apply, from aws_kms_key.k.arn, aws_kms_key.other.arn")),
        (mention("aws_kms_key.named.arn"), deferred("known after apply")),
        (mention("aws_kms_key.gone.arn"), deferred("known after apply")),
        (mention("local.key"), deferred("known after apply, from local.key")),
        ({"references": ["local.key", "aws_kms_key.k.arn"]}, deferred("known after apply, from local.key, aws_kms_key.k.arn")),
        (mention("data.aws_kms_key.late.arn"), deferred("known after apply, from data.aws_kms_key.late.arn")),
        (mention("data.aws_kms_key.never.arn"), deferred("known after apply, from data.aws_kms_key.never.arn")),
        ({"references": ["data.aws_region.now.name", "aws_kms_key.k.arn"]}, Reference("aws_kms_key.k", "arn")),
        ({}, deferred("known after apply")),
        # instances
        ({"references": ['aws_kms_key.each["b"].arn', 'aws_kms_key.each["b"]', "aws_kms_key.each"]}, BOTH[1]),
        (mention("aws_kms_key.each.arn"), OneOf(BOTH)),
        # the configuration leaves it to the provider
        (None, None),
        # what cannot be understood is never taken for "not set"
        ({"references": "aws_kms_key.k.arn"}, deferred("known after apply")),
        ({"references": ["", 1, "nonsense"]}, deferred("known after apply, from , nonsense")),
        (7, deferred("known after apply")),
    ],
)
def test_an_unknown_string(tmp_path, expression, value):
    expressions = {} if expression is None else {"kms_key_id": expression}
    notebook = resource(NOTEBOOK, {"name": "n"}, unknown={"kms_key_id": True}, expressions=expressions)
    prior = {"values": {"root_module": {"resources": [{"mode": "data", "type": "aws_region", "name": "now"}]}}}
    document = plan(notebook, KEY, OTHER, NAMED, *EACH, DATA, prior_state=prior)
    assert properties(read(document, tmp_path), NOTEBOOK).get("KmsKeyId") == value


@pytest.mark.parametrize("missing", ["configuration", "its block", "expressions"])
def test_without_configuration_an_unknown_is_never_absent(tmp_path, missing):
    document = plan(resource(NOTEBOOK, unknown={"kms_key_id": True, "direct_internet_access": True}))
    root = document["configuration"]["root_module"]
    match missing:
        case "configuration":
            del document["configuration"]
        case "its block":
            root["resources"] = []
        case "expressions":
            root["resources"][0]["expressions"] = "?"
    untold = deferred("known after apply", Presence.MAYBE)
    assert properties(read(document, tmp_path), NOTEBOOK) == {"KmsKeyId": untold, "DirectInternetAccess": untold}


def test_without_changes_what_is_configured_and_has_no_value_is_unknown(tmp_path):
    expressions = {"kms_key_id": mention("aws_kms_key.k.arn"), "subnet_id": {"constant_value": None}}
    document = plan(resource(NOTEBOOK, {"name": "n", "subnet_id": None}, expressions=expressions), KEY, resource_changes=None)
    assert properties(read(document, tmp_path), NOTEBOOK) == {
        "NotebookInstanceName": "n",
        "KmsKeyId": Reference("aws_kms_key.k", "arn"),
    }


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (mention("aws_kms_key.k.arn"), [Reference("aws_kms_key.k", "arn"), "constants"]),
        ({"references": ["aws_kms_key.each"]}, [OneOf((Reference(BOTH[0].target), Reference(BOTH[1].target))), "constants"]),
        (
            {"references": ["aws_kms_key.k.arn", "local.x"]},
            [Reference("aws_kms_key.k", "arn"), "known after apply, from aws_kms_key.k.arn, local.x"],
        ),
        (mention("local.x"), "known after apply, from local.x"),
    ],
)
def test_an_unknown_set_holds_what_is_mentioned_and_perhaps_more(tmp_path, expression, value):
    notebook = resource(NOTEBOOK, unknown={"security_groups": True}, expressions={"security_groups": expression})
    found = properties(read(plan(notebook, KEY, *EACH), tmp_path), NOTEBOOK)["SecurityGroupIds"]
    wanted = value if isinstance(value, list) else [value]
    for item, expected in zip(found if isinstance(found, list) else [found], wanted, strict=True):
        if isinstance(expected, str):
            assert isinstance(item, Unknown)
            assert expected in item.reason
        else:
            assert item == expected


def test_elements_of_a_list_are_each_one_of_what_is_mentioned(tmp_path):
    notebook = resource(
        NOTEBOOK,
        {"security_groups": ["sg-1", None, None]},
        unknown={"security_groups": [False, True, True]},
        expressions={"security_groups": TWO},
    )
    either = OneOf((Reference("aws_kms_key.k", "arn"), Reference("aws_kms_key.other", "arn")))
    assert properties(read(plan(notebook, KEY, OTHER), tmp_path), NOTEBOOK)["SecurityGroupIds"] == ["sg-1", either, either]


@pytest.mark.parametrize(
    ("record", "path"),
    [
        (record, name)
        for record in all_types().values()
        if record.terraform is not None
        for name, schema in record.properties.items()
        if (schema in (INTEGER, NUMBER, BOOLEAN, JSON) or isinstance(schema, tuple)) and record.terraform.names.get(name) != ""
    ],
    ids=lambda item: item if isinstance(item, str) else item.title,
)
def test_what_holds_no_name_is_unknown_rather_than_a_reference(tmp_path, record, path):
    attribute = record.terraform.names.get(path, snake(path))
    address = f"{record.terraform.type}.it"
    it = resource(address, unknown={attribute: True}, expressions={attribute: mention("aws_kms_key.k.arn")})
    assert properties(read(plan(it, KEY), tmp_path), address) == {path: deferred("known after apply, from aws_kms_key.k.arn")}


def _variants(*names):
    return [{"variant_name": name, "model_name": None, "initial_instance_count": 1} for name in names]


def _blocks(*pairs):
    return [
        {"variant_name": {"constant_value": name}, "model_name": mention(f"aws_sagemaker_model.{model}.name")}
        for name, model in pairs
    ]


A, B = Reference("aws_sagemaker_model.a", "name"), Reference("aws_sagemaker_model.b", "name")


@pytest.mark.parametrize(
    ("planned", "blocks", "models"),
    [
        (_variants("x", "y"), _blocks(("x", "a"), ("y", "b")), [A, B]),
        # blocks of a set stand in another order than they are written
        (_variants("x", "y"), _blocks(("y", "b"), ("x", "a")), [A, B]),
        # nothing tells which block is which
        (_variants("x", "x"), _blocks(("x", "a"), ("x", "b")), [OneOf((A, B))] * 2),
        # a dynamic block makes what no block of the configuration tells
        (_variants("x", "y"), _blocks(("x", "a")), [deferred("known after apply", Presence.MAYBE)] * 2),
        (_variants("x"), None, [deferred("known after apply", Presence.MAYBE)]),
    ],
)
def test_blocks_are_matched_by_their_constants(tmp_path, planned, blocks, models):
    address = "aws_sagemaker_endpoint_configuration.e"
    config = resource(
        address,
        {"production_variants": planned},
        unknown={"production_variants": [{"model_name": True} for _ in planned]},
        expressions={} if blocks is None else {"production_variants": blocks},
    )
    model_a, model_b = (resource(f"aws_sagemaker_model.{name}", unknown={"name": True}) for name in "ab")
    found = properties(read(plan(config, model_a, model_b), tmp_path), address)["ProductionVariants"]
    assert [item["ModelName"] for item in found] == models


def test_a_repeated_resource_refers_by_its_own_key(tmp_path):
    buckets = [resource("aws_s3_bucket.b", unknown={"id": True}, key=key) for key in ("x", "y")]
    rule = {"rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}]}]}
    kind = "aws_s3_bucket_server_side_encryption_configuration.s"
    for each, expression in (
        ({"references": ["aws_s3_bucket.b"]}, {"references": ["each.value.id", "each.value"]}),
        ({"references": ["var.names"]}, {"references": ["aws_s3_bucket.b", "each.key"]}),
    ):
        satellites = [
            resource(
                kind, rule, unknown={"bucket": True}, expressions={"bucket": expression}, key=key, for_each_expression=each
            )
            for key in ("x", "y")
        ]
        found = read(plan(*buckets, *satellites), tmp_path)
        assert [len(item.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]) for item in found] == [1, 1]
    # with other instances than ours, an index may mean any of them
    uneven = resource(kind, rule, unknown={"bucket": True}, expressions={"bucket": expression}, key="x")
    for bucket in read(plan(*buckets, uneven), tmp_path):
        absent, encryption = bucket.properties["BucketEncryption"].values
        assert absent is ABSENT
        assert len(encryption["ServerSideEncryptionConfiguration"]) == 1


def test_a_satellite_that_may_belong_may_replace_what_was_read(tmp_path):
    held = {"server_side_encryption_configuration": [{"rule": [{"bucket_key_enabled": False}]}]}
    buckets = [resource("aws_s3_bucket.b", held, key=key) for key in ("x", "y")]
    satellite = resource(
        "aws_s3_bucket_server_side_encryption_configuration.s",
        {"rule": [{"bucket_key_enabled": True}]},
        unknown={"bucket": True},
        expressions={"bucket": {"references": ["local.bucket"]}},
    )
    for bucket in read(plan(*buckets, satellite), tmp_path):
        held, replaced = bucket.properties["BucketEncryption"].values
        assert held == {"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": False}]}
        assert replaced == {"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": True}]}


@pytest.mark.parametrize(
    ("actions", "expressions", "known"),
    [
        (["no-op"], {}, True),
        (["create"], {}, True),
        (["delete"], {}, False),
        (["update"], {}, False),
        (["delete", "create"], {}, False),
        # what the owner configures itself is not read back
        (["delete"], {"server_side_encryption_configuration": [{"rule": [{}]}]}, True),
    ],
)
def test_what_was_read_of_a_satellite_does_not_outlast_it(tmp_path, actions, expressions, known):
    encryption = [{"rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}]}]}]
    bucket = resource("aws_s3_bucket.b", {"server_side_encryption_configuration": encryption}, expressions=expressions)
    satellite = resource("aws_s3_bucket_server_side_encryption_configuration.s")["change"]
    satellite["change"]["actions"] = actions
    document = plan(bucket, resource_changes=[bucket["change"], satellite])
    found = properties(read(document, tmp_path), "aws_s3_bucket.b")["BucketEncryption"]
    assert found == (
        {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
        if known
        else deferred("read before what this plan changes", Presence.MAYBE)
    )
    anew = resource("aws_s3_bucket.b", unknown={"server_side_encryption_configuration": True})
    assert properties(read(plan(anew, resource_changes=[anew["change"], satellite]), tmp_path), "aws_s3_bucket.b") == {}


def test_a_satellite_that_was_read_with_its_owner_counts_once(tmp_path):
    route = {"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1", "nat_gateway_id": ""}
    table = resource("aws_route_table.t", {"id": "rtb-1", "route": [route]})
    known = {"route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1", "state": "active"}
    found = properties(read(plan(table, resource("aws_route.r", known)), tmp_path), "aws_route_table.t")
    assert found["Routes"] == [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}]


# -- what a provider writes for "not set", and sensitive values ------------------------------------------------------------


@pytest.mark.parametrize("empty", [None, "", []])
def test_empty_is_not_set(tmp_path, empty):
    model = resource(
        "aws_sagemaker_model.m", {"name": "m", "execution_role_arn": empty, "vpc_config": empty, "container": empty}
    )
    assert properties(read(plan(model), tmp_path), "aws_sagemaker_model.m").keys() <= {"ModelName", "ExecutionRoleArn"}
    topic = resource("aws_sns_topic.t", {"name": "t", "kms_master_key_id": ""})
    assert properties(read(plan(topic), tmp_path), "aws_sns_topic.t") == {"TopicName": "t"}


@pytest.mark.parametrize(
    "sensitive",
    [
        True,
        {"primary_container": True},
        {"primary_container": [True]},
        {"primary_container": [{"environment": True}]},
        {"primary_container": [{"environment": {"MODE": True}}]},
        {"primary_container": {"environment": True}},
        {"primary_container": [{}, {"environment": True}]},
    ],
)
@pytest.mark.parametrize("side", ["sensitive_values", "after_sensitive"])
def test_a_sensitive_value_reaches_nothing(tmp_path, sensitive, side):
    container = {
        "image": "i",
        "environment": {"MODE": "planted", "planted-key": "v"} if sensitive is True else {"MODE": "planted"},
    }
    model = resource(
        "aws_sagemaker_model.m", {"primary_container": [container], "tags": {"a": "planted"} if sensitive is True else {}}
    )
    if side == "after_sensitive":
        model["change"]["change"]["after_sensitive"] = sensitive
    else:
        model["planned"]["sensitive_values"] = sensitive
    inventory = read(plan(model), tmp_path)
    kept = json.dumps([encode(dict(item.properties)) for item in inventory])
    assert "planted" not in kept + repr(inventory)
    assert "sensitive" in kept


# -- where it will be ------------------------------------------------------------------------------------------------------

ROOT_PROVIDER = {"expressions": {"region": {"constant_value": "eu-west-1"}}}


@pytest.mark.parametrize(
    ("key", "providers", "region"),
    [
        ("aws", {"aws": ROOT_PROVIDER}, "eu-west-1"),
        ("aws", {"aws": {"expressions": {"region": {"references": ["var.region"]}}}}, "us-west-2"),
        ("aws", {"aws": {"expressions": {"region": {"references": ["var.hidden"]}}}}, ""),
        ("aws", {"aws": {"expressions": {"region": {"references": ["var.part"]}}}}, ""),
        ("aws", {"aws": {"expressions": {"region": {"references": ["var.region", "var.part"]}}}}, ""),
        ("aws", {"aws": {"expressions": {}}}, ""),
        ("aws", {}, ""),
        (
            "aws.west",
            {"aws": ROOT_PROVIDER, "aws.west": {"expressions": {"region": {"constant_value": "us-west-1"}}}},
            "us-west-1",
        ),
        ("module.a:aws", {"aws": ROOT_PROVIDER, "module.a:aws": {"module_address": "module.a"}}, "eu-west-1"),
        ("module.a:aws", {"aws": ROOT_PROVIDER, "module.a:aws": {"expressions": {}}}, ""),
    ],
)
def test_the_region_is_the_provider_s(tmp_path, key, providers, region):
    document = plan(
        resource("aws_sns_topic.t", {"name": "t"}, provider_config_key=key),
        resource("aws_sns_topic.own", {"name": "own", "region": "ap-south-1"}, provider_config_key=key),
        variables={"region": {"value": "us-west-2"}, "hidden": {"value": "us-west-2"}, "part": {"value": "us"}},
    )
    document["configuration"]["provider_config"] = providers
    document["configuration"]["root_module"]["variables"] = {"hidden": {"sensitive": True}}
    assert {item.id: item.region for item in read(document, tmp_path)} == {
        "aws_sns_topic.t": region,
        "aws_sns_topic.own": "ap-south-1",
    }


# -- the way back ----------------------------------------------------------------------------------------------------------

TEXTS = st.text("abcxyz019.:/-", min_size=1, max_size=6)
REFERENCES = st.just(Reference("aws_kms_key.elsewhere", "arn"))
DOCUMENTS = st.dictionaries(st.sampled_from(["Version", "Statement"]), st.lists(TEXTS, max_size=2) | TEXTS, max_size=2)


def _drawn(schema, names, path):
    place = names.get(path, "")
    if isinstance(schema, tuple):
        return st.sampled_from(schema)
    if isinstance(schema, dict):
        if "*" in schema:
            return st.dictionaries(st.sampled_from(["ALPHA", "Beta"]), TEXTS | REFERENCES, max_size=2)
        return _drawn_block(schema, names, path).filter(bool)
    if isinstance(schema, list):
        if place.endswith("{}"):
            pairs = st.dictionaries(TEXTS, TEXTS | REFERENCES, min_size=1, max_size=2)
            return pairs.map(lambda found: [{"Name": name, "Value": value} for name, value in found.items()])
        largest = 1 if place == "." else 3
        return st.lists(_drawn(schema[0], names, f"{path}[]"), min_size=1, max_size=largest)
    simple = {BOOLEAN: st.booleans(), INTEGER: st.integers(-9, 999), NUMBER: st.floats(0, 9), JSON: DOCUMENTS, SCRIPT: TEXTS}
    return simple.get(schema, TEXTS | REFERENCES)


def _drawn_block(schema, names, path):
    inner = {name: f"{path}.{name}" if path else name for name in schema}
    kept = {name: _drawn(schema[name], names, place) for name, place in inner.items() if names.get(place) != ""}
    return st.fixed_dictionaries({}, optional=kept)


@pytest.mark.parametrize("record", [item for item in all_types().values() if item.terraform], ids=lambda item: item.title)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_declared_comes_back(tmp_path, record, data):
    declaration = data.draw(_drawn_block(record.properties, record.terraform.names, ""))
    elsewhere = resource("aws_kms_key.elsewhere", unknown={"arn": True})
    document = plan(elsewhere, declared(record, "it", declaration))
    found = properties(read(document, tmp_path), f"{record.terraform.type}.it")
    assert _unordered(found) == _unordered(_sent(declaration, record.terraform.defaults))


def _sent(declaration, defaults):
    """``declaration`` with what the provider sends for what it leaves out."""
    for path, value in defaults.items():
        *blocks, name = path.split(".")
        reduce(lambda found, block: found.get(block, {}), blocks, declaration).setdefault(name, value)
    return declaration


def _unordered(value):
    """``value`` with what is a map in Terraform, and so has no order, as one."""
    if isinstance(value, dict):
        return {key: _unordered(item) for key, item in value.items()}
    if isinstance(value, list) and all(isinstance(item, dict) and item.keys() == {"Name", "Value"} for item in value):
        return {item["Name"]: item["Value"] for item in value}
    return [_unordered(item) for item in value] if isinstance(value, list) else value


ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def test_an_exclusive_list_of_attachments_attaches(tmp_path):
    role = resource("aws_iam_role.r", {"name": "exec", "managed_policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]})
    only = resource(
        "aws_iam_role_policy_attachments_exclusive.r", {"role_name": "exec", "policy_arns": [ADMINISTRATOR, "arn:aws:x"]}
    )
    assert properties(read(plan(role, only), tmp_path), "aws_iam_role.r")["ManagedPolicyArns"] == [ADMINISTRATOR, "arn:aws:x"]


def test_a_satellite_of_namesakes_may_belong_to_each(tmp_path):
    roles = [resource(f"aws_iam_role.{account}", {"name": "exec"}) for account in ("dev", "prod")]
    attached = resource("aws_iam_role_policy_attachment.a", {"role": "exec", "policy_arn": ADMINISTRATOR})
    for role in read(plan(*roles, attached), tmp_path):
        assert role.properties["ManagedPolicyArns"] == [OneOf((ADMINISTRATOR, ABSENT))]


@pytest.mark.parametrize(
    ("role", "attached"),
    [
        ({"sensitive": {"name": True}}, {"sensitive": {"role": True}}),
        ({}, {"sensitive": {"role": True}}),
        ({"sensitive": {"name": True}}, {}),
    ],
    ids=["both", "the satellite's", "the owner's"],
)
def test_a_hidden_name_may_be_the_same(tmp_path, role, attached):
    owner = resource("aws_iam_role.r", {"name": "exec"}, **role)
    satellite = resource("aws_iam_role_policy_attachment.a", {"role": "exec", "policy_arn": ADMINISTRATOR}, **attached)
    found = properties(read(plan(owner, satellite), tmp_path), "aws_iam_role.r")
    assert found["ManagedPolicyArns"] == [OneOf((ADMINISTRATOR, ABSENT))]


@pytest.mark.parametrize(
    ("block", "captures"),
    [
        ({"destination_s3_uri": "s3://captured/", "enable_capture": None}, False),
        ({"destination_s3_uri": "s3://captured/", "enable_capture": True}, True),
    ],
)
def test_what_the_provider_sends_where_nothing_is_set(tmp_path, block, captures):
    config = "aws_sagemaker_endpoint_configuration.c"
    found = properties(read(plan(resource(config, {"data_capture_config": [block]})), tmp_path), config)
    assert found["DataCaptureConfig"]["EnableCapture"] is captures


def test_a_block_that_is_not_there_is_sent_nothing_for(tmp_path):
    config = "aws_sagemaker_endpoint_configuration.c"
    found = properties(read(plan(resource(config, {"data_capture_config": []})), tmp_path), config)
    assert "DataCaptureConfig" not in found
