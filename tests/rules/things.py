"""A small world of its own for the tests of the language: two resource types, and rules about them written in a line."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from auditor.model.inventory import Inventory, SourceKind
from auditor.model.resource import Origin, Resource
from auditor.model.resource_type import (
    BOOLEAN,
    INTEGER,
    JSON,
    NUMBER,
    STRING,
    TIMESTAMP,
    Call,
    Live,
    ResourceType,
    Terraform,
)
from auditor.model.values import Value
from auditor.rules import Book, Rule, load_book
from auditor.types import all_types

THING = ResourceType(
    name="Test::Thing",
    title="thing",
    source="https://docs.aws.amazon.com/thing",
    identifiers=("Name",),
    properties={
        "Name": STRING,
        "Text": STRING,
        "Mode": ("Enabled", "Disabled"),
        "Number": NUMBER,
        "Whole": INTEGER,
        "Flag": BOOLEAN,
        "Time": TIMESTAMP,
        "Document": JSON,
        "List": [STRING],
        "Free": {"*": STRING},
        "Block": {"Inner": STRING, "Deep": {"Leaf": STRING}},
        "Blocks": [{"Inner": STRING, "Other": STRING, "Key": STRING}],
        "Key": STRING,
        "Topic": STRING,
        "Bucket": STRING,
        "Default": ("On", "Off"),
        "DefaultBlock": {"Inner": STRING},
    },
    runtime={"State": STRING, "Started": TIMESTAMP},
    defaults={"Default": "On", "DefaultBlock": {"Inner": "given"}},
    references={
        "Key": ("AWS::KMS::Key", "AWS::KMS::Alias"),
        "Blocks[].Key": ("AWS::KMS::Key",),
        "Topic": ("AWS::SNS::Topic",),
        "Bucket": ("AWS::S3::Bucket",),
    },
    live=Live(listing=Call("test:ListThings", result="Things[]")),
    terraform=Terraform("aws_thing"),
)
WATCHER = ResourceType(
    name="Test::Watcher",
    title="watcher",
    source="https://docs.aws.amazon.com/watcher",
    identifiers=("Name",),
    properties={"Name": STRING, "Watches": [STRING], "Active": BOOLEAN},
    references={"Watches[]": ("Test::Thing",)},
    live=Live(listing=Call("test:ListWatchers", result="Watchers[]")),
    cloudformation=False,
)
TYPES: Mapping[str, ResourceType] = {**all_types(), THING.name: THING, WATCHER.name: WATCHER}

ACCOUNT = "111122223333"
REGION = "eu-west-1"
COLLECTED_AT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

RULE = """\
id: my-rule
title: A rule
severity: high
control: my-control
resource: Test::Thing
{body}
why: Because.
fix: {{text: Do it.}}
source: [https://docs.aws.amazon.com/thing]
examples:
  - {{expect: pass, given: {{}}}}
"""


def rule_text(body: str) -> str:
    """A whole rule about things around ``body``, which stands from line 6 on."""
    return RULE.format(body=body)


def write_book(folder: Path, rules: Mapping[str, str]) -> Path:
    """A folder with one control and the ``rules`` by id."""
    (folder / "things").mkdir(exist_ok=True)
    (folder / "controls.yaml").write_text("my-control: {title: My control, doc: What it is.}\n", encoding="utf-8")
    for name, text in rules.items():
        (folder / "things" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def book_of(folder: Path, text: str, **parameters: object) -> Book:
    """The book with the one rule that ``text`` writes."""
    configured = {"my-rule": parameters} if parameters else None
    return load_book(parameters=configured, types=TYPES, base=write_book(folder, {"my-rule": text}))


def rule_of(folder: Path, body: str) -> Rule:
    """A rule about things with this ``assert`` (and ``when``)."""
    return book_of(folder, rule_text(body)).rules["my-rule"]


def thing(
    properties: Mapping[str, Value] | None = None, name: str = "it", kind: str = "Test::Thing", **more: Value
) -> Resource:
    """A resource of the test's account and region."""
    return Resource(kind, name, properties or {}, Origin("test"), ACCOUNT, REGION, **more)


def world(*resources: Resource, kind: SourceKind = SourceKind.LIVE, **more: Value) -> Inventory:
    """An inventory of the resources: closed, unless it is of a template."""
    read = frozenset({(ACCOUNT, REGION)}) if kind.has_runtime else frozenset()
    return Inventory(kind, "the test", TYPES, COLLECTED_AT, resources=list(resources), read=read, **more)
