"""Bringing facts to those who read them: a provider is imported when a fact of its is first asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from functools import cache

from auditor.model.facts import Fact
from auditor.model.inventory import FactProvider, Inventory
from auditor.model.resource import Resource
from auditor.types.facts import FACTS


def providers(facts: Iterable[str]) -> Mapping[str, FactProvider]:
    """The provider of each of the named ``facts``."""
    return {name: _provider(FACTS[name].compute) for name in sorted(facts)}


def _provider(place: str) -> FactProvider:
    def provide(inventory: Inventory, resource: Resource) -> Fact:
        return _load(place)(inventory, resource)

    return provide


@cache
def _load(place: str) -> FactProvider:
    module, _, function = place.partition(":")
    provider: FactProvider = getattr(importlib.import_module(module), function)
    return provider
