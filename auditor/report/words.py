"""The words and shapes that every format uses, and how text from an account is made fit to be looked at."""

from __future__ import annotations

import heapq
import re
from typing import Any, Final

from auditor.model.finding import Evidence, Finding, Subject, Verdict
from auditor.model.scan import Coverage, Scan, Tally

STATUSES: Final = {"fail": "Fail", "unknown": "Unknown", "waived": "Waived", "pass": "Pass", "not_applicable": "Not applicable"}
"""A finding's ``status`` in words."""

FIX_KINDS: Final = {
    "console": "In the console",
    "cli": "With the AWS CLI",
    "terraform": "In Terraform",
    "cloudformation": "In CloudFormation",
}
"""The forms of a fix besides its ``text``, in the order they are shown."""

UNKNOWNS: Final = {
    "unread": "could not be read",
    "deferred": "known only at deploy",
    "outside": "outside what was looked at",
}
"""The kinds of unknown, in words."""

LONG_NAME: Final = 160
_LONGEST_VALUE: Final = 400
_DEEPEST_VALUE: Final = 20
_TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def visible(text: str) -> str:
    """``text`` with every character that does not show (controls, direction marks, half surrogates) spelt out as ``<U+202E>``.

    Whatever the place, such a name can then neither move the cursor nor turn the text around nor hide a part of itself.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else f"<U+{ord(character):04X}>" for character in text)


def visible_lines(text: str) -> str:
    """As ``visible``, but lines stay lines: for fixes and reasons."""
    return "\n".join(visible(line.expandtabs(4)) for line in text.splitlines())


def shortened(text: str, length: int) -> str:
    """The beginning of ``text`` where it is longer than ``length`` characters, and how much is missing."""
    return text if len(text) <= length else f"{text[:length]}… ({len(text) - length:,} more characters)"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 finding``, ``2,000 findings``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def found(value: Any) -> str:
    """An evidence's ``found`` in words: plain JSON, strings bare, special values by what they mean; shortened."""
    return shortened(visible(_found(value)), _LONGEST_VALUE)


def _found(value: Any, depth: int = 0) -> str:
    match value:
        case str():
            return value or '""'
        case True:
            return "true"
        case False:
            return "false"
        case None:
            return "null"
        case list() | dict() if depth > _DEEPEST_VALUE:
            return "…"
        case []:
            return "none"
        case list():
            return f"[{_listed(value, depth)}]"
        case dict() if len(value) == 1 and (special := _special(*next(iter(value.items())), depth)):
            return special
        case dict():
            return _mapping(value, depth)
        case _:
            return repr(value)


def _listed(values: list[Any], depth: int) -> str:
    return ", ".join(_found(item, depth + 1) for item in values)


def _mapping(value: dict[str, Any], depth: int) -> str:
    return f"{{{', '.join(f'{key}: {_found(item, depth + 1)}' for key, item in value.items())}}}"


def _special(key: str, content: Any, depth: int) -> str:
    """The words for one of the mappings that ``values.encode`` writes; empty for any other mapping."""
    match key, content:
        case "$absent", _:
            return "not set"
        case "$unknown", {"kind": str(kind), "reason": reason}:
            return f"{UNKNOWNS.get(kind, kind)}: {reason}"
        case "$one_of", list():
            return f"one of {_listed(content, depth)}"
        case "$reference", {"target": target, "attribute": attribute}:
            return f"→ {target}.{attribute}" if attribute else f"→ {target}"
        case "$text", list():
            return "".join(_found(part, depth + 1) for part in content)
        case "$redacted", {"kind": kind, "digest": digest}:
            return f"redacted ({kind}, {digest})"
        case "$literal", dict():
            return _mapping(content, depth)
    return ""


def status(finding: Finding) -> str:
    """``fail``, ``unknown``, ``pass``, ``not_applicable``, or ``waived`` for a failure somebody decided to live with."""
    return "waived" if finding.waiver is not None and finding.verdict is Verdict.FAIL else finding.verdict.value


def place(subject: Subject) -> str:
    """Account and region of a resource, where known."""
    return " · ".join(part for part in (subject.account, subject.region) if part)


def name(subject: Subject) -> str:
    """A resource's name; for all of a type that could not be listed, that."""
    return f"every {type_title(subject.type)}" if subject.id == "*" else subject.id


def brief(text: str) -> str:
    """The beginning of a name that is too long to stand in a line."""
    return text if len(text) <= LONG_NAME else f"{text[:LONG_NAME]}…"


def subject_of(item: Evidence) -> str:
    """What an evidence is about: a property, of another resource where it is not the finding's own."""
    path = looked_at(item)
    return f"{path} of {brief(item.resource)}".lstrip() if item.resource else path


def looked_at(item: Evidence) -> str:
    """The property that an evidence is about; a relation backwards in words."""
    return "named by" if item.path == "referred_by" else item.path


def reason(finding: Finding) -> str:
    """Why a verdict is unknown: what was looked at, and why that decides nothing."""
    item = next((item for item in finding.evidence if item.unknown), None)
    if item is None:
        return "undecided"
    value = found(item.found)
    if not _is_unknown(item.found) and item.hops:
        # the value is known; the last step behind it says why that is not enough
        value = f"{value}: {UNKNOWNS.get(item.unknown, item.unknown)} ({visible(item.hops[-1])})"
    return f"{subject_of(item)} {value}".lstrip()


def _is_unknown(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"$unknown"}


def unjudged(scan: Scan) -> str:
    """The machine-learning types that templates declare and no rule knows, with their numbers; empty where there are none."""
    from auditor.types import is_machine_learning

    types = {name: count for name, count in scan.coverage.unjudged.items() if is_machine_learning(name)}
    return ", ".join(f"{visible(name)} ({count:,})" for name, count in types.items())


def worst(scan: Scan, wanted: str, most: int) -> list[Finding]:
    """At most so many findings of a status, the most severe first, in the scan's order within a severity."""
    return heapq.nsmallest(
        most, (item for item in scan.findings if status(item) == wanted), key=lambda item: item.severity.rank
    )


def headline(scan: Scan) -> list[tuple[Verdict, str]]:
    """The scan in one line: each part with its verdict. "No failing check" is the most that is ever said."""
    failing, unknown = sum(scan.severities.values()), scan.counts.get("unknown", 0)
    if failing:
        parts = [(Verdict.FAIL, counted(failing, "failing check"))]
    elif scan.counts.get("pass", 0) or scan.counts.get("fail", 0):
        parts = [(Verdict.PASS, "No failing check")]
    else:
        parts = [] if unknown else [(Verdict.UNKNOWN, "Nothing was checked")]
    return [*parts, (Verdict.UNKNOWN, f"{unknown:,} unknown")] if unknown else parts


def waived(scan: Scan) -> int:
    """How many failures are waived."""
    return scan.counts.get("fail", 0) - sum(scan.severities.values())


def unread(coverage: Coverage) -> int:
    """How many verdicts are unknown because a call failed."""
    return sum(control.unread for control in coverage.controls)


def control_status(found: Tally) -> tuple[Verdict, str]:
    """What the findings of one control amount to. A control that nothing was examined for says so."""
    if found.failed:
        return Verdict.FAIL, f"{found.failed:,} failing"
    if found.unknown:
        return Verdict.UNKNOWN, f"{found.unknown:,} unknown"
    if found.examined:
        return Verdict.PASS, "no failing check"
    return Verdict.NOT_APPLICABLE, "not examined"


def moment(timestamp: str) -> str:
    """A time to the minute, for people: ``2026-11-24 08:00 UTC``."""
    return f"{timestamp[:10]} {timestamp[11:16]} UTC" if _TIMESTAMP.fullmatch(timestamp) else timestamp


def type_title(name: str) -> str:
    """A resource type's name without its colons: ``SageMaker TrainingJob``."""
    return " ".join(name.split("::")[1:]) if name.startswith("AWS::") else name.rpartition("::")[2]


def subtitle(scan: Scan) -> str:
    """What was looked at, when and by what version, in one line."""
    coverage = scan.coverage
    resources = sum(coverage.resources.values()) or sum(item.resources for item in scan.inputs)
    parts = [moment(scan.started), counted(len(coverage.regions), "region") if coverage.regions else ""]
    parts += [counted(resources, "resource"), counted(len(scan.rules), "rule"), f"auditor {scan.version}"]
    return " · ".join(part for part in parts if part)


def sources(scan: Scan) -> str:
    """The names of what was looked at."""
    names = [visible(item.name) for item in scan.inputs]
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more if names else "nothing"
