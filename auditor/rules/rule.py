"""One rule: what it asks, of what, and why; and its verdict on one resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from auditor import __version__
from auditor.files.yaml import Node
from auditor.model.finding import Evidence, Severity, Verdict
from auditor.model.inventory import Inventory, SourceKind
from auditor.model.resource import Resource
from auditor.model.resource_type import ResourceType
from auditor.model.scan import RuleInfo
from auditor.model.values import Value
from auditor.rules.clauses import AllOf, Clause, Property, Reads
from auditor.rules.compile import Compiler, Keep
from auditor.rules.parameters import Parameter
from auditor.rules.truth import FALSE, TRUE, UNKNOWN, Run, Test, Truth, bounded


class Outcome(NamedTuple):
    """A rule's verdict on one resource, what it rests on, and what had to be assumed."""

    verdict: Verdict
    evidence: tuple[Evidence, ...]
    assumptions: tuple[str, ...] = ()


Judge = Callable[[Resource, Inventory], Outcome]


def _verdict(truth: Truth) -> Verdict:
    return Verdict.PASS if truth is TRUE else Verdict.FAIL if truth is FALSE else Verdict.UNKNOWN


@dataclass(slots=True)
class Rule:
    """A checked rule.

    ``fix`` maps a kind (text, cli, console, cloudformation, terraform) to its text, ``settings`` are the properties that the last
    two were generated from. ``file`` is where the rule stands, ``record`` the record of its ``resource`` type. ``frameworks`` maps
    a framework to those of its controls that the rule's own control answers.
    """

    id: str
    title: str
    severity: Severity
    control: str
    resource: str
    why: str
    fix: Mapping[str, str]
    source: tuple[str, ...]
    aliases: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    formerly: tuple[str, ...]
    since: str
    reads: Reads
    settings: Mapping[str, Value]
    file: str
    record: ResourceType = field(repr=False)
    when: AllOf | None = field(repr=False)
    asserts: AllOf = field(repr=False)
    read_examples: Callable[[], tuple[Node, ...]] = field(repr=False)
    frameworks: dict[str, list[str]] = field(default_factory=dict)
    _judges: dict[bool, Judge | None] = field(default_factory=dict, repr=False)

    @property
    def examples(self) -> tuple[Node, ...]:
        """The examples as they are written. Raises ``InputError`` where they are not a list."""
        return self.read_examples()

    def applies_to(self, kind: SourceKind) -> bool:
        """Whether the rule can have findings in a source of this kind: the type exists there, and something is asked of it."""
        if kind is SourceKind.CLOUDFORMATION and not self.record.cloudformation:
            return False
        if kind is SourceKind.TERRAFORM and self.record.terraform is None:
            return False
        return self._judge(kind.has_runtime) is not None

    def evaluate(self, resource: Resource, inventory: Inventory) -> Outcome:
        """The verdict on ``resource``. Never raises on data. A rule that asks nothing of this kind of source does not apply."""
        judge = self._judge(inventory.kind.has_runtime)
        return judge(resource, inventory) if judge is not None else Outcome(Verdict.NOT_APPLICABLE, ())

    def judge(self, keep: Keep, *, runtime: bool = True) -> Judge | None:
        """The rule compiled of the clauses that ``keep`` wants; nothing where none is left to assert."""
        compiler = Compiler(keep if runtime else lambda clause: keep(clause) and not _about_runtime(clause))
        check = compiler.test(self.asserts)
        if check is None:
            return None
        return _implies(compiler.test(self.when) if self.when is not None else None, check)

    def info(self) -> RuleInfo:
        """What a report says of the rule."""
        return RuleInfo(
            id=self.id,
            title=self.title,
            severity=self.severity,
            control=self.control,
            resource=self.resource,
            why=self.why,
            fix=dict(self.fix),
            aliases=list(self.aliases),
            frameworks=self.frameworks,
            preview=self.preview,
            source=list(self.source),
        )

    @property
    def preview(self) -> bool:
        """Whether the rule is newer than the last minor version."""
        return bool(self.since) and _minor(self.since) >= _minor(__version__)

    def _judge(self, runtime: bool) -> Judge | None:
        if runtime not in self._judges:
            self._judges[runtime] = self.judge(_everything, runtime=runtime)
        return self._judges[runtime]


def _implies(when: Test | None, check: Test) -> Judge:
    """Kleene's implication: where it is unknown whether the control pertains, only what holds anyhow passes."""

    def judge(resource: Resource, inventory: Inventory) -> Outcome:
        run = Run(inventory, resource, resource)
        pertains, because = when(resource.properties, "", run) if when is not None else (TRUE, ())
        if pertains is FALSE:
            return Outcome(Verdict.NOT_APPLICABLE, because, _once(run.assumptions))
        truth, evidence = check(resource.properties, "", run)
        if pertains is UNKNOWN and truth is not TRUE:
            return Outcome(Verdict.UNKNOWN, bounded((*because, *evidence)), _once(run.assumptions))
        return Outcome(_verdict(truth), evidence, _once(run.assumptions))

    return judge


def _once(assumptions: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(assumptions)) if assumptions else ()


def _everything(_: Clause) -> bool:
    return True


def _about_runtime(clause: Clause) -> bool:
    return isinstance(clause, Property) and clause.space == "runtime"


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
