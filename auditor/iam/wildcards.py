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


def overlap(pattern: str, other: str) -> bool:
    """Whether there may be a name that both patterns fit, in time proportional to the product of their lengths."""
    pattern, other = pattern.lower(), other.lower()
    # whether what is left of ``pattern`` and each tail of ``other`` fit a name together; the shortest tail last
    fitting = [not other[at:].strip("*") for at in range(len(other) + 1)]
    for sign in reversed(pattern):
        row = [sign == "*" and fitting[-1]]
        for at in range(len(other) - 1, -1, -1):
            if "*" in (sign, other[at]):
                row.append(row[-1] or fitting[at])
            else:
                row.append(fitting[at + 1] and (sign == other[at] or "?" in (sign, other[at])))
        fitting = row[::-1]
    return fitting[0]
