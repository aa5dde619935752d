"""``auditor snapshot``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from auditor.cli.notes import Notes
from auditor.cli.scan import account_options


@click.command(short_help="Read an account into a file, to audit later or elsewhere.")
@click.option(
    "-o", "--output", default="account.jsonl", show_default=True, type=click.Path(dir_okay=False), help="The snapshot to write."
)
@account_options
@click.pass_obj
def snapshot(notes: Notes, /, output: str, **options: Any) -> int:
    """Read an account into a file, to audit later or elsewhere.

    Secrets are not kept. If it is interrupted, the same command goes on where it stopped.

    \b
    auditor snapshot -o account.jsonl --profile audit
    auditor scan --from account.jsonl
    """
    from auditor.audit.account import take_snapshot
    from auditor.audit.exit_codes import ExitCode
    from auditor.sources.aws.session import reading_session
    from auditor.types import all_types

    session = reading_session(
        types=all_types(), profile=options["profile"], role_arn=options["role_arn"], external_id=options["external_id"]
    )
    with notes.progress() as progress:
        header = take_snapshot(session, Path(output), options["regions"], progress, options["jobs"])
    notes.note(f"wrote {output}", file=output)
    for gap in header.gaps:
        notes.note(
            f"not read: {gap.operation} in {gap.region} ({gap.code})", operation=gap.operation, region=gap.region, code=gap.code
        )
    if header.gaps:
        return ExitCode.UNREAD
    return ExitCode.OK if header.collection.regions or header.collection.quiet_regions else ExitCode.NOTHING
