"""``auditor gate``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from auditor.cli.notes import Notes
from auditor.cli.options import attestation_file, attested, chosen_book, judgement, selection, subject_filter
from auditor.cli.output import concluded, outputs, paired


@click.command(short_help="Check templates and plans before they are deployed.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A template parameter's value; without it, what hangs on the parameter is UNKNOWN.",
)
@selection
@attestation_file
@judgement("high")
@outputs
@click.pass_obj
def gate(notes: Notes, /, **options: Any) -> int:
    """Check CloudFormation templates and Terraform plans (terraform show -json) before they are deployed.

    PATH is a file, or a folder that is searched for templates and plans.

    \b
    auditor gate template.yaml --parameter Stage=prod
    terraform show -json plan.out > plan.json && auditor gate plan.json -f markdown
    """
    from auditor.audit.exit_codes import ExitCode
    from auditor.audit.files import SUFFIXES, open_files
    from auditor.audit.scan import scan_of

    chosen = paired(options["formats"], options["files"])
    book = chosen_book(options)
    sources = open_files(tuple(map(Path, options["paths"])), book, _parameters(options["parameters"]))
    attestations = attested(options, book)
    result = scan_of("gate", book, sources, wanted=subject_filter(options), attestations=attestations)
    if not result.inputs:
        notes.note(f"no template or plan found in {', '.join(options['paths'])} (looked at {', '.join(SUFFIXES)})")
        return ExitCode.NOTHING
    return concluded(result, options, chosen, notes)


def _parameters(given: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not (name and equals):
            raise click.UsageError(f"--parameter takes NAME=VALUE, not '{item}'")
        values[name] = value
    return values
