"""A rule's examples, which stand in its file and are its tests."""

from auditor.rules.examples.checking import Problem, check_rule, run_examples
from auditor.rules.examples.reading import Example, Thing, read_examples
from auditor.rules.examples.worlds import ACCOUNT, COLLECTED_AT, REGION, inventory_of

__all__ = [
    "ACCOUNT",
    "COLLECTED_AT",
    "REGION",
    "Example",
    "Problem",
    "Thing",
    "check_rule",
    "inventory_of",
    "read_examples",
    "run_examples",
]
