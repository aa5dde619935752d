"""Whether a template's conditions hold, as far as is known before a deploy.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from auditor.files.yaml import Node
from auditor.model.truth import Truth, all_of, any_of, in_each, negated
from auditor.model.values import SPECIAL, Kind, Presence, Unknown, Value
from auditor.sources.cloudformation.calls import Call, Entry, arguments, call_of, text_argument
from auditor.sources.cloudformation.intrinsics import evaluate
from auditor.sources.cloudformation.scope import Scope
from auditor.sources.cloudformation.texts import describe, literal

_MOST: Final = 10
"""Operands of ``Fn::And`` and ``Fn::Or``."""


@dataclass(slots=True)
class Conditions:
    """The conditions of a template. ``assumed`` are taken to hold, or not, whatever they say."""

    declared: Mapping[str, Entry]
    assumed: Mapping[str, bool] = field(default_factory=dict)
    _known: dict[str, Truth] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)

    def truth(self, name: str, at: Node, scope: Scope) -> Truth:
        """Whether condition ``name`` holds. Raises ``InputError`` where it is not declared or rests on itself."""
        if name in self.assumed:
            return self.assumed[name]
        if name not in self._known:
            self._known[name] = self._evaluated(name, at, scope)
        return self._known[name]

    def _evaluated(self, name: str, at: Node, scope: Scope) -> Truth:
        entry = self.declared.get(name)
        if entry is None:
            if scope.transformed:
                return Unknown(Kind.DEFERRED, f"condition {name}, declared by a transform", Presence.YES)
            raise scope.undeclared("condition", name, self.declared, at, "Condition")
        if name in self._open:
            raise scope.error(f"condition {name} rests on itself", at, "Condition")
        self._open.add(name)
        holds = decide(entry.value, entry.scope.assuming(self))
        self._open.discard(name)
        return holds

    def given(self, name: str) -> Conditions:
        """The conditions as they are where ``name`` holds, with all that follows from it."""
        found: dict[str, bool] = {}
        follows = [(name, True)]
        while follows:
            condition, holds = follows.pop()
            if condition not in found:
                found[condition] = holds
                if condition in self.declared:
                    entry = self.declared[condition]
                    follows.extend(_implied(entry.value, entry.scope, holds))
        return Conditions(self.declared, {**self.assumed, **found})


def _implied(node: Node, scope: Scope, holds: bool) -> list[tuple[str, bool]]:
    """The named conditions that must hold, or must not, where the expression ``node`` does or does not."""
    found: list[tuple[str, bool]] = []
    follows = [(node, holds)]
    while follows:
        expression, wanted = follows.pop()
        call = _function(expression, scope)
        if call.name == "Condition":
            found.append((text_argument(call.argument, scope, "Condition"), wanted))
        elif call.name == "Fn::Not" or (call.name == "Fn::And" and wanted) or (call.name == "Fn::Or" and not wanted):
            follows.extend((operand, wanted is not (call.name == "Fn::Not")) for operand in call.argument.items)
    return found


def decide(node: Node, scope: Scope) -> Truth:
    """Whether a condition's expression holds. Raises ``InputError`` where it is no condition."""
    scope.enter(node)
    call = _function(node, scope)
    match call.name:
        case "Condition":
            holds = scope.conditions.truth(text_argument(call.argument, scope, "Condition"), call.argument, scope)
        case "Fn::Equals":
            left, right = (evaluate(item, scope) for item in arguments(call.argument, scope, call.name, 2))
            holds = in_each(left, lambda one: in_each(right, lambda other: _equal(one, other)))
        case "Fn::Not":
            holds = negated(decide(arguments(call.argument, scope, call.name, 1)[0], scope))
        case "Fn::And":
            holds = all_of([decide(item, scope) for item in arguments(call.argument, scope, call.name, 2, _MOST)])
        case _:
            holds = any_of([decide(item, scope) for item in arguments(call.argument, scope, call.name, 2, _MOST)])
    scope.leave()
    return holds


def _function(node: Node, scope: Scope) -> Call:
    call = call_of(node, scope)
    if call is None and len(node.pairs) == 1 and node.pairs[0][0].content == "Condition":
        call = Call("Condition", node.pairs[0][1])
    if call is None or call.name not in ("Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"):
        raise scope.error("Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition expected", node)
    return call


def _equal(left: Value, right: Value) -> Truth:
    for value in (left, right):
        if isinstance(value, SPECIAL):
            return Unknown(Kind.DEFERRED, describe(value), Presence.YES)
    return bool(_comparable(left) == _comparable(right))


def _comparable(value: Value) -> Value:
    return literal(value) if isinstance(value, bool | int | float) else value
