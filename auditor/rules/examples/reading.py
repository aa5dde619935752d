"""Reading a rule's examples from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from auditor.files.yaml import Node
from auditor.model.finding import Verdict
from auditor.model.resource_type import ResourceType, Schema
from auditor.model.values import Kind, Unknown, Value, decode
from auditor.rules.document import Document
from auditor.rules.fitting import Fitting
from auditor.rules.rule import Rule
from auditor.types.facts import FACTS


@dataclass(frozen=True, slots=True)
class Thing:
    """A resource as an example describes it. Account and region are empty where the example leaves them to its world."""

    record: ResourceType
    id: str
    given: Mapping[str, Value]
    runtime: Mapping[str, Value]
    tags: Mapping[str, Value] | Unknown
    facts: Mapping[str, Value]
    account: str
    region: str
    line: int


@dataclass(frozen=True, slots=True)
class Example:
    """One example: its ``subject``, the ``others`` beside it, and the verdict it expects.

    ``open`` judges as a template would; ``unread`` are the types whose listing failed.
    """

    expect: Verdict
    subject: Thing
    others: tuple[Thing, ...]
    open: bool
    unread: tuple[str, ...]
    line: int


_OF_A_THING: Final = ("id", "given", "runtime", "tags", "facts", "account", "region")


def read_examples(rule: Rule, types: Mapping[str, ResourceType]) -> list[Example]:
    """The examples in the order of the file. Raises ``InputError`` for the first thing that is wrong in them."""
    reader = _Reader(Document(rule.file, "", rule.examples[0]), types)
    return [reader.example(node, rule) for node in rule.examples]


@dataclass(frozen=True, slots=True)
class _Reader:
    document: Document
    types: Mapping[str, ResourceType]

    def example(self, node: Node, rule: Rule) -> Example:
        entries = self.document.entries(node, "an example", ("expect",), (*_OF_A_THING, "with", "world", "unread"))
        expect = self.document.word(entries["expect"], "expect")
        if expect not in set(Verdict):
            raise self.document.unknown(entries["expect"], "verdict", [item.value for item in Verdict])
        others = self.document.elements(entries["with"], "with") if "with" in entries else []
        unread = self.document.elements(entries["unread"], "unread") if "unread" in entries else []
        found = Example(
            Verdict(expect),
            self._thing(node, entries, rule.record, "example"),
            tuple(self._other(item) for item in others),
            "world" in entries and self._is_open(entries["world"]),
            tuple(self._type(item).name for item in unread),
            node.line,
        )
        self._check_names(node, found)
        self._check_world(node, found)
        return found

    def _check_names(self, node: Node, example: Example) -> None:
        seen: set[tuple[str, ...]] = set()
        for thing in (example.subject, *example.others):
            key = (thing.record.name, thing.id, thing.account, thing.region)
            if key in seen:
                raise self.document.error(node, f"two of {thing.record.name} are called '{thing.id}'")
            seen.add(key)

    def _check_world(self, node: Node, example: Example) -> None:
        record = example.subject.record
        if example.open and not record.cloudformation and record.terraform is None:
            raise self.document.error(node, f"no template can hold a {record.name}", "world")
        if example.open and any(thing.runtime for thing in (example.subject, *example.others)):
            raise self.document.error(node, "a template knows nothing of run time", "world")

    def _is_open(self, node: Node) -> bool:
        world = self.document.word(node, "world")
        if world not in ("open", "closed"):
            raise self.document.unknown(node, "world", ("open", "closed"))
        return world == "open"

    def _other(self, node: Node) -> Thing:
        entries = self.document.entries(node, "a resource of an example", ("type",), _OF_A_THING)
        return self._thing(node, entries, self._type(entries["type"]), "")

    def _type(self, node: Node) -> ResourceType:
        name = self.document.word(node, "type")
        if name not in self.types:
            raise self.document.unknown(node, "resource type", self.types)
        return self.types[name]

    def _thing(self, node: Node, entries: Mapping[str, Node], record: ResourceType, name: str) -> Thing:
        given = self._block(entries.get("given"), record.properties, record.name)
        named = given.get(record.identifiers[0]) if record.identifiers else None
        name = self.document.word(entries["id"], "id") if "id" in entries else named if isinstance(named, str) else name
        if not name:
            raise self.document.error(node, f"a {record.name} lacks id")
        tags = self._value(entries["tags"]) if "tags" in entries else {}
        if not isinstance(tags, dict | Unknown):
            raise self.document.error(entries["tags"], "a mapping expected", "tags")
        return Thing(
            record=record,
            id=name,
            given=given,
            runtime=self._block(entries.get("runtime"), record.runtime, f"{record.name} runtime"),
            tags=tags,
            facts=self._facts(entries.get("facts"), record),
            account=str(entries["account"].content) if "account" in entries else "",
            region=str(entries["region"].content) if "region" in entries else "",
            line=node.line,
        )

    def _block(self, node: Node | None, schema: Mapping[str, Schema], path: str) -> dict[str, Value]:
        if node is None:
            return {}
        Fitting(self.document, special=True).properties(node, schema, path)
        return {str(key.content): self._value(value) for key, value in node.pairs}

    def _facts(self, node: Node | None, record: ResourceType) -> dict[str, Value]:
        known = {name: spec.schema for name, spec in FACTS.items() if spec.on in (record.name, "")}
        return self._block(node, known, f"{record.name} facts")

    def _value(self, node: Node) -> Value:
        try:
            return decode(_written_out(node.plain_value()))
        except (ValueError, AttributeError, TypeError) as error:
            raise self.document.error(node, str(error)) from error


def _written_out(value: Value) -> Value:
    """The short forms that examples may use, as ``values.decode`` reads them."""
    match value:
        case list():
            return [_written_out(item) for item in value]
        case {"$unknown": str(kind)} if len(value) == 1:
            return {"$unknown": {"kind": Kind(kind).value, "reason": "the example says so", "present": "maybe"}}
        case {"$reference": str(target)} if len(value) == 1:
            return {"$reference": {"target": target, "attribute": ""}}
        case {"$redacted": str(kind)} if len(value) == 1:
            return {"$redacted": {"kind": kind, "digest": "0000"}}
        case dict():
            return {key: _written_out(item) for key, item in value.items()}
    return value
