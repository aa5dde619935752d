"""From checked clauses to closures.

Two kinds of clause are left out on demand: those about run time, for sources that know none, and the one whose worth the
mutation test measures. A clause that is left out vanishes from its parent, and a parent with nothing left vanishes too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from auditor.model.resource import Resource
from auditor.model.values import ABSENT, Kind, OneOf, Unknown, Value
from auditor.rules import relations
from auditor.rules.clauses import (
    AllOf,
    AnyOf,
    Asked,
    Clause,
    Not,
    Operation,
    OrAbsent,
    Property,
    Quantified,
    ReferredBy,
    RefersTo,
)
from auditor.rules.lookup import inside, settled
from auditor.rules.operators import sizes, unplain
from auditor.rules.truth import TRUE, UNKNOWN, Result, Run, Test, all_of, any_of, found_out, negated, seen, truth_of

Keep: TypeAlias = Callable[[Clause], bool]


@dataclass(frozen=True, slots=True)
class Compiler:
    """Makes tests of clauses, leaving out those that ``keep`` does not want."""

    keep: Keep

    def test(self, clause: Clause, *, opposite: bool = False) -> Test | None:
        """The test of ``clause``, or nothing where nothing is left of it. ``opposite`` words its evidence for a negation."""
        if not self.keep(clause):
            return None
        match clause:
            case AllOf():
                return _together(self._tests(clause.parts, opposite), all_of)
            case AnyOf():
                return _together(self._tests(clause.parts, opposite), any_of)
            case Not():
                inner = self.test(clause.part, opposite=not opposite)
                return inner and _opposite(inner)
            case Property():
                inner = self.test(clause.of, opposite=opposite)
                if inner is not None and isinstance(clause.of, AllOf):
                    inner = _of_each_possibility(inner)
                return inner and _property(clause, inner)
            case Asked():
                return self._asked(clause, opposite)
            case OrAbsent():
                return None
            case Operation():
                return _operation(clause, _worded(clause.words, opposite))
            case Quantified():
                element = self.test(clause.element, opposite=opposite is not (clause.name == "none"))
                words = _worded(_QUANTIFIED[clause.name], opposite)
                return element and _quantified(clause.name, element, words)
            case RefersTo():
                where = {name: self.test(inner, opposite=opposite) for name, inner in clause.where.items()}
                return relations.refers_to(clause, where, _worded(clause.words, opposite))
            case ReferredBy():
                test = self.test(clause.where, opposite=opposite) if clause.where is not None else None
                return relations.referred_by(clause, test, _worded(clause.words, opposite))

    def _tests(self, clauses: Sequence[Clause], opposite: bool) -> list[Test]:
        tests = [self.test(clause, opposite=opposite) for clause in clauses]
        return [test for test in tests if test is not None]

    def _asked(self, clause: Asked, opposite: bool) -> Test | None:
        inner = _together(self._tests(clause.parts, opposite), all_of)
        if inner is None:
            return None
        if clause.or_absent is not None and self.keep(clause.or_absent):
            each = any(isinstance(part, Quantified) and part.name == "each" for part in clause.parts)
            inner = _or_absent(inner, _worded("nothing", opposite), or_empty=each)
        return _of_each_possibility(inner)


def _worded(words: str, opposite: bool) -> str:
    return f"not: {words}" if opposite else words


def _together(tests: list[Test], combine: Callable[[Sequence[Result]], Result]) -> Test | None:
    if len(tests) < 2:
        return tests[0] if tests else None

    def together(value: Value, path: str, run: Run) -> Result:
        return combine([test(value, path, run) for test in tests])

    return together


def _opposite(inner: Test) -> Test:
    def opposite(value: Value, path: str, run: Run) -> Result:
        return negated(inner(value, path, run))

    return opposite


def _of_each_possibility(inner: Test) -> Test:
    def of_each(value: Value, path: str, run: Run) -> Result:
        if type(value) is not OneOf:
            return inner(value, path, run)
        return relations.shared([inner(item, path, run) for item in value.values], value, path, run)

    return of_each


def _or_absent(inner: Test, words: str, *, or_empty: bool) -> Test:
    def or_absent(value: Value, path: str, run: Run) -> Result:
        if value is ABSENT or (or_empty and isinstance(value, list | dict) and not sizes(value)[-1]):
            return TRUE, (seen(path, words, value, run),)
        return inner(value, path, run)

    return or_absent


def _operation(clause: Operation, words: str) -> Test:
    decide = clause.decide

    def operation(value: Value, path: str, run: Run) -> Result:
        return found_out(decide(value, path, run), path, words, value, run)

    return operation


# -- properties ----------------------------------------------------------------------------------------------------------------


def _property(clause: Property, inner: Test) -> Test:
    match clause.space:
        case "facts":
            return _fact(clause, inner)
        case "runtime":
            return _in_space(clause, inner, lambda resource: resource.runtime)
        case "tags":
            return _in_space(clause, inner, lambda resource: resource.tags)
    return _declared(clause, inner)


def _in_space(clause: Property, inner: Test, space: Callable[[Resource], Value]) -> Test:
    steps, path = clause.steps, clause.path

    def in_space(_: Value, __: str, run: Run) -> Result:
        value = space(run.here)
        for name, default in steps:
            value = inside(value, name, default)
        return inner(value, path, run)

    return in_space


def _declared(clause: Property, inner: Test) -> Test:
    steps, path = clause.steps, clause.path

    def declared(block: Value, at: str, run: Run) -> Result:
        for name, default in steps:
            block = inside(block, name, default)
        return inner(block, f"{at}.{path}" if at else path, run)

    return declared


def _fact(clause: Property, inner: Test) -> Test:
    path = clause.path
    name = path.partition(".")[2]

    def fact(_: Value, __: str, run: Run) -> Result:
        known = run.inventory.fact(name, run.here)
        run.assumptions.extend(known.assumptions)
        # what a fact rests on may be known to be absent; the fact itself never is
        value = known.value if isinstance(known.value, Unknown) else settled(known.value)
        truth, evidence = inner(value, path, run)
        return truth, tuple(replace(item, hops=known.because + item.hops) for item in evidence)

    return fact


# -- lists ---------------------------------------------------------------------------------------------------------------------

_QUANTIFIED: Final = {
    "each": "at least one element, each as the rule asks",
    "some": "an element as the rule asks",
    "none": "no element of the kind the rule refuses",
}


def _quantified(name: str, element: Test, words: str) -> Test:
    combine = all_of if name == "each" else any_of

    def if_there(item: Value, place: str, run: Run) -> Result:
        # what is not there neither breaks "each" nor is what "some" and "none" look for
        return element(item, place, run) if item is not ABSENT else (truth_of(name == "each"), (seen(place, words, item, run),))

    judged = _of_each_possibility(if_there)

    def quantified(value: Value, path: str, run: Run) -> Result:
        if not isinstance(value, list | dict):
            return _without_elements(name, value, path, words, run)
        results = [judged(item, place, run) for place, item in _elements(value, path)]
        if not results:
            return truth_of(name == "none"), (seen(path, words, value, run),)
        combined = combine(results)
        if name == "each" and combined[0] is TRUE and 0 in sizes(value):
            return UNKNOWN, (seen(path, words, value, run, Unknown(Kind.DEFERRED, "it may have no element")),)
        return negated(combined) if name == "none" else combined

    return quantified


def _without_elements(name: str, value: Value, path: str, words: str, run: Run) -> Result:
    return found_out(name == "none" if value is ABSENT else unplain(value), path, words, value, run)


def _elements(value: Value, path: str) -> Iterator[tuple[str, Value]]:
    """The elements that may be there, each with its place."""
    if isinstance(value, dict):
        items = ((f"{path}.{key}", item) for key, item in value.items())
    else:
        items = ((f"{path}[{index}]", item) for index, item in enumerate(value))
    for place, item in items:
        if (present := settled(item)) is not ABSENT:
            yield place, present
