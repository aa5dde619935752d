"""botocore's parsers, made to refuse one thing that they take for an empty list: what is no list at all.

They go through ``{}``, ``""`` and an XML element's text as if these were lists without elements. For the auditor "there is none" is a
statement, so it must have been made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from botocore.parsers import PROTOCOL_PARSERS, ResponseParser, ResponseParserError, ResponseParserFactory


class _StrictLists(ResponseParser):  # type: ignore[misc]  # botocore has no types
    def _handle_list(self, shape: Any, node: Any) -> list[Any]:
        if not isinstance(node, list) and (isinstance(node, Mapping | str | bytes) or _text(node)):
            raise ResponseParserError(f"{shape.name} is not a list")
        found: list[Any] = super()._handle_list(shape, node)
        return found


def _text(element: Any) -> bool:
    text = getattr(element, "text", None)
    return isinstance(text, str) and bool(text.strip())


_STRICT: Final = {
    name: type(f"Strict{parser.__name__}", (_StrictLists, parser), {}) for name, parser in PROTOCOL_PARSERS.items()
}


class StrictParsers(ResponseParserFactory):  # type: ignore[misc]  # botocore has no types
    """botocore's component ``response_parser_factory``."""

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """A parser of one protocol, as the model of a service names it."""
        return _STRICT[protocol_name](**self._defaults)
