"""Where reports go: ``-f FORMAT -o FILE`` pairs, and standard output for what has no file."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.report import FORMATS

if TYPE_CHECKING:
    from auditor.audit.exit_codes import ExitCode
    from auditor.cli.notes import Notes
    from auditor.model.scan import Scan

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Output:
    """One report asked for: its format and its file; ``None`` is standard output."""

    format: str
    path: Path | None


def outputs(command: F) -> F:
    """``-f`` and ``-o``, in pairs."""
    command = click.option(
        "-o",
        "--output",
        "files",
        multiple=True,
        type=click.Path(dir_okay=False),
        help="A file to write to, - for standard output; pairs with -f in order.",
    )(command)
    return click.option(
        "-f", "--format", "formats", multiple=True, type=click.Choice(tuple(FORMATS)), help="Repeatable. [default: terminal]"
    )(command)


def paired(formats: tuple[str, ...], files: tuple[str, ...]) -> list[Output]:
    """The reports that ``-f`` and ``-o`` ask for together.

    The n-th format goes to the n-th file; formats beyond the files go to standard output; files beyond the formats tell their
    format by their suffix. Raises ``click.UsageError`` for anything else, and where a place is named twice; ``InputError`` where
    a file could not be written, before hours are spent on what is to stand in it.
    """
    chosen = [Output(name, None if file == "-" else Path(file)) for name, file in zip(formats, files, strict=False)]
    chosen += [Output(_by_suffix(file), Path(file)) for file in files[len(formats) :]]
    chosen += [Output(name, None) for name in formats[len(files) :]]
    for output in chosen:
        alike = [other.format for other in chosen if other.path == output.path]
        if len(alike) > 1:
            place = output.path or "standard output"
            raise click.UsageError(f"{place} holds one report: give {' and '.join(alike)} a file each with -o")
    must_be_writable(output.path for output in chosen if output.path)
    return chosen or [Output("terminal", None)]


def must_be_writable(paths: Iterable[Path]) -> None:
    """Raise ``InputError`` where a file's folder is missing or closed to this user."""
    from auditor.files.errors import InputError

    for path in paths:
        if not path.parent.is_dir():
            raise InputError(f"no such folder: {path.parent}", file=str(path))
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise InputError("cannot write here: Permission denied", file=str(path))


def _by_suffix(file: str) -> str:
    formats = {suffix: name for name, (_, suffix) in FORMATS.items()}
    try:
        return formats[Path(file).suffix]
    except KeyError:
        raise click.UsageError(f"{file}: which format? Give it with -f, or end the name in {', '.join(formats)}") from None


def write_reports(scan: Scan, chosen: list[Output], notes: Notes) -> None:
    """Write every report. A file is whole or not there; raises ``InputError`` where it cannot be written."""
    from auditor.files.atomic import replacing
    from auditor.report import write

    for output in chosen:
        if output.path is not None:
            with replacing(output.path) as file:
                write(scan, output.format, file)
            notes.note(f"wrote {output.path}", file=str(output.path), format=output.format)
    # last: who reads standard output may go away (| head), and the exit code is owed all the same
    for output in chosen:
        if output.path is None and sys.stdout is not None:
            try:
                write(scan, output.format, sys.stdout.buffer)
                sys.stdout.buffer.flush()
            except BrokenPipeError:
                reader_left()


def reader_left() -> None:
    """Nobody reads standard output any more: what is left in its buffer has nowhere to go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def concluded(scan: Scan, options: dict[str, Any], chosen: list[Output], notes: Notes) -> ExitCode:
    """Write the reports of a finished scan, say what it could not judge, and tell what the command exits with."""
    from auditor.audit.exit_codes import ExitCode, exit_code
    from auditor.cli.options import threshold

    write_reports(scan, chosen, notes)
    remark_on_population(scan, chosen, notes)
    point_at_explain(scan, chosen, notes)
    code = exit_code(scan, threshold(options["fail_on"]), fail_on_unknown=options["fail_on_unknown"])
    if code is ExitCode.OK and options["resources"] and not any(scan.counts.values()):
        notes.note(f"no resource that the rules are about matches {' or '.join(options['resources'])}")
        return ExitCode.NOTHING
    return code


def remark_on_population(scan: Scan, chosen: list[Output], notes: Notes) -> None:
    """Say where there was no machine learning to judge, or some that nobody here can judge: never a calm zero."""
    from auditor.report import words

    if types := words.unjudged(scan):
        if not _summarised(chosen):
            notes.note(f"not judged, for no rule knows them: {types}", unjudged=scan.coverage.unjudged)
    elif not any(item.ml_resources for item in scan.inputs):
        notes.note(f"no machine-learning resources in {', '.join(item.name for item in scan.inputs)}")


def point_at_explain(scan: Scan, chosen: list[Output], notes: Notes, source: str = "") -> None:
    """Beside a summary, say how to see one finding in full: from ``source``, the stored scan, the file, or the account again."""
    from auditor.model.inventory import SourceKind
    from auditor.report import words

    finding = next((found[0] for status in ("fail", "unknown") if (found := words.worst(scan, status, 1))), None)
    if finding is None or not _summarised(chosen):
        return
    stored = next((str(output.path) for output in chosen if output.format == "json" and output.path), "")
    files = [item.name for item in scan.inputs if item.kind != SourceKind.LIVE]
    place = source or stored or next((file for file in files if len(files) == 1 or file == finding.resource.origin.where), "")
    if place or not files:
        option = f"--from {shlex.quote(place)} " if place else ""
        notes.note(f"one finding in full: auditor explain {option}{finding.fingerprint[:12]}")


def _summarised(chosen: list[Output]) -> bool:
    return Output("terminal", None) in chosen
