"""Whether an image registry looks at what is pushed to a repository."""

from __future__ import annotations

from typing import Final

from auditor.iam.wildcards import matches
from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, all_of, any_of, elements, in_each
from auditor.model.values import ABSENT, Kind, Unknown, Value

_REGISTRY: Final = "AWS::ECR::RegistryScanningConfiguration"
_WITH_EACH_PUSH: Final = ("SCAN_ON_PUSH", "CONTINUOUS_SCAN")


def scanned_on_push(inventory: Inventory, repository: Resource) -> Fact:
    """Whether images pushed to ``repository`` are scanned for known vulnerabilities: true, false or unknown.

    Either the repository says so, or a rule of its registry whose filter fits its name
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html).
    """
    own = in_each(repository.properties.get("ImageScanningConfiguration", ABSENT), _scans)
    if own is True:
        return Fact(True, (f"{repository.id} scans on push",))
    here = [
        item for item in inventory.of_type(_REGISTRY) if (item.account, item.region) == (repository.account, repository.region)
    ]
    rules = [rule for item in here for rule in elements(item.properties.get("Rules", ABSENT))]
    missing = inventory.missing(_REGISTRY, repository) if not here else None
    outside = missing is not None and missing.kind is Kind.OUTSIDE
    unread = [missing] if missing is not None and not outside else []
    value = any_of((own, *(in_each(rule, lambda one: _fits(one, repository)) for rule in rules), *unread))
    told = "scans" if value is True else "does not scan" if value is False else "may scan"
    assumed = ("the registry has no rule of its own to scan it",) if outside and value is False else ()
    return Fact(value, (f"{repository.id} does not scan on push by itself, and its registry {told} it",), assumed)


def _scans(configuration: Value) -> Truth:
    if isinstance(configuration, dict):
        on = configuration.get("ScanOnPush", ABSENT)
        return in_each(on, lambda one: one if isinstance(one, Unknown) else one is True)
    return configuration if isinstance(configuration, Unknown) else False


def _fits(rule: Value, repository: Resource) -> Truth:
    if not isinstance(rule, dict):
        return rule if isinstance(rule, Unknown) else False
    frequency = in_each(
        rule.get("ScanFrequency", ABSENT), lambda one: one if isinstance(one, Unknown) else one in _WITH_EACH_PUSH
    )
    filters = elements(rule.get("RepositoryFilters", ABSENT))
    return all_of((frequency, any_of(in_each(item, lambda one: _fits_filter(one, repository)) for item in filters)))


def _fits_filter(item: Value, repository: Resource) -> Truth:
    pattern = item.get("Filter", ABSENT) if isinstance(item, dict) else item
    if not isinstance(pattern, str):
        return (
            pattern if isinstance(pattern, Unknown) else Unknown(Kind.DEFERRED, "a filter of the registry is given at deploy")
        )
    name = repository.properties.get("RepositoryName", ABSENT)
    if pattern == "*":
        return True
    return (
        _matches(pattern, name) if isinstance(name, str) else Unknown(Kind.DEFERRED, "the repository's name is given at deploy")
    )


def _matches(pattern: str, name: str) -> bool:
    """A filter without a wildcard fits every name that contains it."""
    return matches(pattern if "*" in pattern else f"*{pattern}*", name)
