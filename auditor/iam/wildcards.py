"""Patterns as IAM matches them: ``*`` any characters or none, ``?`` any one, letters of either case.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations


def matches(pattern: str, name: str) -> bool:
    """Whether ``pattern`` fits all of ``name``, in time proportional to their product at worst."""
    pattern, name = pattern.lower(), name.lower()
    at = position = 0
    star, resume = -1, 0
    while position < len(name):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, position
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", name[position]):
            at += 1
            position += 1
        elif star >= 0:
            resume += 1
            at, position = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")
