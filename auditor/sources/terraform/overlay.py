"""A resource's planned values with what is unknown or sensitive put in its place as a special value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from auditor.model import secrets
from auditor.model.values import ABSENT, Kind, Presence, Redacted, Reference, Unknown, Value
from auditor.sources.terraform.configuration import Configuration, Mention, Scope, is_expression, references
from auditor.sources.terraform.document import Planned, mapping


@dataclass(frozen=True, slots=True)
class Mentioned(Unknown):
    """An unknown whose expression is known to mention these. ``part`` marks one of several values of that expression."""

    mentions: tuple[Mention, ...] = ()
    part: bool = False


UNTOLD: Final = Unknown(Kind.DEFERRED, "known after apply", Presence.MAYBE)
"""What is unknown where the plan does not hold the configuration of it."""
COMPUTED: Final = Unknown(Kind.DEFERRED, "decided by AWS", Presence.MAYBE)
"""What is unknown because the configuration leaves it to the provider: AWS's default, or an identifier."""
_TOLD: Final = 4
"""Names that a reason gives before it only counts."""
_SENSITIVE: Final = Unknown(Kind.DEFERRED, "sensitive", Presence.YES)


def plain(value: Value) -> Value:
    """``value`` without what only this package knows of its unknowns."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return Unknown(value.kind, value.reason, value.present) if isinstance(value, Unknown) else value


def attributes_of(planned: Planned, configuration: Configuration) -> dict[str, Value]:
    """The attributes planned for a resource; ``Mentioned`` where one is unknown and the configuration says what it comes from."""
    block = configuration.block_of(planned)
    scope = configuration.scope(planned.module)
    expressions = None if block is None else block.get("expressions", {})
    unknown = planned.unknown
    if unknown is None:
        # values that are known to be null stand in a plan as null, unknown ones do not stand there at all
        unknown = {name: True for name in mapping(expressions) if name not in planned.values}
    if scope is not None and block is not None:
        name = f"data.{planned.type}.{planned.name}" if planned.data else f"{planned.type}.{planned.name}"
        scope = scope.inside(block, scope.full(name), planned.key)
    return _Overlay(configuration, scope).block(planned.values, unknown, planned.sensitive, expressions)


@dataclass(frozen=True, slots=True)
class _Overlay:
    """Puts special values where a plan's masks say so. An expression of nothing means that no configuration is known."""

    configuration: Configuration
    scope: Scope | None

    def block(
        self, values: Mapping[str, Any], unknown: Any, sensitive: tuple[Any, ...], expressions: Any, *, part: bool = False
    ) -> dict[str, Value]:
        names = dict.fromkeys((*values, *mapping(unknown)))
        return {
            name: self._value(
                values.get(name),
                unknown is True or mapping(unknown).get(name),
                tuple(mask is True or mapping(mask).get(name) for mask in sensitive),
                _inner(expressions, name),
                part=part or (isinstance(expressions, dict) and is_expression(expressions) and bool(expressions)),
            )
            for name in names
        }

    def _value(self, value: Any, unknown: Any, sensitive: tuple[Any, ...], expression: Any, *, part: bool) -> Value:
        if any(_hides(mask, value) for mask in sensitive):
            return _hidden(value, unknown)
        if unknown is True:
            return self._unknown(expression, part=part)
        if isinstance(value, dict) or (value is None and isinstance(unknown, dict) and unknown):
            inner = None if expression is ABSENT else expression
            return self.block(value or {}, unknown, sensitive, inner, part=part)
        if isinstance(value, list) or (value is None and isinstance(unknown, list) and unknown):
            return self._items(value or [], unknown, sensitive, expression, part=part)
        return value

    def _items(
        self, values: list[Any], unknown: Any, sensitive: tuple[Any, ...], expression: Any, *, part: bool
    ) -> list[Value]:
        masks = unknown if isinstance(unknown, list) else []
        blocks = _blocks_of(values, expression, length=max(len(values), len(masks)))
        found: list[Value] = []
        for index, (value, mask) in enumerate(zip_longest(values, masks)):
            inner, several = blocks[index]
            hidden = tuple(item[index] for item in sensitive if isinstance(item, list) and index < len(item))
            found.append(self._value(value, mask, hidden, inner, part=part or several))
        return found

    def _unknown(self, expression: Any, *, part: bool) -> Unknown:
        if expression is ABSENT:
            return COMPUTED
        if expression is None or self.scope is None:
            return UNTOLD
        mentions, selected = self.configuration.mentions(expression, self.scope)
        return Mentioned(Kind.DEFERRED, _reason(mentions), Presence.YES, tuple(mentions), part or selected)


def _inner(expressions: Any, name: str) -> Any:
    """What the configuration says of one attribute of a block: ``ABSENT`` where it says nothing."""
    if not isinstance(expressions, dict):
        return None
    if expressions and is_expression(expressions):
        return expressions
    return expressions.get(name, ABSENT)


def _blocks_of(values: list[Any], expression: Any, length: int) -> list[tuple[Any, bool]]:
    """The expression behind each element of a list, and whether it stands for more than that element.

    Blocks of a set stand in another order than they were written, and a ``dynamic`` block is not in the configuration at all: a
    block belongs to an element whose values agree with the block's constants.
    """
    if isinstance(expression, dict):
        return [(expression, True)] * length
    if not isinstance(expression, list) or len(expression) != length:
        return [(None, False)] * length
    if length == 1:
        return [(expression[0], False)]
    return [_block_of(value, expression) for value in values] + [(None, False)] * (length - len(values))


def _block_of(value: Any, blocks: list[Any]) -> tuple[Any, bool]:
    fitting = [block for block in blocks if isinstance(block, dict) and _fits(mapping(value), block)]
    if len(fitting) <= 1:
        return (fitting[0] if fitting else None), False
    names = dict.fromkeys(name for block in fitting for name in block)
    return {name: {"references": references([block.get(name) for block in fitting])} for name in names}, True


def _fits(value: Mapping[str, Any], block: Mapping[str, Any]) -> bool:
    for name, expression in block.items():
        constant = mapping(expression).get("constant_value")
        if isinstance(constant, str | int | float) and str(value.get(name)).lower() != str(constant).lower():
            return False
    return True


# -- what is sensitive -----------------------------------------------------------------------------------------------------


def _hides(mask: Any, value: Any) -> bool:
    """Whether a value is hidden as a whole: the mask says so, or marks something within that it does not fit."""
    if isinstance(mask, dict) and not isinstance(value, dict):
        return _marks(mask)
    if isinstance(mask, list) and (not isinstance(value, list) or len(mask) != len(value)):
        return _marks(mask)
    return mask is True


def _marks(mask: Any) -> bool:
    if isinstance(mask, dict | list):
        return any(_marks(item) for item in (mask.values() if isinstance(mask, dict) else mask))
    return mask is True


def _hidden(value: Any, unknown: Any) -> Value:
    if isinstance(value, str) and value:
        return Redacted("sensitive", secrets.digest(value))
    # that a value is null or empty tells nothing of what would be sensitive
    return value if value in (None, "") and not unknown else _SENSITIVE


# -- in words --------------------------------------------------------------------------------------------------------------


def _reason(mentions: list[Mention]) -> str:
    if not mentions:
        return "known after apply"
    more = f" and {len(mentions) - _TOLD} more" if len(mentions) > _TOLD else ""
    return f"known after apply, from {', '.join(_written(item) for item in mentions[:_TOLD])}{more}"


def _written(mention: Mention) -> str:
    if isinstance(mention, Unknown):
        return mention.reason.removeprefix("known after apply: ")
    if isinstance(mention, Reference):
        return f"{mention.target}.{mention.attribute}" if mention.attribute else mention.target
    more = f" or {len(mention.values) - _TOLD} more" if len(mention.values) > _TOLD else ""
    return " or ".join(_written(item) for item in mention.values[:_TOLD]) + more
