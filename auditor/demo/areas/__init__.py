"""What the platform holds beside its core: a module for each area of AWS with a tuple ``SITES``, found by looking through them."""

from __future__ import annotations

import importlib
import pkgutil

from auditor.demo.steps import Site


def all_sites() -> tuple[Site, ...]:
    """The sites of every area, in the alphabetical order of the modules. What an area names may come from the core."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return tuple(site for module in modules for site in module.SITES)
