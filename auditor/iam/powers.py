"""Whether policy statements hand out one thing on everything: all of IAM, writing to every bucket, passing every role.

A condition is not evaluated: what it lets through is unknown, unless it is one that says nothing about the resource.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from auditor.iam.documents import Element, Part, Statement, fits, pattern_text
from auditor.iam.wildcards import matches
from auditor.model.facts import Fact
from auditor.model.truth import Truth, all_of, any_of, in_each, negated
from auditor.model.values import Kind, Reference, Text, Unknown, Value

Policy: TypeAlias = tuple[str, Part]
"""The name of a policy, and one of its statements."""


@dataclass(frozen=True, slots=True)
class Power:
    """Something that a role should not have; a statement whose patterns fit all ``actions`` and all ``resources`` hands it out.

    Two names of different lengths with no character in common are both fitted by a wildcard alone, and so is then every name that
    is not shorter. ``what`` completes "allows …", ``none`` "no statement allows …". Where ``holds_in_part``, a denial on some
    resources leaves the power standing: a bucket that is excepted does not make the others any fewer.
    """

    what: str
    actions: tuple[str, ...]
    resources: tuple[str, str]
    none: str = ""
    holds_in_part: bool = False

    @property
    def service(self) -> str:
        """The service whose actions these are."""
        return self.actions[0].partition(":")[0]


# Whoever may do everything in IAM may give himself everything else, so ``*`` and ``iam:*`` weigh the same; no IAM action's name
# is shorter than GetUser.
ADMINISTRATION: Final = Power(
    "every IAM action on every resource",
    ("iam:0000000", "iam:11111111"),
    ("arn:aws:iam::000000000000:2/2", "arn:aws:iam::000000000000:33/33"),
    none="every action, or every IAM action, on every resource",
)
WRITING: Final = Power(
    "writing to every bucket", ("s3:PutObject",), ("arn:aws:s3:::2/2", "arn:aws:s3:::33/33"), holds_in_part=True
)
READING: Final = Power(
    "reading from every bucket", ("s3:GetObject",), ("arn:aws:s3:::2/2", "arn:aws:s3:::33/33"), holds_in_part=True
)
PASSING: Final = Power(
    "passing every role",
    ("iam:PassRole",),
    ("arn:aws:iam::000000000000:role/2", "arn:aws:iam::000000000000:role/33"),
    holds_in_part=True,
)
DECRYPTING: Final = Power(
    "decrypting with every key",
    ("kms:Decrypt",),
    ("arn:aws:kms:0:000000000000:key/2", "arn:aws:kms:0:000000000000:key/33"),
    holds_in_part=True,
)
REVEALING: Final = Power(
    "reading every secret",
    ("secretsmanager:GetSecretValue",),
    ("arn:aws:secretsmanager:0:000000000000:secret:2", "arn:aws:secretsmanager:0:000000000000:secret:33"),
    holds_in_part=True,
)

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html: of these the first says how the request
# travels, the second for whom a role is passed, the others that the resource is one of an account
_SAYS_NOTHING_OF_THE_RESOURCE: Final = frozenset(
    ("aws:securetransport", "iam:passedtoservice", "aws:resourceaccount", "s3:resourceaccount")
)
_NEGATIVE: Final = re.compile(r"not|null|\?")
# the fields of an ARN that name a partition, a region or an account
_NAMED: Final = {
    1: re.compile(r"aws-[a-z-]+"),
    3: re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d"),
    4: re.compile(r"[*?]*\d[\d*?]*"),
}
# what a template calls them where it is deployed
_PSEUDO: Final = {"AWS::Partition": 1, "AWS::Region": 3, "AWS::AccountId": 4}
# a role's account is the only one that it can mean, and to be allowed all that lies in one region is too much already
_WHERE_ALLOWED: Final = {1: "aws", 3: "0", 4: "000000000000"}
# to be denied it in one region leaves the others
_WHERE_DENIED: Final = {1: "aws", 4: "000000000000"}
_SERVICE: Final = re.compile(r"(?:arn:[a-z-]+:|(?!arn:))(?P<service>[a-z0-9-]+):", re.IGNORECASE)


def held(power: Power, parts: list[Policy]) -> Fact:
    """What statements come to together: true, false or unknown. Each stands with its policy's name.

    A wildcard with some actions or resources excepted is still one; an explicit deny of all of it wins
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). What cannot be read may allow,
    which makes the answer unknown; that it may deny too is assumed not to be the case.
    """
    grants = [(policy, part, in_each(part, lambda item: _grants(power, item))) for policy, part in parts]
    granted = any_of(value for *_, value in grants)
    if granted is False:
        names = ", ".join(dict.fromkeys(policy for policy, _ in parts))
        return Fact(False, (f"no statement of {names} allows {power.none or power.what}" if names else "it has no policy",))
    cuts = [(policy, part, in_each(part, lambda item: _cuts(power, item))) for policy, part in parts]
    value = all_of((granted, negated(any_of(cut for *_, cut in cuts))))
    because = [_sentence(power, *item, "allows") for item in grants if item[2] is not False]
    because += [_sentence(power, *item, "denies") for item in cuts if item[2] is not False]
    unread = (policy for policy, part in parts if isinstance(part, Unknown) and value is True)
    return Fact(value, tuple(because), tuple(f"what cannot be read of {policy} denies nothing" for policy in unread))


def _grants(power: Power, part: Value) -> Truth:
    if isinstance(part, Unknown):
        return part
    if not isinstance(part, Statement) or part.effect != "Allow":
        return False
    covered = all_of(
        (
            _covers(part.actions, power.actions, _WHERE_ALLOWED),
            _covers(part.resources, power.resources, _WHERE_ALLOWED),
        )
    )
    return _under_condition(part) if covered is True and _narrows(part) else covered


def _narrows(part: Statement) -> bool:
    return any(
        key not in _SAYS_NOTHING_OF_THE_RESOURCE or _NEGATIVE.search(operator) for operator, key in part.condition_keys()
    )


def _cuts(power: Power, part: Value) -> Truth:
    """Whether a statement takes the power away altogether. A deny of some of its actions leaves the rest of a wildcard standing."""
    if not isinstance(part, Statement) or part.effect != "Deny":
        return False
    actions = _covers(part.actions, power.actions, _WHERE_DENIED)
    if actions is not True:
        return actions
    if part.conditioned:
        # to deny what does not come over TLS is usual
        return False if {key for _, key in part.condition_keys()} == {"aws:securetransport"} else _under_condition(part)
    everywhere = _covers(part.resources, power.resources, _WHERE_DENIED)
    if everywhere is False and power.holds_in_part and part.resources is not None and not part.resources.inverted:
        return False
    if _excepts(power, part.actions) or _excepts(power, part.resources) or everywhere is not True:
        return Unknown(Kind.OUTSIDE, f"{part.name} denies {power.what} but for some actions or resources")
    return True


def _under_condition(part: Statement) -> Unknown:
    return Unknown(Kind.OUTSIDE, f"{part.name} holds under a condition")


def _covers(element: Element | None, every: tuple[str, ...], own: Mapping[int, str]) -> Truth:
    """Whether one pattern covers all that ``every`` stands for; of an inverted element, whether none of its patterns does.

    ``own`` are the fields of an ARN that are taken for the ones in ``every``.
    """
    if element is None:
        return False
    named = any_of(in_each(pattern, lambda item: _covers_all(item, every, own)) for pattern in element.patterns)
    return negated(named) if element.inverted else named


def _covers_all(pattern: Value, every: tuple[str, ...], own: Mapping[int, str]) -> Truth:
    return fits(_deployed(pattern, own), lambda widest: all(matches(_placed(widest, own), name) for name in every))


def _deployed(pattern: Value, own: Mapping[int, str]) -> Value:
    """A pattern with anything for those of its ARN's fields that the deployment decides."""
    if not isinstance(pattern, Text):
        return pattern
    parts: list[str | Reference | Unknown] = []
    for before, part, after in zip(("", *pattern.parts), pattern.parts, (*pattern.parts[1:], ""), strict=False):
        decided = isinstance(part, Unknown) and _PSEUDO.get(part.reason) in own
        whole = isinstance(before, str) and before.endswith(":") and isinstance(after, str) and after.startswith(":")
        parts.append("*" if decided and whole else part)
    return "".join(map(str, parts)) if all(isinstance(part, str) for part in parts) else Text(tuple(parts))


def _placed(pattern: str, own: Mapping[int, str]) -> str:
    """An ARN's pattern with the partition, region and account of a ``Power``'s own."""
    fields = pattern.split(":", 5)
    if fields[0] != "arn" or len(fields) < 6:
        return pattern
    for at, name in own.items():
        if _NAMED[at].fullmatch(fields[at]):
            fields[at] = name
    return ":".join(fields)


def _excepts(power: Power, element: Element | None) -> bool:
    return element is not None and element.inverted and not all(_of_another_service(power, item) for item in element.patterns)


def _of_another_service(power: Power, pattern: Value) -> bool:
    match = _SERVICE.match(pattern_text(pattern) or "")
    return match is not None and match["service"].lower() != power.service


def _sentence(power: Power, policy: str, part: Part, value: Truth, verb: str) -> str:
    name = f"{part.name} of {policy}" if isinstance(part, Statement) else policy
    if isinstance(value, Unknown):
        return f"whether {name} {verb} {power.what} is not known: {value.reason}"
    return f"{name} {verb} {power.what}"
