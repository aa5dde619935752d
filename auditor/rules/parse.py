"""From YAML nodes to checked clauses. Whatever is misspelt or cannot hold is refused here, with its place and the nearest name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from auditor.files.errors import InputError, closest
from auditor.files.yaml import Node
from auditor.model.inventory import ACCOUNT, REGION
from auditor.model.resource_type import JSON, SCRIPT, STRING, ResourceType, Schema
from auditor.model.values import ABSENT
from auditor.rules import language, operators
from auditor.rules.clauses import (
    AllOf,
    AnyOf,
    Asked,
    Clause,
    Not,
    Operation,
    OrAbsent,
    Place,
    Property,
    Quantified,
    Reads,
    ReferredBy,
    RefersTo,
)
from auditor.rules.document import Document
from auditor.rules.parameters import Parameters
from auditor.rules.predicates import PREDICATES
from auditor.rules.schema import Spot, reference_targets
from auditor.types.facts import FACTS


@dataclass(slots=True)
class Parser:
    """Reads the clauses of one rule, and gathers what they look at on the way."""

    document: Document
    types: Mapping[str, ResourceType]
    parameters: Parameters
    facts: set[str] = field(default_factory=set)
    referrers: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)

    def reads(self) -> Reads:
        """What the clauses read so far look at besides their own resource."""
        return Reads(frozenset(self.facts), frozenset(self.referrers), frozenset(self.targets))

    # -- clauses -----------------------------------------------------------------------------------------------------------

    def clause(self, node: Node, spot: Spot) -> AllOf:
        """The clauses of a mapping, all of which must hold."""
        if node.kind != "mapping":
            raise self.document.error(node, "a mapping of clauses expected")
        if not node.pairs:
            raise self.document.error(node, "a clause expected, not an empty mapping")
        return AllOf(tuple(self._entry(key, value, spot) for key, value in node.pairs), _place(node))

    def _entry(self, key: Node, value: Node, spot: Spot) -> Clause:
        match str(key.content):
            case "all":
                return AllOf(self._each_of(key, value, spot), _place(key))
            case "any":
                return AnyOf(self._each_of(key, value, spot), _place(key))
            case "not":
                return Not(self.clause(value, spot), _place(key))
            case "referred_by":
                return self._referred_by(key, value, spot)
            case name:
                return self._property(key, value, name, spot)

    def _each_of(self, key: Node, value: Node, spot: Spot) -> tuple[Clause, ...]:
        if value.kind != "sequence" or not value.items:
            raise self.document.error(value, "a list of clauses expected", str(key.content))
        return tuple(self.clause(item, spot) for item in value.items)

    # -- properties --------------------------------------------------------------------------------------------------------

    def _property(self, key: Node, value: Node, name: str, spot: Spot) -> Property:
        space, _, rest = name.partition(".")
        if space in language.SPACES and spot.is_whole:
            if not rest:
                raise self.document.error(key, f"what of {space}? {space}.x expected")
            below = self._in_space(key, space, rest, spot)
            steps = below.steps
        elif space in language.SPACES and spot.schema != JSON and rest:
            raise self.document.error(key, f"{name} belongs to the whole resource, not to {spot.path}")
        else:
            space, below = "", self._below(key, spot, name.split("."))
            steps = below.steps[len(spot.steps) :]
        of = self._of(value, below)
        return Property(f"{space}.{rest}" if space else name, space, steps, of, _place(key))

    def _in_space(self, key: Node, space: str, rest: str, spot: Spot) -> Spot:
        record = spot.record
        if space == "tags":
            return Spot(record, STRING, f"tags.{rest}", ((rest, ABSENT),))
        if space == "runtime":
            return self._below(key, Spot(record, dict(record.runtime), "runtime"), rest.split("."))
        spec = FACTS.get(rest)
        here = {name for name, fact in FACTS.items() if fact.on in (record.name, "")}
        if spec is None:
            raise self.document.error(key, f"unknown fact '{rest}'{closest(rest, here) or closest(rest, set(FACTS))}")
        if spec.on not in (record.name, ""):
            raise self.document.error(key, f"the fact {rest} is of {spec.on}, not of {record.name}{closest(rest, here)}")
        self.facts.add(rest)
        return Spot(record, spec.schema, f"facts.{rest}", ((rest, ABSENT),))

    def _below(self, key: Node, spot: Spot, names: list[str]) -> Spot:
        for name in names:
            schema = spot.schema
            if isinstance(schema, list):
                raise self.document.error(key, f"{spot.path} is a list: ask of its elements with each, some or none")
            if isinstance(schema, dict) and "*" not in schema and name not in schema:
                raise self._unknown_property(key, name, spot)
            if not isinstance(schema, dict) and schema != JSON:
                raise self.document.error(key, f"{spot.path} is {language.describe(schema)} and has no '{name}'")
            spot = spot.below(name)
        return spot

    def _unknown_property(self, key: Node, name: str, spot: Spot) -> InputError:
        known = {str(key) for key in spot.schema}
        if name[:1].islower() and spot.is_whole:
            known |= {*language.COMBINATORS, *(f"{space}." for space in language.SPACES)}
            return self.document.error(key, f"unknown clause '{name}'{closest(name, known)}")
        where = f"{spot.record.name} {spot.path}".strip()
        return self.document.error(key, f"{where} has no property '{name}'{closest(name, known)}")

    # -- values ------------------------------------------------------------------------------------------------------------

    def _of(self, node: Node, spot: Spot) -> Clause:
        """What is asked of the value at ``spot``: a nested clause for a block, else operators."""
        block = isinstance(spot.schema, dict) or spot.schema == JSON
        if block and node.kind == "mapping" and node.pairs and not _names_operator(node):
            return self.clause(node, spot)
        if node.kind == "mapping" and node.get("parameter") is None:
            return self._asked(node, spot)
        return Asked((self._operation("equals", node, node, spot),), _place(node))

    def _asked(self, node: Node, spot: Spot) -> Asked:
        if not node.pairs:
            raise self.document.error(node, "an operator expected, not an empty mapping")
        parts: list[Clause] = []
        or_absent: OrAbsent | None = None
        for key, value in node.pairs:
            if key.content == language.OR_ABSENT:
                if value.kind != "scalar" or value.scalar() is not True:
                    raise self.document.error(value, "true expected; leave it out otherwise", language.OR_ABSENT)
                or_absent = OrAbsent(_place(key))
            else:
                parts.append(self._operator(key, value, spot))
        if not parts:
            raise self.document.error(node, "or_absent stands beside an operator")
        return Asked(tuple(parts), _place(node), or_absent)

    def _operator(self, key: Node, value: Node, spot: Spot) -> Clause:
        name = str(key.content)
        match name:
            case "each" | "some" | "none":
                return self._quantified(key, value, name, spot)
            case "count":
                return self._count(key, value, spot)
            case "is":
                return self._predicate(key, value, spot)
            case "refers_to":
                return self._refers_to(key, value, spot)
        if name not in language.OPERATORS:
            raise self.document.unknown(key, "operator", (*language.ALL_OPERATORS, language.OR_ABSENT))
        return self._operation(name, key, value, spot)

    def _operation(self, name: str, key: Node, value: Node, spot: Spot) -> Operation:
        operator = language.OPERATORS[name]
        self._fits(key, name, spot, operator.about)
        operand, source = self._operand(value)
        try:
            built = operator.build(operator.takes(operand, spot.schema), spot.schema)
        except language.OperandError as error:
            raise self._bad_operand(source, value, name, spot, str(error)) from error
        return Operation(name, language.in_words(name, operand), built, _place(key))

    def _bad_operand(self, parameter: str, value: Node, name: str, spot: Spot, message: str) -> InputError:
        if parameter:
            return InputError(f"{spot.path} {name}: {message}", key=f"{self.parameters.rule}.{parameter}")
        return self.document.error(value, message, f"{spot.path} {name}")

    def _operand(self, node: Node) -> tuple[object, str]:
        """The operand as written or as set; with the parameter's name where a user's setting is what holds."""
        if node.kind != "mapping" or node.get("parameter") is None:
            return node.plain_value(), ""
        entries = self.document.entries(node, "parameter", ("parameter",))
        name = self.document.word(entries["parameter"], "parameter")
        parameter = self.parameters.known.get(name)
        if parameter is None:
            raise self.document.unknown(entries["parameter"], "parameter", self.parameters.known)
        self.parameters.used.add(name)
        return parameter.value, name if parameter.value is not parameter.default else ""

    def _fits(self, key: Node, name: str, spot: Spot, about: Callable[[Schema], bool]) -> None:
        if not about(spot.schema):
            raise self.document.error(key, f"{name} cannot be asked of {spot.path}, which is {language.describe(spot.schema)}")

    def _quantified(self, key: Node, value: Node, name: str, spot: Spot) -> Quantified:
        self._fits(key, name, spot, lambda schema: language.is_collection(schema) or schema == JSON)
        if value.kind != "mapping":
            raise self.document.error(value, "a mapping of operators or clauses expected", name)
        return Quantified(name, self._of(value, spot.element()), _place(key))

    def _count(self, key: Node, value: Node, spot: Spot) -> Clause:
        self._fits(key, "count", spot, lambda schema: language.is_collection(schema) or schema == JSON)
        if value.kind != "mapping" or value.get("parameter") is not None:
            return self._counted("equals", key, value, spot)
        parts: list[Clause] = []
        for name, operand in value.pairs:
            if name.content not in operators.COMPARISONS:
                raise self.document.unknown(name, "operator of count", operators.COMPARISONS)
            parts.append(self._counted(str(name.content), name, operand, spot))
        if not parts:
            raise self.document.error(value, "a number or a mapping of comparisons expected", "count")
        return AllOf(tuple(parts), _place(key))

    def _counted(self, name: str, key: Node, value: Node, spot: Spot) -> Operation:
        operand, source = self._operand(value)
        if isinstance(operand, bool) or not isinstance(operand, int):
            raise self._bad_operand(source, value, "count", spot, "a whole number expected")
        words = f"{language.in_words(name, operand)} elements"
        return Operation("count", words, operators.count(name, operand), _place(key))

    def _predicate(self, key: Node, value: Node, spot: Spot) -> Operation:
        self._fits(key, "is", spot, lambda schema: schema in (STRING, SCRIPT, JSON))
        name = self.document.word(value, "is")
        if name not in PREDICATES:
            raise self.document.unknown(value, "predicate", PREDICATES)
        predicate = PREDICATES[name]
        self.targets.update(predicate.follows)
        return Operation("is", predicate.words, predicate.decide, _place(key))

    # -- relations ---------------------------------------------------------------------------------------------------------

    def _refers_to(self, key: Node, value: Node, spot: Spot) -> RefersTo:
        targets = reference_targets(spot)
        if not targets:
            raise self.document.error(key, f"{spot.path} is no reference to another resource")
        entries = self.document.entries(value, "refers_to", (), ("type", "where"))
        allowed = targets
        if "type" in entries:
            name = self.document.word(entries["type"], "type")
            if name not in targets:
                raise self.document.unknown(entries["type"], f"target of {spot.path}", targets)
            allowed = (name,)
        where = {name: self.clause(entries["where"], self._whole(name)) for name in allowed} if "where" in entries else {}
        self.targets.update(targets)
        words = f"the name of {language.some_of([self.types[name].title for name in allowed])}"
        return RefersTo(targets, allowed, where, words, _place(key))

    def _referred_by(self, key: Node, value: Node, spot: Spot) -> ReferredBy:
        if not spot.is_whole:
            raise self.document.error(key, f"referred_by belongs to the whole resource, not to {spot.path}")
        entries = self.document.entries(value, "referred_by", ("type",), ("where",))
        name = self.document.word(entries["type"], "type")
        referring = {other for other, record in self.types.items() if _may_refer(record, spot.record.name)}
        if name not in self.types:
            raise self.document.unknown(entries["type"], "resource type", self.types)
        if name not in referring:
            raise self.document.error(entries["type"], f"no property of {name} names a {spot.record.name}")
        self.referrers.add(name)
        where = self.clause(entries["where"], self._whole(name)) if "where" in entries else None
        words = f"{language.some_of([self.types[name].title])} that names it"
        return ReferredBy(name, where, words, _place(key))

    def _whole(self, name: str) -> Spot:
        return Spot(self.types[name], dict(self.types[name].properties))


def _may_refer(record: ResourceType, target: str) -> bool:
    return target in (ACCOUNT, REGION) or any(target in targets for targets in record.references.values())


def _names_operator(node: Node) -> bool:
    names = (*language.ALL_OPERATORS, language.OR_ABSENT, "parameter")
    return any(key.content in names for key, _ in node.pairs)


def _place(node: Node) -> Place:
    return (node.line, node.column)
