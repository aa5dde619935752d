"""The canonical result as JSON, and back.

One document: what the scan says of itself first, then ``findings``, one to a line, so that a million are written and read one at
a time. Any other layout of the same document is read too.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import orjson

from auditor.audit.spool import Spool
from auditor.files.errors import InputError
from auditor.model.finding import Finding, Verdict
from auditor.model.scan import SCHEMA_VERSION, Scan

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MAX_LINE: Final = 50_000_000
"""Bytes of one line of a stored scan that are read: a finding, or everything but the findings."""
MAX_WHOLE: Final = 500_000_000
"""Bytes of a stored scan in another layout, which is read at once."""

_OPENING: Final = b',"findings":[\n'
_CLOSING: Final = b"]}\n"


def write(scan: Scan, stream: BinaryIO) -> None:
    """Write ``scan``: the same bytes for the same scan, whatever the number of findings in constant memory."""
    head = {"schema_version": scan.schema_version}
    head |= {item.name: getattr(scan, item.name) for item in dataclasses.fields(scan) if item.name != "findings"}
    stream.write(_dumps(head)[:-1] + _OPENING)
    separator = b""
    for finding in scan.findings:
        stream.write(separator + _dumps(finding))
        separator = b",\n"
    stream.write((b"\n" if separator else b"") + _CLOSING)


def _dumps(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return orjson.dumps(_writable(value))


_MAX_DEPTH: Final = 120
_HALF_PAIRS: Final = re.compile("[\ud800-\udfff]")


def _writable(value: object, depth: int = 0) -> object:
    """``value`` without what JSON cannot hold, or readers refuse.

    Half a surrogate pair becomes U+FFFD, a vast integer its digits, what lies too deep a word saying so.
    """
    if depth > _MAX_DEPTH:
        return "nested too deeply to be kept"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: _writable(getattr(value, item.name), depth + 1) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(_writable(key)): _writable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_writable(item, depth + 1) for item in value]
    if isinstance(value, str):
        return _HALF_PAIRS.sub("\ufffd", value)
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)
    return value


def read(path: Path) -> Scan:
    """The scan that ``write`` stored in ``path``; its findings may be backed by a temporary file.

    Raises ``InputError``, naming the key, where the file cannot be read, is no scan, is of a newer schema version than this
    auditor knows, or does not hold what it says it does.
    """
    try:
        with path.open("rb") as file:
            return _read(file, str(path))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from error


def _read(file: BinaryIO, name: str) -> Scan:
    first = file.readline(MAX_LINE)
    if first.endswith(_OPENING):
        return _assemble(first + _CLOSING, _lines(file, name), name)
    text = first + file.read(MAX_WHOLE)
    if len(text) > MAX_WHOLE:
        raise InputError(f"more than {MAX_WHOLE:,} bytes, and not as auditor writes a scan", file=name)
    document = _loads(text, name)
    findings = document.pop("findings", None)
    if not isinstance(findings, list):
        raise InputError("a list expected", file=name, key="findings")
    return _assemble(_dumps({**document, "findings": []}), (_dumps(item) for item in findings), name)


def _lines(file: BinaryIO, name: str) -> Iterator[bytes]:
    """Each finding of a file that ``write`` wrote."""
    line, more = file.readline(MAX_LINE), False
    while more or line != _CLOSING:
        more = line.endswith(b",\n")
        yield line[:-2] if more else line[:-1]
        line = file.readline(MAX_LINE)
        if not more and line != _CLOSING:
            raise InputError("the file is cut off or damaged amid its findings", file=name, key="findings")
    if file.read(1):
        raise InputError("something follows after the scan", file=name)


def _loads(text: bytes, name: str) -> dict[str, Any]:
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg}", file=name, line=error.lineno, column=error.colno) from error
    if not isinstance(document, dict):
        raise InputError("not a stored scan: a mapping expected", file=name)
    return document


def _assemble(head: bytes, findings: Iterator[bytes], name: str) -> Scan:
    from pydantic import TypeAdapter

    version = _loads(head, name).get("schema_version")
    if not isinstance(version, int):
        raise InputError("not a stored scan: a number expected", file=name, key="schema_version")
    if version > SCHEMA_VERSION:
        raise InputError(
            f"{version} is newer than this auditor reads ({SCHEMA_VERSION}): upgrade ml-auditor",
            file=name,
            key="schema_version",
        )
    scan: Scan = _validated(TypeAdapter(Scan), head, name, "")
    scan.findings = _findings(scan, findings, name)
    return scan


def _findings(scan: Scan, lines: Iterator[bytes], name: str) -> Spool:
    """The findings, checked one by one and against what the scan says of them."""
    from pydantic import TypeAdapter

    adapter = TypeAdapter(Finding)
    spool = Spool()
    verdicts, failing = Counter[str](), Counter[str]()
    for number, line in enumerate(lines):
        finding: Finding = _validated(adapter, line, name, f"findings.{number}")
        if finding.rule not in scan.rules:
            raise InputError(f"'{finding.rule}' is none of the scan's rules", file=name, key=f"findings.{number}.rule")
        verdicts[finding.verdict.value] += 1
        if finding.verdict is Verdict.FAIL and finding.waiver is None:
            failing[finding.severity.value] += 1
        spool.append(finding)
    _agree(scan.counts, verdicts, "counts", name)
    _agree(scan.severities, failing, "severities", name)
    return spool


def _agree(said: Mapping[str, int], found: Counter[str], key: str, name: str) -> None:
    for word in sorted({*said, *found}):
        if said.get(word, 0) != found[word]:
            raise InputError(f"{said.get(word, 0):,} announced, {found[word]:,} are there", file=name, key=f"{key}.{word}")


def _validated(adapter: TypeAdapter[Any], text: bytes, name: str, at: str) -> Any:
    from pydantic import ValidationError

    try:
        return adapter.validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in (at, *first["loc"]) if part != "")
        raise InputError(" ".join(first["msg"].split()), file=name, key=key) from error


def schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of a stored scan.

    Unknown keys are allowed on purpose: within a schema version fields are only ever added.
    """
    from pydantic import TypeAdapter

    of_scan = TypeAdapter(Scan).json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:ml-auditor:schema:scan:{SCHEMA_VERSION}",
        **of_scan,
        "title": "A stored scan of ml-auditor",
    }
