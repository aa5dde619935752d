"""Secrets that stand in a pipeline's definition are found by place; what cannot be known is not called free of them."""

import pytest

from auditor.model.definitions import definition_secrets
from auditor.model.resource import Origin, Resource
from auditor.model.values import Kind, OneOf, Redacted, Reference, Text, Unknown

DEFERRED = Unknown(Kind.DEFERRED, "a parameter")


def secrets(definition):
    pipeline = Resource("AWS::SageMaker::Pipeline", "p", {"PipelineDefinition": definition}, Origin("test"))
    return definition_secrets(None, pipeline)


def step(**environment):
    return {"PipelineDefinitionBody": {"Steps": [{"Arguments": {"Environment": environment}}]}}


@pytest.mark.parametrize(
    ("definition", "places"),
    [
        ({}, []),
        (step(STAGE="production", API_TOKEN={"Get": "Parameters.Token"}), []),
        (step(DB_SECRET="arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"), []),
        (step(STAGE=OneOf(("production", "staging")), BUCKET=Text(("s3://", Reference("Bucket")))), []),
        (step(DB_PASSWORD="hunter2hunter2"), ["Steps[0].Arguments.Environment.DB_PASSWORD"]),
        (step(DB_PASSWORD=Redacted("named-secret", "0000")), ["Steps[0].Arguments.Environment.DB_PASSWORD"]),
        (step(DB_PASSWORD="hunter2hunter2", STAGE=DEFERRED), ["Steps[0].Arguments.Environment.DB_PASSWORD"]),
        (
            {"PipelineDefinitionBody": {"Parameters": [{"Name": "ApiToken", "DefaultValue": "0123456789abcdef"}]}},
            ["Parameters[0].DefaultValue"],
        ),
        ({"PipelineDefinitionBody": '{"Steps": [{"DB_PASSWORD": "hunter2hunter2"'}, [""]),
    ],
)
def test_places_of_secrets(definition, places):
    assert secrets(definition).value == places


@pytest.mark.parametrize(
    ("definition", "kind"),
    [
        (DEFERRED, Kind.DEFERRED),
        ({"PipelineDefinitionBody": DEFERRED}, Kind.DEFERRED),
        (step(STAGE=DEFERRED), Kind.DEFERRED),
        (step(STAGE=Text(("stage-", DEFERRED))), Kind.DEFERRED),
        (step(DB_PASSWORD=OneOf(("hunter2hunter2", "none"))), Kind.DEFERRED),
        ({"PipelineDefinitionS3Location": {"Bucket": "definitions", "Key": "train.json"}}, Kind.OUTSIDE),
    ],
)
def test_what_cannot_be_known(definition, kind):
    assert secrets(definition).value.kind is kind
