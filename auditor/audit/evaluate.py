"""Every chosen rule on every resource it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from auditor.audit.providers import providers
from auditor.model.finding import Evidence, Finding, Subject, Verdict, fingerprint
from auditor.model.inventory import Gap, Inventory
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.values import Kind, Unknown, encode
from auditor.rules import Book, Rule
from auditor.types.facts import FACTS


def evaluate(
    inventory: Inventory,
    book: Book,
    wanted: Callable[[Resource], bool] | None = None,
    met: Counter[str] | None = None,
    address: str = "",
) -> Iterator[Finding]:
    """One finding for each rule and resource, in the inventory's order, then one for each listing that could not be read.

    ``wanted`` limits the subjects; what they refer to is read all the same. ``met`` counts every resource gone through, by type.
    ``address`` is a template's path in its repository, for fingerprints. Nothing is kept: a million resources need no more memory
    than one.
    """
    rules = _by_type(inventory, book)
    inventory.providers = {**providers(_facts(book)), **inventory.providers}
    frameworks = {rule.id: book.frameworks_of(rule.control) for rule in book.rules.values()}
    met = Counter() if met is None else met
    for resource in inventory:
        met[resource.type] += 1
        chosen = rules.get(resource.type)
        if not chosen or (wanted is not None and not wanted(resource)):
            continue
        subject, condition = _subject(resource), inventory.conditions.get(resource.id)
        there = (f"{resource.id} is there only if {condition}, and is judged as if it were",) if condition else ()
        for rule in chosen:
            outcome = rule.evaluate(resource, inventory)
            assumptions = (*there, *outcome.assumptions)
            mark = fingerprint(rule.id, subject, address)
            yield _finding(rule, subject, mark, outcome.verdict, outcome.evidence, assumptions, frameworks[rule.id])
    for gap in inventory.gaps:
        if not gap.resource:
            for rule in rules.get(gap.type, ()):
                subject = _all_of(gap)
                mark = fingerprint(rule.id, subject)
                yield _finding(rule, subject, mark, Verdict.UNKNOWN, (_unread(gap),), (), frameworks[rule.id])


def needed_types(book: Book) -> frozenset[str]:
    """The types that the book's rules and their facts look at, directly or through relations."""
    needed = looked_back_at(book)
    for rule in book.rules.values():
        needed |= {rule.resource} | rule.reads.targets
    return needed


def looked_back_at(book: Book) -> frozenset[str]:
    """The types that must be kept in memory because something looks from another resource back to them."""
    looked = {name for fact in _facts(book) for name in FACTS[fact].reads}
    for rule in book.rules.values():
        looked |= rule.reads.referrers
    return frozenset(looked)


def _facts(book: Book) -> frozenset[str]:
    return frozenset(fact for rule in book.rules.values() for fact in rule.reads.facts)


def _by_type(inventory: Inventory, book: Book) -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = {}
    for rule in book.rules.values():
        if rule.applies_to(inventory.kind):
            rules.setdefault(rule.resource, []).append(rule)
    return rules


def _subject(resource: Resource) -> Subject:
    return Subject(resource.type, resource.id, resource.origin, resource.account, resource.region, resource.arn)


def _all_of(gap: Gap) -> Subject:
    return Subject(gap.type, "*", Origin(gap.operation), gap.account, "" if gap.region == GLOBAL else gap.region)


def _unread(gap: Gap) -> Evidence:
    missing = encode(Unknown(Kind.UNREAD, f"{gap.operation} failed: {gap.code}"))
    return Evidence("", "every one of them read", missing, Origin(gap.operation), unknown=Kind.UNREAD.value)


def _finding(
    rule: Rule,
    subject: Subject,
    mark: str,
    verdict: Verdict,
    evidence: tuple[Evidence, ...],
    assumptions: tuple[str, ...],
    frameworks: dict[str, list[str]],
) -> Finding:
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        control=rule.control,
        verdict=verdict,
        resource=subject,
        fingerprint=mark,
        evidence=evidence,
        assumptions=assumptions,
        frameworks=frameworks,
    )
