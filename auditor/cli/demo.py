"""``auditor demo``."""

from __future__ import annotations

import click

from auditor.cli.notes import Notes
from auditor.cli.output import Output, must_be_writable, point_at_explain, write_reports


@click.command(short_help="Audit an embedded, imperfect ML platform and write the report.")
@click.option(
    "-o", "--output", default="auditor-demo", show_default=True, help="Where the reports go: NAME.html and NAME.json."
)
@click.pass_obj
def demo(notes: Notes, /, output: str) -> int:
    """Build a deliberately imperfect ML platform in an account inside this process, audit it, and write the report.

    Nothing leaves this machine: no AWS account and no credentials are used. The code that reads the account is the one that
    `auditor scan` uses.

    \b
    auditor demo
    auditor demo -o /somewhere/else
    """
    from pathlib import Path

    from auditor.audit.account import read_account
    from auditor.audit.scan import scan_of
    from auditor.demo import attestations, demo_accounts
    from auditor.rules import load_book

    name = output.removesuffix(".html")
    page, data = Path(f"{name}.html"), Path(f"{name}.json")
    must_be_writable((page,))
    book = load_book()
    with demo_accounts() as sessions, notes.progress() as progress:
        sources = [read_account(session, book, (), progress) for session in sessions]
    result = scan_of("demo", book, sources, attestations=attestations())
    chosen = [Output("terminal", None), Output("html", page), Output("json", data)]
    write_reports(result, chosen, Notes(quiet=True))
    point_at_explain(result, chosen, notes)
    click.echo(f"\nThe report: {page.resolve()}\nThe same as data: {data.resolve()}")
    return 0
