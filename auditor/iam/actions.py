"""Which actions policy statements allow at all, on whatever resource and under whatever condition, as patterns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.iam.documents import Statement, pattern_text
from auditor.iam.powers import Policy
from auditor.iam.wildcards import matches, overlap
from auditor.model.truth import Truth
from auditor.model.values import ABSENT, Kind, OneOf, Unknown, Value


@dataclass(frozen=True, slots=True)
class Allowed:
    """A pattern of actions that a statement allows, but for those ``excepted``.

    ``value`` is true, or unknown where it may allow less than the pattern says.
    """

    pattern: str
    where: str
    value: Truth
    excepted: tuple[str, ...] = ()

    def covers(self, pattern: str) -> bool:
        """Whether every action that ``pattern`` stands for is allowed."""
        return matches(self.pattern, pattern) and not any(overlap(item, pattern) for item in self.excepted)

    def meets(self, pattern: str) -> bool:
        """Whether some action that ``pattern`` stands for may be allowed."""
        return overlap(self.pattern, pattern) and not any(matches(item, pattern) for item in self.excepted)


def allowed_actions(parts: list[Policy]) -> list[Allowed]:
    """The actions that statements allow together, without those that one of them denies for good.

    What cannot be read may allow anything; that it may deny too is assumed not to be the case.
    """
    found = [allowed for policy, part in parts for allowed in _allowed(part, policy)]
    denials = [part for _, part in parts if isinstance(part, Statement) and _denies_for_good(part)]
    return [left for allowed in found if (left := _left(allowed, denials)) is not None]


def within(allowed: list[Allowed], boundary: list[Policy]) -> list[Allowed]:
    """What is left of ``allowed`` within a permissions boundary."""
    limits = allowed_actions(boundary)
    return [left for item in allowed if (left := _limited(item, limits)) is not None]


def _allowed(part: Value, policy: str) -> Iterator[Allowed]:
    match part:
        case Unknown():
            yield Allowed("*", policy, part)
        case OneOf(values):
            for item in values:
                if item is not ABSENT:
                    yield from (_perhaps(allowed, len(values)) for allowed in _allowed(item, policy))
        case Statement() if part.effect == "Allow" and part.actions is not None:
            where = f"{part.name} of {policy}"
            if part.actions.inverted:
                excepted = tuple(pattern for pattern in part.actions.patterns if isinstance(pattern, str))
                known = len(excepted) == len(part.actions.patterns)
                yield Allowed("*", where, _on_everything(part, "all but some actions") if known else _deferred(where), excepted)
                return
            for pattern in part.actions.patterns:
                text = pattern_text(pattern)
                if not isinstance(pattern, str):
                    yield Allowed(text or "*", where, _deferred(where))
                else:
                    yield Allowed(pattern, where, _on_everything(part, pattern) if ":" not in pattern else True)


def _deferred(where: str) -> Unknown:
    return Unknown(Kind.DEFERRED, f"an action of {where} is decided at deploy")


def _on_everything(part: Statement, actions: str) -> Truth:
    """What has no service of its own allows what its resources can be used for: everything, only where they are everything."""
    if part.resources is not None and not part.resources.inverted and "*" in part.resources.patterns:
        return True
    return Unknown(Kind.OUTSIDE, f"{part.name} allows {actions} on some resources")


def _perhaps(allowed: Allowed, count: int) -> Allowed:
    value = allowed.value if isinstance(allowed.value, Unknown) else Unknown(Kind.DEFERRED, f"one of {count} statements")
    return replace(allowed, value=value)


def _denies_for_good(part: Statement) -> bool:
    on_everything = part.resources is not None and not part.resources.inverted and "*" in part.resources.patterns
    return part.effect == "Deny" and not part.conditioned and on_everything and part.actions is not None


def _left(allowed: Allowed, denials: list[Statement]) -> Allowed | None:
    for part in denials:
        patterns = part.actions.patterns if part.actions is not None else ()
        sure = [item for item in patterns if isinstance(item, str)]
        widest = [pattern_text(item) or "*" for item in patterns]
        if part.actions is not None and part.actions.inverted:
            if not any(overlap(item, allowed.pattern) for item in widest):
                return None
            partly = not any(matches(item, allowed.pattern) for item in sure)
        else:
            if any(matches(item, allowed.pattern) for item in sure):
                return None
            partly = any(overlap(item, allowed.pattern) for item in widest)
        if partly:
            allowed = replace(allowed, value=Unknown(Kind.OUTSIDE, f"{part.name} denies a part of it"))
    return allowed


def _limited(allowed: Allowed, limits: list[Allowed]) -> Allowed | None:
    if not any(limit.meets(allowed.pattern) for limit in limits):
        return None
    if any(limit.value is True and limit.covers(allowed.pattern) for limit in limits):
        return allowed
    return replace(allowed, value=Unknown(Kind.OUTSIDE, "its permissions boundary lets a part of it through"))
