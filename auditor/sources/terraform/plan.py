"""From a plan to an inventory."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from auditor.model.folding import Satellite, fold
from auditor.model.inventory import Inventory, SourceKind
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.resource_type import Fold, ResourceType
from auditor.model.shape import snake
from auditor.model.values import ABSENT, Kind, Presence, Unknown, Value
from auditor.sources.terraform.configuration import Configuration
from auditor.sources.terraform.document import Document, Planned, mapping, read_document
from auditor.sources.terraform.overlay import attributes_of
from auditor.sources.terraform.policies import policy_document
from auditor.sources.terraform.shaping import Shaper

_READ_BACK: Final = Unknown(Kind.DEFERRED, "read before what this plan changes", Presence.MAYBE)


def read_plan(path: Path, types: Mapping[str, ResourceType], collected_at: datetime.datetime | None = None) -> Inventory:
    """The resources that will be there once the plan in ``path`` is applied, each under its address.

    Only resources of ``types`` are kept. ``collected_at`` is, unless given, when the plan was made (now, for a plan that does not
    tell). Raises ``InputError`` where the file cannot be read, is no plan, or is malformed.
    """
    document = read_document(path)
    planned = {item.address: item for item in document.planned()}
    configuration = Configuration(document.content, planned.values())
    records = {
        name: record
        for record in types.values()
        if record.terraform is not None
        for name in (record.terraform.type, *record.terraform.also)
    }
    kinds = {item.address: records[item.type].name for item in planned.values() if item.type in records and not item.data}
    shaper = Shaper(kinds, partial(_policy, planned, configuration))
    reader = _Reader(document, configuration, shaper, _folds(types), document.changed_types())
    resources: list[Resource] = []
    satellites: list[Satellite] = []
    unjudged: Counter[str] = Counter()
    for item in planned.values():
        if item.data:
            continue
        if item.type not in records and item.type not in reader.folds:
            unjudged[item.type] += 1
            continue
        attributes = attributes_of(item, configuration)
        if item.type in records:
            resources.append(reader.resource(item, attributes, records[item.type]))
        satellites.extend(reader.satellites(item, attributes))
    moment = collected_at or _made_at(document)
    inventory = Inventory(SourceKind.TERRAFORM, document.file, types, moment, resources=resources)
    whole = fold(inventory, satellites)
    return Inventory(SourceKind.TERRAFORM, document.file, types, moment, resources=whole, unjudged=unjudged)


def _folds(types: Mapping[str, ResourceType]) -> dict[str, list[tuple[ResourceType, Fold]]]:
    found: dict[str, list[tuple[ResourceType, Fold]]] = {}
    for record in types.values():
        for rule in record.terraform.folds if record.terraform is not None else ():
            found.setdefault(rule.type, []).append((record, rule))
    return found


def _policy(planned: Mapping[str, Planned], configuration: Configuration, address: str) -> Value:
    """The policy document that the data source at ``address`` will be, or nothing."""
    item = planned[address]
    return policy_document(attributes_of(item, configuration)) if item.type == "aws_iam_policy_document" else None


@dataclass(frozen=True, slots=True)
class _Reader:
    document: Document
    configuration: Configuration
    shaper: Shaper
    folds: Mapping[str, list[tuple[ResourceType, Fold]]]
    changed: frozenset[str]

    def resource(self, item: Planned, attributes: Mapping[str, Value], record: ResourceType) -> Resource:
        """A planned resource by its record, without its satellites."""
        arn = attributes.get("arn")
        is_global = record.live is not None and record.live.scope == "global" and not record.live.region
        return Resource(
            type=record.name,
            id=item.address,
            properties=self.shaper.properties({**attributes, **self._read_back(item, attributes, record)}, record),
            origin=self._origin(item),
            region=GLOBAL if is_global else self._region(item, attributes),
            arn=arn if isinstance(arn, str) else "",
            tags=self.shaper.tags(attributes),
        )

    def satellites(self, item: Planned, attributes: Mapping[str, Value]) -> Iterator[Satellite]:
        """What a planned resource is to resources of other types."""
        for owner, rule in self.folds.get(item.type, ()):
            content = self.shaper.content(attributes, owner, rule)
            if content is not ABSENT:
                named = self.shaper.owner(attributes, rule)
                region = self._region(item, attributes)
                yield Satellite(item.address, rule, owner.name, named, content, self._origin(item), region)

    def _read_back(self, item: Planned, attributes: Mapping[str, Value], record: ResourceType) -> dict[str, Value]:
        """What the provider read of satellites that the plan changes or deletes: it will not stay as it stands in the owner."""
        terraform, block = record.terraform, self.configuration.block_of(item)
        if terraform is None or block is None:
            return {}
        names = {rule.into.removesuffix("[]") for rule in terraform.folds if rule.type in self.changed}
        places = {terraform.names.get(name, snake(name)) for name in names}
        return {
            name: _READ_BACK for name in places - {*mapping(block.get("expressions"))} if isinstance(attributes.get(name), list)
        }

    def _origin(self, item: Planned) -> Origin:
        return Origin(self.document.file, *self.document.place_of(item.address))

    def _region(self, item: Planned, attributes: Mapping[str, Value]) -> str:
        # an attribute of every resource since version 6 of the provider
        own = attributes.get("region")
        return own if isinstance(own, str) and own else self.configuration.region_of(self.configuration.block_of(item) or {})


def _made_at(document: Document) -> datetime.datetime:
    written = document.content.get("timestamp")
    try:
        moment = datetime.datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        moment = datetime.datetime.now(datetime.UTC)
    return moment.astimezone(datetime.UTC).replace(microsecond=0)
