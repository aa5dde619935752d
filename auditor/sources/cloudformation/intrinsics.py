"""The value of an expression: one small function for each intrinsic function, in one table.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
What only a deploy decides is ``Unknown``; what is one of a few is ``OneOf``; another resource of the template is a ``Reference``.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from auditor.files.yaml import Node
from auditor.model.values import (
    ABSENT,
    SPECIAL,
    Kind,
    OneOf,
    Presence,
    Redacted,
    Reference,
    Text,
    Unknown,
    Value,
    one_of,
    over,
)
from auditor.sources.cloudformation.calls import TRANSFORM, Call, arguments, call_of, entries, is_short, text_argument
from auditor.sources.cloudformation.scope import MAX_POSSIBILITIES, Scope
from auditor.sources.cloudformation.texts import assemble, describe, join

Function: TypeAlias = "Callable[[Node, Scope], Value]"
"""From the argument and what it can name to the value."""

_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
_NAME: Final = re.compile(r"[A-Za-z0-9_.:]+")


def evaluate(node: Node, scope: Scope, path: str | None = None) -> Value:
    """The value of ``node``, and the place of each property below ``path`` in the scope's ``origins``.

    Raises ``InputError`` for null, an unknown function, a wrong argument, and a name that nothing bears.
    """
    scope.enter(node)
    call = call_of(node, scope)
    if call is not None:
        value = _called(call, node, scope, path)
    elif node.kind == "mapping":
        value = _mapping(node, scope, path)
    elif node.kind == "sequence":
        value = _sequence(node, scope, path)
    else:
        value = _scalar(node, scope)
    scope.leave()
    return value


def _called(call: Call, node: Node, scope: Scope, path: str | None) -> Value:
    if call.name == "Fn::If":
        return _if(call.argument, scope, path)
    function = FUNCTIONS.get(call.name)
    if function is not None:
        return function(call.argument, scope)
    if scope.transformed:
        return _deferred(f"{call.name}, resolved by a transform")
    raise scope.undeclared("function", call.name, FUNCTIONS, node, "")


def _mapping(node: Node, scope: Scope, path: str | None) -> Value:
    found: dict[str, Value] = {}
    for entry in entries(node, scope, evaluate):
        if (loop := entry.scope.undecided_loop(entry.name)) is not None:
            return loop
        inner = None if path is None else f"{path}.{entry.name}" if path else entry.name
        if inner is not None:
            scope.place(inner, entry.key)
        value = evaluate(entry.value, entry.scope, inner)
        if value is not ABSENT:
            found[entry.name] = value
    return found


def _sequence(node: Node, scope: Scope, path: str | None) -> Value:
    found: list[Value] = []
    for item in node.items:
        inner = None if path is None else f"{path}[{len(found)}]"
        value = evaluate(item, scope, inner)
        if value is not ABSENT:
            if inner is not None:
                scope.place(inner, item)
            found.append(value)
    return found


def _scalar(node: Node, scope: Scope) -> Value:
    value = node.scalar()
    if value is None:
        raise scope.error("null is not allowed in a template", node)
    if not isinstance(value, str):
        return value
    text = scope.fill(value)
    if (loop := scope.undecided_loop(text)) is not None:
        return Unknown(Kind.DEFERRED, f"{text}, {loop.reason}", Presence.YES)
    return assemble([text])


def _deferred(reason: str, present: Presence = Presence.YES) -> Unknown:
    return Unknown(Kind.DEFERRED, reason, present)


# -- names ---------------------------------------------------------------------------------------------------------------------


def _ref(node: Node, scope: Scope) -> Value:
    return named(text_argument(node, scope, "Ref"), node, scope, "Ref")


def named(name: str, node: Node, scope: Scope, key: str) -> Value:
    """What ``Ref`` gives for a name: a loop's identifier, a parameter or a resource."""
    if name in scope.loops:
        return scope.loops[name]
    if name in scope.parameters:
        return scope.parameters[name]
    if name in scope.resources:
        return Reference(name)
    if scope.transformed:
        return _deferred(f"{name}, declared by a transform")
    raise scope.undeclared("parameter or resource", name, {*scope.parameters, *scope.resources}, node, key)


def _get_att(node: Node, scope: Scope) -> Value:
    if node.kind == "scalar":
        return attribute(text_argument(node, scope, "Fn::GetAtt"), node, scope, "Fn::GetAtt")
    resource, name = arguments(node, scope, "Fn::GetAtt", 2)
    found = evaluate(name, scope)
    if not isinstance(found, str):
        return _deferred(f"an attribute of {text_argument(resource, scope, 'Fn::GetAtt')}")
    return attribute(f"{text_argument(resource, scope, 'Fn::GetAtt')}.{found}", node, scope, "Fn::GetAtt")


def attribute(dotted: str, node: Node, scope: Scope, key: str) -> Value:
    """What ``Fn::GetAtt`` gives for ``Resource.Attribute``."""
    target, _, name = dotted.partition(".")
    if not name:
        raise scope.error(f"Resource.Attribute expected, found '{dotted}'", node, key)
    if target in scope.resources:
        return Reference(target, name)
    if scope.transformed:
        return _deferred(f"{dotted}, declared by a transform")
    raise scope.undeclared("resource", target, scope.resources, node, key)


# -- text ----------------------------------------------------------------------------------------------------------------------


def _sub(node: Node, scope: Scope) -> Value:
    template, variables = node, None
    if node.kind == "sequence":
        template, *rest = arguments(node, scope, "Fn::Sub", 1, 2)
        variables = rest[0] if rest else None
    if variables is not None and (variables.kind != "mapping" or is_short(variables)):
        raise scope.error("a mapping of variables expected as the second of its list", variables, "Fn::Sub")
    own = {str(key.content): evaluate(value, scope) for key, value in variables.pairs} if variables is not None else {}
    return join(list(_substituted(text_argument(template, scope, "Fn::Sub"), own, template, scope)), "", template, scope)


def _substituted(text: str, own: dict[str, Value], node: Node, scope: Scope) -> Iterator[Value]:
    end = 0
    # not beyond the last brace: looking for one after each of many openings would take forever
    for match in _VARIABLE.finditer(text, 0, text.rfind("}") + 1):
        yield text[end : match.start()]
        end = match.end()
        yield _variable(match[1], own, node, scope)
    yield text[end:]


def _variable(written: str, own: dict[str, Value], node: Node, scope: Scope) -> Value:
    if written.startswith("!"):
        return f"${{{written[1:]}}}"
    name = written.strip()
    if name in own:
        return own[name]
    if not _NAME.fullmatch(name):
        raise scope.error(f"a name expected in ${{{written}}}; for the text itself write ${{!{written}}}", node, "Fn::Sub")
    if "." in name:
        return attribute(name, node, scope, "Fn::Sub")
    return named(name, node, scope, "Fn::Sub")


def _join(node: Node, scope: Scope) -> Value:
    separator, items = arguments(node, scope, "Fn::Join", 2)
    values = evaluate(items, scope)
    between = text_argument(separator, scope, "Fn::Join")
    return over(values, lambda found: _join_list(found, between, items, scope))


def _join_list(values: Value, separator: str, node: Node, scope: Scope) -> Value:
    if isinstance(values, list):
        return join(values, separator, node, scope)
    return _deferred(f"Fn::Join of {describe(_list(values, node, scope, 'Fn::Join'))}")


def _list(value: Value, node: Node, scope: Scope, name: str) -> Value:
    """A value that may be a list at deploy. Raises ``InputError`` where it is surely none."""
    if isinstance(value, Unknown | Reference | Text | OneOf):
        return value
    raise scope.error("a list expected", node, name)


def _split(node: Node, scope: Scope) -> Value:
    separator, text = arguments(node, scope, "Fn::Split", 2)
    between = text_argument(separator, scope, "Fn::Split")
    if not between:
        raise scope.error("a separator expected, found empty text", separator, "Fn::Split")

    def split(found: Value) -> Value:
        if isinstance(found, str):
            parts = found.split(between)
            scope.spend(text, len(parts))
            return parts
        if isinstance(found, list | dict):
            raise scope.error("text expected", text, "Fn::Split")
        return _deferred(f"Fn::Split of {describe(found)}")

    return over(evaluate(text, scope), split)


def _base64(node: Node, scope: Scope) -> Value:
    def encode(found: Value) -> Value:
        if isinstance(found, str):
            scope.spend(node, 1 + len(found) // 64)
            return base64.b64encode(found.encode("utf-8", "surrogatepass")).decode("ascii")
        if isinstance(found, Redacted):
            return found
        return _deferred(f"Fn::Base64 of {describe(found)}")

    return over(evaluate(node, scope), encode)


def _to_json(node: Node, scope: Scope) -> Value:
    value = evaluate(node, scope)
    if not isinstance(value, list | dict):
        raise scope.error("a list or a mapping expected", node, "Fn::ToJsonString")
    return json.dumps(value, separators=(",", ":")) if _is_plain(value) else _deferred("Fn::ToJsonString")


def _is_plain(value: Value) -> bool:
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if isinstance(value, list) else not isinstance(value, SPECIAL)


# -- choice --------------------------------------------------------------------------------------------------------------------


def _if(node: Node, scope: Scope, path: str | None = None) -> Value:
    condition, yes, no = arguments(node, scope, "Fn::If", 3)
    truth = scope.conditions.truth(text_argument(condition, scope, "Fn::If"), condition, scope)
    if isinstance(truth, Unknown):
        return one_of([evaluate(yes, scope), evaluate(no, scope)])
    return evaluate(yes if truth else no, scope, path)


def _select(node: Node, scope: Scope) -> Value:
    index, items = arguments(node, scope, "Fn::Select", 2)
    position = evaluate(index, scope)
    values = evaluate(items, scope)
    found = over(values, lambda some: over(position, lambda at: _selected(some, at, items, scope)))
    if found is ABSENT:
        raise scope.error(f"a position of its list expected, found {describe(position)}", node, "Fn::Select")
    return found


def _selected(values: Value, position: Value, node: Node, scope: Scope) -> Value:
    """The element of ``values`` at a position; ``ABSENT`` where it has none."""
    if not isinstance(values, list):
        return _deferred(f"Fn::Select of {describe(_list(values, node, scope, 'Fn::Select'))}")
    if any(isinstance(item, OneOf) and ABSENT in item.values for item in values):
        return _deferred("Fn::Select of a list that may be shorter")
    if isinstance(position, SPECIAL):
        return one_of(values) if 0 < len(values) <= MAX_POSSIBILITIES else _deferred("Fn::Select of an unknown position")
    text = describe(position)
    return values[int(text)] if re.fullmatch(r"[0-9]{1,9}", text) and int(text) < len(values) else ABSENT


def _find_in_map(node: Node, scope: Scope) -> Value:
    name, first, second, *options = arguments(node, scope, "Fn::FindInMap", 3, 4)
    default = options[0].get("DefaultValue") if options else None
    if options and default is None:
        raise scope.error("a mapping with DefaultValue expected as the fourth of its list", options[0], "Fn::FindInMap")
    tables = [scope.mappings] if scope.mappings is not None else []
    keys = [evaluate(key, scope) for key in (name, first, second)]
    for key in keys:
        scope.spend(node, sum(len(table.pairs) for table in tables) // 16)
        tables = [inner for table in tables for inner in _inner(table, key)]
    found = [evaluate(table, scope) for table in tables[:MAX_POSSIBILITIES]]
    if len(tables) > MAX_POSSIBILITIES:
        return _deferred("Fn::FindInMap of many values")
    if default is not None and not (found and all(isinstance(key, str | int | float) for key in keys)):
        found.append(evaluate(default, scope))
    if found:
        return one_of(found)
    if scope.transformed or (scope.mappings is not None and scope.mappings.get(TRANSFORM) is not None):
        return _deferred("Fn::FindInMap in a mapping that a transform adds")
    raise scope.error("no mapping has such a value", node, "Fn::FindInMap")


def _inner(table: Node, key: Value) -> Iterator[Node]:
    """The values of ``table`` at a key: at each possible one, where it is not known."""
    for possible in key.values if isinstance(key, OneOf) else (key,):
        if isinstance(possible, SPECIAL):
            yield from (value for _, value in table.pairs)
        elif (found := table.get(describe(possible))) is not None:
            yield found


# -- what a deploy decides -----------------------------------------------------------------------------------------------------


def _import_value(node: Node, scope: Scope) -> Value:
    return _deferred(f"Fn::ImportValue {describe(evaluate(node, scope))}")


def _get_azs(node: Node, scope: Scope) -> Value:
    return _deferred(f"Fn::GetAZs {describe(evaluate(node, scope))}".strip())


def _transform(node: Node, _scope: Scope) -> Value:
    name = node.get("Name")
    return _deferred(f"{TRANSFORM} {name.content if name is not None else ''}".strip(), Presence.MAYBE)


def _length(node: Node, scope: Scope) -> Value:
    def length(found: Value) -> Value:
        if isinstance(found, list) and not any(isinstance(item, OneOf | Unknown) for item in found):
            return len(found)
        return _deferred(f"Fn::Length of {'a list' if isinstance(found, list) else describe(found)}")

    return over(evaluate(node, scope), length)


def _cidr(node: Node, scope: Scope) -> Value:
    block, count, *bits = arguments(node, scope, "Fn::Cidr", 2, 3)
    values = [evaluate(item, scope) for item in (block, count, *bits)]
    if any(isinstance(value, SPECIAL) for value in values):
        return _deferred(f"Fn::Cidr of {describe(values[0])}")
    try:
        return _subnets(str(values[0]), int(values[1]), int(values[2]) if bits else None)
    except (ValueError, TypeError) as error:
        raise scope.error(
            f"an address block, a count from 1 to 256 and host bits expected: {error}", node, "Fn::Cidr"
        ) from error


def _subnets(block: str, count: int, bits: int | None) -> list[str]:
    """The first ``count`` subnets of a block, each with ``bits`` for its hosts (8 for IPv4, 64 for IPv6 unless given).

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
    """
    import ipaddress
    import itertools

    network = ipaddress.ip_network(block, strict=False)
    if not 1 <= count <= 256:
        raise ValueError(f"count {count}")
    hosts = bits if bits is not None else (8 if network.version == 4 else 64)
    found = [str(item) for item in itertools.islice(network.subnets(new_prefix=network.max_prefixlen - hosts), count)]
    if len(found) < count:
        raise ValueError(f"{block} has no {count} subnets of {hosts} bits")
    return found


def _misplaced(node: Node, scope: Scope) -> Value:
    raise scope.error("a condition cannot stand here; Fn::If takes its name", node)


FUNCTIONS: Final[dict[str, Function]] = {
    "Condition": _misplaced,
    "Fn::And": _misplaced,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::Equals": _misplaced,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _get_azs,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Not": _misplaced,
    "Fn::Or": _misplaced,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json,
    TRANSFORM: _transform,
    "Ref": _ref,
}
