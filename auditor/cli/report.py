"""``auditor report``."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.notes import Notes
from auditor.cli.output import outputs, paired, point_at_explain, write_reports


@click.command(short_help="Any report from a stored scan.")
@click.argument("scan", type=click.Path())
@outputs
@click.pass_obj
def report(notes: Notes, /, scan: str, formats: tuple[str, ...], files: tuple[str, ...]) -> int:
    """Any report from a stored scan (the JSON that `-f json` wrote).

    \b
    auditor report scan.json -f html -o report.html -f csv -o findings.csv
    """
    from auditor.report.json import read

    stored, chosen = read(Path(scan)), paired(formats, files)
    write_reports(stored, chosen, notes)
    point_at_explain(stored, chosen, notes, scan)
    return 0
