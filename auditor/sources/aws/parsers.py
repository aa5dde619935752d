"""botocore's parsers, made to tell nothing from something else.

They go through ``{}``, ``""`` and an XML element's text as if these were lists without elements, and make ``{}`` of any body that has
none of a model's members. For the auditor "there is none" is a statement, so it must have been made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from xml.etree import ElementTree

from botocore.parsers import PROTOCOL_PARSERS, ResponseParser, ResponseParserError, ResponseParserFactory

EMPTY: Final = "Empty"
"""The member of an answer's ``ResponseMetadata`` that says what the answer is, where it holds nothing: see ``Call.empty``."""
_METADATA: Final = "ResponseMetadata"


class _Strict(ResponseParser):  # type: ignore[misc]  # botocore has no types
    def _handle_list(self, shape: Any, node: Any) -> list[Any]:
        if not isinstance(node, list) and (isinstance(node, Mapping | str | bytes) or _text(node)):
            raise ResponseParserError(f"{shape.name} is not a list")
        found: list[Any] = super()._handle_list(shape, node)
        return found

    def _do_parse(self, response: Any, shape: Any) -> Any:
        parsed = super()._do_parse(response, shape)
        if isinstance(parsed, dict) and not parsed.keys() - {_METADATA} and response["body"]:
            parsed.setdefault(_METADATA, {})[EMPTY] = _hollow(response["body"])
        return parsed


def _hollow(body: bytes) -> str:
    """What ``body`` is that holds nothing: ``{}``, or the name of its one XML element; empty where it holds something."""
    if body.strip() == b"{}":
        return "{}"
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 (an answer that botocore has parsed already)
    except ElementTree.ParseError:
        return ""
    return "" if len(root) or _text(root) else root.tag.rpartition("}")[2]


def _text(element: Any) -> bool:
    text = getattr(element, "text", None)
    return isinstance(text, str) and bool(text.strip())


_STRICT: Final = {name: type(f"Strict{parser.__name__}", (_Strict, parser), {}) for name, parser in PROTOCOL_PARSERS.items()}


class StrictParsers(ResponseParserFactory):  # type: ignore[misc]  # botocore has no types
    """botocore's component ``response_parser_factory``."""

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """A parser of one protocol, as the model of a service names it."""
        return _STRICT[protocol_name](**self._defaults)
