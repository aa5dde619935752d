"""Everything of one type in one place: prepared first, and asked for parent by parent, where its record says so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from auditor.model.resource_type import Call, Live
from auditor.sources.aws.asking import ITSELF, arguments, is_absent, items, seems_gone, value_at
from auditor.sources.aws.calls import TIMEOUT, UNPARSABLE, Caller, UnansweredError

PAUSES: Final = (1, 1, 2, 4, 8, 15, 30)
"""Seconds between asking whether what AWS prepares is ready, before that is given up."""
_READY: Final = "COMPLETE"
_NOTHING: Final = frozenset(("", "N/A", "no_information", "not_supported"))
"""Cells that hold no value: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html"""

Item = dict[str, Any]


@dataclass(slots=True)
class Listing:
    """The listing of a type, of which the member ``named_by`` (if any) names an item.

    ``errors`` are what was not answered: whatever is missing because of it, the rest is handed out.
    """

    caller: Caller
    live: Live
    named_by: str = ""
    errors: list[UnansweredError] = field(default_factory=list)

    def items(self) -> Iterator[Item]:
        """Each item as a mapping, with its parent's members beside its own."""
        try:
            self._prepare()
        except UnansweredError as error:
            self.errors.append(error)
            return
        if self.live.parents is None:
            yield from self._noted(self.live.listing, {})
            return
        for parent in self._noted(self.live.parents, {}):
            for item in self._noted(self.live.listing, parent):
                yield {**parent, **item}

    def _prepare(self) -> None:
        call = self.live.prepare
        if call is None:
            return
        params = arguments(self.caller, call, {})
        for pause in (*PAUSES, 0):
            state = self.caller.one(call.operation, params).get("State")
            if not isinstance(state, str):
                raise UnansweredError(call.operation, UNPARSABLE, "State is not in the answer")
            if state == _READY:
                return
            self.caller.pause(pause)
        raise UnansweredError(call.operation, TIMEOUT, f"still {state} after {sum(PAUSES)} seconds")

    def _noted(self, call: Call, parent: Item) -> Iterator[Item]:
        try:
            yield from self._asked(call, parent)
        except UnansweredError as error:
            if not (is_absent(call, error) or (parent and seems_gone(error) and self._is_gone(parent))):
                self.errors.append(error)

    def _asked(self, call: Call, parent: Item) -> Iterator[Item]:
        params = arguments(self.caller, call, parent)
        if call.form == "csv":
            content = value_at(self.caller.one(call.operation, params), call.result, call)
            yield from rows(content, self.named_by, call)
            return
        for item in items(self.caller, call, params):
            yield item if isinstance(item, dict) else {ITSELF: item}

    def _is_gone(self, parent: Item) -> bool:
        """Whether a second listing of the parents does not show this one any more."""
        listing, parents = self.live.listing, self.live.parents
        assert parents is not None
        name = arguments(self.caller, listing, parent)
        try:
            return all(arguments(self.caller, listing, other) != name for other in self._asked(parents, {}))
        except UnansweredError:
            return False


def rows(content: str | bytes, named_by: str, call: Call) -> list[dict[str, str]]:
    """The rows of a table by their columns' names, without cells that hold nothing.

    Raises ``UnansweredError`` where it is no table with a header in which the column ``named_by`` stands.
    """
    try:
        text = content if isinstance(content, str) else content.decode()
        header, *found = csv.reader(io.StringIO(text, newline=""), strict=True)
        if named_by not in header:
            raise ValueError(f"it has no column {named_by}")
        pairs = [zip(header, row, strict=True) for row in found]
        return [{name: cell for name, cell in row if cell not in _NOTHING} for row in pairs]
    except (ValueError, csv.Error) as error:
        raise UnansweredError(call.operation, UNPARSABLE, f"not a table: {error}") from error
