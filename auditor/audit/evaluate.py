"""Every chosen rule on every resource it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from auditor.audit.providers import providers
from auditor.model.finding import Evidence, Finding, Subject, Verdict, fingerprint
from auditor.model.inventory import Gap, Inventory
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.values import Kind, Unknown, encode
from auditor.rules import Book, Outcome, Rule
from auditor.types import all_types
from auditor.types.facts import FACTS, IN_ESTATE


def evaluate(
    inventory: Inventory,
    book: Book,
    wanted: Callable[[Resource], bool] | None = None,
    met: Counter[str] | None = None,
    address: str = "",
    beyond: Counter[str] | None = None,
) -> Iterator[Finding]:
    """One finding for each rule and resource, in the inventory's order, then one for each listing that could not be read.

    Nothing is said of what does not belong to the estate; what only may belong to it cannot fail. What several regions list is
    judged once. ``wanted`` limits the subjects; what they refer to is read all the same. ``met`` counts every resource gone
    through, by type, ``beyond`` those that do not belong. ``address`` is a template's path in its repository, for fingerprints. No
    finding is kept: a million resources need no more memory than one.
    """
    rules = _by_type(inventory, book)
    inventory.providers = {**providers(_facts(book) | {IN_ESTATE}), **inventory.providers}
    met = Counter() if met is None else met
    beyond = Counter() if beyond is None else beyond
    seen: set[tuple[str, str]] = set()
    for resource in inventory:
        if _is_judged_elsewhere(inventory, resource, seen):
            continue
        met[resource.type] += 1
        chosen = rules.get(resource.type)
        if not chosen or (wanted is not None and not wanted(resource)):
            continue
        doubt = _doubt(inventory, resource)
        if doubt is False:
            beyond[resource.type] += 1
            continue
        subject, condition = _subject(resource), inventory.conditions.get(resource.id)
        there = (f"{resource.id} is there only if {condition}, and is judged as if it were",) if condition else ()
        for rule in chosen:
            outcome = _doubted(rule.evaluate(resource, inventory), doubt, resource)
            assumptions = (*there, *outcome.assumptions)
            mark = fingerprint(rule.id, subject, address)
            yield _finding(rule, subject, mark, outcome.verdict, outcome.evidence, assumptions)
    for gap in inventory.gaps:
        if not gap.resource:
            for rule in rules.get(gap.type, ()):
                subject = _all_of(gap)
                mark = fingerprint(rule.id, subject)
                yield _finding(rule, subject, mark, Verdict.UNKNOWN, (_unread(gap),), ())


def _is_judged_elsewhere(inventory: Inventory, resource: Resource, seen: set[tuple[str, str]]) -> bool:
    """Whether another region has its findings: a trail is listed in each that it records, and remains one trail.

    They are its own region's, or where that was not read, those of the first that lists it.
    """
    record = inventory.types.get(resource.type)
    home = resource.arn.split(":")[3] if resource.arn.count(":") >= 5 else ""
    if record is None or not record.everywhere or home in ("", resource.region):
        return False
    if (resource.account, home) in inventory.read:
        return True
    again = (resource.type, resource.arn) in seen
    seen.add((resource.type, resource.arn))
    return again


def _doubt(inventory: Inventory, resource: Resource) -> Unknown | bool | None:
    """False where ``resource`` does not belong to the estate, why it may not where that is not known, else nothing."""
    record = inventory.types.get(resource.type)
    if record is None or record.ml or record.everywhere:
        return None
    value = inventory.fact(IN_ESTATE, resource).value
    if isinstance(value, Unknown):
        return value
    return None if value is True else False


def _doubted(outcome: Outcome, doubt: Unknown | bool | None, resource: Resource) -> Outcome:
    """What does not pass and may be none of our business is unknown, for that reason too."""
    if outcome.verdict not in (Verdict.FAIL, Verdict.UNKNOWN) or not isinstance(doubt, Unknown):
        return outcome
    evidence = Evidence(f"facts.{IN_ESTATE}", "true", encode(doubt), resource.origin, unknown=doubt.kind.value)
    return Outcome(Verdict.UNKNOWN, (*outcome.evidence, evidence), outcome.assumptions)


def needed_types(book: Book) -> frozenset[str]:
    """The types that the book's rules and their facts look at, directly or through relations, and whatever leads to them."""
    needed = looked_back_at(book)
    for rule in book.rules.values():
        needed |= {rule.resource} | rule.reads.targets
    return needed | _leading_to({rule.resource for rule in book.rules.values()})


def _leading_to(types: set[str]) -> frozenset[str]:
    """The types along which machine learning may reach ``types``."""
    owners: dict[str, set[str]] = {name: set() for name in all_types()}
    for name, record in all_types().items():
        for path, targets in record.references.items():
            for target in targets:
                owners.setdefault(target, set()).add(name)
                if path in record.part_of:
                    owners[name].add(target)
    found: set[str] = set()
    waiting = [name for name in types if name in owners and not (all_types()[name].ml or all_types()[name].everywhere)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(owners[name])
    return frozenset(found) & all_types().keys()


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
        frameworks=rule.frameworks,
    )
