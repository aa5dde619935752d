"""The rule language and the rule book."""

from auditor.rules.book import Book, Control, check_book, load_book
from auditor.rules.clauses import Reads
from auditor.rules.rule import Outcome, Rule

__all__ = ["Book", "Control", "Outcome", "Reads", "Rule", "check_book", "load_book"]
