"""What the configuration mentions where a value is not known: which resources' attributes it will come from.

A plan does not hold the configuration's expressions but, for each, the names it mentions. A value that is unknown when everything
known has been computed can only come from something unknown that its expression mentions. So names of what is known are dropped, and
where one is left the value is taken to be it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from auditor.model.values import Kind, OneOf, Presence, Reference, Unknown
from auditor.sources.terraform.document import Planned, mapping


@dataclass(frozen=True, slots=True)
class DataAttribute(Unknown):
    """An attribute of a data source that is read only when the plan is applied."""

    address: str = ""
    attribute: str = ""


Mention: TypeAlias = "Reference | OneOf | Unknown"
"""Something unknown that an expression mentions: a resource's attribute, one of several instances', or neither."""

MAX_NAMES: Final = 200
"""Names followed for one expression, through modules' inputs and outputs."""

_KEY: Final = r'\["(?:[^"\\]|\\.)*"\]|\[\d+\]'
_NAME: Final = re.compile(
    rf"(?P<head>[^.\[]+)\.(?P<name>[^.\[]+)(?P<key>{_KEY})?(?:\.(?P<rest>.+)|(?P<index>\[.+))?", re.DOTALL
)
# always known when a plan is made: https://developer.hashicorp.com/terraform/language/expressions/references
_KNOWN: Final = frozenset(("count", "path", "terraform", "tofu"))


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a name is looked up: one instance of a module, and the instance of a resource or module call that mentions it.

    ``address`` is the module instance's, empty for the root. ``call`` is the caller's block with the module's inputs, looked up in
    ``caller``. ``repeated`` is the block whose ``for_each`` gives ``each``, ``key`` its instance's key, ``base`` its address
    without one.
    """

    address: str
    module: Mapping[str, Any]
    call: Mapping[str, Any] = field(default_factory=dict)
    caller: Scope | None = None
    repeated: Mapping[str, Any] = field(default_factory=dict)
    key: str | int | None = None
    base: str = ""

    def inside(self, repeated: Mapping[str, Any], base: str, key: str | int | None) -> Scope:
        """The same module, seen from one instance of a block in it."""
        return Scope(self.address, self.module, self.call, self.caller, repeated, key, base)

    def full(self, address: str) -> str:
        """An address of this module as the plan writes it."""
        return f"{self.address}.{address}" if self.address else address


@dataclass(slots=True)
class _Trail:
    """The names followed so far for one expression."""

    seen: set[tuple[str, str, str]] = field(default_factory=set)
    part: bool = False


class Configuration:
    """The configuration of a plan, beside the instances the plan makes of it."""

    def __init__(self, content: Mapping[str, Any], planned: Iterable[Planned]) -> None:
        self.root = mapping(mapping(content.get("configuration")).get("root_module"))
        self.providers = mapping(mapping(content.get("configuration")).get("provider_config"))
        self.variables = mapping(content.get("variables"))
        self._unknown: dict[str, Any] = {}
        self._instances: dict[str, dict[str | int | None, str]] = {}
        self._modules: dict[str, dict[str | int | None, str]] = {}
        self._blocks: dict[str, dict[tuple[str, str, bool], Mapping[str, Any]]] = {}
        self._read = _read_when_planned(content)
        self._scopes: dict[str, Scope | None] = {"": Scope("", self.root)}
        for item in planned:
            self._unknown[item.address] = item.unknown
            name = f"data.{item.type}.{item.name}" if item.data else f"{item.type}.{item.name}"
            base = f"{item.module}.{name}" if item.module else name
            self._instances.setdefault(base, {})[item.key] = item.address
            self._know_modules(item.module)

    def _know_modules(self, address: str) -> None:
        while address:
            parent, name, key = split_module(address)
            base = f"{parent}.module.{name}" if parent else f"module.{name}"
            self._modules.setdefault(base, {})[key] = address
            address = parent

    # -- where a resource is configured ------------------------------------------------------------------------------------

    def block_of(self, planned: Planned) -> Mapping[str, Any] | None:
        """The configuration's block of a resource, shared by its instances; nothing where the plan has none."""
        blocks = self._blocks.get(planned.module)
        if blocks is None:
            blocks = self._blocks[planned.module] = {}
            scope = self.scope(planned.module)
            for block in _items(scope.module.get("resources")) if scope is not None else ():
                blocks[(str(block.get("type")), str(block.get("name")), block.get("mode") == "data")] = block
        return blocks.get((planned.type, planned.name, planned.data))

    def scope(self, address: str) -> Scope | None:
        """The module instance at ``address``; nothing where the configuration has no such module."""
        if address not in self._scopes:
            self._scopes[address] = None
            self._scopes[address] = self._scope(address)
        return self._scopes[address]

    def _scope(self, address: str) -> Scope | None:
        parent, name, key = split_module(address)
        outer = self.scope(parent) if name else None
        call = mapping(mapping(outer.module.get("module_calls")).get(name)) if outer is not None else {}
        if outer is None or not isinstance(call.get("module"), dict):
            return None
        return Scope(address, call["module"], call, outer.inside(call, outer.full(f"module.{name}"), key))

    def region_of(self, block: Mapping[str, Any]) -> str:
        """The region of the provider that a resource uses, where the configuration gives it as a constant or a plan variable."""
        key = str(block.get("provider_config_key"))
        provider = mapping(self.providers.get(key))
        if "expressions" not in provider:
            # a module without a provider block of its own uses the root's
            provider = mapping(self.providers.get(key.rpartition(":")[2]))
        region = mapping(mapping(provider.get("expressions")).get("region"))
        value = region.get("constant_value")
        names = references(region)
        if value is None and len(names) == 1 and names[0].startswith("var."):
            name = names[0].removeprefix("var.")
            if not mapping(mapping(self.root.get("variables")).get(name)).get("sensitive"):
                value = mapping(self.variables.get(name)).get("value")
        # an expression around the variable would give something else, which the variable's own value cannot tell
        return value if isinstance(value, str) and re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", value) else ""

    # -- what an expression mentions ---------------------------------------------------------------------------------------

    def mentions(self, expression: Any, scope: Scope) -> tuple[list[Mention], bool]:
        """What is unknown of that which ``expression`` mentions, each once, in its order; and whether only a part of it is meant.

        A part is meant where the way leads through an attribute of an input or output that is an object.
        """
        trail = _Trail()
        found: list[Mention] = []
        for mention in self._expression(expression, scope, trail):
            if mention not in found:
                found.append(mention)
        return found, trail.part and len(whole(references(expression))) == 1

    def _expression(self, expression: Any, scope: Scope, trail: _Trail) -> Iterator[Mention]:
        names = references(expression)
        for name in whole(names):
            if len(trail.seen) >= MAX_NAMES:
                yield _after_apply(scope.full(name))
                return
            # the same name in the same place adds nothing, and a module may pass its inputs round in a circle
            place = (scope.address, f"{scope.base}[{scope.key}]", name)
            if place not in trail.seen:
                trail.seen.add(place)
                yield from self._name(name, names, scope, trail)

    def _name(self, name: str, beside: list[str], scope: Scope, trail: _Trail) -> Iterator[Mention]:
        head, _, rest = name.partition(".")
        if head in _KNOWN or name == "each.key":
            return
        if head == "var":
            yield from self._variable(rest, scope, trail)
        elif head == "module":
            yield from self._output(name, beside, scope, trail)
        elif name == "each.value" or name.startswith("each.value."):
            yield from self._each(rest.removeprefix("value").removeprefix("."), scope, trail)
        elif head == "data":
            yield from self._data(rest, beside, scope)
        elif head in ("local", "ephemeral", "self"):
            yield _after_apply(scope.full(name))
        else:
            yield from self._resource(name, beside, scope)

    def _variable(self, name: str, scope: Scope, trail: _Trail) -> Iterator[Mention]:
        variable, *inner = re.split(r"[.\[]", name)
        # the root's own variables are known when a plan is made, and so is a default
        if scope.caller is not None and (given := mapping(scope.call.get("expressions")).get(variable)) is not None:
            trail.part = trail.part or bool(inner)
            yield from self._expression(given, scope.caller, trail)

    def _output(self, name: str, beside: list[str], scope: Scope, trail: _Trail) -> Iterator[Mention]:
        match = _NAME.match(name)
        if match is None:
            yield _after_apply(scope.full(name))
            return
        output, *inner_names = re.split(r"[.\[]", match["rest"] or "")
        trail.part = trail.part or bool(inner_names)
        for address in self._chosen(self._modules, f"module.{match['name']}", match["key"], beside, scope):
            inner = self.scope(address)
            given = mapping(mapping(inner.module.get("outputs") if inner is not None else None).get(output)).get("expression")
            if inner is None or given is None:
                yield _after_apply(f"{address}.{output}" if output else address)
            else:
                yield from self._expression(given, inner, trail)

    def _each(self, attribute: str, scope: Scope, trail: _Trail) -> Iterator[Mention]:
        over = scope.repeated.get("for_each_expression")
        names = whole(references(over))
        if len(names) == 1 and (match := _NAME.fullmatch(names[0])) is not None and match["rest"] is None:
            # for_each over another resource's instances: the value is the instance of the same key
            # https://developer.hashicorp.com/terraform/language/meta-arguments/for_each#chaining-for_each-between-resources
            address = self._instances.get(scope.full(names[0]), {}).get(scope.key)
            if address is not None:
                yield from self._attribute([address], attribute)
                return
        outside = scope.inside({}, "", None)
        yield from self._expression(over, outside, trail)

    def _resource(self, name: str, beside: list[str], scope: Scope) -> Iterator[Mention]:
        match = _NAME.match(name)
        if match is None:
            yield _after_apply(scope.full(name))
            return
        base = f"{match['head']}.{match['name']}"
        yield from self._attribute(self._chosen(self._instances, base, match["key"], beside, scope), match["rest"] or "")

    def _data(self, name: str, beside: list[str], scope: Scope) -> Iterator[Mention]:
        match = _NAME.match(name)
        base = f"data.{match['head']}.{match['name']}" if match is not None else ""
        if match is None or scope.full(base) not in self._instances:
            # what was read when the plan was made stands in the prior state, and is known
            if scope.full(base) not in self._read:
                yield _after_apply(scope.full(f"data.{name}"))
            return
        attribute = re.split(r"[.\[]", match["rest"] or "")[0]
        for address in self._chosen(self._instances, base, match["key"], beside, scope):
            if not attribute or _is_unknown(self._unknown.get(address), attribute):
                written = f"{address}.{attribute}" if attribute else address
                yield DataAttribute(Kind.DEFERRED, f"known after apply: {written}", Presence.YES, address, attribute)

    def _chosen(
        self,
        among: Mapping[str, Mapping[str | int | None, str]],
        base: str,
        key: str | None,
        beside: list[str],
        scope: Scope,
    ) -> list[str]:
        """The instances that a name means: the one of its key, the one of our own key, or all."""
        instances = among.get(scope.full(base), {})
        if key is not None:
            address = scope.full(base) + key
            return [item for item in instances.values() if item == address]
        if "count.index" in beside or "each.key" in beside:
            # a plan tells neither the index nor what is added to it: among instances of the same keys, one to one is taken for meant
            ours = self._instances.get(scope.base) or self._modules.get(scope.base, {})
            if scope.key in instances and ours.keys() == instances.keys():
                return [instances[scope.key]]
        return list(instances.values())

    def _attribute(self, addresses: list[str], attribute: str) -> Iterator[Mention]:
        name = re.split(r"[.\[]", attribute)[0]
        unknown = [item for item in addresses if not name or _is_unknown(self._unknown.get(item), name)]
        found = [Reference(item, name) for item in unknown]
        if len(found) == 1:
            yield found[0]
        elif found:
            yield OneOf(tuple(found))


def _read_when_planned(content: Mapping[str, Any]) -> frozenset[str]:
    """The addresses, without keys, of the data sources in the prior state."""
    found: set[str] = set()
    modules = [mapping(mapping(mapping(content.get("prior_state")).get("values")).get("root_module"))]
    while modules:
        module = modules.pop()
        modules.extend(_items(module.get("child_modules")))
        for item in _items(module.get("resources")):
            if item.get("mode") == "data":
                name = f"data.{item.get('type')}.{item.get('name')}"
                found.add(f"{module['address']}.{name}" if isinstance(module.get("address"), str) else name)
    return frozenset(found)


def _is_unknown(mask: Any, name: str) -> bool:
    """Whether anything of an attribute is unknown. Without a mask nobody can tell, so it may be."""
    if isinstance(mask, dict):
        return _any(mask.get(name))
    return mask is not False


def _any(mask: Any) -> bool:
    if isinstance(mask, dict):
        return any(_any(item) for item in mask.values())
    if isinstance(mask, list):
        return any(_any(item) for item in mask)
    return mask is True


def _after_apply(name: str) -> Unknown:
    return Unknown(Kind.DEFERRED, f"known after apply: {name}", Presence.YES)


def references(expression: Any) -> list[str]:
    """The names that an expression mentions, or all the expressions of a block do."""
    found: dict[str, None] = {}
    waiting = [expression]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict) and is_expression(item):
            names = item.get("references")
            found.update((name, None) for name in (names if isinstance(names, list) else ()) if isinstance(name, str))
        elif isinstance(item, dict):
            waiting.extend(reversed(item.values()))
    return list(found)


def is_expression(item: Mapping[str, Any]) -> bool:
    """Whether ``item`` stands for one expression (``{}`` where it mentions nothing), rather than for a block of them."""
    return not item or "constant_value" in item or isinstance(item.get("references"), list)


def whole(names: list[str]) -> list[str]:
    """The names without those that are only the beginning of another: ``a.b.c`` is mentioned as ``a.b.c`` and ``a.b``."""
    ordered = sorted(names)
    return [name for name in names if not any(_begins(ordered, name + separator) for separator in ".[")]


def _begins(ordered: list[str], beginning: str) -> bool:
    place = bisect_left(ordered, beginning)
    return place < len(ordered) and ordered[place].startswith(beginning)


def split_module(address: str) -> tuple[str, str, str | int | None]:
    """The address of the module around the one at ``address``, and this one's name and key."""
    match = re.fullmatch(rf"(?:(?P<outer>.+)\.)?module\.(?P<name>[\w-]+)(?P<key>{_KEY})?", address, re.DOTALL)
    if match is None:
        return "", "", None
    return match["outer"] or "", match["name"], _key(match["key"])


def _key(written: str | None) -> str | int | None:
    if written is None:
        return None
    inside = written[1:-1]
    if inside.isdigit():
        return int(inside)
    return re.sub(r"\\(.)", r"\1", inside[1:-1])


def _items(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
