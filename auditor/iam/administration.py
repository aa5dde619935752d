"""Whether policy statements hand out administration by a wildcard: every IAM action, on every resource.

Whoever may do everything in IAM may give himself everything else, so ``*`` and ``iam:*`` weigh the same. Conditions are not
evaluated here: what a condition lets through is unknown.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from auditor.iam.documents import Element, Part, Statement, fits, pattern_text
from auditor.iam.wildcards import matches
from auditor.model.facts import Fact
from auditor.model.truth import Truth, all_of, any_of, in_each, negated
from auditor.model.values import Kind, Unknown, Value

Policy: TypeAlias = tuple[str, Part]
"""The name of a policy, and one of its statements."""

# A pattern that fits two names of different lengths with no character in common owes it to a wildcard, and so fits every
# name that is not shorter; no IAM action's is shorter than GetUser.
_EVERY_ACTION: Final = ("iam:0000000", "iam:11111111")
_EVERY_RESOURCE: Final = ("arn:aws:iam::000000000000:2/2", "arn:aws:iam::000000000000:33/33")
_PARTITION: Final = re.compile(r"aws-[a-z-]+")
_ACCOUNT: Final = re.compile(r"[*?]*\d[\d*?]*")
_OTHER_SERVICE: Final = re.compile(r"(?!iam:|arn:)[a-z0-9-]+:|arn:[a-z-]+:(?!iam:)[a-z0-9-]+:", re.IGNORECASE)


def administration(parts: list[Policy]) -> Fact:
    """What the statements of a role's policies come to together: true, false or unknown. Each stands with its policy's name.

    A wildcard with some actions or resources excepted is still one; an explicit deny of all of IAM wins over it
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). What cannot be read may allow,
    which makes the answer unknown; that it may deny too is assumed not to be the case.
    """
    grants = [(policy, part, in_each(part, _grants)) for policy, part in parts]
    granted = any_of(value for *_, value in grants)
    if granted is False:
        names = ", ".join(dict.fromkeys(policy for policy, _ in parts))
        of_these = f"no statement of {names} allows every action, or every IAM action, on every resource"
        return Fact(False, (of_these if names else "it has no policy",))
    cuts = [(policy, part, in_each(part, _cuts)) for policy, part in parts]
    value = all_of((granted, negated(any_of(cut for *_, cut in cuts))))
    because = [_sentence(*item, "allows") for item in grants if item[2] is not False]
    because += [_sentence(*item, "denies") for item in cuts if item[2] is not False]
    unread = (policy for policy, part in parts if isinstance(part, Unknown) and value is True)
    return Fact(value, tuple(because), tuple(f"what cannot be read of {policy} denies nothing" for policy in unread))


def _grants(part: Value) -> Truth:
    if isinstance(part, Unknown):
        return part
    if not isinstance(part, Statement) or part.effect != "Allow":
        return False
    covered = all_of((_covers(part.actions, _EVERY_ACTION), _covers(part.resources, _EVERY_RESOURCE)))
    return _under_condition(part) if part.conditioned and covered is True else covered


def _cuts(part: Value) -> Truth:
    """Whether a statement takes IAM away altogether. A deny of single actions leaves the rest of a wildcard standing."""
    if not isinstance(part, Statement) or part.effect != "Deny":
        return False
    actions = _covers(part.actions, _EVERY_ACTION)
    if actions is not True:
        return actions
    if part.conditioned:
        return _under_condition(part)
    if _excepts(part.actions) or _excepts(part.resources) or _covers(part.resources, _EVERY_RESOURCE) is not True:
        return Unknown(Kind.OUTSIDE, f"{part.name} denies IAM but for some actions or resources")
    return True


def _under_condition(part: Statement) -> Unknown:
    return Unknown(Kind.OUTSIDE, f"{part.name} holds under a condition")


def _covers(element: Element | None, every: tuple[str, str]) -> Truth:
    """Whether one pattern covers all that ``every`` stands for; of an inverted element, whether none of its patterns does."""
    if element is None:
        return False
    named = any_of(
        in_each(pattern, lambda item: fits(item, lambda widest: _fits_all(widest, every))) for pattern in element.patterns
    )
    return negated(named) if element.inverted else named


def _fits_all(pattern: str, every: tuple[str, str]) -> bool:
    pattern = _of_one_account(pattern)
    return all(matches(pattern, name) for name in every)


def _of_one_account(pattern: str) -> str:
    """An ARN's pattern with the account and partition of ``_EVERY_RESOURCE``: a role's own are the only ones that it can mean."""
    parts = pattern.split(":", 5)
    if parts[0] == "arn" and len(parts) > 1 and _PARTITION.fullmatch(parts[1]):
        parts[1] = "aws"
    if parts[0] == "arn" and len(parts) == 6 and _ACCOUNT.fullmatch(parts[4]):
        parts[4] = "000000000000"
    return ":".join(parts)


def _excepts(element: Element | None) -> bool:
    return element is not None and element.inverted and not all(_of_another_service(item) for item in element.patterns)


def _of_another_service(pattern: Value) -> bool:
    return _OTHER_SERVICE.match(pattern_text(pattern) or "") is not None


def _sentence(policy: str, part: Part, value: Truth, verb: str) -> str:
    name = f"{part.name} of {policy}" if isinstance(part, Statement) else policy
    if isinstance(value, Unknown):
        return f"whether {name} {verb} every IAM action on every resource is not known: {value.reason}"
    return f"{name} {verb} every IAM action on every resource"
