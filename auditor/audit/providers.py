"""Bringing facts to those who read them: a provider is imported only when a chosen rule asks for its fact."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping

from auditor.model.inventory import FactProvider
from auditor.types.facts import FACTS


def providers(facts: Iterable[str]) -> Mapping[str, FactProvider]:
    """The provider of each of the named ``facts``."""
    return {name: _load(FACTS[name].compute) for name in sorted(facts)}


def _load(place: str) -> FactProvider:
    module, _, function = place.partition(":")
    provider: FactProvider = getattr(importlib.import_module(module), function)
    return provider
