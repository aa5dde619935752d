"""Tags: from a resource's own answer where it holds them, else from one bulk call per region."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from auditor.model.secrets import redact
from auditor.model.values import Kind, Presence, Unknown, Value
from auditor.sources.aws.calls import UNPARSABLE, Caller, UnansweredError
from auditor.sources.aws.permissions import TAGS

NOT_ASKED: Final = Unknown(Kind.UNREAD, "tags were not asked for", Presence.MAYBE)

_Table: TypeAlias = Mapping[str, Mapping[str, Value]]


def tags_of(pairs: list[Mapping[str, Any]]) -> dict[str, Value]:
    """AWS's list of ``Key`` and ``Value`` as a mapping, secrets redacted."""
    return {pair["Key"]: redact(pair["Key"], pair.get("Value", "")) for pair in pairs if "Key" in pair}


@dataclass(slots=True)
class Tags:
    """The tags of whole regions by ARN, each region asked once, by whoever needs it first.

    A resource that the answer does not name has none: the API knows what is tagged or ever was.
    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
    """

    wanted: bool
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _tables: dict[str, _Table | UnansweredError] = field(default_factory=dict)

    def of(self, arn: str, region: str, caller: Caller) -> Mapping[str, Value] | Unknown:
        """The tags of ``arn`` in ``region``. Raises ``UnansweredError`` where the region's could not be read."""
        if not self.wanted:
            return NOT_ASKED
        table = self._table(region, caller)
        if isinstance(table, UnansweredError):
            raise table
        return table.get(arn, {})

    def _table(self, region: str, caller: Caller) -> _Table | UnansweredError:
        with self._lock:
            if region not in self._tables:
                try:
                    self._tables[region] = _read(caller, region)
                except UnansweredError as error:
                    self._tables[region] = error
            return self._tables[region]


def _read(caller: Caller, region: str) -> _Table:
    table: dict[str, Mapping[str, Value]] = {}
    for page in caller.pages(TAGS, {}, region):
        if "ResourceTagMappingList" not in page:
            raise UnansweredError(TAGS, UNPARSABLE, "ResourceTagMappingList is not in the answer")
        for item in page["ResourceTagMappingList"]:
            table[item.get("ResourceARN", "")] = tags_of(item.get("Tags", []))
    return table
