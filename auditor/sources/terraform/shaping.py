"""Attributes brought to the properties they become, by the record of the resource's type."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from auditor.model.resource_type import JSON, STRING, Fold, ResourceType, Schema
from auditor.model.shape import snake, to_declared
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Reference, Unknown, Value, one_of, over
from auditor.sources.terraform.configuration import DataAttribute
from auditor.sources.terraform.overlay import COMPUTED, UNTOLD, Mentioned, plain

_CONSTANTS: Final = Unknown(Kind.DEFERRED, "a plan does not tell constants beside references in a list", Presence.MAYBE)


@dataclass(frozen=True, slots=True)
class Shaper:
    """Brings what ``attributes_of`` gives to a record's shape.

    ``kinds`` is the type of each resource by its address; ``document_of`` gives the policy document that a data source at an
    address will be, or nothing.
    """

    kinds: Mapping[str, str]
    document_of: Callable[[str], Value]

    def properties(self, attributes: Mapping[str, Value], record: ResourceType) -> dict[str, Value]:
        """The declared properties of a resource."""
        terraform = record.terraform
        if terraform is None:
            return {}
        # where a resource of its own may manage a block, the provider reads back what that one made
        computed = {*terraform.computed, *(rule.into.removesuffix("[]") for rule in terraform.folds)}
        settler = _Settler(self.kinds, self.document_of, computed, record.references, terraform.defaults)
        return settler.all(to_declared(attributes, record.properties, terraform.names, snake), record.properties, "")

    def content(self, attributes: Mapping[str, Value], owner: ResourceType, rule: Fold) -> Value:
        """What a satellite adds to its owner; ``ABSENT`` where that is nothing."""
        settler = _Settler(self.kinds, self.document_of, (), owner.references)
        schema = _schema_at(owner, rule.into)
        if isinstance(schema, dict) and "" not in rule.names:
            return settler.all(to_declared(attributes, schema, rule.names, snake), schema, rule.into) or ABSENT
        declared = to_declared(attributes, {"It": schema}, {"It": rule.names.get("", "")}, snake)
        return settler.one(declared.get("It", ABSENT), schema, rule.into)

    def owner(self, attributes: Mapping[str, Value], rule: Fold) -> Value:
        """The value of a satellite that names its owner, a list where it has several."""
        schema: Schema = [STRING] if rule.owner.endswith("[]") else STRING
        return self._plainly(attributes, rule.owner.removesuffix("[]"), schema)

    def tags(self, attributes: Mapping[str, Value]) -> Mapping[str, Value] | Unknown:
        """The tags, with those that the provider gives every resource."""
        for name in ("tags_all", "tags"):
            value = self._plainly(attributes, name, {"*": STRING})
            if isinstance(value, dict | Unknown):
                return value
        return {}

    def _plainly(self, attributes: Mapping[str, Value], name: str, schema: Schema) -> Value:
        declared = to_declared(attributes, {"It": schema}, {"It": name}, snake)
        return _Settler(self.kinds, self.document_of).one(declared.get("It", ABSENT), schema, "")


def _schema_at(owner: ResourceType, into: str) -> Schema:
    if not into:
        return dict(owner.properties)
    schema = owner.properties[into.removesuffix("[]")]
    return schema[0] if into.endswith("[]") and isinstance(schema, list) else schema


@dataclass(frozen=True, slots=True)
class _Settler:
    """Brings unknowns to what a schema can hold, and drops what Terraform writes for "not set".

    ``computed`` are the paths of blocks that are unknown without being configured; ``references`` the types a path may name;
    ``defaults`` what the provider sends at a path where nothing is set.
    """

    kinds: Mapping[str, str]
    document_of: Callable[[str], Value]
    computed: Collection[str] = ()
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)

    def all(self, properties: Mapping[str, Value], schema: Mapping[str, Schema], at: str) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for name, inner in schema.items():
            path = f"{at}.{name}" if at else name
            settled = self.one(properties[name], inner, path) if name in properties else ABSENT
            if settled is ABSENT and path in self.defaults:
                settled = self.defaults[path]
            if settled is not ABSENT:
                found[name] = settled
        return found

    def one(self, value: Value, schema: Schema, at: str) -> Value:
        if value is COMPUTED:
            # any other block is unknown only where a dynamic block, which no plan shows, makes it from something unknown
            return UNTOLD if _is_block(schema) and at not in self.computed else ABSENT
        if isinstance(value, Mentioned):
            return self._mentioned(value, schema, at)
        if isinstance(value, OneOf):
            return over(value, lambda item: self.one(item, schema, at))
        if isinstance(value, list) and isinstance(schema, list):
            items = [item for item in (self.one(item, schema[0], f"{at}[]") for item in value) if item is not ABSENT]
            return items if items or not isinstance(schema[0], dict) else ABSENT
        if isinstance(value, dict) and isinstance(schema, dict):
            if "*" in schema:
                return {name: "" if item == "" else self.one(item, schema["*"], f"{at}.*") for name, item in value.items()}
            return self.all(value, schema, at) or ABSENT
        return ABSENT if value == "" else value

    def _mentioned(self, value: Mentioned, schema: Schema, at: str) -> Value:
        sure = [item for item in value.mentions if not isinstance(item, Unknown)]
        known = len(sure) == len(value.mentions)
        if schema == STRING and sure and known and (len(sure) == 1 or value.part):
            return self._one_of(one_of(sure), at)
        if isinstance(schema, list) and schema[0] == STRING and sure:
            return [*(self._one_of(item, f"{at}[]") for item in sure), _CONSTANTS if known else plain(value)]
        if schema == JSON and len(value.mentions) == 1 and isinstance(data := value.mentions[0], DataAttribute):
            return self.document_of(data.address) or plain(value)
        return plain(value)

    def _one_of(self, value: Value, at: str) -> Value:
        """One of several references: only those to a type that the property at ``at`` may name."""
        if not isinstance(value, OneOf) or at not in self.references:
            return value
        fitting = [
            item
            for item in value.values
            if isinstance(item, Reference) and self.kinds.get(item.target, "") in ("", *self.references[at])
        ]
        return one_of(fitting) if fitting else value


def _is_block(schema: Schema) -> bool:
    inner = schema[0] if isinstance(schema, list) else schema
    return isinstance(inner, dict) and "*" not in inner
