"""Where reports go: ``-f FORMAT -o FILE`` pairs, and standard output for what has no file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from auditor.cli.notes import Notes
    from auditor.model.scan import Scan

F = TypeVar("F", bound=Callable[..., Any])

FORMATS: Final = {"terminal": ".txt", "json": ".json", "html": ".html", "csv": ".csv", "markdown": ".md"}
"""Report formats, and the file suffix by which ``-o`` alone means them."""


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
        help="A file to write to; pairs with -f in order.",
    )(command)
    return click.option(
        "-f", "--format", "formats", multiple=True, type=click.Choice(tuple(FORMATS)), help="Repeatable. [default: terminal]"
    )(command)


def paired(formats: tuple[str, ...], files: tuple[str, ...]) -> list[Output]:
    """The reports that ``-f`` and ``-o`` ask for together.

    The n-th format goes to the n-th file; formats beyond the files go to standard output, which holds one; files beyond the
    formats tell their format by their suffix. Raises ``click.UsageError`` for anything else.
    """
    chosen = [Output(name, Path(file)) for name, file in zip(formats, files, strict=False)]
    chosen += [Output(_by_suffix(file), Path(file)) for file in files[len(formats) :]]
    rest = formats[len(files) :]
    if len(rest) > 1:
        raise click.UsageError(f"standard output holds one report: give {' and '.join(rest)} a file each with -o")
    chosen += [Output(name, None) for name in rest]
    return chosen or [Output("terminal", None)]


def _by_suffix(file: str) -> str:
    suffix = Path(file).suffix
    for name, own in FORMATS.items():
        if suffix == own:
            return name
    raise click.UsageError(f"{file}: which format? Give it with -f, or end the name in {', '.join(FORMATS.values())}")


def write_reports(scan: Scan, chosen: list[Output], notes: Notes) -> None:
    """Write every report. A file is whole or not there; raises ``InputError`` where it cannot be written."""
    from auditor.files.atomic import replacing
    from auditor.report import write

    for output in chosen:
        if output.path is not None:
            with replacing(output.path) as file:
                write(scan, output.format, file)
            notes.note(f"wrote {output.path}", file=str(output.path), format=output.format)
    # last: who reads standard output may go away (| head)
    for output in chosen:
        if output.path is None:
            write(scan, output.format, sys.stdout.buffer)
            sys.stdout.buffer.flush()


def remark_on_population(scan: Scan, notes: Notes) -> None:
    """Say where there was no machine learning to judge, or some that nobody here can judge: never a calm zero."""
    from auditor.types import is_machine_learning

    unjudged = {name: count for name, count in scan.coverage.unjudged.items() if is_machine_learning(name)}
    if unjudged:
        named = ", ".join(f"{name} ({count})" for name, count in unjudged.items())
        notes.note(f"not judged, for no rule knows them yet: {named}", unjudged=unjudged)
    elif not any(item.ml_resources for item in scan.inputs):
        notes.note(f"no machine-learning resources in {', '.join(item.name for item in scan.inputs)}")
