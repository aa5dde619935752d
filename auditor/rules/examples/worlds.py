"""From an example to what a source would have read of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from auditor.model.facts import Fact
from auditor.model.inventory import FactProvider, Gap, Inventory, SourceKind
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.resource_type import ResourceType
from auditor.model.values import Value
from auditor.rules.examples.reading import Example, Thing
from auditor.rules.rule import Rule

ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"
COLLECTED_AT: Final = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""When every example's inventory was collected: the moment from which ages in examples count."""


def inventory_of(
    example: Example, rule: Rule, types: Mapping[str, ResourceType], providers: Mapping[str, FactProvider]
) -> Inventory:
    """What a source would have read of the example; its subject comes first. Facts that the example gives are taken as given."""
    kind = SourceKind.LIVE
    if example.open:
        kind = SourceKind.CLOUDFORMATION if rule.record.cloudformation else SourceKind.TERRAFORM
    things = (example.subject, *example.others)
    resources = [_resource(thing, rule.file, open_world=example.open) for thing in things]
    places = {(ACCOUNT, REGION)} | {(item.account, item.region) for item in resources if item.region not in (GLOBAL, "")}
    return Inventory(
        kind,
        "the example",
        types,
        COLLECTED_AT,
        resources=resources,
        gaps=[_gap(types[name], account, region) for name in example.unread for account, region in sorted(places)],
        read=frozenset() if example.open else frozenset(places),
        facts={
            (name, resource.key): Fact(value)
            for thing, resource in zip(things, resources, strict=True)
            for name, value in thing.facts.items()
        },
        providers=providers,
    )


def _resource(thing: Thing, file: str, *, open_world: bool) -> Resource:
    live = thing.record.live
    has_none = live is not None and live.scope == "global" and not live.region
    return Resource(
        type=thing.record.name,
        id=thing.id,
        properties=thing.given,
        origin=Origin(file, thing.line),
        account=thing.account or ("" if open_world else ACCOUNT),
        region=thing.region or ("" if open_world else GLOBAL if has_none else REGION),
        runtime=thing.runtime,
        tags=thing.tags,
    )


def _gap(record: ResourceType, account: str, region: str) -> Gap:
    operation = record.live.listing.operation if record.live is not None else record.name
    place = GLOBAL if record.live is not None and record.live.scope == "global" else region
    return Gap(account, place, operation, record.name, "AccessDeniedException", "the example says so")


def repaired(thing: Thing, settings: Mapping[str, Value]) -> Thing:
    """The resource after a fix was applied: its properties with ``settings`` laid over them, block by block."""
    return replace(thing, given=_laid_over(thing.given, settings))


def _laid_over(below: Value, above: Value) -> Value:
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        return {**below, **{key: _laid_over(below.get(key), value) for key, value in above.items()}}
    return above
