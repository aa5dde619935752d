"""Derived properties: what no source states but an analysis can tell."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.resource_type import Schema
from auditor.model.values import Value


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact's value for one resource, and the steps that led to it, each a sentence naming the element that decided."""

    value: Value
    because: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    """Unread restrictions that were taken to be absent, each a sentence."""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact that rules may read as ``facts.<name>``.

    ``on`` is the resource type it belongs to (empty: every type), ``schema`` what its value is, ``reads`` the types it looks at
    besides its own, ``compute`` the provider as ``module:function``, imported only when a chosen rule reads the fact.
    """

    name: str
    on: str
    schema: Schema
    doc: str
    compute: str
    reads: tuple[str, ...] = ()
