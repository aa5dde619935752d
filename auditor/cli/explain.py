"""``auditor explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.notes import Notes
from auditor.cli.options import rule_folders, whole_book
from auditor.cli.scan import account_options, open_source

if TYPE_CHECKING:
    from auditor.model.finding import Finding
    from auditor.model.scan import Scan


@click.command(short_help="One finding in full: evidence, path, fix.")
@click.argument("what", nargs=-1, required=True, metavar="FINGERPRINT | RULE RESOURCE")
@click.option(
    "--from",
    "source",
    type=click.Path(),
    metavar="FILE",
    help="A stored scan, a snapshot, a template or a plan, instead of the account.",
)
@account_options
@rule_folders
@click.pass_obj
def explain(notes: Notes, /, what: tuple[str, ...], **options: Any) -> int:
    """One finding in full: what was looked at and where, why it matters, how to fix it.

    Name it by its fingerprint (its beginning will do), or by the rule and the resource's id or ARN.

    \b
    auditor explain --from auditor-demo.json sagemaker-notebook-private-subnet fraud-exploration
    auditor explain --from template.yaml sagemaker-model-network-isolation Model
    """
    from auditor.report.explain import explain as explained

    if len(what) > 2:
        raise click.UsageError("name one finding: FINGERPRINT, or RULE RESOURCE")
    scan = _scan(what, options, notes)
    for finding in _named(scan, what):
        click.echo(explained(scan, finding))
    return 0


def _scan(what: tuple[str, ...], options: dict[str, Any], notes: Notes) -> Scan:
    from auditor.audit.scan import scan_of

    if options["source"] is not None and Path(options["source"]).suffix == ".json":
        from auditor.audit.files import kind_of

        if kind_of(Path(options["source"])) is None:
            from auditor.report.json import read

            return read(Path(options["source"]))
    book = whole_book(options["folders"])
    if len(what) == 2:
        book = book.select(rules=(what[0],))
    return scan_of("explain", book, [open_source(options, book, notes)])


def _named(scan: Scan, what: tuple[str, ...]) -> list[Finding]:
    from auditor.files.errors import InputError, closest

    if len(what) == 1:
        found = [finding for finding in scan.findings if finding.fingerprint.startswith(what[0])]
        if len(found) > 1 and len({finding.fingerprint for finding in found}) > 1:
            raise InputError(f"{len(found)} findings begin with '{what[0]}': give more of the fingerprint")
        if not found:
            raise InputError(f"no finding has the fingerprint '{what[0]}'")
        return found
    rule, resource = what
    ids = {rule} | {info.id for info in scan.rules.values() if rule in info.aliases}
    infos = [info for info in scan.rules.values() if info.id in ids]
    if not infos:
        raise InputError(f"no finding of a rule '{rule}'{closest(rule, set(scan.rules))}")
    of_rule = [finding for finding in scan.findings if finding.rule in ids]
    found = [finding for finding in of_rule if resource in (finding.resource.id, finding.resource.arn)]
    if not found:
        hint = closest(resource, {finding.resource.id for finding in of_rule}) or _beyond(
            scan, {info.resource for info in infos}
        )
        raise InputError(f"rule '{rule}' has no finding on '{resource}'{hint}")
    return found


def _beyond(scan: Scan, types: set[str]) -> str:
    """That resources of ``types`` were not judged, where there are such."""
    from auditor.report.words import counted, type_title

    parts = [counted(number, type_title(name)) for name in sorted(types) if (number := scan.coverage.beyond.get(name, 0))]
    return f"; not judged, because no machine learning leads there: {', '.join(parts)}" if parts else ""
