"""The rule language and the rule book."""
