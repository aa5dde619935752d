"""Where in a resource type's schema a clause stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from auditor.model.resource_type import ResourceType, Schema
from auditor.model.values import ABSENT, Value
from auditor.rules.language import element_of


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a record's schema.

    ``path`` is as in ``ResourceType.references`` (``Subnets[]``), empty for the whole resource; ``steps`` are the property names
    from the nearest whole value (the resource, a list's element) to here, each with AWS's default for it.
    """

    record: ResourceType
    schema: Schema
    path: str = ""
    steps: tuple[tuple[str, Value], ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether this is the resource itself."""
        return not self.path

    def below(self, name: str) -> Spot:
        """The property ``name`` of the block here."""
        schema = self.schema
        inner = schema.get(name, schema.get("*")) if isinstance(schema, dict) else schema
        if inner is None:
            raise KeyError(name)
        path = f"{self.path}.{name}" if self.path else name
        return replace(self, schema=inner, path=path, steps=(*self.steps, (name, self.record.defaults.get(path, ABSENT))))

    def element(self) -> Spot:
        """Any element of the list or mapping here."""
        return Spot(self.record, element_of(self.schema), f"{self.path}[]")


_CHOICE: Final = re.compile(r"\[[^\]]*\]")


def reference_targets(spot: Spot) -> tuple[str, ...]:
    """The types that the value here may name; which elements of a list do so (``[Name=x]``) is for the rule to ask."""
    found: dict[str, None] = {}
    for path, targets in spot.record.references.items():
        if _CHOICE.sub("[]", path) == spot.path:
            found.update(dict.fromkeys(targets))
    return tuple(found)
