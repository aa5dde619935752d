"""Every record reads what it writes, in the API's shape."""

import base64
import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.resource_type import BOOLEAN, INTEGER, JSON, NUMBER, SCRIPT, STRING, TIMESTAMP
from auditor.model.shape import from_declared, same, to_declared
from auditor.model.values import ABSENT, Kind, OneOf, Redacted, Unknown
from auditor.types import all_types

WORDS = st.text("abcdefgh-", min_size=1, max_size=8)
SCALARS = {
    STRING: WORDS,
    TIMESTAMP: st.just("2026-01-01T00:00:00Z"),
    INTEGER: st.integers(0, 9),
    NUMBER: st.floats(0, 9),
    BOOLEAN: st.booleans(),
    SCRIPT: WORDS,
    JSON: st.just({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}),
}


def values(schema, names, at=""):
    """Anything of ``schema`` that the API tells: what ``names`` maps to nothing is told by no call."""
    if isinstance(schema, str):
        return SCALARS[schema]
    if isinstance(schema, tuple):
        return st.sampled_from(schema)
    if isinstance(schema, list):
        return st.lists(values(schema[0], names, f"{at}[]"), min_size=1, max_size=2)
    if "*" in schema:
        return st.dictionaries(WORDS, values(schema["*"], names, f"{at}.*"), min_size=1, max_size=2)
    paths = {name: f"{at}.{name}" if at else name for name in schema}
    told = {name: values(schema[name], names, path) for name, path in paths.items() if names.get(path, "?")}
    return st.fixed_dictionaries({}, optional=told).filter(bool)


READ_LIVE = [record for record in all_types().values() if record.live is not None]


@pytest.mark.parametrize("record", READ_LIVE, ids=lambda record: record.name)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_api_shape_both_ways(record, data):
    declared = data.draw(values(dict(record.properties), record.live.names))
    written = from_declared(declared, record.properties, record.live.names)
    assert to_declared(written, record.properties, record.live.names, same) == declared


SCHEMA = {
    "Name": STRING,
    "Count": INTEGER,
    "On": BOOLEAN,
    "At": TIMESTAMP,
    "Doc": JSON,
    "Run": SCRIPT,
    "Switch": ("Enabled", "Suspended"),
    "Env": {"*": STRING},
    "List": [STRING],
    "Block": {"Key": STRING},
}


@pytest.mark.parametrize(
    ("source", "declared"),
    [
        ({"On": "true", "Count": "2"}, {"On": True, "Count": 2}),
        ({"On": "perhaps", "Count": "many"}, {"On": "perhaps", "Count": "many"}),
        (
            {"At": datetime.datetime(2026, 1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))},
            {"At": "2026-01-01T00:00:00Z"},
        ),
        ({"Doc": '{"a": 1}'}, {"Doc": {"a": 1}}),
        ({"Switch": True}, {"Switch": "Enabled"}),
        ({"Switch": False}, {"Switch": "Suspended"}),
        ({"Doc": "{broken"}, {"Doc": "{broken"}),
        # as API Gateway tells a policy
        ({"Doc": r"{\"a\":[\"10.0.0.0\\/8\"]}"}, {"Doc": {"a": ["10.0.0.0/8"]}}),
        (
            {"Doc": '{"Steps": [{"DB_PASSWORD": "hunter2hunter2", "Stage": "x"}]}'},
            {"Doc": {"Steps": [{"DB_PASSWORD": Redacted("named-secret", "7688"), "Stage": "x"}]}},
        ),
        (
            {"Doc": {"Pairs": [{"Name": "ApiToken", "Value": "hunter2hunter2"}, {"Name": "Stage", "Value": "x"}]}},
            {
                "Doc": {
                    "Pairs": [{"Name": "ApiToken", "Value": Redacted("named-secret", "7688")}, {"Name": "Stage", "Value": "x"}]
                }
            },
        ),
        ({"Run": base64.b64encode("pip install é\n".encode()).decode()}, {"Run": "pip install é\n"}),
        ({"Run": "pip install"}, {"Run": "pip install"}),
        ({"Run": base64.encodebytes(b"export A=b\n" * 20).decode()}, {"Run": "export A=b\n" * 20}),
        ({"Run": base64.b64encode(b"export A=\xff").decode()}, {"Run": "export A=\ufffd"}),
        ({"Name": None, "Stranger": 1}, {}),
        ({"Block": [{"Key": "k"}]}, {"Block": {"Key": "k"}}),
        ({"Block": []}, {}),
        ({"Name": Unknown(Kind.DEFERRED, "p")}, {"Name": Unknown(Kind.DEFERRED, "p")}),
        ({"Count": OneOf(("1", ABSENT))}, {"Count": OneOf((1, ABSENT))}),
    ],
)
def test_values_are_brought_to_their_type(source, declared):
    assert to_declared(source, SCHEMA, {}) == declared


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "hunter2hunter2"),
        ("DB_PASS", "hunter2hunter2"),
        ("LLM", "sk-" + "proj-0123456789abcdefghij"),
        ("apiToken", "0123456789abcdef0123"),
        ("ANYTHING", "AKIA" + "IOSFODNN7EXAMPLE"),
        ("KEY", "-----BEGIN RSA PRIVATE KEY-----\nabc"),
        ("SETUP", "pip install torch\nexport DB_PASSWORD=hunter22\n"),
        ("SETUP", "curl -H 'Accept: */*' --api-key='0123456789abcdef' x"),
        ("SETUP", '{"api_key":"0123456789abcdef"}'),
        ("SETUP", 'password = "hunter2 and more"'),
        ("CLIENT_SECRET", "/wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        ("CLIENT_SECRET", "wJalrXUtnFEMI/KMDENGbPxRfiCYEXAMPLEKEY"),
        ("legend_token", "0123456789abcdef"),
    ],
)
def test_secrets_are_redacted_where_they_are_read(name, value):
    declared = to_declared({"Env": {name: value}}, SCHEMA, {})
    assert isinstance(declared["Env"][name], Redacted)
    assert value not in repr(declared)


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (["--db-password", "hunter2hunter2", "--days", "30"], ["--db-password", "--days", "30"]),
        (["run.py", "-token", "0123456789abcdef"], ["run.py", "-token"]),
        (["--password", "--days", "30"], ["--password", "--days", "30"]),
        (["--password=$DB_PASSWORD", "hunter2hunter2"], ["--password=$DB_PASSWORD", "hunter2hunter2"]),
        (["--api-key-file", "key.txt"], ["--api-key-file", "key.txt"]),
    ],
)
def test_what_follows_an_option_is_judged_by_its_name(arguments, kept):
    read = to_declared({"List": arguments}, SCHEMA, {})["List"]
    assert [argument for argument in read if not isinstance(argument, Redacted)] == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEARNING_RATE", "0.1"),
        ("BYPASS", "always"),
        ("TASK", "task-0123456789abcdefghijklmn"),
        ("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x"),
        ("SECRET", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x"),
        ("pad_token", '"<pad>"'),
        ("mask_token", "[MASK]"),
        ("pad_token", "eos_token"),
        ("stopToken", "###END"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "/opt/ml/processing/Churn-1.json"),
        ("DB_PASSWORD", "/churn/production/db-password"),
        ("DB_SECRET", "churn/production/db"),
        ("API_KEY", "${MODEL_API_KEY}"),
        ("use_auth_token", "True"),
        ("max_token", "2048"),
        ("SETUP", "export DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id db)"),
        ("SETUP", 'export TOKEN="$TOKEN"; train --token=$TOKEN --password-file=/run/secrets/db'),
        ("SETUP", "export TOKEN=\nexport MODE=train"),
        ("SETUP", "password: see the vault"),
    ],
)
def test_what_is_no_secret_stays(name, value):
    assert to_declared({"Env": {name: value}}, SCHEMA, {})["Env"][name] == value
