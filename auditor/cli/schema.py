"""``auditor schema``."""

from __future__ import annotations

import json

import click


@click.command(short_help="The JSON Schema of what auditor writes and reads.")
@click.argument("what", type=click.Choice(("scan", "config")), default="scan")
def schema(what: str) -> int:
    """The JSON Schema of a stored scan, or of auditor.yaml.

    \b
    auditor schema scan > scan.schema.json
    auditor schema config
    """
    if what == "scan":
        from auditor.report.json import schema as of

        click.echo(json.dumps(of(), indent=2))
    else:
        from auditor.cli import config

        click.echo(json.dumps(config.schema(), indent=2))
    return 0
