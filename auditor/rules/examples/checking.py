"""Running the examples of a book: whether they hold, whether there are enough, and whether they notice a clause that is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from auditor.files.errors import InputError
from auditor.model.finding import Verdict
from auditor.model.inventory import FactProvider, Inventory
from auditor.model.resource_type import ResourceType
from auditor.rules.book import Book
from auditor.rules.examples.mutation import droppable, without
from auditor.rules.examples.reading import Example, read_examples
from auditor.rules.examples.worlds import inventory_of, repaired
from auditor.rules.rule import Judge, Rule
from auditor.types import all_types


@dataclass(frozen=True, slots=True)
class Problem:
    """What an example, or the lack of one, shows to be wrong with a rule."""

    rule: str
    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Trial:
    """An example made ready: its inventory, and the verdict that the whole rule gives."""

    example: Example
    inventory: Inventory
    verdict: Verdict


def run_examples(
    book: Book, providers: Mapping[str, FactProvider], types: Mapping[str, ResourceType] | None = None
) -> list[Problem]:
    """Everything that the examples of the book's rules show to be wrong, in the book's order. Nothing, if all is well."""
    known = types if types is not None else all_types()
    return [problem for rule in book.rules.values() for problem in check_rule(rule, known, providers)]


def check_rule(rule: Rule, types: Mapping[str, ResourceType], providers: Mapping[str, FactProvider]) -> list[Problem]:
    """What the examples of one rule show to be wrong with it."""
    try:
        examples = read_examples(rule, types)
    except InputError as error:
        return [Problem(rule.id, rule.file, error.line, f"{error.key}: {error.message}" if error.key else error.message)]
    trials = [_trial(example, rule, types, providers) for example in examples]
    return [
        *_unmet(rule, trials),
        *_lacking(rule, trials),
        *_unnoticed(rule, trials),
        *_unrepaired(rule, trials, types, providers),
    ]


def _trial(example: Example, rule: Rule, types: Mapping[str, ResourceType], providers: Mapping[str, FactProvider]) -> _Trial:
    inventory = inventory_of(example, rule, types, providers)
    return _Trial(example, inventory, rule.evaluate(inventory.resources[0], inventory).verdict)


def _unmet(rule: Rule, trials: list[_Trial]) -> Iterator[Problem]:
    for trial in trials:
        if not rule.applies_to(trial.inventory.kind):
            yield Problem(rule.id, rule.file, trial.example.line, "asks nothing that a template knows; it needs no open world")
        elif trial.verdict is not trial.example.expect:
            yield Problem(rule.id, rule.file, trial.example.line, f"expected {trial.example.expect}, is {trial.verdict}")


def _lacking(rule: Rule, trials: list[_Trial]) -> Iterator[Problem]:
    """Both verdicts everybody can give, and those that this rule can."""
    needed = {Verdict.PASS: "every rule has one", Verdict.FAIL: "every rule has one"}
    if rule.reads.facts or rule.reads.referrers or rule.reads.targets:
        needed[Verdict.UNKNOWN] = "the rule looks at more than its resource"
    if rule.when is not None:
        needed[Verdict.NOT_APPLICABLE] = "the rule has a when"
    for verdict, why in needed.items():
        if not any(trial.example.expect is verdict for trial in trials):
            yield Problem(rule.id, rule.file, rule.examples[0].line, f"no example expects {verdict}: {why}")


def _unrepaired(
    rule: Rule, trials: list[_Trial], types: Mapping[str, ResourceType], providers: Mapping[str, FactProvider]
) -> Iterator[Problem]:
    """A ``fix.set`` that leaves every failing example failing repairs nothing."""
    failing = [trial.example for trial in trials if trial.verdict is Verdict.FAIL]
    if not rule.settings or not failing:
        return
    after = [replace(example, subject=repaired(example.subject, rule.settings)) for example in failing]
    if all(_trial(example, rule, types, providers).verdict is Verdict.FAIL for example in after):
        yield Problem(rule.id, rule.file, rule.examples[0].line, "every example that fails still fails after fix.set")


def _unnoticed(rule: Rule, trials: list[_Trial]) -> Iterator[Problem]:
    """The clauses that could be deleted without any example changing its verdict."""
    for clause, title in droppable(rule).items():
        judges = {runtime: without(clause, rule, runtime=runtime) for runtime in (True, False)}
        if all(_verdict(trial, judges[trial.inventory.kind.has_runtime]) is trial.verdict for trial in trials):
            yield Problem(rule.id, rule.file, clause.line, f"no example changes its verdict without {title}")


def _verdict(trial: _Trial, judge: Judge | None) -> Verdict:
    """A rule that asks nothing any more lets everything pass."""
    return judge(trial.inventory.resources[0], trial.inventory).verdict if judge is not None else Verdict.PASS
