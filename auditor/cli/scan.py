"""``auditor scan``."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from auditor.cli.notes import Notes
from auditor.cli.options import attestation_file, attested, chosen_book, judgement, selection, subject_filter
from auditor.cli.output import concluded, outputs, paired

if TYPE_CHECKING:
    from auditor.audit.scan import Source
    from auditor.rules import Book


def _days(_: click.Context, __: click.Parameter, value: str) -> datetime.timedelta:
    found = re.fullmatch(r"([1-9]\d{0,4})d", value)
    if found is None:
        raise click.BadParameter(f"{value!r} is not a number of days such as 90d")
    return datetime.timedelta(days=int(found[1]))


def account_options(command: Any) -> Any:
    """Which account, as whom, and what of it: regions, jobs."""
    for option in (
        click.option(
            "--jobs-since",
            "jobs",
            callback=_days,
            default="90d",
            metavar="Nd",
            show_default=True,
            help="Leave out jobs made longer ago than this many days.",
        ),
        click.option("--external-id", metavar="ID", help="The external id that the role asks for."),
        click.option("--role-arn", metavar="ARN", help="A role to assume for reading."),
        click.option(
            "--region", "regions", multiple=True, metavar="NAME", help="Only this region. [default: every enabled one]"
        ),
        click.option("--profile", metavar="NAME", help="A profile of your AWS configuration."),
    ):
        command = option(command)
    return command


@click.command(short_help="Audit a live account, or a snapshot, template or plan.")
@click.option(
    "--from", "source", type=click.Path(), metavar="FILE", help="A snapshot, template or plan instead of the account."
)
@account_options
@selection
@attestation_file
@judgement("none")
@outputs
@click.pass_obj
def scan(notes: Notes, /, **options: Any) -> int:
    """Audit a live account, or a snapshot, template or plan.

    \b
    auditor scan --profile audit --region eu-central-1 -f html -o report.html -f json -o scan.json
    auditor scan --from account.jsonl --framework ml-checklist --fail-on high
    auditor scan --attestations attestations.yaml -f html -o report.html
    """
    from auditor.audit.scan import scan_of

    chosen = paired(options["formats"], options["files"])
    book = chosen_book(options)
    attestations = attested(options, book)
    source = open_source(options, book, notes)
    result = scan_of("scan", book, [source], wanted=subject_filter(options), attestations=attestations)
    return concluded(result, options, chosen, notes)


def open_source(options: dict[str, Any], book: Book, notes: Notes) -> Source:
    """What ``--from`` names, or the live account."""
    if options["source"] is not None:
        _refuse_account_options()
        from auditor.audit.files import open_file

        return open_file(Path(options["source"]), book)
    from auditor.audit.account import needed_records, read_account
    from auditor.sources.aws.session import reading_session

    session = reading_session(
        types=needed_records(book), profile=options["profile"], role_arn=options["role_arn"], external_id=options["external_id"]
    )
    with notes.progress() as progress:
        return read_account(session, book, options["regions"], progress, options["jobs"])


def _refuse_account_options() -> None:
    """A file is read whole: an option that says which account or region to read would be passed over in silence."""
    context = click.get_current_context()
    for name in ("profile", "regions", "role_arn", "external_id", "jobs"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            flag = next(option.opts[0] for option in context.command.params if option.name == name)
            raise click.UsageError(f"{flag} is about a live account; it does not go with --from")
